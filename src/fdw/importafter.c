/*
 * importafter.c
 *		What is done to the tables of an import once they are there?
 *
 * IMPORT FOREIGN SCHEMA takes nothing but CREATE FOREIGN TABLE from us, so
 * comments wait for the event trigger at the end of the command.  So do the
 * options of columns, where that trigger is going to run: core would carry out
 * an ALTER TABLE for each column and keep some 12 kB of each until the whole
 * import ends.
 *
 * What waits lives in a context of the (sub)transaction, so that an error
 * forgets it.  A transaction that would end with tables whose options still
 * wait, because somebody turned the trigger off meanwhile, fails.
 */
#include "ac.h"

#include "access/htup_details.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/indexing.h"
#include "catalog/pg_attribute.h"
#include "catalog/pg_class.h"
#include "catalog/pg_event_trigger.h"
#include "commands/comment.h"
#include "commands/defrem.h"
#include "commands/event_trigger.h"
#include "commands/trigger.h"
#include "fdw/import.h"
#include "foreign/foreign.h"
#include "miscadmin.h"
#include "net/judge.h"
#include "pg/ddl.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/syscache.h"

/* The event trigger, as the install script calls it. */
#define DDL_TRIGGER "autoconn_ddl"

typedef struct AcWaitingColumn
{
	char *name;
	char *comment; /* NULL: none */
	Datum options; /* text[], 0: none that wait */
} AcWaitingColumn;

typedef struct AcWaitingTable
{
	char *name;
	char *comment;
	AcWaitingColumn *columns;
	int n_columns;
} AcWaitingTable;

/* What waits for the tables of this command to exist. */
typedef struct AcWaiting
{
	MemoryContext cxt; /* NULL: nothing waits */
	char *schema;
	AcWaitingTable *tables;
	int n;
	bool options; /* those of columns wait, too */
} AcWaiting;

static AcWaiting waiting;

/* Does the event trigger exist, for whom this session is? */
static bool
trigger_is_enabled(void)
{
	Oid oid = get_event_trigger_oid(DDL_TRIGGER, true);
	HeapTuple tuple = SearchSysCache1(EVENTTRIGGEROID, ObjectIdGetDatum(oid));
	char enabled;

	if (!HeapTupleIsValid(tuple))
		return false;
	enabled = ((Form_pg_event_trigger) GETSTRUCT(tuple))->evtenabled;
	ReleaseSysCache(tuple);
	if (SessionReplicationRole == SESSION_REPLICATION_ROLE_REPLICA)
		return enabled == TRIGGER_FIRES_ON_REPLICA ||
			   enabled == TRIGGER_FIRES_ALWAYS;
	return enabled == TRIGGER_FIRES_ON_ORIGIN || enabled == TRIGGER_FIRES_ALWAYS;
}

bool
ac_import_is_finished_later(void)
{
	/* since 17 they can be turned off for a session */
	const char *setting = GetConfigOption("event_triggers", true, false);

	return check_function_bodies && IsUnderPostmaster &&
		   (setting == NULL || strcmp(setting, "on") == 0) &&
		   trigger_is_enabled();
}

/* Ends what waits, which waiting_gone() then notes. */
static void
forget(void)
{
	if (waiting.cxt != NULL)
		MemoryContextDelete(waiting.cxt);
}

/* Reset callback: the memory ends, here or in an abort. */
static void
waiting_gone(void *arg)
{
	memset(&waiting, 0, sizeof(waiting));
}

static void
check_finished(void)
{
	if (waiting.cxt != NULL && waiting.options)
		ereport(ERROR,
				(errcode(ERRCODE_FDW_ERROR),
				 errmsg("foreign tables were imported into schema \"%s\" without the options of their columns",
						waiting.schema),
				 errdetail("Event trigger \"%s\" did not run at the end of IMPORT FOREIGN SCHEMA.", DDL_TRIGGER),
				 errhint("Import them again.")));
}

