/*
 * authorize.c
 *		How does a person give a user mapping access?  See authorize.h.
 */
#include "ac.h"

#include "catalog/pg_user_mapping.h"
#include "core/base64url.h"
#include "miscadmin.h"
#include "net/authorize.h"
#include "net/connection.h"
#include "net/engine.h"
#include "net/judge.h"
#include "net/token.h"
#include "pg/compat.h"
#include "pg/launch.h"
#include "pg/report.h"
#include "pg/tokenjournal.h"
#include "pg/sha256.h"
#include "policy/outcome.h"
#include "utils/builtins.h"
#include "utils/syscache.h"

/* Of what a server says of itself in a NOTICE. */
#define MAX_SHOWN 400

/* Between two looks whether a worker has done with the credential. */
#define LOCK_POLL_US 10000

/* What both flows need. */
typedef struct Asking
{
	ForeignServer *server;
	AcConnection *conn;
	AcConnection *endpoint; /* of tokens */
	const AcTokenRecipe *recipe;
	const AcOauthOptions *oauth;
} Asking;

/* ---- may it be asked for? ---- */

/* Tokens for everybody's mapping are not one user's to give. */
static void
check_own_mapping(const ForeignServer *server, Oid userid)
{
	if (SearchSysCacheExists2(USERMAPPINGUSERSERVER, ObjectIdGetDatum(userid),
							  ObjectIdGetDatum(server->serverid)))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("server \"%s\" has no user mapping for \"%s\"",
					server->servername, GetUserNameFromId(userid, true)),
			 errhint("CREATE USER MAPPING FOR CURRENT_USER SERVER %s OPTIONS (client_id '...', client_secret '...');",
					 quote_identifier(server->servername))));
}

static void
begin(Asking *asking, ForeignServer *server, Oid userid)
{
	AcError err;

	check_own_mapping(server, userid);
	asking->server = server;
	asking->conn = ac_connection_get(server->serverid, userid);
	asking->recipe = ac_connection_recipe(asking->conn);
	asking->oauth = &ac_connection_options(asking->conn)->oauth;
	if (asking->recipe == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("server \"%s\" has nothing to be authorized with",
						server->servername),
				 errhint("Set the server option oauth_token_url, and client_id in the user mapping.")));
	if (!ac_token_may_spend(asking->recipe, &err))
		ac_report_error(&err);
	asking->endpoint = ac_connection_endpoint(asking->conn,
											  asking->recipe->token_url);
}

/* ---- keeping what was granted ---- */

/* As successor of what is stored now. */
static bool
write_successor(const Asking *asking, const AcOauthToken *token)
{
	AcTokenRow before;
	AcTokenRow row;

	(void) ac_tokenstore_read(asking->recipe->mapping, &before);
	/* What was refreshed with belongs to the grant of before. */
	before.refresh_token = NULL;
	row = ac_token_row(asking->recipe, &before, token);
	return ac_tokenjournal_write(&row);
}

/*
 * The journal is written while no worker spends the credential; one that does
 * ends within AC_TOKEN_TIMEOUT_MS.  Interrupts are held: what was granted
 * would be lost.  The lock is the session's and does not go with an error.
 */
static bool
write_journal(const Asking *asking, const AcOauthToken *token)
{
	Oid mapping = asking->recipe->mapping;
	volatile bool written = false;

	while (!ac_tokenstore_lock(mapping, AC_TOKEN_SPEND, false))
		pg_usleep(LOCK_POLL_US);
	PG_TRY();
	{
		written = write_successor(asking, token);
	}
	PG_FINALLY();
	{
		ac_tokenstore_unlock(mapping, AC_TOKEN_SPEND);
	}
	PG_END_TRY();
	return written;
}

static void
wait_ms(int64 ms)
{
	static uint32 event = 0;
	int64 until_ms = ac_engine_now_ms() + ms;
	int64 left_ms = ms;

	if (event == 0)
		event = ac_wait_event("AutoconnAuthorize");
	while (left_ms > 0)
	{
		ac_engine_wait((long) left_ms, event);
		left_ms = until_ms - ac_engine_now_ms();
	}
}

/* Has a worker commit what stands in the journal, and waits until it has. */
static void
settle(const Asking *asking, AcTokenSeat *seat)
{
	AcTokenTask task = ac_token_task(asking->recipe, AC_TOKEN_SETTLE, 0);
	BackgroundWorkerHandle *worker;

	while (!ac_tokenseat_take(seat, asking->recipe->owner))
		wait_ms(AC_PLACES_POLL_MS);
	task.seat = ac_tokenseat_names(seat);
	worker = ac_launch_token(&task, sizeof(task));
	if (worker == NULL)
		ereport(WARNING,
				(errcode(ERRCODE_CONFIGURATION_LIMIT_EXCEEDED),
				 errmsg("no background worker is free to store the token of server \"%s\"",
						asking->server->servername),
				 errdetail("It is kept in a file until one is."),
				 errhint("Increase max_worker_processes.")));
	else
		(void) WaitForBackgroundWorkerShutdown(worker);
}

