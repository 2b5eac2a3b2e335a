/*
 * prove_first.c
 *		Which number has the first page?
 *
 * Where a parameter takes the page's number and nobody declares the first one,
 * the first page is asked for without it.  What page 1 then shows tells whether
 * it is that page or the one after page 0: an API that counts from 0 would keep
 * its first page to itself otherwise.
 */
#include "ac.h"

#include "api/keys.h"
#include "net/prove_int.h"

/* Rows of a page whose keys are compared, each with each of the other page. */
#define MAX_COMPARED 200

/* Is the first page asked for by a number that nobody knows? */
static bool
is_guessed(const AcPaging *paging)
{
	return !paging->first_known && paging->page_param != NULL &&
		   (paging->style == AC_PAGER_PAGE || paging->style == AC_PAGER_LINK);
}

/* Without the page's number, where nobody knows what the first one's is. */
void
ac_proof_leave_number_out(const AcPaging *paging, AcPageRequest *request)
{
	int kept = 0;

	if (!is_guessed(paging))
		return;
	for (int i = 0; i < request->n_params; i++)
		if (strcmp(request->params[i].name, paging->page_param) != 0)
			request->params[kept++] = request->params[i];
	request->n_params = kept;
}

/*
 * Is page 1 the first, or the second after page 0?  Asks for it, if nothing
 * has told: what it shows beside the page without a number decides.
 */
bool
ac_proof_ask_one(AcProof *proof, AcTrial *trial)
{
	const AcPaging *paging = &trial->plan->paging;
	AcPageRequest request;
	char *url;

	if (trial->asked_one || trial->n_bodies != 1 || trial->page_rows == 0 ||
		!is_guessed(paging) || !ac_proof_may_ask(proof))
		return false;
	trial->pager = ac_proof_pager(proof, trial);
	if (ac_pager_next(trial->pager, &request) != AC_PAGER_REQUEST)
		return false;
	url = ac_proof_page_url(proof, trial, &request);
	if (url == NULL)
		return false;
	trial->asked_one = true;
	ac_proof_ask_page(proof, trial, url, &request, AC_FETCH_PAGE);
	return true;
}

/* Has the member the same value in each row of both, and others in others? */
static bool
tells_rows(const AcSampledRows *a, const AcSampledRows *b, const char *member)
{
	for (int i = 0; i < a->n; i++)
	{
		const AcJson *value = ac_json_get(a->rows[i].row, member);

		if (!ac_json_says_something(value) ||
			!ac_json_equal(value, ac_json_get(b->rows[i].row, member)) ||
			(i > 0 && ac_json_equal(value, ac_json_get(a->rows[0].row, member))))
			return false;
	}
	return true;
}

/*
 * Are these the same rows, though they are not equal in all (some repeat what
 * was asked, or tell the time)?  Most members agree, and one of them tells one
 * row from another.
 */
static bool
are_alike(const AcSampledRows *a, const AcSampledRows *b)
{
	AcJsonIter it;
	int members = 0;
	int equal = 0;
	bool told = false;

	if (a->n != b->n || a->n == 0)
		return false;
	for (int i = 0; i < a->n; i++)
	{
		ac_json_iter_init(&it, a->rows[i].row);
		for (; ac_json_iter_next(&it); members++)
			equal += ac_json_equal(it.value, ac_json_get(b->rows[i].row, it.key));
	}
	ac_json_iter_init(&it, a->rows[0].row);
	while (!told && ac_json_iter_next(&it))
		told = tells_rows(a, b, it.key);
	return told && equal * 2 > members;
}

/* The column that is the key by its name, NULL if none is. */
static const AcColumnPlan *
key_by_name(const AcTablePlan *plan)
{
	char *entity = ac_keys_entity(plan->path);
	const AcColumnPlan *best = NULL;
	int best_rank = PG_INT32_MAX;

	for (int i = 0; i < plan->n_columns; i++)
	{
		const AcColumnPlan *column = &plan->columns[i];
		int rank = column->json_path == NULL || column->of_parent
					   ? -1
					   : ac_keys_name_rank(column->name, entity);

		if (rank >= 0 && rank < best_rank)
		{
			best = column;
			best_rank = rank;
		}
	}
	return best;
}

/* What the column shows of the first rows; NULL if that does not tell them apart. */
static char **
keys_of(const AcColumnPlan *column, const AcSampledRows *rows, int n)
{
	char **keys = palloc(sizeof(char *) * Max(n, 1));

	for (int i = 0; i < n; i++)
	{
		if ((keys[i] = ac_samples_text(rows, i, column)) == NULL)
			return NULL;
		for (int j = 0; j < i; j++)
			if (strcmp(keys[i], keys[j]) == 0)
				return NULL;
	}
	return keys;
}

/*
 * Do keys tell whether both have the same rows?  Those of a list that changes
 * meanwhile, or comes in another order each time, are the same for the most
 * part; pages that follow each other have few in common.
 */
static bool
keys_tell(const AcTablePlan *plan, const AcSampledRows *a,
		  const AcSampledRows *b, bool *same)
{
	const AcColumnPlan *column = key_by_name(plan);
	int n = Min(a->n, MAX_COMPARED);
	int m = Min(b->n, MAX_COMPARED);
	char **keys = column != NULL ? keys_of(column, a, n) : NULL;
	char **others = column != NULL ? keys_of(column, b, m) : NULL;
	int shared = 0;

	if (keys == NULL || others == NULL)
		return false;
	for (int i = 0; i < n; i++)
		for (int j = 0; j < m; j++)
			if (strcmp(keys[i], others[j]) == 0)
			{
				shared++;
				break;
			}
	*same = shared * 2 > Min(n, m);
	return true;
}

/* Does the body have the rows of the first one? */
bool
ac_proof_has_first_rows(const AcTrial *trial, AcJson *body)
{
	AcSampledRows first = {0};
	AcSampledRows other = {0};
	bool alike;

	ac_samples_add_page(&first, trial->plan, trial->bodies[0]);
	ac_samples_add_page(&other, trial->plan, body);
	if (!keys_tell(trial->plan, &first, &other, &alike))
		alike = are_alike(&first, &other);
	ac_json_free(first.made);
	ac_json_free(other.made);
	return alike;
}

/* Takes what page 1 showed; body NULL: there is none. */
void
ac_proof_settle_first(AcProof *proof, AcTrial *trial, AcJson *body)
{
	AcPageFacts facts = {0};
	bool same = false;

	if (body != NULL)
	{
		ac_proof_page_facts(trial, body, &facts);
		same = facts.rows_hash == trial->first_hash ||
			   ac_proof_has_first_rows(trial, body);
	}

	trial->plan->paging.first_page = trial->described.paging.first_page = same;
	trial->plan->paging.first_known = trial->described.paging.first_known = true;
	ac_proof_note(trial, "first_page",
				  same ? "1: it has the rows that come without a number"
					   : "0: page 1 has not the rows that come without a number");
	ac_proof_tell_pager(proof, trial);
}

/* Is the answer at hand that of page 1, asked for to find the first? */
bool
ac_proof_is_one(const AcTrial *trial)
{
	return trial->asked_one && !trial->plan->paging.first_known;
}
