/*
 * discover_cost.c
 *		Which answers of a discovery are read, and how much of each?
 *
 * A description ends the search; whatever else is read was read in vain, and
 * an API may answer every request with megabytes.  So there is a budget for
 * all of it together, which one answer may overdraw: the description itself
 * may be the largest of all.  What was read once is not read again: servers of
 * single-page applications send one page for every path.
 */
#include "ac.h"

#include "core/hash.h"
#include "net/discover_int.h"

/*
 * Bytes of JSON, HTML and scripts that are read in vain.  Consoles and pages
 * of documentation that come before a description have a few hundred
 * kilobytes; a hostile megabyte takes some 60 ms.
 */
#define VAIN_BYTES ((int64) 12 * 1024 * 1024)

/* By how much more a megabyte of YAML or Markdown costs. */
#define COSTLY_WEIGHT 2

/*
 * Bytes of the largest page that is read: a console with a description inside
 * has some megabytes.
 */
#define PAGE_BYTES ((size_t) 16 * 1024 * 1024)

/*
 * Bytes from which on any answer is compared with those before; a page always
 * is.  What smaller ones say may depend on where they are.
 */
#define COMPARED_BYTES (64 * 1024)

/*
 * Once an answer has overdrawn the budget, another that does not fit into what
 * is left would not be read.
 */
int64
ac_search_body_room(const AcSearch *search, bool alone)
{
	if (!search->overdrawn)
		return alone ? AC_BUNDLE_MAX_TEXT
					 : AC_DISCOVER_BESIDE_BYTES >> search->depth;
	return Max(VAIN_BYTES - search->vain, COMPARED_BYTES);
}

void
ac_search_note_large(AcSearch *search)
{
	if (search->overdrawn)
		ac_error_set(&search->result->problem, AC_ERR_TOO_LARGE,
					 "answers of the API that are no description are too large");
	search->overdrawn = true;
}

/* Was the same body seen before?  From now on it was. */
static bool
was_seen(AcSearch *search, const AcBuf *body)
{
	uint64 hash = ac_hash_bytes(body->data, body->len, body->len);
	MemoryContext old;
	uint64 *kept;
	ListCell *lc;

	foreach (lc, search->bodies)
	{
		if (*(uint64 *) lfirst(lc) == hash)
			return true;
	}
	old = MemoryContextSwitchTo(search->cxt);
	kept = palloc(sizeof(uint64));
	*kept = hash;
	search->bodies = lappend(search->bodies, kept);
	MemoryContextSwitchTo(old);
	return false;
}

/* Takes the cost out of what is left; false if it is not there. */
static bool
charge(AcSearch *search, int64 cost, bool may_overdraw)
{
	bool fits = search->vain + cost <= VAIN_BYTES;
	bool overdraws = !fits && may_overdraw && !search->overdrawn;

	if (fits)
		search->vain += cost;
	else if (overdraws || search->overdrawn)
		ac_search_note_large(search);
	return fits || overdraws;
}

bool
ac_search_affords(AcSearch *search, const AcFetch *fetch,
				  const AcTarget *target)
{
	const AcBuf *body = fetch->body;
	AcDocumentText text = {.text = body->data, .len = body->len};
	int64 cost = body->len;
	AcDocumentLanguage language;
	bool page;

	if (target->kind == AC_TARGET_SCRIPT)
		return charge(search, cost, true);
	if (fetch->headers != NULL)
		text.media_type = ac_header_get(fetch->headers, "Content-Type");
	language = ac_document_language(&text);
	page = language == AC_DOCUMENT_HTML || language == AC_DOCUMENT_MARKDOWN;
	if ((page || body->len >= COMPARED_BYTES) && was_seen(search, body))
		return false;
	if (language == AC_DOCUMENT_YAML || language == AC_DOCUMENT_MARKDOWN)
		cost *= COSTLY_WEIGHT;
	/* Markdown is never more than documentation */
	return charge(search, cost,
				  language != AC_DOCUMENT_MARKDOWN &&
					  !(page && body->len > PAGE_BYTES));
}
