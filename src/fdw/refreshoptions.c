/*
 * refreshoptions.c
 *		Which options would importing again set otherwise than the last import?
 *
 * What its owner has set otherwise than the last import stays.  So does what
 * was proved then and could not be tried this time.
 */
#include "ac.h"

#include "api/question.h"
#include "commands/defrem.h"
#include "fdw/refreshoptions.h"
#include "pg/option.h"
#include "utils/builtins.h"

bool
ac_refresh_same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* Options that a count or a look of the moment writes. */
static bool
is_of_the_moment(const char *name)
{
	return strcmp(name, "estimated_rows") == 0;
}

static bool
is_one_of(const char *name, const char *const *names)
{
	for (int i = 0; names[i] != NULL; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

/* Did an answer speak against what such a question asked of the column? */
static bool
is_refuted(const AcOptionStates *states, AcQuestionKind kind)
{
	const AcJson *notes = ac_json_get(states->plan->evidence,
									  ac_question_evidence(kind));

	for (int i = 0; i < ac_json_length(notes); i++)
	{
		const AcJson *note = ac_json_at(notes, i);
		const char *column = ac_json_get_string(note, "column");
		const char *finding = ac_json_get_string(note, "finding");

		if (column != NULL && finding != NULL &&
			(states->column == NULL || strcmp(column, states->column) == 0) &&
			(strncmp(finding, "refused", 7) == 0 ||
			 strncmp(finding, "ignored", 7) == 0))
			return true;
	}
	return false;
}

/*
 * Where this time nothing was proved for want of an answer, what was proved
 * before stays so.
 */
static bool
was_not_tried(const AcOptionStates *states, const char *name)
{
	static const char *const of_items[] = {
		"item_path", "item_rows_path", "item_of_list", "param", NULL};
	static const char *const of_bounds[] = {
		"param_from", "param_to", "bound_format", NULL};
	static const char *const of_orders[] = {
		"sort_asc", "sort_desc", "sort_nulls", NULL};
	static const char *const of_lists[] = {
		"param_list", "param_list_max", NULL};
	static const char *const of_fields[] = {
		"fields_param", "fields_list", "fields_path", "fields_named", "hidden",
		NULL};
	const AcTablePlan *plan = states->plan;
	const char *note = ac_json_get_string(plan->evidence, "item");

	if (states->column != NULL && is_one_of(name, of_bounds))
		return !is_refuted(states, AC_QUESTION_FROM);
	if (states->column != NULL && is_one_of(name, of_orders))
		return !is_refuted(states, AC_QUESTION_ASC);
	if (states->column != NULL && is_one_of(name, of_lists))
		return !is_refuted(states, AC_QUESTION_LIST);
	if (is_one_of(name, of_fields))
		return !is_refuted(states, AC_QUESTION_FIELDS);
	if (states->column == NULL && strcmp(name, "total") == 0)
		return ac_json_get_string(plan->evidence, "total") == NULL;
	return is_one_of(name, of_items) && plan->item_path != NULL &&
		   !plan->item_proved &&
		   (note == NULL || strncmp(note, "not tried", 9) == 0);
}

/* A filter that was proved, of which nothing was seen now. */
static bool
is_unproved_now(const AcOptionStates *states, const char *name,
				const char *before, const char *after)
{
	return strcmp(name, "operators") == 0 && before == NULL &&
		   ac_refresh_same(after, "none") && states->column != NULL &&
		   !is_refuted(states, AC_QUESTION_FILTER);
}

static void
add_option(AcOptionChanges *changes, const char *name, const char *from,
		   const char *to)
{
	const char *separator = changes->actions.len > 0 ? ", " : "";

	appendStringInfo(&changes->actions, "%s%s %s", separator,
					 to == NULL		? "DROP"
					 : from == NULL ? "ADD"
									: "SET",
					 quote_identifier(name));
	if (to != NULL)
		appendStringInfo(&changes->actions, " %s", quote_literal_cstr(to));
	if (from != NULL)
		appendStringInfo(&changes->before, "%s%s '%s'",
						 changes->before.len > 0 ? ", " : "", name, from);
	if (to != NULL)
		appendStringInfo(&changes->after, "%s%s '%s'",
						 changes->after.len > 0 ? ", " : "", name, to);
}

/* One option three ways. */
static void
compare_option(AcOptionChanges *changes, const AcOptionStates *states,
			   const char *name)
{
	const char *before = ac_option_given(states->before, name);
	const char *after = ac_option_given(states->after, name);
	const char *now = ac_option_given(states->now, name);

	if (ac_refresh_same(before, after) || !ac_refresh_same(before, now) ||
		is_of_the_moment(name) ||
		(after == NULL && was_not_tried(states, name)) ||
		is_unproved_now(states, name, before, after))
		return;
	add_option(changes, name, now, after);
}

bool
ac_refresh_compare_options(const AcOptionStates *states,
						   AcOptionChanges *changes)
{
	ListCell *lc;

	initStringInfo(&changes->actions);
	initStringInfo(&changes->before);
	initStringInfo(&changes->after);
	foreach (lc, states->after)
		compare_option(changes, states, lfirst_node(DefElem, lc)->defname);
	foreach (lc, states->before)
	{
		const char *name = lfirst_node(DefElem, lc)->defname;

		if (ac_option_given(states->after, name) == NULL)
			compare_option(changes, states, name);
	}
	return changes->actions.len > 0;
}
