/*
 * discover_look.c
 *		Is this answer a description, how good a one, and where does it lead?
 *
 * An answer of 2xx is parsed in whatever language it is written; a reader that
 * knows it makes it a candidate.  A description proper ends the search.  Weak
 * candidates (documentation, an index of a few links, rows) are kept, best
 * first, while the search goes on.  A page is looked at once: servers of
 * single-page applications send the same one for every path.
 *
 * Each document has a memory context of its own, which goes with it.
 */
#include "ac.h"

#include "api/errorbody.h"
#include "miscadmin.h"
#include "net/discover_int.h"
#include "pg/report.h"
#include "policy/outcome.h"
#include "utils/memutils.h"

/* Links from which on an object of links is an index and not a row. */
#define INDEX_SURE_LINKS 3

/* Of a page that may lead to documentation: more than rows, less than any. */
#define COVER_CONFIDENCE 0.25

/* Bytes at the beginning of a text in which it says what it is. */
#define HEAD_BYTES 256

/* Says of an answer why it is no description, where somebody meant it to be. */
static void
near_miss(AcSearch *search, const char *url, const char *why)
{
	if (search->near_miss.code == AC_ERR_NONE)
		ac_error_set(&search->near_miss, AC_ERR_MALFORMED, "%s %s",
					 ac_url_redact(url), why);
}

/* Did the user say that the description is there? */
static bool
is_asked_for(const AcSearch *search, const AcTarget *target)
{
	return target->kind == AC_TARGET_HOME &&
		   ac_connection_options(search->conn)->spec_url != NULL;
}

/* An answer without a document. */
static void
note_no_document(AcSearch *search, const AcFetch *fetch,
				 const AcTarget *target)
{
	if (fetch->state == AC_FETCH_ANSWERED && fetch->status / 100 != 2 &&
		is_asked_for(search, target))
		near_miss(search, fetch->url,
				  psprintf("answers with status %d", fetch->status));
}

/* Does a text that cannot be read claim to be a description? */
static bool
claims_description(const AcFetch *fetch)
{
	char *head = pnstrdup(fetch->body->data, Min(fetch->body->len, HEAD_BYTES));

	return strstr(head, "openapi") != NULL || strstr(head, "swagger") != NULL;
}

/* A document that could not be parsed, or not be read as a description. */
static void
note_unreadable(AcSearch *search, const AcFetch *fetch,
				const AcTarget *target, const AcError *err)
{
	if (err->code == AC_ERR_INTERRUPTED)
		ac_report_error(err);
	/* A description that is too large is worth a word. */
	if (err->code == AC_ERR_TOO_LARGE)
		search->result->problem = *err;
	if (is_asked_for(search, target) || claims_description(fetch))
		near_miss(search, fetch->url,
				  psprintf("cannot be read: %s", err->message));
}

/* A document that no reader takes. */
static void
note_other_format(AcSearch *search, const AcFetch *fetch, const AcJson *doc)
{
	static const char *const formats[][2] = {
		{"swagger", "Swagger"}, {"openapi", "OpenAPI"}};

	for (size_t i = 0; i < lengthof(formats); i++)
	{
		char *version = ac_json_text_of(ac_json_get(doc, formats[i][0]));

		if (version != NULL)
			near_miss(search, fetch->url,
					  psprintf("is a description in %s %s, a version that is not read",
							   formats[i][1],
							   ac_outcome_clean(version, NAMEDATALEN)));
	}
}

/* A page that wants a password describes nothing to us. */
static bool
is_login_page(const AcJson *doc)
{
	const AcJson *forms = ac_json_get(ac_json_get(doc, "html"), "forms");

	for (int i = 0; i < ac_json_length(forms); i++)
		if (ac_json_bool(ac_json_get(ac_json_at(forms, i), "password"), false))
			return true;
	return false;
}