static void
keep(const Asking *asking, const AcOauthToken *token)
{
	AcTokenSeat seat = {0};
	bool written;

	HOLD_INTERRUPTS();
	written = write_journal(asking, token);
	RESUME_INTERRUPTS();
	if (!written)
		ereport(ERROR,
				(errcode(ERRCODE_IO_ERROR),
				 errmsg("could not keep the token of server \"%s\"",
						asking->server->servername),
				 errhint("The server's log says why.")));
	PG_TRY();
	{
		settle(asking, &seat);
	}
	PG_FINALLY();
	{
		ac_tokenseat_leave(&seat);
	}
	PG_END_TRY();
}

/* ---- device code ---- */

/* Asks for a code. */
static void
ask_for_device(const Asking *asking, AcOauthDevice *device)
{
	const char *url = asking->oauth->device_url;
	AcConnection *endpoint = ac_connection_endpoint(asking->conn, url);
	AcOauthAsk ask = {.grant = AC_OAUTH_DEVICE_CODE};
	AcOauthAnswer answer = {0};
	AcFetch *fetch;
	AcError err;

	if (!ac_token_ask_client(asking->recipe, &ask, &err))
		ac_report_error(&err);
	fetch = ac_token_ask_form(endpoint, url, ac_oauth_device_form(&ask),
							  ac_oauth_client_header(&ask));
	if (ac_fetch_wait(fetch) != AC_FETCH_ANSWERED)
		ac_report_error(&fetch->error);
	answer.status = fetch->status;
	answer.body = fetch->body->data != NULL ? fetch->body->data : "";
	answer.len = fetch->body->len;
	if (ac_oauth_read_device(&answer, device, &err))
		return;
	ac_judge_scrub(endpoint, err.message);
	ac_judge_scrub(endpoint, err.detail);
	ac_report_error(&err);
}

static void
show_device(const Asking *asking, const AcOauthDevice *device)
{
	const char *complete = device->verification_uri_complete;

	ereport(NOTICE,
			(errcode(ERRCODE_SUCCESSFUL_COMPLETION),
			 errmsg("to authorize server \"%s\", open %s and enter the code %s",
					asking->server->servername,
					ac_outcome_clean(device->verification_uri, MAX_SHOWN),
					ac_outcome_clean(device->user_code, MAX_SHOWN)),
			 complete != NULL
				 ? errdetail("Or open %s.", ac_outcome_clean(complete, MAX_SHOWN))
				 : 0));
}

/* One question whether the person has decided. */
static AcOauthResult
poll_device(const Asking *asking, const AcOauthDevice *device,
			AcOauthToken *token, AcError *err)
{
	AcTokenPresented presented = {.grant = AC_OAUTH_DEVICE_CODE,
								  .code = device->device_code};
	AcFetch *fetch = ac_token_ask_start(asking->recipe, asking->endpoint,
										&presented, err);

	if (fetch == NULL)
		return AC_OAUTH_REFUSED;
	(void) ac_fetch_wait(fetch);
	return ac_token_ask_read(fetch, asking->endpoint, token, err);
}

/* A server that does not answer is asked less often, too (RFC 8628 3.5). */
static void
await_device(const Asking *asking, AcOauthDevice *device, AcOauthToken *token)
{
	int64 until_ms = ac_engine_now_ms() + device->expires_in_s * 1000;
	AcError err;

	while (ac_engine_now_ms() < until_ms)
	{
		AcOauthResult result;

		wait_ms((int64) device->interval_s * 1000);
		result = poll_device(asking, device, token, &err);
		if (result == AC_OAUTH_GRANTED)
			return;
		if (result == AC_OAUTH_SLOW_DOWN || result == AC_OAUTH_UNUSABLE)
			device->interval_s = ac_oauth_slower(device->interval_s);
		else if (result != AC_OAUTH_PENDING)
			ac_report_error(&err);
	}
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_AUTHORIZATION_SPECIFICATION),
			 errmsg("server \"%s\" was not authorized in time",
					asking->server->servername),
			 errhint("SELECT autoconn.authorize(%s);",
					 quote_literal_cstr(asking->server->servername))));
}

static void
authorize_device(const Asking *asking)
{
	AcOauthDevice device;
	AcOauthToken token;

	ask_for_device(asking, &device);
	show_device(asking, &device);
	await_device(asking, &device, &token);
	keep(asking, &token);
}

/* ---- authorization code ---- */

