/*
 * description.c
 *		Does the API still describe itself as it did?
 *
 * Asks for the description where it was found, conditionally (RFC 9110 13.1),
 * so that an unchanged one costs no body; net/discover does the same with the
 * documents beside it.  What came is compared by a hash of its canonical form;
 * only what differs is read.  What the difference means is drift/compare's
 * business.  Rows that describe nothing (kind "sample") are no description:
 * what changes in them is seen where tables are read.
 */
#include "ac.h"

#include "net/bundle.h"
#include "net/learn.h"
#include "pg/report.h"
#include "worker/check.h"

/* What is preferred, as discovery asks for it. */
#define ACCEPT_DESCRIPTION \
	"application/vnd.oai.openapi+json, application/json;q=0.9, */*;q=0.1"

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

/*
 * Is the first that a poll sees the one that discovery kept?  Then so are the
 * plans in the catalog, and what samples have proved of them by now.
 */
static bool
is_kept(const AcCheck *check, const char *hash)
{
	AcBundle kept;
	AcError err;

	return check->watch.spec_hash == NULL && check->state.description != NULL &&
		   ac_bundle_load(&kept, check->state.description,
						  check->state.spec_url, &err) &&
		   strcmp(ac_bundle_hash(&kept), hash) == 0;
}

/* The main document came, or is what it was: has the description changed? */
static bool
take_answer(AcCheck *check, const AcFetch *fetch, AcError *err)
{
	AcCheckDescription *description = &check->description;
	AcRenewal renewal = {
		.conn = check->conn,
		.spec_url = check->state.spec_url,
		.kind = check->state.kind,
		.kept = check->state.description,
		.known_hash = check->watch.spec_hash,
		.answer = fetch,
	};

	if (!ac_discover_renew(&renewal, err))
		return false;
	check->requests += renewal.requests;
	description->document = renewal.document;
	description->hash = renewal.hash;
	if (renewal.hash == NULL)
		return true;
	description->changed = check->watch.spec_hash == NULL ||
						   strcmp(check->watch.spec_hash,
								  description->hash) != 0;
	description->kept = is_kept(check, description->hash);
	return !description->changed || read_changed(check, err);
}

static char *
validator(const AcCheck *check, const AcFetch *fetch, const char *name)
{
	return unconstify(char *, ac_bundle_validator(check->conn, fetch, name));
}

/* What the next poll asks with; a 304 leaves it as it is. */
static void
keep_validators(AcCheck *check, const AcFetch *fetch)
{
	AcCheckDescription *description = &check->description;

	if (fetch->status == 304)
	{
		description->etag = check->watch.etag;
		description->last_modified = check->watch.last_modified;
		return;
	}
	description->etag = validator(check, fetch, "ETag");
	description->last_modified = validator(check, fetch, "Last-Modified");
}

/* Is it a description at all?  Rows say nothing by changing. */
static bool
is_watched(const AcServerState *state)
{
	return state->spec_url != NULL &&
		   (state->kind == NULL || strcmp(state->kind, "sample") != 0);
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

	if (!is_watched(&check->state))
		return;
	fetch = ask(check);
	if (fetch->state == AC_FETCH_ANSWERED &&
		(fetch->status == 304 || (fetch->status / 100 == 2 &&
								  fetch->body != NULL && fetch->body->len > 0)))
		description->answered = take_answer(check, fetch,
											&description->problem);
	else
		(void) no_document(fetch, &description->problem);
	if (description->problem.code == AC_ERR_INTERRUPTED)
		ac_report_error(&description->problem);
	if (description->answered)
		keep_validators(check, fetch);
	ac_fetch_free(fetch);
}
