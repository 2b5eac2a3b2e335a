/*
 * fetch_cache.c
 *		When does a fetch take an answer from the cache, and when does it leave
 *		one there?
 *
 * Only GETs that nothing but their URL tells apart (no body, no headers of the
 * caller's) are looked up or kept, and only where the caller has given a time
 * that answers may serve.  Of what cannot be served without asking the API is
 * asked whether it is still so; a 304 makes it the answer.
 *
 * A fetch does not keep its answer by itself: whether that is an answer, and
 * no error with the status 200, is for its reader to say (ac_fetch_keep).
 */
#include "ac.h"

#include "net/cache.h"
#include "net/fetch_int.h"
#include "net/trace.h"

/* What is palloc'd here is to live as long as the fetch. */
#define ASSERT_CONTEXT(machine) \
	Assert(CurrentMemoryContext == (machine)->cxt)

/* Does the cache concern this fetch at all? */
static bool
uses_cache(const AcFetchMachine *machine)
{
	const AcFetchRequest *request = &machine->request;

	if (request->cache_ttl_ms <= 0 || request->json != NULL ||
		strcmp(request->method, "GET") != 0)
		return false;
	for (int i = 0; i < AC_FETCH_HEADERS; i++)
		if (request->headers[i] != NULL && !machine->conditional)
			return false;
	return true;
}

static AcCachePlace
place_of(const AcFetchMachine *machine)
{
	AcCachePlace place = {
		.conn = machine->conn,
		.accept = machine->request.accept,
		.url = ac_url_text(&machine->start),
	};

	return place;
}

/* Ends with an answer that was kept. */
static void
serve(AcFetchMachine *machine, const AcCacheCopy *copy)
{
	AcFetch *fetch = machine->fetch;

	machine->url = machine->start;
	fetch->status = copy->headers->status;
	fetch->headers = copy->headers;
	fetch->body = copy->body;
	fetch->kept_by = copy->reading;
	fetch->stats.cache_hits++;
	if (machine->request.activity != NULL)
		machine->request.activity->counts.cache_hits++;
	ac_trace_cached(machine->conn, fetch->url, copy->body->len);
	machine->from_cache = true;
	ac_fetch_answer(machine);
}

bool
ac_fetch_look_up(AcFetchMachine *machine)
{
	AcCachePlace place;
	AcCacheCopy copy;
	bool fresh;

	ASSERT_CONTEXT(machine);
	if (!uses_cache(machine))
		return false;
	place = place_of(machine);
	if (!ac_cache_has(&place, machine->request.cache_ttl_ms, &fresh))
		return false;
	if (fresh && !machine->request.validate && ac_cache_copy(&place, &copy))
	{
		serve(machine, &copy);
		return true;
	}
	machine->conditional =
		ac_cache_conditions(&place, machine->request.headers) > 0;
	return false;
}

/* Without conditions from now on. */
static void
ask_for_all(AcFetchMachine *machine)
{
	for (int i = 0; i < AC_FETCH_HEADERS; i++)
		machine->request.headers[i] = NULL;
	machine->conditional = false;
}

bool
ac_fetch_not_modified(AcFetchMachine *machine, const AcHeaders *told)
{
	AcCachePlace place = place_of(machine);
	AcCacheAnswer answer = {
		.again = true,
		.sent_ms = machine->came_ms - machine->took_ms,
		.came_ms = machine->came_ms,
		.reading = machine->request.reading,
	};
	AcCacheCopy copy;

	Assert(machine->conditional);
	ASSERT_CONTEXT(machine);
	if (list_length(machine->visited) > 1 || !ac_cache_copy(&place, &copy) ||
		!ac_httpcache_means(copy.headers, told))
	{
		ask_for_all(machine);
		return false;
	}
	copy.headers = ac_httpcache_updated(copy.headers, told);
	copy.reading = 0;
	answer.headers = copy.headers;
	ac_cache_keep(&place, &answer);
	serve(machine, &copy);
	return true;
}

void
ac_fetch_keep(const AcFetch *fetch)
{
	const AcFetchMachine *machine = fetch->machine;
	AcCachePlace place;
	AcCacheAnswer answer = {
		.headers = fetch->headers,
		.sent_ms = machine->came_ms - machine->took_ms,
		.came_ms = machine->came_ms,
		.reading = machine->request.reading,
	};

	if (!uses_cache(machine) || machine->from_cache ||
		fetch->state != AC_FETCH_ANSWERED || list_length(machine->visited) > 1)
		return;
	place = place_of(machine);
	answer.body = fetch->body->data;
	answer.len = fetch->body->len;
	ac_cache_keep(&place, &answer);
}
