/*
 * tableplan_params.c
 *		Which columns can be asked of the API, and what is always sent?
 *
 * Path variables: the column of the field that is the same thing, else a
 * column of their own, which needs a value.  Query parameters: filters of the
 * column with their name; sent only where the description vouches for a
 * superset (doc/scanning.md: enum, boolean, identifier).  Paging, sorting
 * and searching are never filters.  A parameter whose default hides rows is
 * sent with the value that shows all.
 */
#include "ac.h"

#include "api/keys.h"
#include "api/names.h"
#include "api/paging.h"
#include "api/tableplan_int.h"
#include "api/types.h"
#include "core/url.h"

/* Enum values that stand for every value, normalised. */
static const char *const all_values[] = {
	"all", "any", "both", "everything", "every", NULL};

/* Variables that say nothing of what they identify. */
static const char *const generic_variables[] = {
	"id", "uuid", "guid", "gid", "sid", "uid", "key", "pk", "name", "slug",
	"number", "code", "login", "identifier", NULL};

typedef struct Mapper
{
	const AcParamsInput *input;
	AcColumnList *fields;
	AcParamsOutput *output;
	StringInfoData fixed;
	AcJson *hidden; /* evidence: defaults that hide rows */
} Mapper;

/* Where the next variable's name stands, after s; its length in *len. */
static const char *
next_variable(const char *s, int *len)
{
	const char *open = strchr(s, '{');
	const char *close = open == NULL ? NULL : strchr(open, '}');

	if (close == NULL)
		return NULL;
	*len = (int) (close - open - 1);
	return open + 1;
}

/* Has the path a segment that stands for another place: "/a/../b"? */
static bool
has_dot_segment(const char *path)
{
	while ((path = strchr(path, '/')) != NULL)
	{
		size_t len = strcspn(++path, "/");

		if ((len == 1 && path[0] == '.') || (len == 2 && strncmp(path, "..", 2) == 0))
			return true;
	}
	return false;
}

/* Does every variable's name stand between braces of its own? */
static bool
has_paired_braces(const char *path)
{
	bool open = false;

	for (; *path != '\0'; path++)
	{
		if (*path == (open ? '{' : '}'))
			return false;
		if (*path == '{' || *path == '}')
			open = !open;
	}
	return !open;
}

/* What the option "path" refuses must not be planned: it would end an import. */
const char *
ac_params_path_problem(const char *path)
{
	const char *s = path;
	const char *name;
	int len;

	if (path[0] != '/')
		return "the path does not begin with a slash";
	if (path[1] == '/')
		return "the path begins with two slashes";
	if (strchr(path, '#') != NULL)
		return "the path has a fragment";
	for (s = path; *s != '\0'; s++)
		if ((unsigned char) *s <= ' ' || *s == '\\' || *s == '?')
			return "the path has characters that no URL has";
	if (has_dot_segment(path))
		return "the path has a segment \".\" or \"..\"";
	if (!has_paired_braces(path))
		return "the path has a brace without another";
	s = path;
	while ((name = next_variable(s, &len)) != NULL)
	{
		if (len == 0 || strchr("+#./;?&", name[0]) != NULL ||
			strcspn(name, "=*:,") < (size_t) len)
			return "the path has a variable with an operator";
		s = name + len;
	}
	return NULL;
}

const char *
ac_params_type(const AcParam *param)
{
	/* types alone count: a name's habits say what is shown, not asked */
	AcTypeChoice choice = ac_types_choose(param->shape, "");

	if (choice.decode != NULL)
		return strcmp(choice.type, "timestamptz") == 0 &&
					   param->shape->kind != AC_SHAPE_STRING
				   ? "bigint"
				   : "text";
	if (!ac_types_is_scalar(choice.type) ||
		strcmp(choice.type, "bytea") == 0)
		return "text";
	return choice.type;
}

static bool
is_integer(const char *type)
{
	return ac_types_is_number(type) && strcmp(type, "float8") != 0 &&
		   strcmp(type, "numeric") != 0;
}

/*
 * Field of the row by name, where values of the parameter's type compare with
 * the column's; -1 if none.  Only fields of the row itself.
 */
static int
find_field(const AcColumnList *fields, const char *name, const char *type)
{
	int i;

	for (i = 0; i < fields->n; i++)
	{
		const AcColumnPlan *column = &fields->columns[i];
		const char *field = column->json_path;

		if (field == NULL || field[0] != '/' || strchr(field + 1, '/') ||
			column->param != NULL || !ac_types_is_scalar(column->type) ||
			(column->decode != NULL && strcmp(column->decode, "id_of") != 0))
			continue;
		if (ac_names_equal(field + 1, name) &&
			(type == NULL || is_integer(type) == is_integer(column->type)))
			return i;
	}
	return -1;
}

