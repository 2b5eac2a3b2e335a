/*
 * refusal.c
 *		What if the API refuses a value of the query?  See refusal.h.
 */
#include "ac.h"

#include "fdw/refusal.h"
#include "fdw/scan.h"
#include "fdw/valuelist.h"
#include "mb/pg_wchar.h"
#include "net/judge.h"
#include "pg/report.h"
#include "policy/pager.h"
#include "utils/memutils.h"

/* Bytes of a value that a message repeats. */
#define SHOWN_BYTES 80

bool
ac_refusal_is_told(const AcScanState *state, const AcPass *pass)
{
	for (int i = 0; i < state->n_quals; i++)
		if (pass->query.filters[i].via != AC_SEND_NOT)
			return true;
	return false;
}

/* ---- whose value it was ---- */

static bool
is_word_byte(char c)
{
	return isalnum((unsigned char) c) || c == '_' || c == '-' || (c & 0x80) != 0;
}

/* Does the word stand in the text, by itself? */
static bool
has_word(const char *text, size_t len, const char *word)
{
	size_t n = strlen(word);

	for (size_t i = 0; n > 0 && i + n <= len; i++)
		if (memcmp(text + i, word, n) == 0 &&
			(i == 0 || !is_word_byte(text[i - 1])) &&
			(i + n == len || !is_word_byte(text[i + n])))
			return true;
	return false;
}

/* Does the answer name the parameter?  In a body, by its last member. */
static bool
names_param(const AcFetch *refusal, const AcQueryFilter *filter)
{
	const char *name = filter->param;
	const AcBuf *body = refusal->body;

	if (name == NULL || body == NULL || body->data == NULL)
		return false;
	if (name[0] == '/')
		name = strrchr(name, '/') + 1;
	return has_word(body->data, Min(body->len, AC_JUDGE_FAILURE_BYTES), name);
}

/*
 * The qual whose value was refused; -1: nobody knows.  *named: the answer
 * says so.
 */
static int
find_blamed(const AcScanState *state, bool *named)
{
	const AcPass *pass = state->pass;
	int told = -1;
	int n_told = 0;
	int sent = -1;
	int n_sent = 0;

	for (int i = 0; i < state->n_quals; i++)
	{
		const AcQueryFilter *filter = &pass->query.filters[i];

		if (filter->via == AC_SEND_NOT)
			continue;
		sent = i;
		n_sent++;
		if (names_param(pass->reader->refusal, filter))
		{
			told = i;
			n_told++;
		}
	}
	*named = n_told == 1;
	if (*named)
		return told;
	return n_sent == 1 ? sent : -1;
}

/* ---- the error ---- */

/* The pass's values of a qual, as a message shows them. */
static char *
values_text(const AcQueryFilter *filter)
{
	StringInfoData text;

	initStringInfo(&text);
	for (int i = 0; i < filter->n && text.len < SHOWN_BYTES; i++)
	{
		int len = (int) strlen(filter->texts[i]);
		int shown = pg_encoding_mbcliplen(PG_UTF8, filter->texts[i], len,
										  SHOWN_BYTES);

		appendStringInfo(&text, "%s\"%.*s%s\"", i > 0 ? ", " : "", shown,
						 filter->texts[i], shown < len ? "..." : "");
		if (i + 1 < filter->n && text.len >= SHOWN_BYTES)
			appendStringInfoString(&text, ", ...");
	}
	return pg_any_to_server(text.data, text.len, PG_UTF8);
}

/* What can be done where the value of that qual is refused. */
static const char *
remedy_of(const AcScanQual *qual, int n)
{
	if (n > 1)
		return "Where it takes fewer values at once, set the column option \"param_list_max\"; to have such conditions checked here alone, set operators 'none'.";
	if (ac_scan_may_leave(qual))
		return qual->bound == AC_BOUND_NONE
				   ? "To have such conditions checked here alone, set the column option operators 'none'."
				   : "To have such conditions checked here alone, drop the column options \"param_from\" and \"param_to\".";
	if (qual->via == AC_SEND_ITEM)
		return "To have the row looked for in the list, drop the table option \"item_path\".";
	return "The API does not answer without a value of it.";
}

/* Keeps the error of the refusal, to be thrown in the end. */
static void
keep_error(AcScanState *state, int blamed)
{
	AcPasses *passes = &state->passes;
	const AcPass *pass = state->pass;
	AcError *err = MemoryContextAlloc(state->request_cxt, sizeof(AcError));

	*err = pass->reader->refusal->error;
	passes->refusal = err;
	passes->refusal_status = pass->reader->refusal->status;
	if (blamed >= 0)
		ac_error_hint(err, "It was asked for %s in column \"%s\". %s",
					  values_text(&pass->query.filters[blamed]),
					  state->quals[blamed].column->name,
					  remedy_of(&state->quals[blamed],
								pass->query.filters[blamed].n));
	else
		ac_error_hint(err, "It was asked for values of several columns. To have a condition checked here alone, set the column option operators 'none'.");
}

