/*
 * cache.c
 *		Which answers does this session still have?  See cache.h.
 *
 * An entry is one piece of memory: the struct, its key, the header lines, the
 * body.  Entries are found by a hash of the key and compared by the key itself,
 * for APIs choose many of the URLs.
 */
#include "ac.h"

#include "core/hash.h"
#include "net/cache.h"
#include "net/engine.h"
#include "net/judge.h"
#include "pg/guc.h"
#include "pg/resource.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

/* An answer that takes more than this share of the room is not kept. */
#define LARGEST_SHARE 4

typedef struct Entry
{
	uint64 hash; /* of the key; first, for the hash table's sake */
	struct Kept *kept;
} Entry;

typedef struct Kept
{
	dlist_node node; /* in the order of use */
	Entry *entry;
	Size size;
	uint64 serial;
	uint64 reading;
	AcHttpCacheRules rules;
	int64 since_ms; /* when it came, by clock_ms() */
	const char *key;
	const char *lines; /* of headers, each with a line feed */
	size_t lines_len;
	const char *body;
	size_t body_len;
} Kept;

static MemoryContext cache_cxt = NULL;
static HTAB *entries = NULL;
static dlist_head order = DLIST_STATIC_INIT(order); /* used last first */
static Size used_bytes = 0;

/* As breakers' (pg/limits.c): tests move it by autoconn.clock_offset. */
static int64
clock_ms(void)
{
	return ac_engine_now_ms() + (ac_guc_now() - GetCurrentTimestamp()) / 1000;
}

static Size
room_bytes(void)
{
	return (Size) ac_guc_cache_size_kb * 1024;
}

