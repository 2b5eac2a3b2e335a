/*
 * ddltable.c
 *		What does a foreign table look like, as a statement or in the catalog?
 *
 * See ddltable.h.  Columns are known by what they show, tables by where their
 * rows come from: both may have been renamed.
 */
#include "ac.h"

#include "access/relation.h"
#include "commands/defrem.h"
#include "core/pointer.h"
#include "foreign/foreign.h"
#include "nodes/parsenodes.h"
#include "parser/parse_type.h"
#include "pg/ddltable.h"
#include "pg/option.h"
#include "tcop/tcopprot.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

static const char *
given(List *options, const char *name)
{
	const char *value = ac_option_given(options, name);

	return value != NULL ? value : "";
}

/*
 * The field or the parameter that it shows.  What is made of a row's place
 * rather than of its members is told apart by its decoding.
 */
static char *
column_identity(const char *name, List *options)
{
	const char *path = ac_option_given(options, "json_path");
	const char *param = ac_option_given(options, "param");
	const char *decode = given(options, "decode");
	bool special = strcmp(decode, "id_of") == 0 ||
				   strcmp(decode, "ordinal") == 0 ||
				   strcmp(decode, "member_name") == 0;

	if (path == NULL && param != NULL)
		return psprintf("=%s", param);
	return psprintf("%s %s%s", special ? decode : "",
					strcmp(given(options, "of_parent"), "true") == 0 ? "^" : "",
					path != NULL ? path : ac_pointer_child("", name));
}

static char *
table_identity(List *options)
{
	const char *method = ac_option_given(options, "method");

	return psprintf("%s %s %s", method != NULL ? method : "GET",
					given(options, "path"), given(options, "nested_path"));
}

AcDdlTable *
ac_ddltable_read(const char *statement)
{
	AcDdlTable *table = palloc0(sizeof(AcDdlTable));
	CreateForeignTableStmt *stmt =
		castNode(CreateForeignTableStmt,
				 linitial_node(RawStmt, pg_parse_query(statement))->stmt);
	ListCell *lc;

	table->schema = stmt->base.relation->schemaname;
	table->name = stmt->base.relation->relname;
	table->options = stmt->options;
	table->identity = table_identity(stmt->options);
	table->columns = palloc0(sizeof(AcDdlColumn) *
							 Max(list_length(stmt->base.tableElts), 1));
	foreach (lc, stmt->base.tableElts)
	{
		ColumnDef *def = lfirst_node(ColumnDef, lc);
		AcDdlColumn *column = &table->columns[table->n_columns++];
		Oid type;
		int32 typmod;

		typenameTypeIdAndMod(NULL, def->typeName, &type, &typmod);
		column->name = def->colname;
		column->type = format_type_with_typemod(type, typmod);
		column->options = def->fdwoptions;
		column->identity = column_identity(column->name, column->options);
	}
	return table;
}

AcDdlTable *
ac_ddltable_load(Oid relid)
{
	AcDdlTable *table = palloc0(sizeof(AcDdlTable));
	Relation rel = relation_open(relid, AccessShareLock);
	TupleDesc desc = RelationGetDescr(rel);

	table->relid = relid;
	table->schema = get_namespace_name(RelationGetNamespace(rel));
	table->name = pstrdup(RelationGetRelationName(rel));
	table->options = GetForeignTable(relid)->options;
	table->identity = table_identity(table->options);
	table->columns = palloc0(sizeof(AcDdlColumn) * Max(desc->natts, 1));
	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, i);
		AcDdlColumn *column;

		if (att->attisdropped)
			continue;
		column = &table->columns[table->n_columns++];
		column->name = pstrdup(NameStr(att->attname));
		column->type = format_type_with_typemod(att->atttypid, att->atttypmod);
		column->options = GetForeignColumnOptions(relid, i + 1);
		column->identity = column_identity(column->name, column->options);
	}
	relation_close(rel, AccessShareLock);
	return table;
}

const AcDdlColumn *
ac_ddltable_column(const AcDdlTable *table, const char *identity)
{
	for (int i = 0; table != NULL && i < table->n_columns; i++)
		if (strcmp(table->columns[i].identity, identity) == 0)
			return &table->columns[i];
	return NULL;
}
