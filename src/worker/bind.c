/*
 * bind.c
 *		Which local tables does a drift concern, and what is its fix there?
 *
 * See apply.h.  The catalog is read by queries, without locks on tables:
 * whoever applies a fix looks again under one.
 */
#include "ac.h"

#include "access/htup_details.h"
#include "access/reloptions.h"
#include "catalog/heap.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "commands/defrem.h"
#include "core/pointer.h"
#include "mb/pg_wchar.h"
#include "pg/ddl.h"
#include "pg/option_table.h"
#include "pg/scope.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "worker/apply.h"

typedef struct LocalColumn
{
	char *name;
	List *options;	 /* of DefElem */
	char *json_path; /* that it shows, NULL: none */
} LocalColumn;

typedef struct LocalTable
{
	Oid relid;
	char *schema;
	char *name;
	char *path; /* NULL: none, which makes no usable table */
	char *params;
	char *nested_path;
	LocalColumn *columns;
	int n_columns; /* -1: not read yet */
} LocalTable;

typedef struct Binder
{
	ForeignServer *server;
	LocalTable *tables;
	int n_tables;
	AcAlertBatch *batch;
	int capacity;
} Binder;

static void
read_tables(Binder *binder)
{
	AcScope scope;
	AcArgs args = {0};

	ac_scope_begin(&scope);
	ac_arg_oid(&args, binder->server->serverid);
	ac_scope_run("SELECT c.oid, n.nspname, c.relname,"
				 " (SELECT o.option_value FROM pg_options_to_table(ft.ftoptions) o"
				 "  WHERE o.option_name = 'path'),"
				 " (SELECT o.option_value FROM pg_options_to_table(ft.ftoptions) o"
				 "  WHERE o.option_name = 'params'),"
				 " (SELECT o.option_value FROM pg_options_to_table(ft.ftoptions) o"
				 "  WHERE o.option_name = 'nested_path')"
				 " FROM pg_foreign_table ft JOIN pg_class c ON c.oid = ft.ftrelid"
				 " JOIN pg_namespace n ON n.oid = c.relnamespace"
				 " WHERE ft.ftserver = $1 ORDER BY c.oid",
				 &args, false);
	binder->n_tables = (int) SPI_processed;
	binder->tables = MemoryContextAllocZero(scope.caller,
											sizeof(LocalTable) * (SPI_processed + 1));
	for (int i = 0; i < binder->n_tables; i++)
	{
		LocalTable *table = &binder->tables[i];

		table->relid = (Oid) ac_scope_int8(i, 1, 0);
		table->schema = ac_scope_text(&scope, i, 2);
		table->name = ac_scope_text(&scope, i, 3);
		table->path = ac_scope_text(&scope, i, 4);
		table->params = ac_scope_text(&scope, i, 5);
		table->nested_path = ac_scope_text(&scope, i, 6);
		table->n_columns = -1;
	}
	ac_scope_end(&scope);
}

/* Names, ordinals and fields of parents are no fields of the row. */
static bool
shows_field(List *options)
{
	const char *decode = ac_option_given(options, "decode");
	const char *of_parent = ac_option_given(options, "of_parent");
	bool parent = false;

	if (of_parent != NULL)
		(void) parse_bool(of_parent, &parent);
	return !parent &&
		   (decode == NULL || (strcmp(decode, "member_name") != 0 &&
							   strcmp(decode, "ordinal") != 0));
}

static void
read_column(uint64 row, const AcScope *scope, LocalColumn *column)
{
	MemoryContext old = MemoryContextSwitchTo(scope->caller);
	bool isnull;
	Datum options = SPI_getbinval(SPI_tuptable->vals[row],
								  SPI_tuptable->tupdesc, 2, &isnull);

	column->name = ac_scope_text(scope, row, 1);
	if (!isnull)
		column->options = untransformRelOptions(datumCopy(options, false, -1));
	column->json_path = ac_option_given(column->options, "json_path");
	if (column->json_path == NULL && ac_option_given(column->options, "param") == NULL)
		column->json_path = ac_pointer_child("", column->name);
	if (!shows_field(column->options))
		column->json_path = NULL;
	MemoryContextSwitchTo(old);
}