static void
on_xact_event(XactEvent event, void *arg)
{
	if (event == XACT_EVENT_PRE_COMMIT || event == XACT_EVENT_PRE_PREPARE)
		check_finished();
}

/* A copy without the credentials that the API may have echoed. */
static char *
copy_text(const AcConnection *conn, const char *text)
{
	char *copy = text != NULL ? pstrdup(text) : NULL;

	if (copy != NULL)
		ac_judge_scrub(conn, copy);
	return copy;
}

static void
keep_comments(const AcConnection *conn, const AcTablePlan *plan,
			  AcWaitingTable *table)
{
	table->name = pstrdup(plan->name);
	table->comment = copy_text(conn, plan->comment);
	table->n_columns = plan->n_columns;
	table->columns = palloc0(sizeof(AcWaitingColumn) * Max(plan->n_columns, 1));
	for (int i = 0; i < plan->n_columns; i++)
	{
		table->columns[i].name = pstrdup(plan->columns[i].name);
		table->columns[i].comment = copy_text(conn, plan->columns[i].comment);
	}
}

/* The options as the catalog has them, which the validator has seen. */
static void
keep_options(const ForeignDataWrapper *wrapper, const AcTablePlan *plan,
			 AcWaitingTable *table)
{
	MemoryContext scratch = AllocSetContextCreate(CurrentMemoryContext,
												  "autoconn column options",
												  ALLOCSET_SMALL_SIZES);

	for (int i = 0; i < plan->n_columns; i++)
	{
		MemoryContext old = MemoryContextSwitchTo(scratch);
		Datum options =
			transformGenericOptions(AttributeRelationId, PointerGetDatum(NULL),
									ac_ddl_column_options(plan, &plan->columns[i]),
									wrapper->fdwvalidator);

		MemoryContextSwitchTo(old);
		if (DatumGetPointer(options) != NULL)
			table->columns[i].options = datumCopy(options, false, -1);
		MemoryContextReset(scratch);
	}
	MemoryContextDelete(scratch);
}

static void
begin_waiting(const char *schema, int n)
{
	static bool registered = false;
	MemoryContextCallback *callback;

	check_finished();
	forget();
	if (!registered)
		RegisterXactCallback(on_xact_event, NULL);
	registered = true;
	waiting.cxt = AllocSetContextCreate(CurTransactionContext,
										"autoconn comments and options",
										ALLOCSET_DEFAULT_SIZES);
	callback = MemoryContextAllocZero(waiting.cxt, sizeof(*callback));
	callback->func = waiting_gone;
	MemoryContextRegisterResetCallback(waiting.cxt, callback);
	waiting.schema = MemoryContextStrdup(waiting.cxt, schema);
	waiting.tables = MemoryContextAllocZero(waiting.cxt,
											sizeof(AcWaitingTable) * Max(n, 1));
}

void
ac_import_remember(const AcImportWork *work, const char *schema,
				   const ForeignServer *server, bool options)
{
	ForeignDataWrapper *wrapper = GetForeignDataWrapper(server->fdwid);
	MemoryContext old;

	begin_waiting(schema, work->n);
	old = MemoryContextSwitchTo(waiting.cxt);
	for (int i = 0; i < work->n; i++)
	{
		keep_comments(work->conn, work->wanted[i], &waiting.tables[i]);
		if (options)
			keep_options(wrapper, work->wanted[i], &waiting.tables[i]);
	}
	waiting.n = work->n;
	waiting.options = options;
	MemoryContextSwitchTo(old);
}

static void
comment_table(Oid relid, const AcWaitingTable *table)
{
	if (table->comment != NULL)
		CreateComments(relid, RelationRelationId, 0, table->comment);
	for (int i = 0; i < table->n_columns; i++)
	{
		AttrNumber attnum;

		if (table->columns[i].comment == NULL)
			continue;
		attnum = get_attnum(relid, table->columns[i].name);
		if (attnum > 0)
			CreateComments(relid, RelationRelationId, attnum,
						   table->columns[i].comment);
	}
}