bool
ac_search_is_weak(const char *kind)
{
	return strcmp(kind, "sample") == 0 || strcmp(kind, "docs") == 0 ||
		   strcmp(kind, "index") == 0;
}

/*
 * May the reader speak about this document?  Rows and links are everywhere:
 * they are the API's own only where the user pointed, and rows are not what
 * somebody means who points at a description.
 */
static bool
reader_may_speak(const AcSearch *search, const AcBundle *bundle,
				 const AcTarget *target)
{
	const char *kind = bundle->reader->name;

	if (target->kind == AC_TARGET_SCRIPT)
		return false;
	if (strcmp(kind, "sample") == 0)
		return target->kind == AC_TARGET_HOME &&
			   !is_asked_for(search, target) &&
			   !ac_errorbody_tells(bundle->doc);
	if (strcmp(kind, "index") == 0)
		return target->kind == AC_TARGET_HOME &&
			   !ac_errorbody_tells(bundle->doc);
	if (strcmp(kind, "docs") == 0)
		return !is_login_page(bundle->doc);
	return true;
}

/* How surely the paths found are the API's: the mean of what readers say. */
static double
mean_confidence(const AcApi *api)
{
	double sum = 0;

	for (int i = 0; i < api->n_endpoints; i++)
		sum += api->endpoints[i].confidence;
	return api->n_endpoints > 0 ? sum / api->n_endpoints : 0;
}

/*
 * How good a description it is.  What was written for machines is one; pages
 * for people come before rows that merely happen to be there.
 */
static double
confidence_of(const AcApi *api)
{
	if (!ac_search_is_weak(api->kind))
		return 1;
	if (api->n_endpoints == 0)
		return 0;
	if (strcmp(api->kind, "index") == 0)
		return api->n_endpoints >= INDEX_SURE_LINKS ? 0.9 : 0.6;
	if (strcmp(api->kind, "docs") == 0)
		return 0.3 + 0.2 * Min(mean_confidence(api), 1.0);
	return 0.2;
}

