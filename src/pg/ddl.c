/*
 * ddl.c
 *		How does a plan, or a fix, become DDL?  See ddl.h.
 */
#include "ac.h"

#include "access/htup_details.h"
#include "api/relations.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_type.h"
#include "commands/defrem.h"
#include "nodes/makefuncs.h"
#include "nodes/parsenodes.h"
#include "pg/compat.h"
#include "pg/ddl.h"
#include "tcop/tcopprot.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

/* Values that the option param_list_max allows. */
#define MAX_LIST 10000

/* Options under construction: "OPTIONS (a 'x', b 'y')", or as nodes. */
typedef struct AcOptionList
{
	StringInfo out; /* NULL: as nodes */
	List *nodes;
	int n;
} AcOptionList;

static void
options_begin(AcOptionList *list, StringInfo out)
{
	list->out = out;
	list->nodes = NIL;
	list->n = 0;
}

static void
options_add(AcOptionList *list, const char *name, const char *value)
{
	if (value == NULL)
		return;
	if (list->out == NULL)
	{
		list->nodes = lappend(list->nodes,
							  makeDefElem(pstrdup(name),
										  (Node *) makeString(pstrdup(value)), -1));
		return;
	}
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

/* What else was proved that the API can be asked about the column. */
static void
add_asks(AcOptionList *list, const AcColumnAsks *asks)
{
	options_add(list, "param_from", asks->param_from);
	options_add(list, "param_to", asks->param_to);
	if (asks->bound_format != NULL && strcmp(asks->bound_format, "rfc3339") != 0)
		options_add(list, "bound_format", asks->bound_format);
	options_add(list, "sort_asc", asks->sort_asc);
	options_add(list, "sort_desc", asks->sort_desc);
	options_add(list, "sort_nulls", asks->sort_nulls);
	if (asks->hidden)
		options_add(list, "hidden", "true");
}

/*
 * The parameter that takes several values of the column, if it can be the
 * option param: that may name the item path's variable, which finds the key
 * without it if no other column is called like it.
 */
static const char *
list_param(const AcTablePlan *plan, const AcColumnPlan *column, bool in_item)
{
	const AcColumnAsks *asks = column->asks;

	if (asks == NULL || asks->list == NULL)
		return NULL;
	if (column->filter == AC_FILTER_PATH && strcmp(asks->list_param, column->param) == 0)
		return in_item ? NULL : asks->list_param;
	if ((column->param != NULL && path_has_variable(plan->path, column->param)))
		return NULL;
	if (column->param != NULL && strcmp(asks->list_param, column->param) == 0)
		return asks->list_param;
	if (!asks->list_safe)
		return NULL;
	for (int i = 0; in_item && i < plan->n_columns; i++)
		if (&plan->columns[i] == column
				? !column->key
				: plan->columns[i].key || strcmp(plan->columns[i].name, column->param) == 0)
			return NULL;
	return asks->list_param;
}

/*
 * json_path is always written, so that renaming a column does not change what
 * it shows.  param stands only where it can serve: for a variable of a path
 * in use or a query parameter; one that is not known to withhold nothing is
 * written with operators 'none'.
 */
static void
add_column_options(AcOptionList *list, const AcTablePlan *plan,
				   const AcColumnPlan *column)
{
	bool in_item = column->param != NULL && plan->item_proved &&
				   path_has_variable(plan->item_path, column->param);
	bool in_path = in_item || (column->param != NULL &&
							   path_has_variable(plan->path, column->param));
	bool in_query = column->param != NULL && !in_path &&
					(column->filter == AC_FILTER_QUERY_SAFE ||
					 column->filter == AC_FILTER_QUERY_UNPROVED);
	const char *listed = list_param(plan, column, in_item);

	options_add(list, "json_path", column->json_path);
	if (listed != NULL)
		options_add(list, "param", listed);
	else if (in_path || in_query)
		options_add(list, "param", column->param);
	if (in_query && column->filter == AC_FILTER_QUERY_UNPROVED)
		options_add(list, "operators", "none");
	if (listed != NULL)
	{
		options_add(list, "param_list", column->asks->list);
		if (column->asks->list_max > 0)
			options_add_int(list, "param_list_max", Min(column->asks->list_max, MAX_LIST));
	}
	if (column->required && in_query && column->json_path != NULL)
		options_add(list, "required", "true");
	if (column->key)
		options_add(list, "key", "true");
	options_add(list, "decode", column->decode);
	if (column->empty_null)
		options_add(list, "empty", "null");
	if (column->of_parent)
		options_add(list, "of_parent", "true");
	if (column->asks != NULL)
		add_asks(list, column->asks);
}

List *
ac_ddl_column_options(const AcTablePlan *plan, const AcColumnPlan *column)
{
	AcOptionList list;

	options_begin(&list, NULL);
	add_column_options(&list, plan, column);
	return list.nodes;
}

static void
append_paging(AcOptionList *list, const AcPaging *paging)
{
	options_add(list, "pagination", ac_pager_style_name(paging->style));
	options_add(list, "page_param", paging->page_param);
	if (paging->style == AC_PAGER_PAGE ||
		(paging->style == AC_PAGER_LINK && paging->page_param != NULL &&
		 paging->first_page == 0))
		options_add_int(list, "page_start", paging->first_page);
	options_add(list, "page_size_param", paging->size_param);
	if (paging->page_size > 0)
		options_add_int(list, "page_size", paging->page_size);
	options_add(list, "cursor_param", paging->cursor_param);
	options_add(list, "cursor_path", paging->cursor_path);
	options_add(list, "total_path", paging->total_path);
	if (paging->total_proved)
		options_add(list, "total", "exact");
	options_add(list, "pages_path", paging->pages_path);
	options_add(list, "more_path", paging->more_path);
}

/* Where the API shows the beginning only; nested rows have no windows. */
static void
append_windows(AcOptionList *list, const AcTablePlan *plan)
{
	static const char *const units[] = {
		[AC_WINDOW_INTEGER] = "integer",
		[AC_WINDOW_SECOND] = "second",
		[AC_WINDOW_DAY] = "day",
	};
	const AcPaging *paging = &plan->paging;

	if (paging->depth_limit <= 0)
		return;
	options_add_int(list, "depth_limit", paging->depth_limit);
	if (paging->window_path == NULL || plan->nested_path != NULL)
		return;
	options_add(list, "window_path", paging->window_path);
	options_add(list, "window_from", paging->window_from);
	options_add(list, "window_to", paging->window_to);
	options_add(list, "window_unit", units[paging->window_unit]);
}

static void
append_request(AcOptionList *list, const AcTablePlan *plan)
{
	options_add(list, "path", plan->path);
	if (strcmp(plan->method, "GET") != 0)
	{
		options_add(list, "method", plan->method);
		options_add(list, "body", plan->body);
	}
	if (plan->item_proved && plan->nested_path == NULL)
	{
		options_add(list, "item_path", plan->item_path);
		options_add(list, "item_rows_path", plan->item_rows_path);
		/* params that show rows leave none out which items show */
		if ((plan->fixed_params != NULL || plan->params_union != NULL) &&
			!plan->params_narrow)
			options_add(list, "item_of_list", "true");
	}
}

/* "customers(id)", or NULL. */
static char *
parent_text(const AcRelation *walk)
{
	StringInfoData out;

	if (walk == NULL)
		return NULL;
	initStringInfo(&out);
	appendStringInfo(&out, "%s(", quote_identifier(walk->parent->name));
	for (int i = 0; i < walk->n_columns; i++)
		appendStringInfo(&out, "%s%s", i > 0 ? ", " : "",
						 quote_identifier(walk->parent_columns[i]->name));
	appendStringInfoChar(&out, ')');
	return out.data;
}

static void
append_fields(AcOptionList *list, const AcFieldsPlan *fields)
{
	options_add(list, "fields_param", fields->param);
	options_add(list, "fields_list", fields->list);
	if (fields->path[0] != '\0')
		options_add(list, "fields_path", fields->path);
	if (fields->hidden_only)
		options_add(list, "fields_named", "hidden");
}

static void
append_rows(AcOptionList *list, const AcTablePlan *plan)
{
	options_add(list, "rows_path", plan->rows_path);
	if (plan->rows_form != AC_ROWS_ARRAY)
		options_add(list, "rows_form", ac_rows_form_name(plan->rows_form));
	if (plan->rows_form == AC_ROWS_COLUMNS)
		options_add(list, "columns_path", plan->columns_path);
	options_add(list, "nested_path", plan->nested_path);
	options_add(list, "params", plan->fixed_params);
	options_add(list, "params_union", plan->params_union);
	options_add(list, "parent", parent_text(plan->walk));
	if (plan->fields != NULL)
		append_fields(list, plan->fields);
}

static char *
table_text(const AcTablePlan *plan, const char *schema, const char *server,
		   bool bare)
{
	StringInfoData out;
	AcOptionList list;

	Assert(plan->skip_reason == NULL);
	initStringInfo(&out);
	appendStringInfo(&out, "CREATE FOREIGN TABLE %s (",
					 quote_qualified_identifier(schema, plan->name));
	for (int i = 0; i < plan->n_columns; i++)
	{
		const AcColumnPlan *column = &plan->columns[i];

		appendStringInfo(&out, "%s  %s %s", i > 0 ? ",\n" : "\n",
						 quote_identifier(column->name), column->type);
		options_begin(&list, &out);
		if (!bare)
			add_column_options(&list, plan, column);
		options_end(&list);
	}
	appendStringInfo(&out, "\n) SERVER %s", quote_identifier(server));
	options_begin(&list, &out);
	append_request(&list, plan);
	append_rows(&list, plan);
	append_paging(&list, &plan->paging);
	append_windows(&list, plan);
	if (plan->total_rows > 0)
		options_add(&list, "estimated_rows",
					psprintf(INT64_FORMAT, plan->total_rows));
	options_end(&list);
	return out.data;
}

char *
ac_ddl_table(const AcTablePlan *plan, const char *schema, const char *server)
{
	return table_text(plan, schema, server, false);
}

char *
ac_ddl_bare_table(const AcTablePlan *plan, const char *schema,
				  const char *server)
{
	return table_text(plan, schema, server, true);
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
		case AC_AUTH_AWS:
			options = "aws_access_key '...', aws_secret_key '...'";
			break;
		case AC_AUTH_TLS:
			options = "client_cert '...', client_key '...'";
			break;
		default:
			return NULL;
	}
	return psprintf("CREATE USER MAPPING FOR CURRENT_USER SERVER %s OPTIONS (%s);",
					quote_identifier(server), options);
}

