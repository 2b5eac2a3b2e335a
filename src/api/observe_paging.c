/*
 * observe_paging.c
 *		How does a sampled page lead to others?
 *
 * What the page shows of that wins over the description: a link, a token or
 * an object of parameters that is really there, headers, and numbers where
 * nothing was described.
 */
#include "ac.h"

#include "api/paging.h"
#include "api/tableplan_int.h"
#include "core/rowtree.h"

/* What is looked for in a page: by the plan, with its own parameters. */
typedef struct Look
{
	AcPagingInput input;
	AcBody body; /* of a POST */
	bool post;
} Look;

/* Rows of the page whose envelope is looked at. */
static int
first_page_rows(const AcTablePlan *plan, AcJson *page)
{
	AcRowSource source = ac_tableplan_rows(plan);
	AcTreeRows rows;
	int n;

	source.nested_path = NULL;
	if (!ac_rowtree_read(page, &source, &rows))
		return 0;
	n = rows.page_rows;
	ac_rowtree_free(&rows);
	return n;
}

static void
begin_look(const AcTablePlan *plan, const AcSample *sample, Look *look)
{
	AcPagingInput *input = &look->input;

	memset(look, 0, sizeof(*look));
	look->post = strcmp(plan->method, "POST") == 0;
	input->endpoint = look->post ? ac_body_params(plan->endpoint, &look->body)
								 : plan->endpoint;
	if (!ac_envelope_rows_are_body(plan->rows_form, plan->rows_path))
		input->n_fields = ac_paging_page_fields(sample->body, plan->rows_path,
												&input->fields);
	input->n_rows = first_page_rows(plan, sample->body);
	input->link_next = sample->link_next != NULL;
	input->asked_size = sample->asked_size;
	input->headers = sample->headers;
	input->status = sample->status;
	input->columns = plan->columns;
	input->n_columns = plan->n_columns;
}

static void
end_look(Look *look)
{
	if (look->post)
		ac_json_free(look->body.constants);
}

/* The page's field at a pointer, NULL if the page has none. */
static const AcPagingField *
field_at(const AcPagingInput *input, const char *pointer)
{
	int i;

	for (i = 0; pointer != NULL && i < input->n_fields; i++)
		if (strcmp(input->fields[i].pointer, pointer) == 0)
			return &input->fields[i];
	return NULL;
}

/* Has the page's answer the header, written "Name:", with a value? */
static bool
has_header(const AcPagingInput *input, const char *place)
{
	size_t len = place != NULL ? strlen(place) : 0;
	const char *value;

	if (input->headers == NULL || len < 2 || place[len - 1] != ':' ||
		place[0] == '/')
		return false;
	value = ac_header_get(input->headers, pnstrdup(place, len - 1));
	return value != NULL && value[0] != '\0';
}

/* Is the way on that the plan names really there, with a value? */
static bool
planned_way_is_there(const AcPagingInput *input, const AcPaging *paging)
{
	const AcPagingField *field = field_at(input, paging->cursor_path);

	if (has_header(input, paging->cursor_path))
		return true;
	if (field == NULL || field->is_null)
		return false;
	switch (paging->style)
	{
		case AC_PAGER_CURSOR:
		case AC_PAGER_CONTINUE:
			return true;
		case AC_PAGER_NEXT_URL:
			/* a token where a URL was expected */
			return field->kind != AC_SHAPE_STRING || field->is_url;
		default:
			return false;
	}
}

/* May what the page shows take the place of what was planned? */
static bool
page_wins(const AcPagingInput *input, const AcPaging *planned,
		  const AcPaging *seen)
{
	const AcPagingField *field = field_at(input, seen->cursor_path);

	if (planned_way_is_there(input, planned))
		return false;
	if (has_header(input, seen->cursor_path))
		return planned->style != AC_PAGER_LINK || !input->link_next;
	switch (seen->style)
	{
		case AC_PAGER_LINK:
			return input->link_next;
		case AC_PAGER_NEXT_URL:
		case AC_PAGER_CURSOR:
		case AC_PAGER_CONTINUE:
			return field != NULL && !field->is_null;
		case AC_PAGER_PAGE:
		case AC_PAGER_OFFSET:
		case AC_PAGER_KEYSET:
		case AC_PAGER_RANGE:
			return planned->style == AC_PAGER_AUTO;
		default:
			return false;
	}
}