/* A column that stands for a parameter alone. */
static AcColumnPlan *
add_param_column(Mapper *m, AcColumnList *list, const char *name,
				 const AcParam *param)
{
	AcColumnPlan *column = ac_columns_add(list);
	int i;

	if (column == NULL)
		return NULL;
	column->name = ac_names_column(name);
	/* a field of that name is another thing: it has the first right to it */
	for (i = 0; i < m->fields->n; i++)
		if (strcmp(m->fields->columns[i].name, column->name) == 0)
		{
			column->name = ac_names_fit(psprintf("%s_param", column->name));
			break;
		}
	column->type = "text";
	if (param != NULL)
	{
		column->type = ac_params_type(param);
		column->param = param->name;
		column->enum_values = param->shape->enum_values;
		column->n_enum = param->shape->n_enum;
		column->comment = ac_plan_comment(NULL, param->description,
										  param->deprecated);
	}
	return column;
}

/* The column of a path's last variable where the answer is the one thing. */
static int
resolve_own(const Mapper *m, const char *name, const char *type)
{
	int found = ac_keys_resolve(m->fields->columns, m->fields->n, name,
								m->input->entity, type);

	return found >= 0 && m->fields->columns[found].param == NULL ? found : -1;
}

static void note_list(AcColumnPlan *column, const AcParam *param,
					  const AcParamsList *list);

/*
 * The field of which the last segment takes several values, "/users/{ids}",
 * where the description says so; -1 if it does not.
 */
static int
find_listed_variable(const Mapper *m, const AcParam *param, int segment,
					 AcParamsList *list)
{
	if (param == NULL || param->style == NULL ||
		param->shape->kind != AC_SHAPE_ARRAY ||
		strcmp(param->style, "simple") != 0 || m->input->one_row ||
		segment != m->input->path->count - 1 || !ac_params_list(param, list))
		return -1;
	return find_field(m->fields, list->one, NULL);
}

static void
map_path_variable(Mapper *m, const char *name, int segment)
{
	const AcPath *path = m->input->path;
	const AcParam *param = ac_endpoint_param(m->input->endpoint,
											 AC_PARAM_PATH, name);
	const char *type = param == NULL ? NULL : ac_params_type(param);
	const char *column_name = name;
	AcColumnPlan *column;
	AcParamsList list;
	int found = find_listed_variable(m, param, segment, &list);

	if (found >= 0)
		note_list(&m->fields->columns[found], param, &list);
	else if (segment == path->count - 1 && m->input->one_row)
		found = resolve_own(m, name, type);
	else
	{
		/* "id" in /customers/{id}/orders is the customer's */
		const AcSegment *owner = ac_path_static_before(path, segment);

		if (owner != NULL && ac_names_in(name, generic_variables))
			column_name = psprintf("%s_%s",
								   ac_names_singular(ac_names_snake(owner->text)),
								   ac_names_snake(name));
		found = find_field(m->fields, column_name, type);
	}
	if (found >= 0)
		column = &m->fields->columns[found];
	else
		column = add_param_column(m, &m->output->keys, column_name, param);
	if (column == NULL)
		return;
	column->param = name;
	column->filter = AC_FILTER_PATH;
	if (column->json_path == NULL)
		column->key = true;
}

/* Every variable once, those of mixed segments included. */
static void
map_path(Mapper *m)
{
	const AcPath *path = m->input->path;
	const char *s = path->text;
	const char *name;
	int segment = -1;
	int len;
	int i;

	while ((name = next_variable(s, &len)) != NULL)
	{
		char *copy = pnstrdup(name, len);
		bool seen = false;

		for (i = segment + 1; i < path->count; i++)
			if (path->segments[i].variable &&
				strcmp(path->segments[i].text, copy) == 0)
				segment = i;
		for (i = 0; i < m->fields->n; i++)
			seen = seen || (m->fields->columns[i].filter == AC_FILTER_PATH &&
							strcmp(m->fields->columns[i].param, copy) == 0);
		for (i = 0; i < m->output->keys.n; i++)
			seen = seen || strcmp(m->output->keys.columns[i].param, copy) == 0;
		if (!seen)
			map_path_variable(m, copy, Max(segment, 0));
		s = name + len;
	}
}