/* ---- fixes ---- */

static void
reject_fix(const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("the fix is none that autoconn would make"),
			 errdetail("%s", detail)));
}

static Oid
type_schema(Oid type)
{
	HeapTuple tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(type));
	Oid schema = InvalidOid;

	if (HeapTupleIsValid(tuple))
	{
		schema = ((Form_pg_type) GETSTRUCT(tuple))->typnamespace;
		ReleaseSysCache(tuple);
	}
	return schema;
}

/* Only built-in types: no code of somebody else's may be behind one. */
static char *
type_text(Oid type, int32 typmod)
{
	if (type_schema(type) != PG_CATALOG_NAMESPACE)
		reject_fix("A column would have a type that is not built in.");
	return format_type_with_typemod(type, typmod);
}

static char *
fix_type(const char *text)
{
	Oid type;
	int32 typmod;

	ac_parse_type(text, &type, &typmod);
	return type_text(type, typmod);
}

/* The one CREATE FOREIGN TABLE that a statement must be. */
static CreateForeignTableStmt *
parse_table(const char *statement)
{
	List *parsed = pg_parse_query(statement);
	CreateForeignTableStmt *stmt;

	if (list_length(parsed) != 1 ||
		!IsA(linitial_node(RawStmt, parsed)->stmt, CreateForeignTableStmt))
		reject_fix("The statement is no CREATE FOREIGN TABLE.");
	stmt = (CreateForeignTableStmt *) linitial_node(RawStmt, parsed)->stmt;
	if (stmt->base.inhRelations != NIL || stmt->base.partbound != NULL ||
		stmt->base.ofTypename != NULL || stmt->base.constraints != NIL)
		reject_fix("The foreign table would have more than columns and options.");
	return stmt;
}