static char *
random_text(void)
{
	uint8 bytes[AC_OAUTH_RANDOM_BYTES];

	if (!pg_strong_random(bytes, sizeof(bytes)))
		ereport(ERROR,
				(errcode(ERRCODE_INTERNAL_ERROR),
				 errmsg("could not generate random values")));
	return ac_base64url_encode(bytes, sizeof(bytes));
}

static char *
begin_visit(const Asking *asking)
{
	uint8 challenge[PG_SHA256_DIGEST_LENGTH];
	AcTokenVisit kept = {
		.state = random_text(),
		.verifier = random_text(),
		.redirect_uri = asking->oauth->redirect_uri,
	};
	AcOauthVisit visit = {
		.endpoint = asking->oauth->authorize_url,
		.client_id = asking->recipe->client_id,
		.redirect_uri = kept.redirect_uri,
		.scope = asking->recipe->scope,
		.state = kept.state,
		.challenge = challenge,
	};
	AcError err;
	char *url;

	/* RFC 7636 4.2, method S256 */
	ac_sha256_of(kept.verifier, strlen(kept.verifier), challenge);
	url = ac_oauth_visit_url(&visit, &err);
	if (url == NULL)
		ac_report_error(&err);
	ac_tokenstore_begin_visit(asking->recipe->mapping, &kept);
	ereport(NOTICE,
			(errcode(ERRCODE_SUCCESSFUL_COMPLETION),
			 errmsg("to authorize server \"%s\", open the URL in a browser",
					asking->server->servername),
			 errhint("Then give the URL that the browser is sent to, or the code in it: SELECT autoconn.authorize_complete(%s, '...');",
					 quote_literal_cstr(asking->server->servername))));
	return url;
}

char *
ac_authorize(ForeignServer *server, Oid userid)
{
	Asking asking;
	AcOauthGrant grant;

	begin(&asking, server, userid);
	grant = asking.recipe->grant;
	if (asking.recipe->client_id != NULL && asking.oauth->device_url != NULL &&
		grant != AC_OAUTH_AUTHORIZATION_CODE)
	{
		authorize_device(&asking);
		return NULL;
	}
	if (asking.recipe->client_id != NULL && asking.oauth->authorize_url != NULL &&
		grant != AC_OAUTH_DEVICE_CODE)
		return begin_visit(&asking);
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("server \"%s\" does not say where a person authorizes it",
					server->servername),
			 errhint("Set the server options oauth_grant to 'device_code' and oauth_device_url, or oauth_grant to 'authorization_code' and oauth_authorize_url; the user mapping needs client_id.")));
}

/* ---- the code that came back ---- */

static void
reject_answer(const Asking *asking, const char *why)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_AUTHORIZATION_SPECIFICATION),
			 errmsg("server \"%s\" was not authorized: %s",
					asking->server->servername, why),
			 errhint("Begin anew: SELECT autoconn.authorize(%s);",
					 quote_literal_cstr(asking->server->servername))));
}

/*
 * The code in an answer, which is that alone, or the URL whose query has it.
 * There the state must be ours (RFC 6749 10.12).
 */
static const char *
code_of(const Asking *asking, const AcTokenVisit *visit, const char *answer)
{
	AcUrl url;
	const char *error;
	const char *code;
	const char *state;

	if (strstr(answer, "://") == NULL)
		return answer;
	if (!ac_url_parse(answer, &url, NULL) || url.query == NULL)
		reject_answer(asking, "the URL has no code");
	error = ac_url_get_query(url.query, "error");
	code = ac_url_get_query(url.query, "code");
	state = ac_url_get_query(url.query, "state");
	if (error != NULL)
		reject_answer(asking, ac_outcome_clean(error, MAX_SHOWN));
	if (code == NULL)
		reject_answer(asking, "the URL has no code");
	if (state == NULL || strcmp(state, visit->state) != 0)
		reject_answer(asking, "the URL is the answer to something else");
	return code;
}

void
ac_authorize_complete(ForeignServer *server, Oid userid, const char *answer)
{
	Asking asking;
	AcTokenVisit visit;
	AcTokenPresented presented = {.grant = AC_OAUTH_AUTHORIZATION_CODE};
	AcOauthToken token;
	AcFetch *fetch;
	AcError err;

	begin(&asking, server, userid);
	if (!ac_tokenstore_take_visit(asking.recipe->mapping, &visit))
		reject_answer(&asking, "nothing was begun in the last ten minutes");
	presented.code = code_of(&asking, &visit, answer);
	presented.redirect_uri = visit.redirect_uri;
	presented.code_verifier = visit.verifier;
	fetch = ac_token_ask_start(asking.recipe, asking.endpoint, &presented, &err);
	if (fetch == NULL)
		ac_report_error(&err);
	(void) ac_fetch_wait(fetch);
	if (ac_token_ask_read(fetch, asking.endpoint, &token, &err) != AC_OAUTH_GRANTED)
		ac_report_error(&err);
	keep(&asking, &token);
}