/* "filter[status]", "filter.status" and "status" all ask for status. */
static const char *
filtered_field(const char *param)
{
	const char *s = param;
	size_t len;

	if (pg_strncasecmp(s, "filter", 6) != 0 ||
		(s[6] != '[' && s[6] != '.'))
		return param;
	s += 7;
	len = strcspn(s, "]");
	/* "filter[created][gt]" has an operator: that is another thing */
	if (s[len] == ']' && s[len + 1] != '\0')
		return param;
	return len == 0 ? param : pnstrdup(s, len);
}

/*
 * Does the description vouch that the answer holds every row with that value?
 * Enums, booleans and identifiers compare whole; anything else may match a
 * part, a prefix, or be read in another way.
 */
static bool
is_safe_filter(const AcParam *param, const AcColumnPlan *column,
			   const char *name)
{
	const AcShape *shape = param->shape;
	AcParamsList list;

	/* a list of one is the one */
	if (shape->kind == AC_SHAPE_ARRAY && shape->items != NULL &&
		ac_params_list(param, &list))
		shape = shape->items;
	switch (shape->kind)
	{
		case AC_SHAPE_BOOLEAN:
			return strcmp(column->type, "boolean") == 0;
		case AC_SHAPE_INTEGER:
			return ac_names_identifier(name) && is_integer(column->type);
		case AC_SHAPE_STRING:
			if (shape->n_enum > 0)
				return strcmp(column->type, "text") == 0;
			if (strcmp(column->type, "uuid") == 0)
				return true;
			return (ac_names_identifier(name) ||
					(shape->format != NULL &&
					 ac_names_equal(shape->format, "uuid"))) &&
				   (strcmp(column->type, "text") == 0 ||
					is_integer(column->type));
		default:
			return false;
	}
}

/* name is the parameter's own: members of a body are known by it. */
static void
append_fixed(Mapper *m, const char *name, const char *value)
{
	if (m->input->body != NULL &&
		ac_body_constant(m->input->body, name, value))
		return;
	if (m->fixed.len > 0)
		appendStringInfoChar(&m->fixed, '&');
	ac_url_encode_query(name, strlen(name), &m->fixed);
	appendStringInfoChar(&m->fixed, '=');
	ac_url_encode_query(value, strlen(value), &m->fixed);
}

/* The enum's value that shows every row, NULL if there is none. */
static const char *
value_for_all(const AcShape *shape)
{
	int i;

	for (i = 0; i < shape->n_enum; i++)
		if (ac_names_in(shape->enum_values[i], all_values) ||
			strcmp(shape->enum_values[i], "*") == 0)
			return shape->enum_values[i];
	return NULL;
}

/*
 * Values of a parameter that are asked for one after the other; more would
 * cost more requests than the rows are worth.
 */
#define MAX_UNION 16

/* Notes what hides rows: answered by sent, by asking for each, or not. */
static void
note_hidden(Mapper *m, const AcParam *param, const char *sent, bool each)
{
	AcJson *note;

	if (m->input->evidence == NULL)
		return;
	if (m->hidden == NULL)
	{
		m->hidden = ac_json_new_object();
		ac_json_set(m->input->evidence, "defaults_that_hide_rows", m->hidden);
	}
	note = ac_json_new_object();
	ac_json_set_string(note, "default", param->shape->default_value);
	if (sent != NULL)
		ac_json_set_string(note, "sent", sent);
	if (each)
		ac_json_set_string(note, "each", m->output->each);
	ac_json_set(m->hidden, param->name, note);
}

/*
 * Asks for the rows of every value one after the other, where the row shows
 * the value.  Of a table one parameter at most: two would multiply.
 */
static bool
ask_for_each(Mapper *m, const AcParam *param)
{
	static const char *truth[] = {"true", "false"};
	const AcShape *shape = param->shape;
	bool boolean = shape->kind == AC_SHAPE_BOOLEAN;
	const char **values = boolean ? truth : shape->enum_values;
	int n = boolean ? 2 : shape->n_enum;
	StringInfoData out;
	int i;

	if (m->output->each != NULL || m->input->body != NULL ||
		m->input->one_row || n < 2 || n > MAX_UNION)
		return false;
	initStringInfo(&out);
	ac_url_encode_query(param->name, strlen(param->name), &out);
	for (i = 0; i < n; i++)
	{
		if (values[i][0] == '\0')
			return false;
		appendStringInfoChar(&out, i == 0 ? '=' : '|');
		ac_url_encode_query(values[i], strlen(values[i]), &out);
	}
	m->output->each = out.data;
	return true;
}

/* Does the snake-case name, from s on, begin with one of the words? */
static bool
begins_with_word(const char *s, const char *const *words)
{
	size_t len = strcspn(s, "_");

	return len > 0 && ac_names_in(pnstrdup(s, len), words);
}