static void
append_options(StringInfo out, List *given)
{
	AcOptionList list;
	ListCell *lc;

	options_begin(&list, out);
	foreach (lc, given)
	{
		DefElem *def = lfirst_node(DefElem, lc);

		options_add(&list, def->defname, defGetString(def));
	}
	options_end(&list);
}

static void
append_parsed_column(StringInfo out, const Node *element)
{
	const ColumnDef *column = (const ColumnDef *) element;
	Oid type;
	int32 typmod;

	if (!IsA(element, ColumnDef) || column->constraints != NIL ||
		column->raw_default != NULL || column->collClause != NULL)
		reject_fix("The foreign table would have more than columns and options.");
	typenameTypeIdAndMod(NULL, column->typeName, &type, &typmod);
	appendStringInfo(out, "  %s %s", quote_identifier(column->colname),
					 type_text(type, typmod));
	append_options(out, column->fdwoptions);
}

static void
append_parsed_table(StringInfo out, const AcFix *fix)
{
	CreateForeignTableStmt *stmt = parse_table(fix->statement);
	const char *separator = "\n";
	ListCell *lc;

	appendStringInfo(out, "CREATE FOREIGN TABLE %s (",
					 quote_qualified_identifier(fix->schema, fix->relation));
	foreach (lc, stmt->base.tableElts)
	{
		appendStringInfoString(out, separator);
		append_parsed_column(out, lfirst(lc));
		separator = ",\n";
	}
	appendStringInfo(out, "\n) SERVER %s", quote_identifier(stmt->servername));
	append_options(out, stmt->options);
}