/* The candidate in a context of its own, without its trees. */
static AcCandidate *
freeze(AcSearch *search, AcCandidate *candidate)
{
	MemoryContext cxt = AllocSetContextCreate(search->cxt,
											  "autoconn discovered text",
											  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(cxt);
	AcCandidate *copy = palloc0(sizeof(AcCandidate));

	copy->cxt = cxt;
	copy->bundle.url = pstrdup(candidate->bundle.url);
	copy->bundle.reader = candidate->bundle.reader;
	copy->frozen = pstrdup(ac_bundle_text(&candidate->bundle));
	copy->note = pstrdup(candidate->note);
	copy->confidence = candidate->confidence;
	MemoryContextSwitchTo(old);
	MemoryContextDelete(candidate->cxt);
	return copy;
}

bool
ac_search_thaw(AcCandidate *candidate)
{
	const char *text = candidate->frozen;
	AcError err;

	if (text == NULL)
		return true;
	candidate->frozen = NULL;
	if (!ac_bundle_load(&candidate->bundle, text, candidate->bundle.url, &err))
	{
		if (err.code == AC_ERR_INTERRUPTED)
			ac_report_error(&err);
		return false;
	}
	if (!ac_bundle_read(&candidate->bundle, &candidate->api, &err))
		candidate->api = NULL;
	if (candidate->api == NULL && err.code == AC_ERR_INTERRUPTED)
		ac_report_error(&err);
	return true;
}

/* Puts a candidate among those kept; the last of too many goes. */
static void
keep_candidate(AcSearch *search, AcCandidate *candidate)
{
	int at = search->n_candidates;

	while (at > 0 &&
		   search->candidates[at - 1]->confidence < candidate->confidence)
		at--;
	if (at == AC_DISCOVER_CANDIDATES)
	{
		MemoryContextDelete(candidate->cxt);
		return;
	}
	if (search->n_candidates == AC_DISCOVER_CANDIDATES)
		MemoryContextDelete(search->candidates[--search->n_candidates]->cxt);
	for (int i = search->n_candidates; i > at; i--)
		search->candidates[i] = search->candidates[i - 1];
	search->candidates[at] = candidate;
	search->n_candidates++;
}

void
ac_search_drop_best(AcSearch *search)
{
	Assert(search->n_candidates > 0);
	MemoryContextDelete(search->candidates[0]->cxt);
	search->n_candidates--;
	for (int i = 0; i < search->n_candidates; i++)
		search->candidates[i] = search->candidates[i + 1];
}

/*
 * Is it the cover of documentation, that names no path itself and leads to
 * pages that do?  They are fetched if there is nothing better.
 */
static bool
may_be_cover(const AcBundle *bundle, const AcError *err)
{
	AcWish *wishes;

	return err->code == AC_ERR_MALFORMED &&
		   strcmp(bundle->reader->name, "docs") == 0 &&
		   ac_bundle_wishes(bundle, &wishes) > 0;
}

/*
 * The candidate that a document is, in the current context, which becomes its
 * own; NULL if it is none.
 */
static AcCandidate *
make_candidate(AcSearch *search, const AcFetch *fetch,
			   const AcTarget *target, AcBundle *bundle)
{
	AcCandidate *candidate = palloc0(sizeof(AcCandidate));
	AcError err;

	/* A weak one is worth requests only when there is nothing better. */
	if (!ac_search_is_weak(bundle->reader->name))
		ac_search_grant(search, bundle);
	else if (fetch->body->len > AC_DISCOVER_WEAK_MAX)
		return NULL;
	if (ac_bundle_read(bundle, &candidate->api, &err))
		candidate->confidence = confidence_of(candidate->api);
	else if (may_be_cover(bundle, &err))
		candidate->confidence = COVER_CONFIDENCE;
	else
	{
		note_unreadable(search, fetch, target, &err);
		return NULL;
	}
	candidate->cxt = CurrentMemoryContext;
	candidate->bundle = *bundle;
	candidate->note = psprintf("found %s", target->how);
	return candidate->confidence > 0 ? candidate : NULL;
}

/* What of an answer is looked at. */
typedef struct AcLook
{
	const AcFetch *fetch;
	const AcTarget *target;
	AcJson *doc;	  /* NULL: it has none that can be read */
	const char *text; /* of a JSON document */
} AcLook;

static void
parse_answer(AcSearch *search, AcLook *look)
{
	const AcFetch *fetch = look->fetch;
	AcJson *doc;
	AcError err;

	if (fetch->state != AC_FETCH_ANSWERED || fetch->status / 100 != 2 ||
		fetch->body == NULL || fetch->body->len == 0)
		note_no_document(search, fetch, look->target);
	else if (look->target->kind == AC_TARGET_SCRIPT ||
			 !ac_search_affords(search, fetch, look->target))
		return;
	else if (!ac_bundle_parse(search->conn, fetch, &doc, &look->text, &err))
		note_unreadable(search, fetch, look->target, &err);
	else
		look->doc = doc;
}

/* A document where a description ought to be. */
static void
note_none_of_ours(AcSearch *search, const AcLook *look)
{
	if (is_asked_for(search, look->target))
		near_miss(search, look->fetch->url,
				  ac_json_has(look->doc, "html")
					  ? "is a page that names no description"
					  : "is no description of an API");
}

/* The candidate that the document is, or NULL. */
static AcCandidate *
consider(AcSearch *search, const AcLook *look)
{
	AcBundle bundle;

	if (look->doc == NULL)
		return NULL;
	if (!ac_bundle_begin(&bundle, pstrdup(look->fetch->url), look->doc,
						 look->text))
	{
		note_other_format(search, look->fetch, look->doc);
		note_none_of_ours(search, look);
		return NULL;
	}
	if (!reader_may_speak(search, &bundle, look->target))
	{
		note_none_of_ours(search, look);
		return NULL;
	}
	return make_candidate(search, look->fetch, look->target, &bundle);
}

/* What an answer comes to, and leads to. */
typedef struct AcFindings
{
	AcCandidate *candidate; /* the document itself, or NULL */
	AcCandidate *within;	/* one that an API console holds, or NULL */
	List *pointers;			/* AcTarget * to follow */
} AcFindings;

/* The description that a console holds, in a context of its own; or NULL. */
static AcCandidate *
find_within(AcSearch *search, const AcLook *look, const AcConsole *console)
{
	MemoryContext cxt = AllocSetContextCreate(search->cxt,
											  "autoconn discovered document",
											  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(cxt);
	AcCandidate *candidate = NULL;
	AcBundle bundle;
	AcJson *doc;
	const char *text;

	if (ac_search_inline(console, &doc, &text) &&
		ac_bundle_begin(&bundle, pstrdup(look->fetch->url), doc, text) &&
		!ac_search_is_weak(bundle.reader->name))
		candidate = make_candidate(search, look->fetch, look->target, &bundle);
	if (candidate != NULL)
		candidate->note = psprintf("found within %s",
								   ac_search_shown_url(search, look->fetch->url));
	MemoryContextSwitchTo(old);
	if (candidate == NULL)
		MemoryContextDelete(cxt);
	return candidate;
}

/* Reads an answer, in the current context. */
static void
read_answer(AcSearch *search, AcLook *look, int hops, AcFindings *findings)
{
	AcConsole *console = palloc(sizeof(AcConsole));

	parse_answer(search, look);
	findings->candidate = consider(search, look);
	if (look->target->kind == AC_TARGET_PAGE ||
		(findings->candidate != NULL &&
		 findings->candidate->confidence >= AC_DISCOVER_SURE))
		return;
	ac_search_read_console(search, look->fetch, look->target, look->doc,
						   console);
	if (hops > 0)
		findings->pointers = ac_search_pointers(search, look->fetch, look->doc,
												console);
	if (console->n_texts > 0)
		findings->within = find_within(search, look, console);
}

/* Is there a description that ends the search? */
static bool
is_over(const AcSearch *search)
{
	return search->n_candidates > 0 &&
		   search->candidates[0]->confidence >= AC_DISCOVER_SURE;
}

/* Asks for what an answer points to; its own body is of no more use. */
static bool
follow(AcSearch *search, AcFetch *fetch, List *pointers, int hops)
{
	bool found;

	if (fetch->body != NULL)
		ac_buf_free(fetch->body);
	search->depth++;
	found = ac_search_ask(search, pointers, hops - 1);
	search->depth--;
	return found;
}

bool
ac_search_look(AcSearch *search, AcFetch *fetch, const AcTarget *target,
			   int hops)
{
	MemoryContext cxt = AllocSetContextCreate(search->cxt,
											  "autoconn discovered document",
											  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(cxt);
	AcLook look = {.fetch = fetch, .target = target};
	AcFindings findings = {NULL, NULL, NIL};

	read_answer(search, &look, hops, &findings);
	CHECK_FOR_INTERRUPTS();
	MemoryContextSwitchTo(old);
	if (findings.candidate == NULL)
		MemoryContextDelete(cxt);
	else
	{
		if (findings.candidate->confidence < AC_DISCOVER_SURE &&
			fetch->body->len > AC_DISCOVER_FREEZE_BYTES)
			findings.candidate = freeze(search, findings.candidate);
		keep_candidate(search, findings.candidate);
	}
	if (is_over(search) ||
		(findings.pointers != NIL && follow(search, fetch, findings.pointers, hops)))
	{
		if (findings.within != NULL)
			MemoryContextDelete(findings.within->cxt);
		return true;
	}
	/* what stands in the page itself comes after what it loads */
	if (findings.within != NULL)
		keep_candidate(search, findings.within);
	return is_over(search);
}
