/*
 * ignored.c
 *		Which parameters does an API ignore, as far as scans have seen?
 *		See ignored.h.
 */
#include "ac.h"

#include "access/htup_details.h"
#include "catalog/pg_attribute.h"
#include "catalog/pg_class.h"
#include "pg/ignored.h"
#include "pg/option.h"
#include "pg/scope.h"
#include "utils/hsearch.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"

/* ---- what sessions keep ---- */

/* Of one table. */
typedef struct Known
{
	Oid relid; /* the key */
	bool valid;
	MemoryContext cxt; /* of the list */
	List *ignored;	   /* of AcIgnored * */
} Known;

static HTAB *known = NULL;

/* CacheRegisterRelcacheCallback: InvalidOid is any. */
static void
forget_relation(Datum arg, Oid relid)
{
	HASH_SEQ_STATUS status;
	Known *entry;

	if (OidIsValid(relid))
	{
		entry = hash_search(known, &relid, HASH_FIND, NULL);
		if (entry != NULL)
			entry->valid = false;
		return;
	}
	hash_seq_init(&status, known);
	while ((entry = hash_seq_search(&status)) != NULL)
		entry->valid = false;
}

static void
make_known(void)
{
	HASHCTL control = {.keysize = sizeof(Oid), .entrysize = sizeof(Known)};

	known = hash_create("autoconn ignored parameters", 64, &control,
						HASH_ELEM | HASH_BLOBS);
	CacheRegisterRelcacheCallback(forget_relation, (Datum) 0);
}

static void *
read_ignored(const AcScope *scope, uint64 row)
{
	AcIgnored *item = MemoryContextAllocZero(scope->caller,
											 sizeof(AcIgnored));

	item->relid = (Oid) ac_scope_int8(row, 1, 0);
	item->column = ac_scope_text(scope, row, 2);
	item->param = ac_scope_text(scope, row, 3);
	item->bound = (AcQualBound) ac_scope_int8(row, 4, 0);
	return item;
}

/* The table may be missing, as before CREATE EXTENSION is done. */
static List *
load_relation(Oid relid)
{
	AcScope scope;
	AcArgs args = {0};
	List *ignored;

	ac_scope_begin(&scope);
	ac_arg_oid(&args, relid);
	ignored = ac_scope_list(&scope,
							"SELECT relid, column_name, param, bound"
							" FROM autoconn.ignored_param WHERE relid = $1",
							&args, read_ignored);
	ac_scope_end(&scope);
	return ignored;
}

/* What is kept of the table, read if need be. */
static const Known *
known_of(Oid relid)
{
	MemoryContext old;
	Known *entry;
	List *ignored;
	bool found;

	if (known == NULL)
		make_known();
	entry = hash_search(known, &relid, HASH_ENTER, &found);
	if (!found)
	{
		entry->valid = false;
		entry->ignored = NIL;
		entry->cxt = NULL;
	}
	if (entry->cxt == NULL)
		entry->cxt = AllocSetContextCreate(CacheMemoryContext,
										   "autoconn ignored parameters",
										   ALLOCSET_SMALL_SIZES);
	if (entry->valid)
		return entry;
	entry->ignored = NIL;
	MemoryContextReset(entry->cxt);
	/* set first: what comes meanwhile makes it invalid again */
	entry->valid = true;
	old = MemoryContextSwitchTo(entry->cxt);
	PG_TRY();
	{
		ignored = load_relation(relid);
	}
	PG_CATCH();
	{
		entry->valid = false;
		PG_RE_THROW();
	}
	PG_END_TRY();
	MemoryContextSwitchTo(old);
	entry->ignored = ignored;
	return entry;
}

bool
ac_ignored_is(Oid relid, const char *param, AcQualBound bound)
{
	ListCell *lc;

	foreach (lc, known_of(relid)->ignored)
	{
		const AcIgnored *item = lfirst(lc);

		if (item->bound == bound && strcmp(item->param, param) == 0)
			return true;
	}
	return false;
}

/* ---- what the worker keeps ---- */

static char *
param_of(const AcColumnOptions *options, AcQualBound bound)
{
	switch (bound)
	{
		case AC_BOUND_FROM:
			return options->param_from;
		case AC_BOUND_TO:
			return options->param_to;
		case AC_BOUND_NONE:
			break;
	}
	return options->param;
}

