/*
 * description.c
 *		Does the API still describe itself as it did?
 *
 * Asks for the description where it was found, conditionally (RFC 9110 13.1),
 * so that an unchanged one costs no body.  One that came is compared by a hash
 * of its canonical form; only one that differs is read.  What the difference
 * means is drift/compare's business.
 */
#include "ac.h"

#include "common/string.h"
#include "core/hash.h"
#include "core/json.h"
#include "core/url.h"
#include "drift/canonical.h"
#include "net/judge.h"
#include "net/learn.h"
#include "pg/report.h"
#include "pg/resource.h"
#include "worker/check.h"

/* What is preferred, as discovery asks for it. */
#define ACCEPT_DESCRIPTION \
	"application/vnd.oai.openapi+json, application/json;q=0.9, */*;q=0.1"

/* Bytes of an entity tag or a date; real ones have less than a hundred. */
#define MAX_VALIDATOR 1024

/*
 * 128 bits in hexadecimal digits, palloc'd.  An API that makes two of its
 * descriptions collide hides its own changes, so that no cryptographic hash is
 * called for.
 */
static char *
hash_text(const char *text, size_t len)
{
	uint64 high = ac_hash_bytes(text, len, 1);
	uint64 low = ac_hash_bytes(text, len, 2);

	return psprintf("%08x%08x%08x%08x", (uint32) (high >> 32), (uint32) high,
					(uint32) (low >> 32), (uint32) low);
}

/* Hash of a document's canonical form; NULL with err if it is no JSON. */
static char *
canonical_hash(const char *text, size_t len, AcError *err)
{
	AcJsonText input = {text, len, AC_JSON_MAX_DEPTH, ac_report_interrupted};
	StringInfoData canonical;
	AcJson *doc;
	char *hash;

	if (!ac_json_parse_long(&input, &doc, err))
		return NULL;
	ac_resource_json(doc);
	initStringInfo(&canonical);
	ac_canonical_append(doc, &canonical);
	hash = hash_text(canonical.data, canonical.len);
	pfree(canonical.data);
	return hash;
}

/*
 * A copy of a validator, to be sent back as it came; NULL if there is none.
 * It is an API's to choose, and kept: so one that is long, is no ASCII text or
 * repeats a secret is none.
 */
static char *
validator_copy(const AcCheck *check, const AcFetch *fetch, const char *name)
{
	const char *value = fetch->headers != NULL
							? ac_header_get(fetch->headers, name)
							: NULL;

	if (value == NULL || strlen(value) > MAX_VALIDATOR ||
		ac_judge_holds_secret(check->conn, value))
		return NULL;
	for (const char *c = value; *c != '\0'; c++)
		if (*c < ' ' || *c > '~')
			return NULL;
	return pstrdup(value);
}

/* Conditions of the request, where the last answer gave what they need. */
static void
add_conditions(const AcWatchServer *watch, AcFetchRequest *request)
{
	int n = 0;

	if (watch->etag != NULL)
		request->headers[n++] = psprintf("If-None-Match: %s", watch->etag);
	if (watch->last_modified != NULL)
		request->headers[n++] = psprintf("If-Modified-Since: %s",
										 watch->last_modified);
}

static AcFetch *
ask(AcCheck *check)
{
	AcFetchRequest request = {
		.method = "GET",
		.url = check->state.spec_url,
		.accept = ACCEPT_DESCRIPTION,
		.kind = AC_FETCH_DOCUMENT,
		.timeout_ms = AC_DISCOVER_MAX_MS,
		.with_credentials = true,
	};
	AcFetch *fetch;

	add_conditions(&check->watch, &request);
	fetch = ac_fetch_start(check->conn, &request, CurrentMemoryContext);
	(void) ac_fetch_wait(fetch);
	check->requests += (int) fetch->stats.requests;
	return fetch;
}

/* Reads a document that differs from the one before. */
static bool
read_changed(AcCheck *check, AcError *err)
{
	AcCheckDescription *description = &check->description;
	AcPlanOptions options = {.nested = AC_NESTED_JSON};
	AcDiscovery *discovery = palloc0(sizeof(AcDiscovery));

	if (!ac_discover_reread(check->conn, description->document,
							check->state.spec_url, discovery, err))
		return false;
	description->discovery = discovery;
	description->plans = ac_learn_plans(discovery, &options);
	description->model = ac_model_build(discovery->api, description->plans,
										discovery->base_url);
	return true;
}

/* A body came: is it another description than before? */
static bool
take_document(AcCheck *check, const AcFetch *fetch, AcError *err)
{
	AcCheckDescription *description = &check->description;

	description->document = pnstrdup(fetch->body->data, fetch->body->len);
	ac_judge_scrub_document(check->conn, description->document);
	description->hash = canonical_hash(description->document,
									   strlen(description->document), err);
	if (description->hash == NULL)
		return false;
	description->changed = check->watch.spec_hash == NULL ||
						   strcmp(check->watch.spec_hash,
								  description->hash) != 0;
	return !description->changed || read_changed(check, err);
}

/* The answer is no description; what it is instead is told. */
static bool
no_document(const AcFetch *fetch, AcError *err)
{
	if (fetch->state == AC_FETCH_FAILED)
	{
		*err = fetch->error;
		return false;
	}
	return ac_error_set(err, AC_ERR_HTTP,
						"the description is answered with HTTP status %d",
						fetch->status);
}

void
ac_check_description(AcCheck *check)
{
	AcCheckDescription *description = &check->description;
	AcFetch *fetch;

	if (check->state.spec_url == NULL)
		return;
	fetch = ask(check);
	if (fetch->state == AC_FETCH_ANSWERED && fetch->status == 304)
		description->answered = true;
	else if (fetch->state == AC_FETCH_ANSWERED && fetch->status / 100 == 2 &&
			 fetch->body != NULL && fetch->body->len > 0)
		description->answered = take_document(check, fetch,
											  &description->problem);
	else
		(void) no_document(fetch, &description->problem);
	if (description->problem.code == AC_ERR_INTERRUPTED)
		ac_report_error(&description->problem);
	if (description->answered && fetch->status != 304)
	{
		description->etag = validator_copy(check, fetch, "ETag");
		description->last_modified = validator_copy(check, fetch, "Last-Modified");
	}
	ac_fetch_free(fetch);
}
