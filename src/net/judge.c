/*
 * judge.c
 *		What does this answer mean for the fetch that asked, and how is its
 *		failure told?  See judge.h.
 */
#include "ac.h"

#include "core/json.h"
#include "miscadmin.h"
#include "net/judge.h"
#include "pg/resource.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

/* What of a page of rows is looked at to tell its kind. */
#define AC_JUDGE_SNIFF_BYTES 512

/* Nesting of an error document that is still read. */
#define AC_JUDGE_DEPTH 64

/* Bytes of a secret that is no word of a document by chance. */
#define DOCUMENT_SECRET_MIN 12

/* What one judgement is made of. */
typedef struct Evidence
{
	AcOutcomeInput in;
	AcBodyFacts body;
} Evidence;

int64
ac_judge_unix_ms(void)
{
	return GetCurrentTimestamp() / 1000 +
		   (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * INT64CONST(86400000);
}

/* ---- evidence ---- */

static bool
is_success(int status)
{
	return status >= 200 && status <= 299;
}

/* The body of an error as a document of the current context, or NULL. */
static AcJson *
parse_error_body(const AcTransferResult *result)
{
	const AcBuf *body = result->body;
	AcJson *doc = NULL;
	AcError ignored;

	if (is_success(result->headers->status) ||
		body->len == 0 || body->len > AC_JUDGE_FAILURE_BYTES ||
		ac_media_sniff(body->data, Min(body->len, AC_JUDGE_SNIFF_BYTES)) != AC_BODY_JSON ||
		!ac_json_parse(body->data, body->len, AC_JUDGE_DEPTH, &doc, &ignored))
		return NULL;
	return ac_resource_json(doc);
}

/*
 * Can the 2xx be what was asked for?  JSON by its looks, yes, whatever its
 * Content-Type says.  Whether it holds rows or an error is the reader's to
 * say, who knows where the rows would be and what members they have.
 */
static bool
rows_found(const AcJudgeCase *judged, const AcBodyFacts *body)
{
	const AcBuf *text = judged->result->body;
	int status = judged->result->headers->status;

	if (judged->kind == AC_FETCH_DOCUMENT ||
		judged->kind == AC_FETCH_PROBE || judged->kind == AC_FETCH_TOKEN)
		return true;
	if (status == 204 || status == 205)
		return false;
	if (text->len > 0 &&
		ac_media_sniff(text->data, Min(text->len, 512)) == AC_BODY_JSON)
		return true;
	return body->kind != AC_BODY_HTML && body->kind != AC_BODY_XML;
}

static AcRequestKind
request_kind(AcFetchKind kind)
{
	switch (kind)
	{
		case AC_FETCH_CHILD:
			return AC_REQUEST_CHILD;
		case AC_FETCH_ITEM:
			return AC_REQUEST_ITEM;
		case AC_FETCH_DOCUMENT:
		case AC_FETCH_PROBE:
		case AC_FETCH_TOKEN:
			return AC_REQUEST_PROBE;
		case AC_FETCH_COLLECTION:
		case AC_FETCH_PAGE:
			break;
	}
	return AC_REQUEST_COLLECTION;
}

/*
 * A POST may not be sent twice (RFC 9110 9.2.2).  positional is
 * always told: whether a page past the end ends the scan is the pager's to
 * say, who knows the style and the totals.
 */
static void
gather(const AcJudgeCase *judged, Evidence *evidence)
{
	const AcTransferResult *result = judged->result;
	AcOutcomeInput *in = &evidence->in;
	AcJson *doc;
	size_t len;

	memset(evidence, 0, sizeof(*evidence));
	in->transport = result->outcome;
	in->transport_text = result->text[0] != '\0' ? result->text : NULL;
	in->now_ms = ac_judge_unix_ms();
	in->kind = request_kind(judged->kind);
	in->idempotent = strcmp(judged->method, "POST") != 0;
	in->later_page = judged->kind == AC_FETCH_PAGE;
	in->positional = true;
	in->total = AC_TOTAL_UNKNOWN;
	in->html_retried = judged->rowless_before;
	if (result->headers->status == 0)
		return;
	in->status = result->headers->status;
	in->headers = result->headers;
	if (result->outcome != AC_TRANSPORT_OK)
		return;
	doc = parse_error_body(result);
	len = result->body->len;
	/* Words are looked for in errors; in a page of rows they are data. */
	if (is_success(in->status))
		len = Min(len, AC_JUDGE_SNIFF_BYTES);
	ac_outcome_body_facts(&evidence->body,
						  ac_header_get(result->headers, "Content-Type"),
						  result->body->data, len, doc);
	in->body = &evidence->body;
	in->rows_found = is_success(in->status) &&
					 rows_found(judged, &evidence->body);
}

/* ---- decisions ---- */

AcOutcome
ac_judge_answer(const AcJudgeCase *judged)
{
	MemoryContext scratch = AllocSetContextCreate(CurrentMemoryContext,
												  "autoconn judgement",
												  ALLOCSET_SMALL_SIZES);
	MemoryContext old = MemoryContextSwitchTo(scratch);
	Evidence evidence;
	AcOutcome outcome;

	gather(judged, &evidence);
	outcome = ac_outcome_classify(&evidence.in);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(scratch);
	return outcome;
}

const char *
ac_judge_location(const AcTransferResult *result)
{
	if (result->outcome != AC_TRANSPORT_OK)
		return NULL;
	switch (result->headers->status)
	{
		case 301:
		case 302:
		case 303:
		case 307:
		case 308:
			return ac_header_get(result->headers, "Location");
		default:
			return NULL;
	}
}

/* ---- texts ---- */

void
ac_judge_scrub(const AcConnection *conn, char *text)
{
	const AcCredentials *credentials = ac_connection_credentials(conn);

	ac_outcome_scrub(text, credentials->secrets, credentials->n_secrets);
}

/* The text without secrets, NULL if it has none. */
static char *
scrubbed(const AcConnection *conn, const char *text)
{
	char *copy;

	if (text == NULL)
		return NULL;
	copy = pstrdup(text);
	ac_judge_scrub(conn, copy);
	return strcmp(copy, text) != 0 ? copy : NULL;
}

/*
 * Callbacks run in ErrorContext, while their error is the topmost: what errmsg()
 * sets then is in place of what it had.
 */
void
ac_judge_scrub_thrown(const AcConnection *conn)
{
	MemoryContext scratch = AllocSetContextCreate(TopMemoryContext,
												  "autoconn scrubbing",
												  ALLOCSET_SMALL_SIZES);
	MemoryContext old = MemoryContextSwitchTo(scratch);
	ErrorData *thrown = CopyErrorData();
	char *message = scrubbed(conn, thrown->message);
	char *detail = scrubbed(conn, thrown->detail);
	char *hint = scrubbed(conn, thrown->hint);

	MemoryContextSwitchTo(old);
	if (message != NULL)
		errmsg_internal("%s", message);
	if (detail != NULL)
		errdetail_internal("%s", detail);
	if (hint != NULL)
		errhint("%s", hint);
	MemoryContextDelete(scratch);
}

void
ac_judge_scrub_document(const AcConnection *conn, char *text)
{
	const AcCredentials *credentials = ac_connection_credentials(conn);

	for (int i = 0; i < credentials->n_secrets; i++)
		if (strlen(credentials->secrets[i]) >= DOCUMENT_SECRET_MIN)
			ac_outcome_scrub(text, &credentials->secrets[i], 1);
}

bool
ac_judge_holds_secret(const AcConnection *conn, const char *text)
{
	char *scrubbed = pstrdup(text);
	bool holds;

	ac_judge_scrub(conn, scrubbed);
	holds = strcmp(text, scrubbed) != 0;
	pfree(scrubbed);
	return holds;
}

bool
ac_judge_holds_key(const AcConnection *conn, const AcUrl *url, AcError *err)
{
	const char *key = ac_connection_credentials(conn)->query_value;
	char *text = ac_url_text(url);
	char *scrubbed = pstrdup(text);

	if (key == NULL)
		return false;
	ac_outcome_scrub(scrubbed, &key, 1);
	if (strcmp(text, scrubbed) == 0)
		return false;
	ac_error_set(err, AC_ERR_FORBIDDEN,
				 "API leads to another origin, \"%s\", and would give the API key away",
				 ac_url_origin(url));
	return true;
}

char *
ac_judge_request_text(const AcConnection *conn, const char *method,
					  const char *url)
{
	char *text = psprintf("%s %s", method, ac_url_redact(url));

	ac_judge_scrub(conn, text);
	return text;
}

/* "in 90 s, at 2026-01-31 12:00:00+00", palloc'd. */
static char *
when_text(int64 wait_ms)
{
	TimestampTz at = TimestampTzPlusMilliseconds(GetCurrentTimestamp(),
												 wait_ms);

	return psprintf("in " INT64_FORMAT " s, at %s", (wait_ms + 999) / 1000,
					timestamptz_to_str(at));
}

/* Which mapping options would answer the API's challenge? */
static const char *
wanted_options(const AcJudgeCase *judged)
{
	AcChallengeList list;

	if (ac_connection_wants_login(judged->conn))
		return "username '...', password '...'";
	if (ac_connection_wants_oauth(judged->conn))
		return "client_id '...', client_secret '...'";
	ac_header_challenges(judged->result->headers, &list);
	for (int i = 0; i < list.count; i++)
	{
		if (strcmp(list.challenges[i].scheme, "bearer") == 0)
			return "token '...'";
		if (strcmp(list.challenges[i].scheme, "basic") == 0)
			return "username '...', password '...'";
	}
	return ac_connection_wants_key(judged->conn) ? "api_key '...'" : "token '...'";
}

/* No credentials were sent: which statement supplies them? */
static void
hint_at_missing(const AcJudgeCase *judged, AcError *err)
{
	AcConnection *conn = judged->conn;
	const char *server = quote_identifier(ac_connection_server_name(conn));
	bool exists;
	const char *user = ac_connection_mapping_user(conn, &exists);

	if (ac_connection_lacks_token_url(conn))
		ac_error_hint(err, "Say where access tokens are to be had: ALTER SERVER %s OPTIONS (ADD oauth_token_url 'https://...');",
					  server);
	else if (ac_connection_has_credentials(conn))
		ac_error_hint(err, "Credentials are sent only to the origin of the server's base URL, %s.",
					  ac_url_origin(ac_connection_base(conn)));
	else if (exists)
		ac_error_hint(err, "ALTER USER MAPPING FOR %s SERVER %s OPTIONS (ADD %s);",
					  user, server, wanted_options(judged));
	else
		ac_error_hint(err, "CREATE USER MAPPING FOR %s SERVER %s OPTIONS (%s);",
					  user, server, wanted_options(judged));
}

/* Does the API's challenge want another scheme than the one that was sent? */
static bool
wants_other_scheme(const AcJudgeCase *judged)
{
	const char *sent = ac_auth_scheme_name(ac_connection_credentials(judged->conn));
	AcChallengeList list;
	bool known = false;

	if (sent == NULL || judged->result->headers->status != 401)
		return false;
	ac_header_challenges(judged->result->headers, &list);
	for (int i = 0; i < list.count; i++)
	{
		if (strcmp(list.challenges[i].scheme, sent) == 0)
			return false;
		known = known || strcmp(list.challenges[i].scheme, "bearer") == 0 ||
				strcmp(list.challenges[i].scheme, "basic") == 0;
	}
	return known;
}

/* 401 or 403: is there no mapping, or was it refused? */
static void
hint_at_mapping(const AcJudgeCase *judged, AcError *err)
{
	AcConnection *conn = judged->conn;
	bool exists;

	if (!OidIsValid(ac_connection_serverid(conn)))
		return; /* a preview has no mapping to speak of */
	if (!judged->credentials_sent)
		hint_at_missing(judged, err);
	else if (judged->result->headers->status == 403)
		ac_error_hint(err, "The API knows the credentials of the user mapping but does not let them read this.");
	else if (wants_other_scheme(judged))
		ac_error_hint(err, "The API wants other credentials than those of the user mapping for %s on server %s: %s.",
					  ac_connection_mapping_user(conn, &exists),
					  quote_identifier(ac_connection_server_name(conn)), wanted_options(judged));
	else
		ac_error_hint(err, "The API refused the credentials of the user mapping; correct them with ALTER USER MAPPING FOR %s SERVER %s OPTIONS (SET ...).",
					  ac_connection_mapping_user(conn, &exists),
					  quote_identifier(ac_connection_server_name(conn)));
}

/* The address policy has said why; where to is added. */
static void
refusal_error(const AcJudgeCase *judged, AcError *err)
{
	*err = *judged->result->refusal;
	ac_error_detail(err, "%s",
					ac_judge_request_text(judged->conn, judged->method,
										  judged->url));
}

/* What an error tells of a request, and must not tell. */
static AcOutcomeRequest
told_request(AcConnection *conn, const char *method, const char *url,
			 AcSlice body)
{
	const AcCredentials *credentials = ac_connection_credentials(conn);
	AcOutcomeRequest request = {
		.method = method,
		.url = url,
		.body = body.text,
		.body_len = body.len,
		.secrets = credentials->secrets,
		.nsecrets = credentials->n_secrets,
	};

	return request;
}

void
ac_judge_error(const AcJudgeCase *judged, const AcOutcome *outcome,
			   AcError *err)
{
	const AcTransferResult *result = judged->result;
	AcSlice body = {result->body->data, result->body->len};
	AcOutcomeRequest request;
	Evidence evidence;

	if (result->outcome == AC_TRANSPORT_FORBIDDEN)
	{
		refusal_error(judged, err);
		return;
	}
	gather(judged, &evidence);
	request = told_request(judged->conn, judged->method, judged->url, body);
	ac_outcome_error(outcome, &evidence.in, &request, err);
	if (outcome->code == AC_ERR_AUTH)
		hint_at_mapping(judged, err);
}

void
ac_judge_rowless(const AcJudgeRowless *answer, AcError *err)
{
	AcOutcome outcome = {.action = AC_OUTCOME_FAIL, .code = AC_ERR_HTTP, .wait_ms = -1};
	AcSlice body = {answer->body.text,
					Min(answer->body.len, AC_JUDGE_FAILURE_BYTES)};
	AcOutcomeRequest request = told_request(answer->conn, answer->method,
											answer->url, body);
	AcBodyFacts facts;
	AcOutcomeInput in = {
		.transport = AC_TRANSPORT_OK,
		.status = answer->status,
		.headers = answer->headers,
		.body = &facts,
		.idempotent = true,
	};
	AcJson *doc = NULL;

	(void) ac_json_parse(body.text, body.len, AC_JSON_MAX_DEPTH, &doc, NULL);
	ac_outcome_body_facts(&facts,
						  answer->headers != NULL
							  ? ac_header_get(answer->headers, "Content-Type")
							  : NULL,
						  body.text, body.len, doc);
	ac_json_free(doc);
	facts.has_error = facts.has_error || answer->says_error;
	ac_outcome_error(&outcome, &in, &request, err);
	if (!facts.has_error)
		ac_error_hint(err, "The rows are expected at \"%s\" in the answer; see the table option \"rows_path\".",
					  answer->rows_path);
}

/* Appends a sentence to the detail, whose last one may want its full stop. */
static void
add_detail(AcError *err, const char *sentence)
{
	char *detail = pstrdup(err->detail);
	size_t len = strlen(detail);
	const char *between = " ";

	if (len == 0)
		between = "";
	else if (strchr(".!?", detail[len - 1]) == NULL)
		between = ". ";
	ac_error_detail(err, "%s%s%s", detail, between, sentence);
}

void
ac_judge_explain(AcError *err, AcRetryVerdict verdict, const AcRetryAsk *ask)
{
	char *why = ac_retry_explain(verdict, ask);

	why[0] = pg_toupper((unsigned char) why[0]);
	add_detail(err, psprintf("%s.", why));
	if (ask->told_ms > 0 && verdict != AC_RETRY_BREAKER)
		add_detail(err, psprintf("The limit frees %s.",
								 when_text(ask->told_ms)));
}

/* ---- errors without an answer ---- */

void
ac_judge_limited(AcError *err, const char *request, int64 wait_ms)
{
	ac_error_set(err, AC_ERR_THROTTLED, "rate limit of the API is used up");
	ac_error_detail(err, "%s was not sent.", request);
	ac_error_hint(err, "The limit frees %s.", when_text(wait_ms));
}

void
ac_judge_refused(AcError *err, const char *request, int64 wait_ms)
{
	ac_error_set(err, AC_ERR_BREAKER,
				 "API failed too often and is left alone for a while");
	ac_error_detail(err, "%s was not sent.", request);
	ac_error_hint(err, "It is tried again %s.", when_text(wait_ms));
}

void
ac_judge_redirect(AcError *err, const char *request, int status,
				  const char *why)
{
	ac_error_set(err, AC_ERR_HTTP,
				 "could not follow a redirect of the API: %s", why);
	ac_error_detail(err, "%s answered with HTTP status %d.", request, status);
	ac_error_hint(err, "Check the URL of the server and the path of the table.");
}

void
ac_judge_expired(AcError *err, const char *request, int timeout_ms)
{
	ac_error_set(err, AC_ERR_TIMEOUT,
				 "API did not answer within the time for this request");
	ac_error_detail(err, "%s was given %d ms.", request, timeout_ms);
}