/* The column's entry, NULL if nothing would be sent anyway. */
static AcIgnored *
make_ignored(Oid relid, const char *column, const AcColumnOptions *options,
			 AcQualBound bound)
{
	char *param = param_of(options, bound);
	AcIgnored *ignored;

	if (param == NULL || options->json_path == NULL ||
		(bound == AC_BOUND_NONE && options->operators != NULL &&
		 strcmp(options->operators, "none") == 0))
		return NULL;
	ignored = palloc(sizeof(AcIgnored));
	ignored->json_path = options->json_path;
	ignored->operators = options->operators;
	ignored->relid = relid;
	ignored->column = pstrdup(column);
	ignored->param = param;
	ignored->bound = bound;
	return ignored;
}

AcIgnored *
ac_ignored_of(Oid relid, const char *json_path, AcQualBound bound)
{
	for (AttrNumber attnum = 1;; attnum++)
	{
		HeapTuple tuple = SearchSysCache2(ATTNUM, ObjectIdGetDatum(relid),
										  Int16GetDatum(attnum));
		Form_pg_attribute attribute;
		AcColumnOptions *options = NULL;
		char *name = NULL;

		if (!HeapTupleIsValid(tuple))
			return NULL;
		attribute = (Form_pg_attribute) GETSTRUCT(tuple);
		if (!attribute->attisdropped)
			name = pstrdup(NameStr(attribute->attname));
		ReleaseSysCache(tuple);
		if (name != NULL)
			options = ac_option_column(relid, attnum);
		if (options != NULL && options->json_path != NULL &&
			strcmp(options->json_path, json_path) == 0 &&
			param_of(options, bound) != NULL)
			return make_ignored(relid, name, options, bound);
	}
}

/* The entry as it is now, NULL if the column names another parameter. */
static AcIgnored *
as_it_is_now(const AcIgnored *ignored)
{
	AttrNumber attnum;
	AcIgnored *now;

	if (get_rel_relkind(ignored->relid) != RELKIND_FOREIGN_TABLE)
		return NULL;
	attnum = get_attnum(ignored->relid, ignored->column);
	if (attnum <= 0)
		return NULL;
	now = make_ignored(ignored->relid, ignored->column,
					   ac_option_column(ignored->relid, attnum),
					   ignored->bound);
	return now != NULL && strcmp(now->param, ignored->param) == 0 ? now : NULL;
}

static void
delete_ignored(const AcIgnored *ignored)
{
	AcScope scope;
	AcArgs args = {0};

	ac_scope_begin(&scope);
	ac_arg_oid(&args, ignored->relid);
	ac_arg_text(&args, ignored->param);
	ac_arg_int4(&args, ignored->bound);
	ac_scope_run("DELETE FROM autoconn.ignored_param"
				 " WHERE relid = $1 AND param = $2 AND bound = $3",
				 &args, false);
	ac_scope_end(&scope);
}

List *
ac_ignored_load(ForeignServer *server)
{
	AcScope scope;
	AcArgs args = {0};
	List *all;
	List *counting = NIL;
	ListCell *lc;

	ac_scope_begin(&scope);
	ac_arg_text(&args, server->servername);
	all = ac_scope_list(&scope,
						"SELECT relid, column_name, param, bound"
						" FROM autoconn.ignored_param WHERE server = $1"
						" ORDER BY relid, param, bound",
						&args, read_ignored);
	ac_scope_end(&scope);
	foreach (lc, all)
	{
		AcIgnored *now = as_it_is_now(lfirst(lc));

		if (now != NULL)
			counting = lappend(counting, now);
		else
			delete_ignored(lfirst(lc));
	}
	return counting;
}

void
ac_ignored_store(ForeignServer *server, const AcIgnored *ignored,
				 TimestampTz now)
{
	AcScope scope;
	AcArgs args = {0};
	uint64 stored;

	ac_scope_begin(&scope);
	ac_arg_text(&args, server->servername);
	ac_arg_oid(&args, ignored->relid);
	ac_arg_text(&args, ignored->column);
	ac_arg_text(&args, ignored->param);
	ac_arg_int4(&args, ignored->bound);
	ac_arg_datum(&args, TIMESTAMPTZOID, TimestampTzGetDatum(now), false);
	stored = ac_scope_run("INSERT INTO autoconn.ignored_param"
						  " (server, relid, column_name, param, bound, first_seen)"
						  " VALUES ($1, $2, $3, $4, $5, $6)"
						  " ON CONFLICT DO NOTHING",
						  &args, false);
	ac_scope_end(&scope);
	if (stored > 0 &&
		get_rel_relkind(ignored->relid) == RELKIND_FOREIGN_TABLE)
		CacheInvalidateRelcacheByRelid(ignored->relid);
}