static void
create_cache(void)
{
	HASHCTL control = {0};

	cache_cxt = AllocSetContextCreate(TopMemoryContext, "autoconn cache",
									  ALLOCSET_DEFAULT_SIZES);
	control.keysize = sizeof(uint64);
	control.entrysize = sizeof(Entry);
	control.hcxt = cache_cxt;
	entries = hash_create("autoconn cache", 64, &control,
						  HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
}

static char *
key_text(const AcCachePlace *place)
{
	return psprintf(UINT64_FORMAT "\n%s\n%s",
					ac_connection_serial(place->conn),
					place->accept != NULL ? place->accept : "", place->url);
}

static void
drop(Kept *kept)
{
	used_bytes -= kept->size;
	dlist_delete(&kept->node);
	hash_search(entries, &kept->entry->hash, HASH_REMOVE, NULL);
	pfree(kept);
}

static Kept *
find(const AcCachePlace *place)
{
	char *key;
	uint64 hash;
	Entry *entry;
	Kept *kept = NULL;

	if (entries == NULL)
		return NULL;
	key = key_text(place);
	hash = ac_hash_text(key, 0);
	entry = hash_search(entries, &hash, HASH_FIND, NULL);
	if (entry != NULL && strcmp(entry->kept->key, key) == 0)
		kept = entry->kept;
	pfree(key);
	return kept;
}

/* ---- looking ---- */

bool
ac_cache_has(const AcCachePlace *place, int64 ttl_ms, bool *fresh)
{
	Kept *kept;

	/* The setting may have been lowered. */
	while (used_bytes > room_bytes())
		drop(dlist_tail_element(Kept, node, &order));
	kept = find(place);
	*fresh = kept != NULL &&
			 ac_httpcache_is_fresh(&kept->rules, ttl_ms,
								   clock_ms() - kept->since_ms);
	return kept != NULL;
}

static AcHeaders *
copy_headers(const Kept *kept)
{
	AcHeaders *headers = ac_headers_create();
	const char *at = kept->lines;
	const char *end = kept->lines + kept->lines_len;

	headers->status = 200;
	while (at < end)
	{
		const char *stop = memchr(at, '\n', (size_t) (end - at));

		Assert(stop != NULL);
		(void) ac_headers_add_line(headers, at, (size_t) (stop - at));
		at = stop + 1;
	}
	return headers;
}

int
ac_cache_conditions(const AcCachePlace *place, const char *lines[2])
{
	Kept *kept = find(place);
	AcHeaders *headers;
	int n;

	if (kept == NULL)
		return 0;
	headers = copy_headers(kept);
	n = ac_httpcache_conditions(headers, lines);
	pfree(headers->text);
	pfree(headers);
	return n;
}

static void
release_buf(void *handle)
{
	ac_buf_free(handle);
}

static AcBuf *
copy_body(const Kept *kept)
{
	AcBuf *body = palloc(sizeof(AcBuf));

	ac_buf_init(body, Max(kept->body_len, 1));
	ac_resource_own(CurrentMemoryContext, body, release_buf);
	if (kept->body_len > 0 &&
		ac_buf_append(body, kept->body, kept->body_len) != AC_BUF_OK)
		ereport(ERROR,
				(errcode(ERRCODE_OUT_OF_MEMORY),
				 errmsg("out of memory"),
				 errdetail("Failed on an answer of %zu bytes.",
						   kept->body_len)));
	return body;
}

bool
ac_cache_copy(const AcCachePlace *place, AcCacheCopy *copy)
{
	Kept *kept = find(place);

	if (kept == NULL)
		return false;
	dlist_move_head(&order, &kept->node);
	copy->headers = copy_headers(kept);
	copy->body = copy_body(kept);
	copy->reading = kept->reading;
	return true;
}

/* ---- keeping ---- */

/* Lines of the headers; line feeds in values are none any more (core/header). */
static void
write_lines(const AcHeaders *headers, StringInfo lines)
{
	const AcHeaderField *field;
	int pos = 0;

	initStringInfo(lines);
	while ((field = ac_header_next(headers, NULL, &pos)) != NULL)
		appendStringInfo(lines, "%s: %s\n", field->name, field->value);
}

/* Drops those that were not used for longest until so much fits. */
static bool
make_room(Size size)
{
	if (size > room_bytes() / LARGEST_SHARE)
		return false;
	while (used_bytes > room_bytes() - size)
		drop(dlist_tail_element(Kept, node, &order));
	return true;
}

/* Puts the texts behind the struct. */
static void
fill(Kept *kept, const char *key, const StringInfo lines,
	 const AcCacheAnswer *answer)
{
	char *at = (char *) (kept + 1);

	kept->body = at;
	kept->body_len = answer->len;
	if (answer->len > 0)
		memcpy(at, answer->body, answer->len);
	at += answer->len;
	kept->lines = at;
	kept->lines_len = (size_t) lines->len;
	memcpy(at, lines->data, kept->lines_len);
	at += kept->lines_len;
	kept->key = at;
	strcpy(at, key);
}

/* Memory for an answer; NULL if there is none, which is no reason to fail. */
static Kept *
allocate(Size size)
{
	if (!make_room(size))
		return NULL;
	return MemoryContextAllocExtended(cache_cxt, size,
									  MCXT_ALLOC_HUGE | MCXT_ALLOC_NO_OOM);
}

static void
enter(Kept *kept)
{
	uint64 hash = ac_hash_text(kept->key, 0);
	bool found;
	Entry *entry = hash_search(entries, &hash, HASH_ENTER, &found);

	/* Another key with that hash; whatever was there under this one is gone. */
	if (found)
	{
		Kept *other = entry->kept;

		used_bytes -= other->size;
		dlist_delete(&other->node);
		pfree(other);
	}
	entry->kept = kept;
	kept->entry = entry;
	used_bytes += kept->size;
	dlist_push_head(&order, &kept->node);
}

/* The rules of an answer's headers, by the wall clock. */
static AcHttpCacheRules
rules_of(const AcCacheAnswer *answer)
{
	int64 to_wall_ms = ac_judge_unix_ms() - ac_engine_now_ms();
	AcHttpCacheRules rules;

	ac_httpcache_read(answer->headers, answer->sent_ms + to_wall_ms,
					  answer->came_ms + to_wall_ms, &rules);
	return rules;
}

/* Keeps an answer whose body is there. */
static void
keep_whole(const AcCachePlace *place, const AcCacheAnswer *answer,
		   const AcHttpCacheRules *rules)
{
	char *key = key_text(place);
	StringInfoData lines;
	Kept *kept;
	Size size;

	write_lines(answer->headers, &lines);
	size = sizeof(Kept) + answer->len + (Size) lines.len + strlen(key) + 1;
	kept = allocate(size);
	if (kept == NULL)
		return;
	kept->size = size;
	kept->serial = ac_connection_serial(place->conn);
	kept->reading = answer->reading;
	kept->rules = *rules;
	kept->since_ms = clock_ms() - (ac_engine_now_ms() - answer->came_ms);
	fill(kept, key, &lines, answer);
	enter(kept);
}

/* The same for headers that a 304 has brought up to date. */
static void
keep_again(const AcCachePlace *place, const AcCacheAnswer *answer,
		   const AcHttpCacheRules *rules)
{
	Kept *old = find(place);
	AcCacheAnswer whole = *answer;
	char *body;

	if (old == NULL)
		return;
	body = palloc(Max(old->body_len, 1));
	memcpy(body, old->body, old->body_len);
	whole.body = body;
	whole.len = old->body_len;
	drop(old);
	keep_whole(place, &whole, rules);
	pfree(body);
}

void
ac_cache_keep(const AcCachePlace *place, const AcCacheAnswer *answer)
{
	AcHttpCacheRules rules = rules_of(answer);
	Kept *old;

	if (entries == NULL)
		create_cache();
	if (rules.storable && answer->again)
	{
		keep_again(place, answer, &rules);
		return;
	}
	old = find(place);
	if (old != NULL)
		drop(old);
	if (rules.storable && !answer->again)
		keep_whole(place, answer, &rules);
}

/* ---- forgetting ---- */

void
ac_cache_forget(uint64 serial)
{
	dlist_mutable_iter iter;

	dlist_foreach_modify(iter, &order)
	{
		Kept *kept = dlist_container(Kept, node, iter.cur);

		if (kept->serial == serial)
			drop(kept);
	}
}

void
ac_cache_forget_all(void)
{
	while (!dlist_is_empty(&order))
		drop(dlist_head_element(Kept, node, &order));
	Assert(used_bytes == 0);
}