static void
read_columns(LocalTable *table)
{
	AcScope scope;
	AcArgs args = {0};

	if (table->n_columns >= 0)
		return;
	ac_scope_begin(&scope);
	ac_arg_oid(&args, table->relid);
	ac_scope_run("SELECT attname, attfdwoptions FROM pg_attribute"
				 " WHERE attrelid = $1 AND attnum > 0 AND NOT attisdropped"
				 " ORDER BY attnum",
				 &args, false);
	table->n_columns = (int) SPI_processed;
	table->columns = MemoryContextAllocZero(scope.caller,
											sizeof(LocalColumn) * (SPI_processed + 1));
	for (int i = 0; i < table->n_columns; i++)
		read_column(i, &scope, &table->columns[i]);
	ac_scope_end(&scope);
}

static const LocalColumn *
column_at(const LocalTable *table, const char *json_path)
{
	for (int i = 0; json_path != NULL && i < table->n_columns; i++)
		if (table->columns[i].json_path != NULL &&
			strcmp(table->columns[i].json_path, json_path) == 0)
			return &table->columns[i];
	return NULL;
}

/* The nth choice of a name: name, name_2, name_3, ..., as long as names go. */
static char *
numbered(const char *name, int n)
{
	char *suffix = n > 1 ? psprintf("_%d", n) : pstrdup("");
	int room = NAMEDATALEN - 1 - (int) strlen(suffix);
	int len = pg_mbcliplen(name, (int) strlen(name), room);

	return psprintf("%.*s%s", len, name, suffix);
}

static bool
has_column(const LocalTable *table, const char *name)
{
	for (int i = 0; i < table->n_columns; i++)
		if (strcmp(table->columns[i].name, name) == 0)
			return true;
	return SystemAttributeByName(name) != NULL;
}

static void
bind_add_column(const LocalTable *table, const AcDrift *drift, AcFix *fix)
{
	bool has_path = false;
	char *name;
	int n = 1;

	do
		name = numbered(fix->column, n++);
	while (has_column(table, name));
	fix->column = name;
	for (int i = 0; i < fix->n_options; i++)
		has_path |= strcmp(fix->options[i].name, "json_path") == 0;
	if (has_path || drift->json_path == NULL)
		return;
	/* Always written, so that renaming a column does not change what it shows. */
	if (fix->n_options == AC_FIX_MAX_OPTIONS)
	{
		fix->action = AC_FIX_NONE;
		return;
	}
	fix->options[fix->n_options++] =
		(AcFixOption){.name = "json_path", .after = drift->json_path};
}

