/*
 * scope.c
 *		How are the extension's private tables reached?  See scope.h.
 */
#include "ac.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/indexing.h"
#include "catalog/pg_extension.h"
#include "catalog/pg_type.h"
#include "commands/extension.h"
#include "miscadmin.h"
#include "pg/scope.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/guc.h"
#include "utils/memutils.h"

/* Owner of the extension; an error if it is not installed here. */
static Oid
extension_owner(void)
{
	Oid extension = get_extension_oid("autoconn", false);
	Relation relation = table_open(ExtensionRelationId, AccessShareLock);
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple tuple;
	Oid owner;

	ScanKeyInit(&key, Anum_pg_extension_oid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(extension));
	scan = systable_beginscan(relation, ExtensionOidIndexId, true, NULL, 1,
							  &key);
	tuple = systable_getnext(scan);
	if (!HeapTupleIsValid(tuple))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("extension \"autoconn\" does not exist")));
	owner = ((Form_pg_extension) GETSTRUCT(tuple))->extowner;
	systable_endscan(scan);
	table_close(relation, AccessShareLock);
	return owner;
}

void
ac_scope_begin(AcScope *scope)
{
	Oid owner = extension_owner();

	scope->caller = CurrentMemoryContext;
	GetUserIdAndSecContext(&scope->saved_user, &scope->saved_context);
	SetUserIdAndSecContext(owner, scope->saved_context |
									  SECURITY_LOCAL_USERID_CHANGE |
									  SECURITY_RESTRICTED_OPERATION);
	scope->guc_level = NewGUCNestLevel();
	(void) set_config_option("search_path", "pg_catalog, pg_temp",
							 PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE,
							 true, 0, false);
	if (SPI_connect() != SPI_OK_CONNECT)
		ereport(ERROR,
				(errcode(ERRCODE_INTERNAL_ERROR),
				 errmsg("could not connect to the server programming interface")));
}

void
ac_scope_end(AcScope *scope)
{
	SPI_finish();
	AtEOXact_GUC(false, scope->guc_level);
	SetUserIdAndSecContext(scope->saved_user, scope->saved_context);
}

void
ac_arg_datum(AcArgs *args, Oid type, Datum value, bool isnull)
{
	Assert(args->n < AC_MAX_ARGS);
	args->types[args->n] = type;
	args->values[args->n] = value;
	args->nulls[args->n] = isnull ? 'n' : ' ';
	args->n++;
}

void
ac_arg_text(AcArgs *args, const char *text)
{
	ac_arg_datum(args, TEXTOID,
				 text != NULL ? CStringGetTextDatum(text) : (Datum) 0,
				 text == NULL);
}

void
ac_arg_oid(AcArgs *args, Oid oid)
{
	ac_arg_datum(args, OIDOID, ObjectIdGetDatum(oid), false);
}

void
ac_arg_int4(AcArgs *args, int32 value)
{
	ac_arg_datum(args, INT4OID, Int32GetDatum(value), false);
}

void
ac_arg_int8(AcArgs *args, int64 value)
{
	ac_arg_datum(args, INT8OID, Int64GetDatum(value), false);
}

uint64
ac_scope_run(const char *sql, AcArgs *args, bool read_only)
{
	int result = SPI_execute_with_args(sql, args->n, args->types,
									   args->values, args->nulls,
									   read_only, 0);

	if (result < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INTERNAL_ERROR),
				 errmsg("could not access the catalog of autoconn: %s",
						SPI_result_code_string(result))));
	return SPI_processed;
}

void
ac_scope_repeat(SPIPlanPtr *plan, const char *sql, AcArgs *args)
{
	int result;

	if (*plan == NULL)
		*plan = SPI_prepare(sql, args->n, args->types);
	result = *plan == NULL ? SPI_result
						   : SPI_execute_plan(*plan, args->values, args->nulls,
											  false, 0);
	if (result < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INTERNAL_ERROR),
				 errmsg("could not access the catalog of autoconn: %s",
						SPI_result_code_string(result))));
}

char *
ac_scope_text(const AcScope *scope, uint64 row, int column)
{
	char *text = SPI_getvalue(SPI_tuptable->vals[row],
							  SPI_tuptable->tupdesc, column);

	return text != NULL ? MemoryContextStrdup(scope->caller, text) : NULL;
}

int64
ac_scope_int8(uint64 row, int column, int64 otherwise)
{
	char *text = SPI_getvalue(SPI_tuptable->vals[row],
							  SPI_tuptable->tupdesc, column);

	return text != NULL ? pg_strtoint64(text) : otherwise;
}

List *
ac_scope_list(const AcScope *scope, const char *sql, AcArgs *args,
			  AcScopeReader read)
{
	uint64 n = ac_scope_run(sql, args, false);
	List *list = NIL;

	for (uint64 row = 0; row < n; row++)
	{
		void *item = read(scope, row);
		MemoryContext old = MemoryContextSwitchTo(scope->caller);

		list = lappend(list, item);
		MemoryContextSwitchTo(old);
	}
	return list;
}
