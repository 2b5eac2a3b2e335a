/*
 * walk.c
 *		Which values does a path variable have that the query gives none?
 *		See walk.h.
 */
#include "ac.h"

#include "access/table.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_foreign_table.h"
#include "core/hash.h"
#include "executor/tuptable.h"
#include "fdw/detail.h"
#include "fdw/scan.h"
#include "fdw/sendvalue.h"
#include "fdw/walk.h"
#include "foreign/foreign.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "pg/compat.h"
#include "pg/measure.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/syscache.h"

/* ---- the option ---- */

/* The relation, looked for beside the table if no schema is named. */
static Oid
find_relation(const AcTable *table, List *table_name)
{
	const char *name = llast(table_name);
	Oid schema;

	if (list_length(table_name) == 1)
		schema = get_rel_namespace(table->relid);
	else
		schema = get_namespace_oid(linitial(table_name), true);
	return OidIsValid(schema) ? get_relname_relid(name, schema) : InvalidOid;
}

AC_NORETURN static void reject_parent(const AcTable *table, const char *why);

static void
reject_parent(const AcTable *table, const char *why)
{
	ereport(ERROR,
			(errcode(ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE),
			 errmsg("option \"parent\" of foreign table \"%s\" cannot be used: %s",
					table->name, why),
			 errhint("Set it to a foreign table of the same server and its columns for the variables of \"path\", as in customers(id), or give the variables values.")));
}

static bool
is_table_of_server(Oid relid, Oid serverid)
{
	return OidIsValid(relid) &&
		   get_rel_relkind(relid) == RELKIND_FOREIGN_TABLE &&
		   GetForeignTable(relid)->serverid == serverid;
}

/*
 * The columns that may have values of a parent, in the order of the option;
 * false if a variable of the path has no column.
 */
static bool
own_columns(const AcTable *table, AcParent *parent, int *most)
{
	const AcTemplate *path = &table->path;

	parent->own = palloc(sizeof(AttrNumber) * (path->n_vars + table->n_columns));
	for (*most = 0; *most < path->n_vars; (*most)++)
	{
		if (path->attnums[*most] == InvalidAttrNumber)
			return false;
		parent->own[*most] = path->attnums[*most];
	}
	for (int i = 0; i < table->n_columns; i++)
	{
		const AcColumn *column = &table->columns[i];

		if (!column->dropped && ac_column_is_required(column) &&
			!column->is_path_var)
			parent->own[(*most)++] = column->attnum;
	}
	return true;
}

/* Fills in the columns; false if they do not fit. */
static bool
resolve_columns(const AcTable *table, List *columns, AcParent *parent)
{
	int most;
	ListCell *lc;

	if (!own_columns(table, parent, &most))
		return false;
	parent->theirs = palloc(sizeof(AttrNumber) * list_length(columns));
	foreach (lc, columns)
	{
		AttrNumber theirs = get_attnum(parent->relid, lfirst(lc));

		if (parent->n >= most || theirs <= 0)
			return false;
		parent->theirs[parent->n++] = theirs;
	}
	return parent->n >= table->path.n_vars;
}

bool
ac_walk_gives(const AcParent *parent, AttrNumber attnum)
{
	for (int i = 0; i < parent->n; i++)
		if (parent->own[i] == attnum)
			return true;
	return false;
}

AcParent *
ac_walk_parent(const AcTable *table, bool missing_ok)
{
	const char *option = table->options->parent;
	AcParent *parent;
	List *table_name;
	List *columns;
	const char *problem = NULL;

	if (option == NULL)
		return NULL;
	parent = palloc0(sizeof(AcParent));
	parent->name = option;
	if (ac_option_parse_parent(option, &table_name, &columns) < 0)
		problem = "it is malformed";
	else
	{
		parent->relid = find_relation(table, table_name);
		if (!is_table_of_server(parent->relid, table->serverid))
			problem = psprintf("\"%s\" is no foreign table of the same server",
							   (char *) llast(table_name));
		else if (!resolve_columns(table, columns, parent))
			problem = psprintf("it needs, for each variable of \"path\", one column that \"%s\" has",
							   (char *) llast(table_name));
	}
	if (problem == NULL)
		return parent;
	if (!missing_ok)
		reject_parent(table, problem);
	return NULL;
}

