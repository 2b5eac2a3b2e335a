/*
 * htmldoc_wish.c
 *		Is this page documentation of an API, and which pages belong to it?
 *
 * Links are judged by what their path and text say; only pages of the same
 * origin are wished for.
 */
#include "ac.h"

#include "api/htmldoc_internal.h"
#include "api/shape_map.h"
#include "core/text.h"

/* Anchors looked at for further pages. */
#define HTMLDOC_MAX_ANCHORS 3000

static bool
is_page(const AcJson *doc)
{
	return ac_json_kind(ac_json_get(doc, "html")) == AC_JSON_OBJECT;
}

/* Kinds of files that are no pages. */
static bool
is_file(const char *path)
{
	static const char *const endings[] = {".png", ".jpg", ".svg", ".gif", ".css", ".js",
										  ".zip", ".pdf", ".xml", ".json", ".yaml", ".yml", ".tar.gz", ".ico", ".woff"};
	size_t len = strlen(path);
	int i;

	for (i = 0; i < (int) lengthof(endings); i++)
	{
		size_t n = strlen(endings[i]);

		if (len > n && pg_strcasecmp(path + len - n, endings[i]) == 0)
			return true;
	}
	return false;
}

/* Does the page lie beside or below the documentation's? */
static bool
is_near(const AcUrl *url, const AcUrl *page)
{
	const char *slash = strrchr(url->path, '/');
	size_t len = slash - url->path + 1;

	/* "/docs" and "/docs/" are the same place. */
	if (len == 1)
		len = strlen(url->path);
	return len > 1 && strncmp(page->path, url->path, len) == 0;
}

/* How much an anchor looks like a page of the reference; 0: not at all. */
static int
page_score(const AcUrl *base, const AcUrl *page, const char *text)
{
	static const char *const no[] = {"login", "signup", "sign-up", "register", "pricing",
									 "blog", "changelog", "contact", "terms", "privacy", "careers", "about", "status",
									 "support", "forum", "download", "logout", "search", "edit", NULL};
	static const char *const yes[] = {"reference", "endpoint", "rest", "resources", NULL};
	static const char *const maybe[] = {"api", "docs", "/v1", "/v2", "/v3", "method", NULL};
	int score = 0;

	if (is_file(page->path) || ac_text_has_any(page->path, no) || ac_text_has_any(text, no))
		return 0;
	if (ac_doc_method((AcSlice){text, strlen(text)}, false, NULL) != NULL)
		score += 4;
	score += ac_text_has_any(page->path, yes) || ac_text_has_any(text, yes) ? 3 : 0;
	score += ac_text_has_any(page->path, maybe) || ac_text_has_any(text, maybe) ? 2 : 0;
	score += is_near(base, page) ? 2 : 0;
	return score >= 2 ? score : 0;
}

typedef struct Candidate
{
	const char *url;
	int score;
	int order;
} Candidate;

typedef struct Candidates
{
	Candidate *list;
	int n;
	int max;
	AcShapeMap known;
} Candidates;

static bool
is_known(Candidates *candidates, const char *url)
{
	AcShapeMapEntry *entry = ac_shape_map_enter(&candidates->known, url, strlen(url));
	bool known = entry->value != NULL;

	entry->value = candidates;
	return known;
}

/* URL without fragment. */
static const char *
plain_url(const AcUrl *url)
{
	AcUrl plain = *url;

	plain.fragment = NULL;
	return ac_url_text(&plain);
}

static void
add_candidate(Candidates *candidates, const char *url, int score)
{
	if (candidates->n == candidates->max)
	{
		candidates->max = Max(candidates->max * 2, 16);
		candidates->list = candidates->list == NULL ? palloc(candidates->max * sizeof(Candidate)) : repalloc(candidates->list, candidates->max * sizeof(Candidate));
	}
	candidates->list[candidates->n] = (Candidate){url, score, candidates->n};
	candidates->n++;
}