/*
 * The value of a boolean parameter that shows every row, where its name says
 * which rows it is about ("include_deleted", "exclude_archived",
 * "only_active"), or NULL.
 */
static const char *
truth_for_all(const AcParam *param)
{
	static const char *const adding[] = {
		"include", "show", "with", "return", "list", "display", "fetch", NULL};
	static const char *const removing[] = {
		"exclude", "hide", "skip", "omit", "ignore", "without", NULL};
	static const char *const hidden[] = {
		"all", "archived", "deleted", "inactive", "hidden", "closed", "disabled",
		"completed", "finished", "trashed", "expired", "draft", "drafts",
		"cancelled", "canceled", "removed", "retired", "suspended", "obsolete",
		"deprecated", "unpublished", "terminated", "resolved", "past", NULL};
	static const char *const shown[] = {
		"active", "open", "published", "enabled", "current", "live",
		"available", "valid", "latest", "public", "unresolved", NULL};
	const char *snake = ac_names_snake(param->name);
	const char *rest = strchr(snake, '_');

	if (ac_names_equal(param->name, "all"))
		return "true";
	if (rest == NULL)
		return NULL;
	if (begins_with_word(snake, adding) && begins_with_word(rest + 1, hidden))
		return "true";
	if ((strncmp(snake, "only_", 5) == 0 && begins_with_word(rest + 1, shown)) ||
		(strcmp(rest, "_only") == 0 && begins_with_word(snake, shown)))
		return "false";
	return begins_with_word(snake, removing) &&
				   begins_with_word(rest + 1, hidden)
			   ? "false"
			   : NULL;
}

/* Parameters that choose rows, also where no field of the rows shows it. */
static bool
chooses_rows(const char *name)
{
	static const char *const names[] = {
		"state", "status", "visibility", "scope", "filter", "type", "kind",
		"category", "role", "affiliation", "membership", "privacy", "phase",
		"stage", "days", "period", "window", "timeframe", "timespan", "since",
		"startdate", "fromdate", "datefrom", "maxage", NULL};

	return ac_names_in(name, names);
}

/* The same for one that is true or false; a field of the rows if is_field. */
static bool
undo_hiding_truth(Mapper *m, const AcParam *param, bool is_field)
{
	const char *all = truth_for_all(param);

	if (all != NULL && strcmp(param->shape->default_value, all) != 0)
	{
		append_fixed(m, param->name, all);
		note_hidden(m, param, all, false);
		return true;
	}
	if (is_field)
		note_hidden(m, param, NULL, ask_for_each(m, param));
	return false;
}

/*
 * A default that hides rows is answered by the value that shows all; where
 * there is none each value of a field of the row is asked for, and what is no
 * field is only noted.  Returns whether the parameter is now always sent.
 */
static bool
undo_hiding_default(Mapper *m, const AcParam *param, bool is_field)
{
	const AcShape *shape = param->shape;
	const char *fallback = shape->default_value;
	const char *all;

	if (fallback == NULL || shape->kind == AC_SHAPE_ARRAY)
		return false;
	if (shape->kind == AC_SHAPE_BOOLEAN)
		return undo_hiding_truth(m, param, is_field);
	if (ac_names_in(fallback, all_values) ||
		(shape->n_enum == 0 && (is_field || !chooses_rows(param->name))))
		return false;
	all = value_for_all(shape);
	if (all == NULL && !is_field && !chooses_rows(param->name))
		return false;
	if (all != NULL)
		append_fixed(m, param->name, all);
	note_hidden(m, param, all,
				all == NULL && is_field && ask_for_each(m, param));
	return all != NULL;
}

/* The only value a required parameter need have, NULL if the user decides. */
static const char *
settled_value(const AcParam *param)
{
	if (param->shape->default_value != NULL)
		return param->shape->default_value;
	return param->shape->n_enum == 1 ? param->shape->enum_values[0] : NULL;
}

/* A parameter without a field: a column where one is needed or wished. */
static void
map_fieldless(Mapper *m, const AcParam *param, bool fixed)
{
	AcColumnPlan *column;
	const char *settled = settled_value(param);

	if (param->required && !fixed && settled != NULL)
	{
		append_fixed(m, param->name, settled);
		m->output->narrows = true;
		fixed = true;
	}
	if (param->required && !fixed)
	{
		column = add_param_column(m, &m->output->keys, param->name, param);
		if (column != NULL)
		{
			column->key = true;
			column->required = true;
		}
	}
	else if (m->input->options->all_params)
		column = add_param_column(m, &m->output->optional, param->name, param);
	else
		return;
	/* it shows what was sent, so a value is always sent */
	if (column != NULL)
		column->filter = AC_FILTER_QUERY_SAFE;
}