AC_NORETURN static void throw_kept(AcScanState *state);

static void
throw_kept(AcScanState *state)
{
	state->stats.failure = state->passes.refusal->code;
	state->stats.failure_status = state->passes.refusal_status;
	if (state->stats.activity != NULL)
		state->stats.activity->counts.errors++;
	ac_report_error(state->passes.refusal);
}

/* ---- going on without it ---- */

/* Are these the only values of which there are several passes? */
static bool
is_only_list(const AcScanState *state, int list)
{
	const AcPasses *passes = &state->passes;

	for (int i = 0; i < passes->n_lists; i++)
		if ((passes->lists[i].n_batches > 1) != (i == list))
			return false;
	return passes->walk == NULL;
}

static void
tell(AcScanState *state, const AcScanQual *qual, const AcQueryFilter *filter)
{
	state->fell_back = true;
	state->read_without = qual->column->name;
	state->query.limit = -1;
	if (state->wanted >= 0)
		state->wanted = AC_PAGER_PERHAPS;
	ereport(NOTICE,
			(errcode(ERRCODE_SUCCESSFUL_COMPLETION),
			 errmsg("the API refuses %s as value of column \"%s\" of foreign table \"%s\": the table is read without it",
					values_text(filter), qual->column->name,
					state->table->name),
			 errdetail("It answered with HTTP status %d.",
					   state->passes.refusal_status),
			 errhint("%s", remedy_of(qual, 1))));
}

/* Values of its longest list that the pass sends. */
static int
values_at_once(const AcScanState *state)
{
	int n = 1;

	for (int i = 0; i < state->n_quals; i++)
		if (state->pass->query.filters[i].via != AC_SEND_NOT)
			n = Max(n, state->pass->query.filters[i].n);
	return n;
}

/* Keeps the values of the pass for one without them. */
static void
set_aside(AcScanState *state, int blamed)
{
	AcPasses *passes = &state->passes;
	const AcValueList *list = &passes->lists[blamed];
	int n;
	int start = ac_valuelist_batch(list, state->pass->at[blamed], &n);

	if (passes->refused == NULL)
	{
		passes->refused = MemoryContextAllocZero(state->request_cxt,
												 sizeof(bool) * list->n);
		passes->refused_list = blamed;
	}
	passes->refused_most = Max(passes->refused_most, n);
	for (int i = start; i < start + n; i++)
		passes->refused[i] = true;
}

void
ac_refusal_take(AcScanState *state)
{
	AcPasses *passes = &state->passes;
	const AcPass *pass = state->pass;
	bool named;
	int blamed;
	bool lost;

	if (pass->reader->refusal == NULL)
	{
		passes->answered = Max(passes->answered, values_at_once(state));
		return;
	}
	blamed = find_blamed(state, &named);
	lost = blamed < 0 || state->fell_back ||
		   !ac_scan_may_leave(&state->quals[blamed]) ||
		   (passes->refused != NULL && passes->refused_list != blamed) ||
		   (!is_only_list(state, blamed) && (!named || values_at_once(state) > 1 || state->delivered > 0));
	if (passes->refusal == NULL || lost)
		keep_error(state, blamed);
	if (lost)
		throw_kept(state);
	passes->named = passes->named || named;
	if (is_only_list(state, blamed))
	{
		set_aside(state, blamed);
		return;
	}
	tell(state, &state->quals[blamed], &pass->query.filters[blamed]);
	state->quals[blamed].left_out = true;
	state->caught = true;
}

bool
ac_refusal_wants_pass(AcScanState *state)
{
	AcPasses *passes = &state->passes;
	const AcValueList *list;
	AcQueryFilter filter = {0};
	const char **texts;

	if (passes->refused == NULL || passes->falling_back)
		return false;
	/* so many may be too many */
	if (passes->answered < passes->refused_most &&
		!(passes->named && passes->refused_most == 1))
		throw_kept(state);
	list = &passes->lists[passes->refused_list];
	texts = palloc(sizeof(char *) * list->n);
	filter.texts = texts;
	for (int i = 0; i < list->n; i++)
		if (passes->refused[i])
			texts[filter.n++] = list->texts[i];
	tell(state, &state->quals[passes->refused_list], &filter);
	passes->falling_back = true;
	return true;
}

const char *
ac_refusal_columns(const AcScanState *state)
{
	return state->read_without;
}