/* Do the two texts of an option say the same, NULL being its default? */
static bool
same_value(const char *name, const char *a, const char *b)
{
	const AcOption *option = ac_option_table_find(AC_COLUMN, name);
	const char *otherwise = option != NULL ? option->default_text : NULL;

	a = a != NULL ? a : otherwise;
	b = b != NULL ? b : otherwise;
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* Keeps what changes something, against what stands there now. */
static void
bind_options(const LocalColumn *column, AcFix *fix)
{
	int kept = 0;

	for (int i = 0; column != NULL && i < fix->n_options; i++)
	{
		AcFixOption option = fix->options[i];

		option.before = ac_option_given(column->options, option.name);
		if (!same_value(option.name, option.before, option.after))
			fix->options[kept++] = option;
	}
	fix->n_options = kept;
	if (kept == 0)
		fix->action = AC_FIX_NONE;
	else
		fix->column = column->name;
}

static void
add_finding(Binder *binder, const AcFinding *finding)
{
	AcAlertBatch *batch = binder->batch;

	if (batch->n == binder->capacity)
	{
		binder->capacity = binder->capacity * 2 + 16;
		batch->findings = batch->findings == NULL
							  ? palloc(sizeof(AcFinding) * binder->capacity)
							  : repalloc(batch->findings, sizeof(AcFinding) * binder->capacity);
	}
	batch->findings[batch->n++] = *finding;
}

/*
 * Has the table the rows of which the drift tells?  Tables of one path may
 * show elements of an array in its rows, whose columns are others, or the rows
 * of one query, which may have other fields than those of another.
 */
static bool
has_its_rows(const LocalTable *table, const AcDrift *drift)
{
	const char *params = table->params != NULL ? table->params : "";
	const char *nested = table->nested_path != NULL ? table->nested_path : "";

	if (table->path == NULL || strcmp(table->path, drift->path) != 0)
		return false;
	if (drift->json_path == NULL)
		return true;
	return (drift->query == NULL || strcmp(params, drift->query) == 0) &&
		   strcmp(nested, drift->nested_path != NULL ? drift->nested_path : "") == 0;
}

/* What the drift means for one table; nothing if it does not concern it. */
static void
bind_table(Binder *binder, LocalTable *table, const AcDrift *drift)
{
	AcFinding finding = {.drift = drift, .relid = table->relid, .fix = drift->fix};
	const LocalColumn *column;

	read_columns(table);
	column = column_at(table, drift->json_path);
	if (drift->kind == AC_DRIFT_ENDPOINT_ADDED)
		return; /* somebody has it already */
	if (drift->json_path != NULL &&
		(drift->kind == AC_DRIFT_COLUMN_ADDED) == (column != NULL))
		return;
	finding.fix.schema = table->schema;
	finding.fix.relation = table->name;
	switch (finding.fix.action)
	{
		case AC_FIX_ADD_COLUMN:
			bind_add_column(table, drift, &finding.fix);
			break;
		case AC_FIX_COLUMN_OPTIONS:
			bind_options(column, &finding.fix);
			break;
		default:
			finding.fix.action = AC_FIX_NONE;
			break;
	}
	finding.column = finding.fix.action == AC_FIX_ADD_COLUMN ? finding.fix.column
					 : column != NULL						 ? column->name
															 : NULL;
	add_finding(binder, &finding);
}

/*
 * Schema that holds most of the server's foreign tables, palloc'd; NULL if
 * there are none.
 */
static char *
main_schema(ForeignServer *server)
{
	AcScope scope;
	AcArgs args = {0};
	char *schema = NULL;

	ac_scope_begin(&scope);
	ac_arg_oid(&args, server->serverid);
	if (ac_scope_run("SELECT n.nspname FROM pg_foreign_table ft"
					 " JOIN pg_class c ON c.oid = ft.ftrelid"
					 " JOIN pg_namespace n ON n.oid = c.relnamespace"
					 " JOIN pg_foreign_server f ON f.oid = ft.ftserver"
					 " WHERE ft.ftserver = $1"
					 " GROUP BY n.nspname"
					 /* others' tables do not lead the owner's to their schema */
					 " ORDER BY bool_or(pg_has_role(c.relowner, f.srvowner, 'USAGE')) DESC,"
					 "  count(*) DESC, n.nspname LIMIT 1",
					 &args, false) == 1)
		schema = ac_scope_text(&scope, 0, 1);
	ac_scope_end(&scope);
	return schema;
}

static void
bind_create_table(Binder *binder, AcFix *fix)
{
	const char *schema;
	const char *name;
	const char *server;
	Oid namespace;
	int n = 1;

	if (fix->statement == NULL)
	{
		fix->action = AC_FIX_NONE;
		return;
	}
	ac_ddl_names(fix->statement, &schema, &name, &server);
	fix->schema = schema != NULL ? schema : main_schema(binder->server);
	namespace = fix->schema != NULL ? get_namespace_oid(fix->schema, true)
									: InvalidOid;
	if (!OidIsValid(namespace) || strcmp(server, binder->server->servername) != 0)
	{
		fix->action = AC_FIX_NONE;
		return;
	}
	do
		fix->relation = numbered(name, n++);
	while (OidIsValid(get_relname_relid(fix->relation, namespace)));
}

static void
bind_server(Binder *binder, const AcDrift *drift)
{
	AcFinding finding = {.drift = drift, .fix = drift->fix};

	if (finding.fix.action == AC_FIX_CREATE_TABLE)
		bind_create_table(binder, &finding.fix);
	else
		finding.fix.action = AC_FIX_NONE;
	add_finding(binder, &finding);
}

void
ac_apply_bind(ForeignServer *server, const AcDriftList *drifts,
			  AcAlertBatch *batch)
{
	Binder binder = {.server = server, .batch = batch};

	batch->findings = NULL;
	batch->n = 0;
	read_tables(&binder);
	for (int i = 0; i < drifts->n; i++)
	{
		const AcDrift *drift = &drifts->items[i];
		int concerned = 0;

		for (int t = 0; drift->path != NULL && t < binder.n_tables; t++)
		{
			LocalTable *table = &binder.tables[t];

			if (!has_its_rows(table, drift))
				continue;
			concerned++;
			bind_table(&binder, table, drift);
		}
		if (concerned == 0 && drift->json_path == NULL && drift->column == NULL)
			bind_server(&binder, drift);
	}
}
