/*
 * paging_prior.c
 *		What does an API do most often, and what may be tried?
 *
 * APIs page all of their collections alike.  Where a description speaks for
 * several ways, the one that most of its tables have is taken; where a page
 * tells of more rows and nothing of how to ask for them, that way and those
 * that the page's own words suggest are guesses, for whoever can prove them.
 */
#include "ac.h"

#include "api/paging_int.h"

/* Tables that have to agree before they are a habit. */
#define LEAST_TABLES 2

static bool
same_text(const char *a, const char *b)
{
	return (a == NULL) == (b == NULL) && (a == NULL || strcmp(a, b) == 0);
}

/* Do both ask for the next page in the same way? */
static bool
is_same_way(const AcPaging *a, const AcPaging *b)
{
	return a->style == b->style && same_text(a->page_param, b->page_param) &&
		   same_text(a->cursor_param, b->cursor_param);
}

static bool
has_way(const AcTablePlan *plan)
{
	return plan->skip_reason == NULL && plan->nested_path == NULL &&
		   plan->body == NULL && plan->paging.style != AC_PAGER_AUTO &&
		   plan->paging.style != AC_PAGER_NONE;
}

AcPagingPrior
ac_paging_prior(const AcTablePlan *tables, int n)
{
	/* more ways than that have no habit among them */
	AcPagingPrior ways[16];
	AcPagingPrior best = {ac_paging_none(AC_PAGER_AUTO), 0};
	int n_ways = 0;
	int i;
	int k;

	for (i = 0; i < n; i++)
	{
		if (!has_way(&tables[i]))
			continue;
		for (k = 0; k < n_ways; k++)
			if (is_same_way(&ways[k].paging, &tables[i].paging))
				break;
		if (k == (int) lengthof(ways))
			continue;
		if (k == n_ways)
			ways[n_ways++] = (AcPagingPrior){tables[i].paging, 0};
		if (++ways[k].tables > best.tables)
			best = ways[k];
	}
	if (best.tables < LEAST_TABLES)
		best = (AcPagingPrior){ac_paging_none(AC_PAGER_AUTO), 0};
	return best;
}

bool
ac_paging_is_usual(const AcPagingInput *input, const AcPaging *paging)
{
	return input->prior != NULL && input->prior->paging.style != AC_PAGER_AUTO &&
		   is_same_way(&input->prior->paging, paging);
}

/* Does the description speak for another way, too? */
static bool
has_others(const AcTablePlan *plan)
{
	const AcJson *said = ac_json_get(plan->evidence, "paging");
	AcJsonIter it;

	ac_json_iter_init(&it, ac_json_get(said, "rejected"));
	return ac_json_iter_next(&it);
}

void
ac_paging_prefer_usual(AcTablePlan *tables, int n)
{
	AcPagingPrior prior = ac_paging_prior(tables, n);
	int i;

	if (prior.paging.style == AC_PAGER_AUTO)
		return;
	for (i = 0; i < n; i++)
	{
		AcTablePlan *plan = &tables[i];

		if (has_way(plan) && !is_same_way(&plan->paging, &prior.paging) &&
			has_others(plan))
			ac_plan_choose_paging(plan, &prior);
	}
}

/* ---- guesses ---- */

/* A number is a token only under a name that means nothing else. */
static const AcPagingField *
number_in_page(const AcPagingInput *input)
{
	static const char *const names[] = {
		"nextcursor", "nextpagetoken", "nexttoken", "nextpagecursor",
		"nextmarker", "continuationtoken", NULL};
	const AcPagingField *field = ac_paging_field(input, names, KIND(INTEGER));

	return field != NULL && field->value > 0 ? field : NULL;
}

static const AcPagingField *
token_in_page(const AcPagingInput *input)
{
	static const char *const names[] = {
		"nextcursor", "nextpagetoken", "nexttoken", "nextpagecursor",
		"endcursor", "nextmarker", "continuationtoken", "nextafter", "after",
		"cursor", "scrollid", "next", NULL};

	for (int i = 0; names[i] != NULL; i++)
	{
		const char *one[] = {names[i], NULL};
		const AcPagingField *field = ac_paging_field(input, one, KIND(STRING));

		if (field != NULL && !field->is_null && !field->is_url)
			return field;
	}
	return number_in_page(input);
}

/* The parameter that the token's name suggests: next_cursor is for cursor. */
static const char *
param_of_token(const AcPagingField *field)
{
	const char *name = field->name;
	char *rest;

	if (ac_names_is(name, "endcursor") || ac_names_is(name, "nextafter"))
		return "after";
	if (ac_names_is(name, "next"))
		return "cursor";
	if (ac_names_is(name, "nexttoken") ||
		pg_strncasecmp(name, "next", 4) != 0)
		return name;
	rest = pstrdup(name + 4 + strspn(name + 4, "_-"));
	if (rest[0] != '\0')
		rest[0] = (char) pg_tolower((unsigned char) rest[0]);
	return rest;
}

static int
add_guess(AcPagingCandidate *candidates, int n, AcPaging paging, int score,
		  const char *why)
{
	const char *param = paging.cursor_param;
	int i;

	/* made of a name that the API sent */
	if (param != NULL && paging.style == AC_PAGER_CURSOR &&
		param[strspn(param, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-")] != '\0')
		return n;
	for (i = 0; i < n; i++)
		if (is_same_way(&candidates[i].paging, &paging))
			return n;
	if (n == AC_PAGING_CANDIDATES)
		return n;
	candidates[n] = (AcPagingCandidate){paging, score, why, true};
	return n + 1;
}

static int
guess_keyset(const AcPagingInput *input, AcPagingCandidate *candidates, int n)
{
	static const char *const more[] = {"hasmore", NULL};
	AcPaging paging = ac_paging_none(AC_PAGER_KEYSET);

	if (ac_paging_field(input, more, KIND(BOOLEAN)) == NULL)
		return n;
	for (int i = 0; i < input->n_columns; i++)
		if (input->columns[i].json_path != NULL &&
			strcmp(input->columns[i].json_path, "/id") == 0)
		{
			paging.cursor_path = "/id";
			paging.cursor_param = "starting_after";
			return add_guess(candidates, n, paging, 2,
							 "rows have an id, and there are more");
		}
	return n;
}

int
ac_paging_guess(const AcPagingInput *input, AcPagingCandidate *candidates,
				int n)
{
	const AcPagingField *token;
	AcPaging paging;

	if (!IS_PAGE(input))
		return n;
	if (input->prior != NULL && input->prior->paging.style != AC_PAGER_AUTO)
		n = add_guess(candidates, n, input->prior->paging, 3,
					  "most tables of the API are paged so");
	token = token_in_page(input);
	if (token != NULL)
	{
		paging = ac_paging_none(AC_PAGER_CURSOR);
		paging.cursor_path = token->pointer;
		paging.cursor_param = param_of_token(token);
		return add_guess(candidates, n, paging, 3,
						 "the answer has a token that nothing says who takes");
	}
	n = guess_keyset(input, candidates, n);
	paging = ac_paging_none(AC_PAGER_PAGE);
	paging.page_param = "page";
	paging.first_page = 1;
	n = add_guess(candidates, n, paging, 1, "many APIs number their pages so");
	paging = ac_paging_none(AC_PAGER_OFFSET);
	paging.page_param = "offset";
	return add_guess(candidates, n, paging, 1, "many APIs skip rows so");
}
