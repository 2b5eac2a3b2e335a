/*
 * errorbody.c
 *		Does a body speak of a failure?
 *
 * Many APIs answer errors with status 200, and every recorded archive has
 * some.  Where rows are known to be missing, one member tells of it.  Where it
 * is not known what rows are, that nothing else is there tells it: a job that
 * failed has an error, too, and an id, a name and a date.
 */
#include "ac.h"

#include "api/errorbody.h"
#include "api/names.h"

/* Members beside the words of failure that an error may have. */
#define MAX_OTHERS 2

/* Members looked at; errors are short, and rows are told by the first few. */
#define MAX_MEMBERS 64

/* Words that errors are made of. */
static const char *const vocabulary[] = {
	"error", "errors", "errorcode", "errorcodes", "errormessage",
	"errormessages", "errordescription", "erroruri", "errorid", "errno",
	"message", "messages", "msg", "detail", "details", "title", "type",
	"status", "statuscode", "statustext", "code", "instance", "reason",
	"success", "ok", "documentationurl", "docs", "moreinfo", "helpurl",
	"infourl", "path", "timestamp", "traceid", "requestid", "correlationid",
	"exception", "trace", "stack", "stacktrace", "fault", "faultcode",
	"faultstring", "hint", "method", "data", "result", "meta", "jsonapi",
	"links", "warnings", "developermessage", "usermessage", "description",
	"params", "odataerror", NULL};

/* Members that hold what went wrong, and nothing where nothing did ... */
static const char *const holders[] = {
	"error", "errors", "errormessage", "errormessages", "errordescription",
	"fault", "exception", "odataerror", NULL};

/* ... that are false where something did ... */
static const char *const successes[] = {"success", "ok", NULL};

/* ... and that are a word for how it went, or a number. */
static const char *const states[] = {
	"status", "statuscode", "code", "errorcode", NULL};

/* Words for a bad end; "false" is a text in some APIs. */
static const char *const refusals[] = {
	"error", "fail", "failed", "failure", "unauthorized", "forbidden",
	"notfound", "false", NULL};

/* Words that say what went wrong ... */
static const char *const telling[] = {
	"message", "msg", "detail", "errormessage", "errordescription",
	"faultstring", "developermessage", NULL};

/* ... and those that things have, too. */
static const char *const explaining[] = {
	"title", "reason", "statustext", "description", NULL};

/* What the members of a body tell. */
typedef struct Look
{
	int others;		 /* members that no error has */
	int words;		 /* that say what went wrong */
	int more_words;	 /* that explain it */
	bool rows;		 /* an array or object where rows could be */
	bool failed;	 /* a member tells of a failure */
	bool bad_status; /* a status from 400 to 599 */
} Look;

/* 400 to 599 as a number or a text. */
static bool
is_bad_status(const AcJson *value)
{
	const char *text = ac_json_string(value, NULL);
	int64 status = ac_json_int(value, 0);

	if (text != NULL)
		status = strspn(text, "0123456789") == 3 ? atoi(text) : 0;
	return status >= 400 && status <= 599;
}

/* A status of HTTP that is an error's; "not found" may be no row. */
static bool
is_error_status(const AcJson *value)
{
	int64 status = ac_json_kind(value) == AC_JSON_INT ? ac_json_int(value, 0) : 0;

	return status >= 400 && status <= 599 && status != 404 && status != 410;
}

static bool
is_refusal(const AcJson *value)
{
	const char *text = ac_json_string(value, NULL);

	return text != NULL && ac_names_in(text, refusals);
}

/* Does one member tell that it went wrong? */
static bool
tells_failure(const char *name, const AcJson *value)
{
	const char *text = ac_json_string(value, NULL);

	if (ac_names_in(name, holders))
		return ac_json_says_something(value) &&
			   (text == NULL || !ac_names_is(text, "false"));
	if (ac_names_in(name, successes))
		return is_refusal(value) || (ac_json_kind(value) == AC_JSON_BOOL &&
									 !ac_json_bool(value, true));
	return ac_names_in(name, states) && is_refusal(value);
}

/* Rows or a thing, and not what else there is to say of an error. */
static bool
is_payload(const AcJson *value)
{
	AcJsonIter it;

	if (ac_json_length(value) > 0)
		return true;
	ac_json_iter_init(&it, value);
	while (ac_json_iter_next(&it))
		if (!ac_names_in(it.key, vocabulary))
			return true;
	return false;
}

/* Takes one member into account; name is normalised. */
static void
look_at(Look *look, const char *name, const AcJson *value)
{
	AcJsonKind kind = ac_json_kind(value);

	if (!ac_names_in(name, vocabulary))
	{
		look->others++;
		look->rows = look->rows ||
					 (kind == AC_JSON_ARRAY && ac_json_length(value) > 0);
		return;
	}
	if (kind == AC_JSON_STRING && ac_json_says_something(value))
	{
		look->words += ac_names_in(name, telling);
		look->more_words += ac_names_in(name, explaining);
	}
	if (strcmp(name, "data") == 0 || strcmp(name, "result") == 0)
		look->rows = look->rows || is_payload(value);
	look->failed = look->failed || tells_failure(name, value);
	look->bad_status = look->bad_status ||
					   (ac_names_in(name, states) && is_bad_status(value));
}

bool
ac_errorbody_is(const AcJson *doc)
{
	Look look = {0};
	AcJsonIter it;
	int n = 0;

	if (ac_json_kind(doc) != AC_JSON_OBJECT)
		return false;
	ac_json_iter_init(&it, doc);
	while (ac_json_iter_next(&it) && n++ < MAX_MEMBERS)
		look_at(&look, ac_names_normal(it.key), it.value);
	if (n == 0 || look.rows || look.others > MAX_OTHERS)
		return false;
	if (look.failed)
		return true;
	/* {"message": "Not Found"}, {"detail": "..."}: nothing but words */
	if (look.words > 0 && look.others == 0)
		return n == 1 || look.bad_status || look.words + look.more_words > 1 ||
			   ac_json_has(doc, "documentation_url") ||
			   ac_json_has(doc, "code") || ac_json_has(doc, "type");
	return look.bad_status && look.words + look.more_words > 0;
}

bool
ac_errorbody_tells(const AcJson *doc)
{
	AcJsonIter it;

	ac_json_iter_init(&it, doc);
	while (ac_json_iter_next(&it))
		if (tells_failure(it.key, it.value) ||
			(ac_names_in(it.key, states) && is_error_status(it.value)))
			return true;
	return false;
}
