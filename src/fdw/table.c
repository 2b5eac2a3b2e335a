/*
 * table.c
 *		What do a foreign table's options say, column by column?
 *
 * See table.h.  Variables of paths find their columns here: by the column
 * option "param", else by the column's name, and in an item path, whose
 * variables are often called otherwise than the row's fields, by position
 * among the key columns.
 */
#include "ac.h"

#include "access/htup_details.h"
#include "access/relation.h"
#include "api/envelope.h"
#include "catalog/pg_type.h"
#include "core/pointer.h"
#include "core/url.h"
#include "fdw/detail.h"
#include "fdw/table.h"
#include "foreign/foreign.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

/* Fields beside a wrapper that are no columns: two is the most there are. */
#define MAX_DROPPED 4

AcTypeClass
ac_table_type_class(Oid type)
{
	switch (getBaseType(type))
	{
		case INT2OID:
		case INT4OID:
		case INT8OID:
			return AC_TYPE_INTEGER;
		case NUMERICOID:
			return AC_TYPE_NUMERIC;
		case FLOAT4OID:
		case FLOAT8OID:
			return AC_TYPE_FLOAT;
		case BOOLOID:
			return AC_TYPE_BOOLEAN;
		case UUIDOID:
			return AC_TYPE_UUID;
		case TEXTOID:
		case VARCHAROID:
			return AC_TYPE_TEXT;
		case DATEOID:
		case TIMEOID:
		case TIMESTAMPOID:
		case TIMESTAMPTZOID:
			return AC_TYPE_TEMPORAL;
		default:
			return AC_TYPE_OTHER;
	}
}

static void
load_columns(AcTable *table)
{
	Relation rel = relation_open(table->relid, AccessShareLock);
	TupleDesc desc = RelationGetDescr(rel);

	table->name = pstrdup(RelationGetRelationName(rel));
	table->n_columns = desc->natts;
	table->columns = palloc0(sizeof(AcColumn) * Max(desc->natts, 1));
	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, i);
		AcColumn *column = &table->columns[i];

		column->attnum = i + 1;
		column->dropped = att->attisdropped;
		if (att->attisdropped)
			continue;
		column->name = pstrdup(NameStr(att->attname));
		column->type = att->atttypid;
		column->typmod = att->atttypmod;
		column->collation = att->attcollation;
		column->type_class = ac_table_type_class(att->atttypid);
		column->options = ac_option_column(table->relid, i + 1);
	}
	relation_close(rel, AccessShareLock);
}

/* The column whose option "param" is that name, else 0. */
static AttrNumber
column_by_param(const AcTable *table, const char *param)
{
	for (int i = 0; i < table->n_columns; i++)
	{
		const AcColumn *column = &table->columns[i];

		if (!column->dropped && column->options->param != NULL &&
			strcmp(column->options->param, param) == 0)
			return column->attnum;
	}
	return InvalidAttrNumber;
}

/* The column that has no parameter and that name, else 0. */
static AttrNumber
column_by_name(const AcTable *table, const char *name)
{
	for (int i = 0; i < table->n_columns; i++)
	{
		const AcColumn *column = &table->columns[i];

		if (!column->dropped && column->options->param == NULL &&
			strcmp(column->name, name) == 0)
			return column->attnum;
	}
	return InvalidAttrNumber;
}

/* Takes a template apart; a malformed one has no variables and is refused
 * when it is expanded. */
static void
load_template(const AcTable *table, const char *text, AcTemplate *template)
{
	template->text = text;
	if (text == NULL)
		return;
	template->n_vars = Max(0, ac_url_template_vars(text, &template->vars));
	template->attnums = palloc0(sizeof(AttrNumber) * Max(1, template->n_vars));
	for (int i = 0; i < template->n_vars; i++)
	{
		AttrNumber attnum = column_by_param(table, template->vars[i]);

		if (attnum == InvalidAttrNumber)
			attnum = column_by_name(table, template->vars[i]);
		template->attnums[i] = attnum;
	}
}

static bool
template_uses(const AcTemplate *template, AttrNumber attnum)
{
	for (int i = 0; i < template->n_vars; i++)
		if (template->attnums[i] == attnum)
			return true;
	return false;
}

static bool
names_variable(const AcTemplate *template, const char *name)
{
	for (int i = 0; i < template->n_vars; i++)
		if (strcmp(template->vars[i], name) == 0)
			return true;
	return false;
}

/* The first key column that the item path does not use yet, else 0. */
static AttrNumber
free_key_column(const AcTable *table)
{
	for (int i = 0; i < table->n_columns; i++)
	{
		const AcColumn *column = &table->columns[i];

		if (!column->dropped && column->options->key &&
			!template_uses(&table->item, column->attnum) &&
			!template_uses(&table->path, column->attnum))
			return column->attnum;
	}
	return InvalidAttrNumber;
}

/*
 * A variable of the item path stands for a key column, or for a variable of
 * the collection's path; anything else cannot identify a row.
 */