static void
collect_anchors(Candidates *candidates, const AcJson *doc, const char *url_text)
{
	const AcJson *html = ac_json_get(doc, "html");
	const AcJson *anchors = ac_json_get(html, "anchors");
	const char *base_text = ac_json_get_string(html, "base");
	AcUrl url;
	AcUrl base;
	int i;

	if (url_text == NULL || !ac_url_parse(url_text, &url, NULL))
		return;
	base = url;
	if (base_text != NULL && !ac_url_resolve(&url, base_text, &base, NULL))
		base = url;
	for (i = 0; i < ac_json_length(anchors) && i < HTMLDOC_MAX_ANCHORS &&
				candidates->n < HTMLDOC_MAX_ANCHORS;
		 i++)
	{
		const AcJson *anchor = ac_json_at(anchors, i);
		const char *href = ac_json_get_string(anchor, "href");
		const char *text = ac_json_get_string(anchor, "text");
		AcUrl page;
		int score;

		if (href == NULL || href[0] == '#' || strpbrk(href, "{}<> ") != NULL || !ac_url_resolve(&base, href, &page, NULL) ||
			!ac_url_same_origin(&url, &page))
			continue;
		score = page_score(&url, &page, text != NULL ? text : "");
		if (score == 0 || is_known(candidates, plain_url(&page)))
			continue;
		add_candidate(candidates, plain_url(&page), score);
	}
}

static int
compare_candidates(const void *a, const void *b)
{
	const Candidate *x = a;
	const Candidate *y = b;

	if (x->score != y->score)
		return y->score - x->score;
	return x->order - y->order;
}

int
ac_htmldoc_wishes(const AcReadInput *input, AcWish **wishes)
{
	Candidates *candidates = palloc0(sizeof(Candidates));
	AcUrl url;
	int n;
	int i;

	*wishes = NULL;
	if (input->url != NULL && ac_url_parse(input->url, &url, NULL))
		is_known(candidates, plain_url(&url));
	for (i = 0; i < input->n_others; i++)
		is_known(candidates, input->others[i].url);
	collect_anchors(candidates, input->doc, input->url);
	for (i = 0; i < input->n_others && i < AC_DOC_MAX_PAGES; i++)
		collect_anchors(candidates, input->others[i].doc, input->others[i].url);
	if (candidates->n > 0)
		qsort(candidates->list, candidates->n, sizeof(Candidate), compare_candidates);
	n = Max(Min(candidates->n, AC_DOC_MAX_PAGES - input->n_others), 0);
	if (n > 0)
		*wishes = palloc(n * sizeof(AcWish));
	for (i = 0; i < n; i++)
		(*wishes)[i] = (AcWish){"GET", candidates->list[i].url};
	ac_shape_map_free(&candidates->known);
	if (candidates->list != NULL)
		pfree(candidates->list);
	pfree(candidates);
	return n;
}

/* A page without endpoints that leads to several that may have them. */
static bool
leads_on(const AcJson *html)
{
	static const char *const words[] = {"reference", "endpoint", "rest api", "api doc", NULL};
	const AcJson *anchors = ac_json_get(html, "anchors");
	int hits = 0;
	int i;

	if (!ac_text_has(ac_json_get_string(html, "title"), "api"))
		return false;
	for (i = 0; i < ac_json_length(anchors) && i < HTMLDOC_MAX_ANCHORS; i++)
	{
		const AcJson *anchor = ac_json_at(anchors, i);

		hits += ac_text_has_any(ac_json_get_string(anchor, "text"), words) ||
				ac_text_has_any(ac_json_get_string(anchor, "href"), words);
	}
	return hits >= 3;
}

bool
ac_htmldoc_sniff(const AcJson *doc)
{
	return is_page(doc) && (ac_doc_page_speaks(doc) || leads_on(ac_json_get(doc, "html")));
}