/*
 * The field of which the parameter takes several values, whether it has a
 * parameter for one or not; -1 if none.
 */
static int
find_listed(const AcColumnList *fields, const char *name)
{
	int found = find_field(fields, name, NULL);
	int i;

	for (i = 0; found < 0 && i < fields->n; i++)
	{
		const AcColumnPlan *column = &fields->columns[i];

		if (column->filter != AC_FILTER_PATH && column->param != NULL &&
			column->json_path != NULL && column->json_path[0] == '/' &&
			ac_types_is_scalar(column->type) &&
			ac_names_equal(column->json_path + 1, name))
			found = i;
	}
	return found;
}

/* Notes that the column's parameter takes several values, as list says. */
static void
note_list(AcColumnPlan *column, const AcParam *param, const AcParamsList *list)
{
	if (column->asks == NULL)
		column->asks = palloc0(sizeof(AcColumnAsks));
	column->asks->list_param = param->name;
	column->asks->list = list->form;
	column->asks->list_max = list->max;
	column->asks->list_safe = is_safe_filter(param, column, list->one);
}

/* A parameter for several values of a field that has one for one of them. */
static bool
map_second_list(Mapper *m, const AcParam *param, const AcParamsList *list)
{
	int found = m->input->body == NULL ? find_listed(m->fields, list->one) : -1;

	if (found < 0 || m->fields->columns[found].param == NULL)
		return false;
	if (m->fields->columns[found].asks == NULL ||
		m->fields->columns[found].asks->list == NULL)
		note_list(&m->fields->columns[found], param, list);
	return true;
}

static void
map_query_parameter(Mapper *m, const AcParam *param)
{
	const char *name = filtered_field(param->name);
	AcParamsList list;
	bool control = ac_paging_is_control_param(param);
	bool listed = !control && ac_params_list(param, &list);
	AcColumnPlan *column;
	int found = -1;
	bool fixed;
	/* members of a body alone are arrays, whatever a description says of texts */
	bool in_body = m->input->body != NULL && param->shape->kind == AC_SHAPE_ARRAY &&
				   ac_body_has(m->input->body, param->name);

	if (ac_paging_is_param(m->input->endpoint, param))
		return;
	if (!control)
		found = find_field(m->fields, name, NULL);
	if (found < 0 && listed)
	{
		if (!param->required && map_second_list(m, param, &list))
			return;
		name = list.one;
		found = find_field(m->fields, name, NULL);
	}
	fixed = (!control || value_for_all(param->shape) != NULL) &&
			!ac_names_in(param->name, generic_variables) &&
			undo_hiding_default(m, param, found >= 0);
	if (found < 0)
	{
		if (!in_body)
			map_fieldless(m, param, fixed);
		return;
	}
	column = &m->fields->columns[found];
	column->param = param->name;
	column->filter = is_safe_filter(param, column, name)
						 ? AC_FILTER_QUERY_SAFE
						 : AC_FILTER_QUERY_UNPROVED;
	if (listed && (m->input->body == NULL || in_body))
	{
		if (in_body)
			list.form = "array";
		note_list(column, param, &list);
	}
	if (column->n_enum == 0 && param->shape->n_enum > 0 &&
		value_for_all(param->shape) == NULL)
	{
		column->enum_values = param->shape->enum_values;
		column->n_enum = param->shape->n_enum;
	}
	if (!param->required || fixed)
		return;
	if (settled_value(param) != NULL && param->shape->n_enum != 1)
	{
		append_fixed(m, param->name, settled_value(param));
		m->output->narrows = true;
	}
	else
	{
		/* without a value there is no answer, so it is sent or an error */
		column->filter = AC_FILTER_QUERY_SAFE;
		column->required = true;
	}
}

void
ac_params_map(const AcParamsInput *input, AcColumnList *fields,
			  AcParamsOutput *output)
{
	Mapper m;
	int i;

	m.input = input;
	m.fields = fields;
	m.output = output;
	m.hidden = NULL;
	initStringInfo(&m.fixed);
	if (input->endpoint->query != NULL)
		appendStringInfoString(&m.fixed, input->endpoint->query);
	memset(output, 0, sizeof(AcParamsOutput));
	output->narrows = input->endpoint->query != NULL;
	map_path(&m);
	for (i = 0; i < input->endpoint->n_params; i++)
		if (input->endpoint->params[i].place == AC_PARAM_QUERY)
			map_query_parameter(&m, &input->endpoint->params[i]);
	output->fixed = m.fixed.len > 0 ? m.fixed.data : NULL;
	if (output->fixed == NULL)
		pfree(m.fixed.data);
}