static void
resolve_item(AcTable *table)
{
	AcTemplate *item = &table->item;

	for (int i = 0; i < item->n_vars; i++)
	{
		AttrNumber attnum = item->attnums[i];
		const AcColumn *column;

		if (attnum == InvalidAttrNumber || template_uses(&table->path, attnum))
			continue;
		column = ac_table_column(table, attnum);
		if (column->options->key)
			continue;
		/* what is said to be the variable is no other column's */
		if (column->options->param != NULL)
			item->text = NULL;
		item->attnums[i] = InvalidAttrNumber;
	}
	for (int i = 0; i < item->n_vars; i++)
	{
		if (item->attnums[i] == InvalidAttrNumber && item->text != NULL)
			item->attnums[i] = free_key_column(table);
		if (item->attnums[i] == InvalidAttrNumber)
			item->text = NULL;
	}
	if (item->n_vars == 0)
		item->text = NULL;
}

static void
mark_columns(AcTable *table)
{
	for (int i = 0; i < table->n_columns; i++)
	{
		AcColumn *column = &table->columns[i];

		if (column->dropped)
			continue;
		column->is_path_var = template_uses(&table->path, column->attnum);
		column->is_item_key = table->item.text != NULL &&
							  template_uses(&table->item, column->attnum);
		column->is_filter = column->options->param != NULL &&
							!names_variable(&table->path, column->options->param) &&
							!names_variable(&table->item, column->options->param);
	}
}

AcTable *
ac_table_load(Oid relid)
{
	AcTable *table = palloc0(sizeof(AcTable));

	table->relid = relid;
	table->serverid = GetForeignTable(relid)->serverid;
	table->options = ac_option_table(relid);
	load_columns(table);
	load_template(table, table->options->path, &table->path);
	load_template(table, table->options->item_path, &table->item);
	resolve_item(table);
	mark_columns(table);
	ac_detail_mark(table);
	return table;
}

/* The first token of a pointer, NULL if it has none. */
static const char *
first_token(const char *text)
{
	AcPointer pointer;

	if (text == NULL || !ac_pointer_parse(text, &pointer, NULL) ||
		pointer.count == 0)
		return NULL;
	return pointer.tokens[0];
}

/* Members that columns of that origin show; room for one more. */
static const char **
members_of(const AcTable *table, AcRowOrigin origin, int *n)
{
	const char **members = palloc0(sizeof(char *) *
								   (table->n_columns + 2 + MAX_DROPPED));
	const char *const *dropped = NULL;

	*n = 0;
	for (int i = 0; i < table->n_columns; i++)
	{
		const AcColumn *column = &table->columns[i];
		const char *token;

		if (column->dropped || column->options->origin != origin)
			continue;
		token = first_token(column->options->json_path);
		if (token == NULL)
			continue;
		members[(*n)++] = token;
		/* beside a wrapper there are fields that are no columns on purpose */
		if (dropped == NULL && strchr(column->options->json_path + 1, '/'))
			dropped = ac_envelope_dropped(token);
	}
	for (int i = 0; dropped != NULL && dropped[i] != NULL; i++)
		members[(*n)++] = dropped[i];
	return members;
}

const char *const *
ac_table_members(const AcTable *table)
{
	int n;

	return members_of(table, AC_ORIGIN_ROW, &n);
}

const char *const *
ac_table_base_members(const AcTable *table)
{
	const char **members;
	int n;

	if (table->options->nested_path == NULL)
		return ac_table_members(table);
	members = members_of(table, AC_ORIGIN_PARENT, &n);
	members[n] = first_token(table->options->nested_path);
	return members;
}

bool
ac_table_rows_are_objects(const AcTable *table)
{
	bool named = false;

	for (int i = 0; i < table->n_columns; i++)
	{
		const AcColumn *column = &table->columns[i];
		const char *path = column->dropped ? NULL : column->options->json_path;

		if (path == NULL || column->options->origin != AC_ORIGIN_ROW)
			continue;
		if (path[0] == '\0')
			return false;
		named = named || path[1] < '0' || path[1] > '9';
	}
	return named;
}

bool
ac_column_may_show_list(const AcColumn *column)
{
	return column->type == JSONOID || column->type == JSONBOID ||
		   OidIsValid(get_element_type(column->type));
}

AcListForm
ac_column_list(const AcTable *table, const AcColumn *column)
{
	/* between slashes there is one way to write several (RFC 6570 3.2.2) */
	if (column->is_path_var && !ac_column_is_param_only(column) &&
		!column->is_item_key && column->options->param_list == AC_LIST_COMMA)
		return AC_LIST_COMMA;
	if (!column->is_filter || ac_column_is_param_only(column))
		return AC_LIST_NONE;
	/* in a body there is an array, and nowhere else */
	if ((table->options->body != NULL && column->options->param[0] == '/') !=
		(column->options->param_list == AC_LIST_ARRAY))
		return AC_LIST_NONE;
	return column->options->param_list;
}