static void
note_conflict(AcTablePlan *plan, AcPagerStyle observed)
{
	AcJson *conflicts = ac_json_get(plan->evidence, "spec_conflict");
	AcJson *note;

	if (plan->paging.style == AC_PAGER_AUTO || plan->paging.style == observed)
		return;
	if (conflicts == NULL)
	{
		conflicts = ac_json_new_object();
		ac_json_set(plan->evidence, "spec_conflict", conflicts);
	}
	note = ac_json_new_object();
	ac_json_set_string(note, "described", ac_pager_style_name(plan->paging.style));
	ac_json_set_string(note, "observed", ac_pager_style_name(observed));
	ac_json_set(conflicts, "pagination", note);
}

static void
take_way(AcPaging *planned, const AcPaging *seen)
{
	planned->style = seen->style;
	planned->page_param = seen->page_param;
	planned->first_page = seen->first_page;
	planned->first_known = seen->first_known;
	planned->cursor_param = seen->cursor_param;
	planned->cursor_path = seen->cursor_path;
	if (planned->size_param == NULL)
		planned->size_param = seen->size_param;
}

/* What the page tells beside what leads on. */
static void
take_counts(const AcPagingInput *input, AcPaging *planned, const AcPaging *seen)
{
	if (seen->total_path != NULL &&
		field_at(input, planned->total_path) == NULL)
		planned->total_path = seen->total_path;
	if (seen->more_path != NULL &&
		field_at(input, planned->more_path) == NULL)
		planned->more_path = seen->more_path;
	if (planned->style != seen->style)
		return;
	if (seen->pages_path != NULL &&
		field_at(input, planned->pages_path) == NULL)
		planned->pages_path = seen->pages_path;
	if (planned->depth_limit == 0)
		planned->depth_limit = seen->depth_limit;
	if (planned->depth_limit > 0 && planned->window_path == NULL)
	{
		/* types that a sample corrects tell which column it is */
		planned->window_path = seen->window_path;
		planned->window_from = seen->window_from;
		planned->window_to = seen->window_to;
		planned->window_unit = seen->window_unit;
	}
}

void
ac_observe_paging(AcTablePlan *plan, const AcSample *sample)
{
	AcPaging *planned = &plan->paging;
	AcPaging seen;
	Look look;
	int score;

	if (planned->style == AC_PAGER_NONE)
		return;
	begin_look(plan, sample, &look);
	seen = ac_paging_choose(&look.input, &score);
	ac_body_name_paging(&look.body, &seen);
	if (page_wins(&look.input, planned, &seen))
	{
		note_conflict(plan, seen.style);
		take_way(planned, &seen);
		/* once more, for the record */
		look.input.evidence = plan->evidence;
		(void) ac_paging_choose(&look.input, &score);
	}
	else if (!planned->first_known && seen.first_known &&
			 planned->page_param != NULL && seen.page_param != NULL &&
			 strcmp(planned->page_param, seen.page_param) == 0)
	{
		planned->first_page = seen.first_page;
		planned->first_known = true;
	}
	take_counts(&look.input, planned, &seen);
	end_look(&look);
}

int
ac_tableplan_candidates(const AcTablePlan *plan, const AcSample *sample,
						const AcPagingPrior *prior,
						AcPagingCandidate *candidates)
{
	Look look;
	int n;

	begin_look(plan, sample, &look);
	look.input.prior = prior;
	n = ac_paging_candidates(&look.input, candidates);
	for (int i = 0; i < n; i++)
		ac_body_name_paging(&look.body, &candidates[i].paging);
	end_look(&look);
	return n;
}

void
ac_tableplan_find_window(AcTablePlan *plan)
{
	AcPagingInput input = {.endpoint = plan->endpoint, .columns = plan->columns, .n_columns = plan->n_columns};

	if (plan->body == NULL && plan->nested_path == NULL)
		ac_paging_window(&input, &plan->paging);
}