/* ---- the walk ---- */

struct AcWalk
{
	const AcParent *parent;
	AcScanState *scan; /* of the parent */
	Relation rel;
	TupleTableSlot *slot;
	const AcValueList **allowed; /* by column; NULL: any value will do */
	const char **texts;
	HTAB *seen;			   /* of all values that were handed out */
	MemoryContext cxt;	   /* of all this */
	MemoryContext row_cxt; /* of texts */
};

/* Throws unless the user may read these columns of the parent. */
static void
check_rights(const AcParent *parent, Oid userid)
{
	if (pg_class_aclcheck(parent->relid, userid, ACL_SELECT) == ACLCHECK_OK)
		return;
	for (int i = 0; i < parent->n; i++)
		if (pg_attribute_aclcheck(parent->relid, parent->theirs[i], userid,
								  ACL_SELECT) != ACLCHECK_OK)
			aclcheck_error(ACLCHECK_NO_PRIV, OBJECT_FOREIGN_TABLE,
						   get_rel_name(parent->relid));
}

/* Is the text one of the list? */
static bool
is_listed(const AcValueList *list, const char *text)
{
	for (int i = 0; i < list->n; i++)
		if (strcmp(list->texts[i], text) == 0)
			return true;
	return false;
}

/* Values are told apart by all of their texts, which no NUL stands in. */
static HTAB *
create_set(MemoryContext cxt)
{
	HASHCTL control = {0};

	control.keysize = sizeof(uint64) * 2;
	control.entrysize = sizeof(uint64) * 2;
	control.hcxt = cxt;
	return hash_create("autoconn values of a parent", 256, &control,
					   HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
}

AcWalk *
ac_walk_begin(const AcScanState *scan, const AcParent *parent,
			  const AcValueList **allowed)
{
	MemoryContext cxt = AllocSetContextCreate(CurrentMemoryContext,
											  "autoconn walk",
											  ALLOCSET_SMALL_SIZES);
	MemoryContext old = MemoryContextSwitchTo(cxt);
	AcWalk *walk = palloc0(sizeof(AcWalk));
	const AcValueList **presets;
	List *attnums = NIL;

	check_rights(parent, scan->userid);
	walk->cxt = cxt;
	walk->row_cxt = AllocSetContextCreate(cxt, "autoconn walk row",
										  ALLOCSET_SMALL_SIZES);
	walk->parent = parent;
	walk->allowed = allowed;
	walk->texts = palloc0(sizeof(char *) * parent->n);
	walk->seen = create_set(cxt);
	walk->rel = table_open(parent->relid, AccessShareLock);
	presets = palloc0(sizeof(AcValueList *) *
					  RelationGetNumberOfAttributes(walk->rel));
	for (int i = 0; i < parent->n; i++)
	{
		attnums = lappend_int(attnums, parent->theirs[i]);
		presets[parent->theirs[i] - 1] = allowed[i];
	}
	walk->scan = ac_scan_begin_parent(walk->rel, scan, attnums, presets);
	walk->slot = MakeSingleTupleTableSlot(RelationGetDescr(walk->rel),
										  &TTSOpsVirtual);
	MemoryContextSwitchTo(old);
	return walk;
}

/* Has the row values for all columns, and such as count? */
static bool
take_row(AcWalk *walk)
{
	const AcParent *parent = walk->parent;
	const AcTable *table = walk->scan->table;

	for (int i = 0; i < parent->n; i++)
	{
		int at = parent->theirs[i] - 1;
		const AcColumn *column = ac_table_column(table, parent->theirs[i]);
		AcReading reading = ac_reading_of(column->options);

		if (walk->slot->tts_isnull[at])
			return false;
		walk->texts[i] = ac_sendvalue_text(walk->slot->tts_values[at],
										   column->type, &reading);
		if (walk->texts[i] == NULL ||
			(walk->allowed[i] != NULL &&
			 !is_listed(walk->allowed[i], walk->texts[i])))
			return false;
	}
	return true;
}

/* Did these values not come before? */
static bool
are_new(AcWalk *walk)
{
	uint64 key[2] = {0, UINT64CONST(0x9E3779B97F4A7C15)};
	bool found;

	for (int i = 0; i < walk->parent->n; i++)
	{
		key[0] = ac_hash_text(walk->texts[i], key[0] + 1);
		key[1] = ac_hash_text(walk->texts[i], key[1] ^ key[0]);
	}
	hash_search(walk->seen, key, HASH_ENTER, &found);
	return !found;
}

/* The parent's next row, with what only its item shows where that is needed. */
static bool
next_row(AcWalk *walk)
{
	AcScanState *scan = walk->scan;

	return scan->detail != NULL ? ac_detail_next(scan->detail, walk->slot, NULL)
								: ac_scan_next(scan, walk->slot, NULL);
}

bool
ac_walk_next(AcWalk *walk, const char ***texts, bool may_wait)
{
	MemoryContext old = MemoryContextSwitchTo(walk->row_cxt);
	bool found = false;

	*texts = walk->texts;
	walk->scan->no_wait = !may_wait;
	while (!found && next_row(walk))
	{
		CHECK_FOR_INTERRUPTS();
		MemoryContextReset(walk->row_cxt);
		found = take_row(walk) && are_new(walk);
	}
	MemoryContextSwitchTo(old);
	return found;
}

bool
ac_walk_is_pending(const AcWalk *walk)
{
	return walk->scan->pending;
}

/* Has each row of the parent other values, since its key is among them? */
static bool
are_distinct(const AcWalk *walk)
{
	const AcParent *parent = walk->parent;
	const AcTable *table = walk->scan->table;
	bool has_key = false;

	for (int i = 0; i < table->n_columns; i++)
	{
		const AcColumn *column = &table->columns[i];
		bool among = false;

		if (column->dropped || !column->options->key)
			continue;
		has_key = true;
		for (int j = 0; j < parent->n; j++)
			among = among || parent->theirs[j] == column->attnum;
		if (!among)
			return false;
	}
	return has_key;
}

AcWalkRows
ac_walk_rows(const AcWalk *walk)
{
	const AcScanState *scan = walk->scan;
	const AcTableOptions *options = scan->table->options;
	const AcActivity *activity = scan->stats.activity;
	AcWalkRows rows = {.n = -1};

	for (int i = 0; i < walk->parent->n; i++)
		if (walk->allowed[i] != NULL)
			return rows;
	if (!are_distinct(walk))
		return rows;
	if (!activity->parts && options->nested_path == NULL &&
		!options->paging.total_loose)
		rows.n = activity->total_rows;
	rows.sure = rows.n >= 0 &&
				ac_option_total_is_proved(options, scan->table->relid,
										  scan->userid);
	if (rows.n < 0 && options->estimated_rows >= 0)
		rows.n = (int64) Min(options->estimated_rows, (double) PG_INT32_MAX);
	if (rows.n < 0)
		rows.n = ac_measure_of(scan->table->relid, scan->table->serverid).total;
	return rows;
}

const char *
ac_walk_verdict(const AcWalk *walk)
{
	return walk->scan->finished ? ac_scan_verdict(walk->scan) : NULL;
}

AcReaderStats
ac_walk_stats(const AcWalk *walk)
{
	return ac_scan_stats(walk->scan);
}

void
ac_walk_end(AcWalk *walk)
{
	ExecDropSingleTupleTableSlot(walk->slot);
	ac_scan_end(walk->scan);
	table_close(walk->rel, NoLock);
	MemoryContextDelete(walk->cxt);
}
