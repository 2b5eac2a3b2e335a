/*
 * ddl.c
 *		How does a plan become DDL?  See ddl.h.
 */
#include "ac.h"

#include "pg/ddl.h"
#include "utils/builtins.h"

/* Options under construction: "OPTIONS (a 'x', b 'y')". */
typedef struct AcOptionList
{
	StringInfo out;
	int n;
} AcOptionList;

static void
options_begin(AcOptionList *list, StringInfo out)
{
	list->out = out;
	list->n = 0;
}

static void
options_add(AcOptionList *list, const char *name, const char *value)
{
	if (value == NULL)
		return;
	appendStringInfo(list->out, "%s%s %s", list->n++ == 0 ? " OPTIONS (" : ", ",
					 quote_identifier(name), quote_literal_cstr(value));
}

static void
options_add_int(AcOptionList *list, const char *name, int value)
{
	options_add(list, name, psprintf("%d", value));
}

static void
options_end(AcOptionList *list)
{
	if (list->n > 0)
		appendStringInfoChar(list->out, ')');
}

/* Does the path have this variable? */
static bool
path_has_variable(const char *path, const char *name)
{
	return path != NULL && strstr(path, psprintf("{%s}", name)) != NULL;
}

/*
 * json_path is always written, so that renaming a column does not change what
 * it shows.  param stands only where it can serve: for a variable of a path
 * in use or a query parameter; one that is not known to withhold nothing is
 * written with operators 'none'.
 */
static void
append_column(StringInfo out, const AcTablePlan *plan,
			  const AcColumnPlan *column)
{
	AcOptionList list;
	bool in_path = column->param != NULL &&
				   (path_has_variable(plan->path, column->param) ||
					(plan->item_proved &&
					 path_has_variable(plan->item_path, column->param)));
	bool in_query = column->param != NULL && !in_path &&
					(column->filter == AC_FILTER_QUERY_SAFE ||
					 column->filter == AC_FILTER_QUERY_UNPROVED);

	appendStringInfo(out, "  %s %s", quote_identifier(column->name),
					 column->type);
	options_begin(&list, out);
	options_add(&list, "json_path", column->json_path);
	if (in_path || in_query)
		options_add(&list, "param", column->param);
	if (in_query && column->filter == AC_FILTER_QUERY_UNPROVED)
		options_add(&list, "operators", "none");
	if (column->key)
		options_add(&list, "key", "true");
	options_add(&list, "decode", column->decode);
	options_end(&list);
}

static void
append_paging(AcOptionList *list, const AcPaging *paging)
{
	options_add(list, "pagination", ac_pager_style_name(paging->style));
	options_add(list, "page_param", paging->page_param);
	if (paging->style == AC_PAGER_PAGE)
		options_add_int(list, "page_start", paging->first_page);
	options_add(list, "page_size_param", paging->size_param);
	if (paging->page_size > 0)
		options_add_int(list, "page_size", paging->page_size);
	options_add(list, "cursor_param", paging->cursor_param);
	options_add(list, "cursor_path", paging->cursor_path);
	options_add(list, "total_path", paging->total_path);
	options_add(list, "more_path", paging->more_path);
}

char *
ac_ddl_table(const AcTablePlan *plan, const char *schema, const char *server)
{
	StringInfoData out;
	AcOptionList list;

	Assert(plan->skip_reason == NULL);
	initStringInfo(&out);
	appendStringInfo(&out, "CREATE FOREIGN TABLE %s (",
					 quote_qualified_identifier(schema, plan->name));
	for (int i = 0; i < plan->n_columns; i++)
	{
		appendStringInfoString(&out, i > 0 ? ",\n" : "\n");
		append_column(&out, plan, &plan->columns[i]);
	}
	appendStringInfo(&out, "\n) SERVER %s", quote_identifier(server));
	options_begin(&list, &out);
	options_add(&list, "path", plan->path);
	if (plan->item_proved)
	{
		options_add(&list, "item_path", plan->item_path);
		options_add(&list, "item_rows_path", plan->item_rows_path);
	}
	options_add(&list, "rows_path", plan->rows_path);
	options_add(&list, "params", plan->fixed_params);
	append_paging(&list, &plan->paging);
	if (plan->total_rows > 0)
		options_add(&list, "estimated_rows",
					psprintf(INT64_FORMAT, plan->total_rows));
	options_end(&list);
	return out.data;
}

char *
ac_ddl_mapping(const AcSecurityScheme *scheme, const char *server)
{
	const char *options;

	switch (scheme->scheme)
	{
		case AC_AUTH_API_KEY:
			options = "api_key '...'";
			break;
		case AC_AUTH_BASIC:
			options = "username '...', password '...'";
			break;
		case AC_AUTH_BEARER:
		case AC_AUTH_OAUTH2:
			options = "token '...'";
			break;
		default:
			return NULL;
	}
	return psprintf("CREATE USER MAPPING FOR CURRENT_USER SERVER %s OPTIONS (%s);",
					quote_identifier(server), options);
}
