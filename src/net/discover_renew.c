/*
 * discover_renew.c
 *		Does a description still say what it said, all documents of it?
 *
 * The main document has been asked for again.  Where it is another one, the
 * documents that it refers to are fetched anew; where it is not, those beside
 * it are asked for with conditions of their own (RFC 9110 13.1), so that an
 * unchanged one costs no body.  Answers to OPTIONS know no conditions: they
 * are asked for again only with a main document that changed.  One that cannot
 * be had this time stays what it was.
 */
#include "ac.h"

#include "miscadmin.h"
#include "net/discover_int.h"
#include "pg/report.h"

/* Is it a document to ask for by itself? */
static bool
is_renewable(const AcBundle *bundle, const AcDocument *document)
{
	return document->doc != NULL && strcmp(document->method, "GET") == 0 &&
		   ac_bundle_describes(bundle, document->doc);
}

/* Puts an answer in the place of a document; false if it is to stay. */
static bool
replace_document(AcSearch *search, AcBundle *bundle, int i,
				 const AcFetch *fetch)
{
	AcJson *doc;
	const char *text;
	AcError err;

	if (fetch->state != AC_FETCH_ANSWERED || fetch->status / 100 != 2 ||
		fetch->body == NULL || fetch->body->len == 0)
		return false;
	if (!ac_bundle_parse(search->conn, fetch, &doc, &text, &err))
	{
		if (err.code == AC_ERR_INTERRUPTED)
			ac_report_error(&err);
		return false;
	}
	if (ac_json_equal(doc, bundle->others[i].doc))
		return false;
	bundle->others[i].doc = doc;
	bundle->validators[i].etag = ac_bundle_validator(search->conn, fetch, "ETag");
	bundle->validators[i].last_modified =
		ac_bundle_validator(search->conn, fetch, "Last-Modified");
	return true;
}

/* Asks again for a few documents at once, from the i-th on; *next follows. */
static bool
renew_batch(AcSearch *search, AcBundle *bundle, int i, int *next)
{
	AcFetch *fetches[AC_DISCOVER_AT_ONCE];
	int which[AC_DISCOVER_AT_ONCE];
	int n = 0;
	bool changed = false;

	for (; i < bundle->n_others && n < AC_DISCOVER_AT_ONCE; i++)
	{
		AcSearchRequest asked = {
			"GET", bundle->others[i].url, AC_DISCOVER_BESIDE_BYTES,
			&bundle->validators[i]};

		if (!is_renewable(bundle, &bundle->others[i]) ||
			search->sent >= search->max_requests)
			continue;
		which[n] = i;
		fetches[n++] = ac_search_start(search, &asked);
	}
	*next = i;
	for (int j = 0; j < n; j++)
	{
		ac_search_finish(search, fetches[j]);
		if (replace_document(search, bundle, which[j], fetches[j]))
			changed = true;
		ac_fetch_free(fetches[j]);
	}
	return changed;
}

/* The documents beside a main one that is what it was. */
static void
renew_others(AcSearch *search, AcBundle *bundle)
{
	bool changed = false;
	int i = 0;

	while (i < bundle->n_others && ac_search_budget_left(search))
	{
		if (renew_batch(search, bundle, i, &i))
			changed = true;
		CHECK_FOR_INTERRUPTS();
	}
	/* what changed may refer to more */
	if (changed)
		ac_search_grant(search, bundle);
}

/* The description that a console's page or script holds. */
static bool
parse_within(AcSearch *search, const AcRenewal *renewal, AcJson *page,
			 AcJson **doc, const char **text)
{
	AcTarget target = {
		.kind = page != NULL ? AC_TARGET_ANY : AC_TARGET_SCRIPT,
		.url = renewal->spec_url,
		.page = renewal->spec_url,
	};
	AcConsole *console = palloc(sizeof(AcConsole));

	ac_search_read_console(search, renewal->answer, &target, page, console);
	return ac_search_inline(console, doc, text);
}

/* The document of the answer, or one that stands within it. */
static bool
parse_again(AcSearch *search, const AcRenewal *renewal, AcJson **doc,
			const char **text, AcError *err)
{
	bool is_docs = renewal->kind != NULL && strcmp(renewal->kind, "docs") == 0;

	if (!ac_bundle_parse(renewal->conn, renewal->answer, doc, text, err))
		return err->code == AC_ERR_MALFORMED &&
			   parse_within(search, renewal, NULL, doc, text);
	if (!is_docs && ac_json_has(*doc, "html"))
		(void) parse_within(search, renewal, *doc, doc, text);
	return true;
}

/* The bundle that the answer's document begins. */
static bool
begin_again(AcSearch *search, const AcRenewal *renewal, AcBundle *bundle,
			AcError *err)
{
	AcJson *doc;
	const char *text;

	if (!parse_again(search, renewal, &doc, &text, err))
		return false;

	/* what stands there instead may be anything that has members */
	if (!ac_bundle_begin(bundle, renewal->spec_url, doc, text) ||
		(ac_search_is_weak(bundle->reader->name) &&
		 (renewal->kind == NULL ||
		  strcmp(bundle->reader->name, renewal->kind) != 0)))
		return ac_error_set(err, AC_ERR_MALFORMED,
							"the document is no description of an API");
	return true;
}

/* Is the main document of both the same? */
static bool
same_main(const AcBundle *a, const AcBundle *b)
{
	AcBundle main_a = {.doc = a->doc, .reader = a->reader};
	AcBundle main_b = {.doc = b->doc, .reader = b->reader};

	return strcmp(ac_bundle_hash(&main_a), ac_bundle_hash(&main_b)) == 0;
}

/* A description whose main document came. */
static bool
renew_all(AcSearch *search, AcRenewal *renewal, AcBundle *bundle,
		  AcError *err)
{
	AcBundle kept;

	if (!begin_again(search, renewal, bundle, err))
		return false;
	if (renewal->kept == NULL || !ac_bundle_has_others(renewal->kept))
	{
		/* a document that stands alone, as long as it stays what it was */
		if (renewal->known_hash == NULL ||
			strcmp(ac_bundle_hash(bundle), renewal->known_hash) != 0)
			ac_search_grant(search, bundle);
		return true;
	}
	if (ac_bundle_load(&kept, renewal->kept, renewal->spec_url, err) &&
		same_main(&kept, bundle))
	{
		*bundle = kept;
		renew_others(search, bundle);
		return true;
	}
	if (err->code == AC_ERR_INTERRUPTED)
		return false;
	ac_search_grant(search, bundle);
	return true;
}

bool
ac_discover_renew(AcRenewal *renewal, AcError *err)
{
	AcDiscovery unused;
	AcSearch search;
	AcBundle bundle;

	ac_error_clear(err);
	ac_search_init(&search, renewal->conn, &unused);
	if (renewal->answer->status == 304)
	{
		if (renewal->kept == NULL || !ac_bundle_has_others(renewal->kept))
			return true;
		if (!ac_bundle_load(&bundle, renewal->kept, renewal->spec_url, err))
			return false;
		renew_others(&search, &bundle);
	}
	else if (!renew_all(&search, renewal, &bundle, err))
		return false;
	renewal->document = unconstify(char *, ac_bundle_text(&bundle));
	renewal->hash = ac_bundle_hash(&bundle);
	renewal->requests = unused.requests;
	return true;
}