void
ac_ddl_names(const char *statement, const char **schema, const char **name,
			 const char **server)
{
	CreateForeignTableStmt *stmt = parse_table(statement);

	*schema = stmt->base.relation->schemaname;
	*name = stmt->base.relation->relname;
	*server = stmt->servername;
}

/* OPTIONS (ADD a 'x', SET b 'y', DROP c) */
static void
append_changes(StringInfo out, const AcFix *fix)
{
	const char *separator = " OPTIONS (";

	for (int i = 0; i < fix->n_options; i++)
	{
		const AcFixOption *option = &fix->options[i];

		appendStringInfo(out, "%s%s %s", separator,
						 option->after == NULL	  ? "DROP"
						 : option->before == NULL ? "ADD"
												  : "SET",
						 quote_identifier(option->name));
		if (option->after != NULL)
			appendStringInfo(out, " %s", quote_literal_cstr(option->after));
		separator = ", ";
	}
	appendStringInfoChar(out, ')');
}

static void
append_added_column(StringInfo out, const AcFix *fix)
{
	AcOptionList list;

	appendStringInfo(out, " ADD COLUMN %s %s", quote_identifier(fix->column),
					 fix_type(fix->type));
	options_begin(&list, out);
	for (int i = 0; i < fix->n_options; i++)
		options_add(&list, fix->options[i].name, fix->options[i].after);
	options_end(&list);
}

char *
ac_ddl_fix(const AcFix *fix)
{
	StringInfoData out;
	char *table;

	if (fix->action == AC_FIX_NONE)
		return NULL;
	if (fix->schema == NULL || fix->relation == NULL)
		reject_fix("It names no table.");
	table = quote_qualified_identifier(fix->schema, fix->relation);
	initStringInfo(&out);
	switch (fix->action)
	{
		case AC_FIX_NONE:
			break;
		case AC_FIX_ADD_COLUMN:
			appendStringInfo(&out, "ALTER FOREIGN TABLE %s", table);
			append_added_column(&out, fix);
			break;
		case AC_FIX_DROP_COLUMN:
			appendStringInfo(&out, "ALTER FOREIGN TABLE %s DROP COLUMN %s",
							 table, quote_identifier(fix->column));
			break;
		case AC_FIX_COLUMN_OPTIONS:
			appendStringInfo(&out, "ALTER FOREIGN TABLE %s ALTER COLUMN %s",
							 table, quote_identifier(fix->column));
			append_changes(&out, fix);
			break;
		case AC_FIX_CREATE_TABLE:
			if (fix->statement == NULL)
				reject_fix("It has no statement.");
			append_parsed_table(&out, fix);
			break;
		case AC_FIX_DROP_TABLE:
			appendStringInfo(&out, "DROP FOREIGN TABLE %s", table);
			break;
	}
	return out.data;
}