void
ac_import_comment_new(const AcConnection *conn, Oid relid,
					  const AcTablePlan *plan, const char *column)
{
	AcWaitingTable table;
	AttrNumber attnum;

	keep_comments(conn, plan, &table);
	if (column == NULL)
	{
		comment_table(relid, &table);
		return;
	}
	attnum = get_attnum(relid, column);
	for (int i = 0; i < table.n_columns; i++)
		if (strcmp(table.columns[i].name, column) == 0 &&
			table.columns[i].comment != NULL && attnum > 0)
			CreateComments(relid, RelationRelationId, attnum,
						   table.columns[i].comment);
}

/* Somebody's event trigger ran before ours: better no tables than wrong ones. */
static void
throw_changed(Oid relid)
{
	ereport(ERROR,
			(errcode(ERRCODE_FDW_ERROR),
			 errmsg("foreign table \"%s\" was changed before its columns had their options",
					get_rel_name(relid)),
			 errdetail("It, its schema or a column has another name than IMPORT FOREIGN SCHEMA gave it."),
			 errhint("Change it in an event trigger whose name sorts behind \"%s\".", DDL_TRIGGER)));
}

/*
 * Sets the options of all columns of a table that was made just now, by whom
 * this runs as.
 */
static void
set_options(Oid relid, const AcWaitingTable *table)
{
	Relation attributes = table_open(AttributeRelationId, RowExclusiveLock);
	CatalogIndexState indexes = CatalogOpenIndexes(attributes);

	for (int i = 0; i < table->n_columns; i++)
	{
		Datum values[Natts_pg_attribute] = {0};
		bool nulls[Natts_pg_attribute] = {0};
		bool replace[Natts_pg_attribute] = {0};
		HeapTuple tuple;
		HeapTuple changed;

		if (table->columns[i].options == (Datum) 0)
			continue;
		tuple = SearchSysCacheAttName(relid, table->columns[i].name);
		if (!HeapTupleIsValid(tuple))
			throw_changed(relid);
		values[Anum_pg_attribute_attfdwoptions - 1] = table->columns[i].options;
		replace[Anum_pg_attribute_attfdwoptions - 1] = true;
		changed = heap_modify_tuple(tuple, RelationGetDescr(attributes), values,
									nulls, replace);
		CatalogTupleUpdateWithInfo(attributes, &changed->t_self, changed,
								   indexes);
		ReleaseSysCache(tuple);
	}
	CatalogCloseIndexes(indexes);
	table_close(attributes, RowExclusiveLock);
}

/*
 * What waits for the table of this name; NULL: nothing.  Tables come in the
 * order in which they wait, but for those that core left out.
 */
static const AcWaitingTable *
waiting_for(const char *name, int *next)
{
	for (int i = 0; i < waiting.n; i++)
	{
		int at = (*next + i) % waiting.n;

		if (strcmp(waiting.tables[at].name, name) == 0)
		{
			*next = at + 1;
			return &waiting.tables[at];
		}
	}
	return NULL;
}

static void
finish_table(Oid relid, int *next)
{
	char *name = get_rel_name(relid);
	char *schema = get_namespace_name(get_rel_namespace(relid));
	const AcWaitingTable *table;

	/* dropped by another event trigger */
	if (name == NULL || schema == NULL)
		return;
	table = strcmp(schema, waiting.schema) == 0 ? waiting_for(name, next) : NULL;
	if (table == NULL && waiting.options)
		throw_changed(relid);
	if (table == NULL)
		return;
	if (waiting.options)
		set_options(relid, table);
	comment_table(relid, table);
}

void
ac_import_finish(List *relids)
{
	MemoryContext scratch = AllocSetContextCreate(CurrentMemoryContext,
												  "autoconn imported table",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(scratch);
	int next = 0;
	ListCell *lc;

	if (waiting.cxt != NULL)
		foreach (lc, relids)
		{
			finish_table(lfirst_oid(lc), &next);
			MemoryContextReset(scratch);
		}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(scratch);
	forget();
	CommandCounterIncrement();
}
