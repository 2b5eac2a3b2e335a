/*
 * login.c
 *		How is a session opened at an API that has a login of its own?
 *		See login.h.
 */
#include "ac.h"

#include "net/judge.h"
#include "net/login.h"
#include "net/token_ask.h"
#include "policy/outcome.h"

/* A login is waited for by a query: whatever "timeout" says, it ends. */
#define AC_LOGIN_TIMEOUT_MS 30000

AcLogin *
ac_login_of(const AcServerOptions *options, const AcMappingOptions *mapping,
			const AcUrl *base)
{
	const AcSessionOptions *session = &options->session;
	AcLogin *login;

	if (session->path == NULL ||
		(mapping->username == NULL && mapping->password == NULL))
		return NULL;
	login = palloc0(sizeof(AcLogin));
	login->url = ac_url_join(base, session->path);
	login->form = (AcLoginForm) session->form;
	login->body = session->body;
	login->username = mapping->username ? mapping->username : "";
	login->password = mapping->password ? mapping->password : "";
	login->token_path = session->token_path;
	login->carrier = (AcLoginCarrier) session->carrier;
	if (pg_strcasecmp(login->token_path, AC_LOGIN_COOKIES) == 0)
		login->carrier = AC_LOGIN_COOKIE;
	login->carrier_name = session->carrier_name;
	login->expiry_path = session->expiry_path;
	login->lifetime_ms = session->lifetime_ms;
	return login;
}

/* Can all of it stand in requests? */
static bool
check_names(const AcLogin *login, AcError *err)
{
	if (login->form == AC_LOGIN_BASIC && strchr(login->username, ':') != NULL)
	{
		ac_error_set(err, AC_ERR_OPTION_VALUE,
					 "invalid value for user mapping option \"username\"");
		return ac_error_detail(err, "Basic authentication cannot carry a user name with a colon.");
	}
	if (login->carrier_name == NULL ||
		ac_auth_is_header_name(login->carrier_name))
		return true;
	ac_error_set(err, AC_ERR_OPTION_VALUE,
				 "token of the session cannot be sent as \"%s\"",
				 login->carrier_name);
	return ac_error_hint(err, "Set the server option session_token_name to the name of a header or cookie.");
}

static const char *
body_type(const AcLogin *login)
{
	return login->form == AC_LOGIN_FORM ? "application/x-www-form-urlencoded"
										: "application/json";
}

AcFetch *
ac_login_start(const AcLogin *login, AcConnection *endpoint, AcError *err)
{
	const AcServerOptions *options = ac_connection_options(endpoint);
	char *authorization = ac_login_authorization(login);
	AcFetchRequest request = {
		.method = "POST",
		.url = login->url,
		.accept = "application/json",
		.json = ac_login_body(login, err),
		.body_type = body_type(login),
		.secret = true,
		.kind = AC_FETCH_TOKEN,
		.timeout_ms = Min(options->timeout_ms, AC_LOGIN_TIMEOUT_MS),
		.max_bytes = AC_LOGIN_MAX_ANSWER_BYTES,
	};

	if (request.json == NULL || !check_names(login, err))
		return NULL;
	if (authorization != NULL)
		request.headers[0] = psprintf("Authorization: %s", authorization);
	return ac_fetch_start(endpoint, &request, CurrentMemoryContext);
}

/* The API did not let us in: its own words, and what to look at. */
static void
refused(const AcFetch *fetch, AcConnection *endpoint, AcError *err)
{
	const AcCredentials *credentials = ac_connection_credentials(endpoint);
	AcOutcome outcome = {.action = AC_OUTCOME_FAIL, .code = AC_ERR_AUTH, .wait_ms = -1};
	AcOutcomeInput in = {.transport = AC_TRANSPORT_OK, .status = fetch->status, .headers = fetch->headers};
	AcOutcomeRequest request = {
		.method = "POST",
		.url = fetch->url,
		.body = fetch->body->data,
		.body_len = fetch->body->len,
		.secrets = credentials->secrets,
		.nsecrets = credentials->n_secrets,
	};

	/* it has not looked at the password yet */
	if (fetch->status == 429)
		outcome.code = AC_ERR_THROTTLED;
	else if (fetch->status >= 500)
		outcome.code = AC_ERR_HTTP;
	if (fetch->frees_ms > 0)
		outcome.wait_ms = fetch->frees_ms;
	ac_outcome_error(&outcome, &in, &request, err);
	if (outcome.code != AC_ERR_AUTH)
		return;
	snprintf(err->message, sizeof(err->message), "API refused the login");
	ac_error_hint(err, "Look at username and password of the user mapping, and at the server options whose names begin with session_.");
}

char *
ac_login_answer(const AcLogin *login, const AcFetch *fetch,
				AcConnection *endpoint, int64 *life_ms, AcError *err)
{
	AcLoginAnswer answer = {.headers = fetch->headers};
	char *token;

	if (fetch->state != AC_FETCH_ANSWERED)
	{
		*err = fetch->error;
		return NULL;
	}
	/* A page that leads on after the login may have set the cookies. */
	if (fetch->status / 100 != 2 &&
		!(fetch->status / 100 == 3 && login->carrier == AC_LOGIN_COOKIE))
	{
		refused(fetch, endpoint, err);
		return NULL;
	}
	answer.body = fetch->body->data != NULL ? fetch->body->data : "";
	answer.len = fetch->body->len;
	answer.now_ms = ac_judge_unix_ms();
	token = ac_login_read(login, &answer, life_ms, err);
	if (token == NULL)
		ac_error_detail(err, "POST %s answered with status %d.",
						ac_url_redact(fetch->url), fetch->status);
	/* None would ever be fit for a request if it were over at once. */
	if (token != NULL && *life_ms >= 0)
		*life_ms = Max(*life_ms, AC_TOKEN_MIN_LIFE_MS);
	return token;
}

void
ac_login_learn(AcConnection *conn, const char *token)
{
	char *copy = pstrdup(token);
	char *rest;

	for (char *part = strtok_r(copy, "; ", &rest); part != NULL;
		 part = strtok_r(NULL, "; ", &rest))
	{
		char *equals = strchr(part, '=');

		if (equals != NULL && equals[1] != '\0')
			ac_connection_learn_secret(conn, equals + 1);
	}
	pfree(copy);
}
