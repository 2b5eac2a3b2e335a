/*
 * sqlcheck.c
 *		autoconn.check, autoconn.adopt and autoconn.monitoring
 *
 * The watch in the foreground, as the owner of a server asks for it, and what
 * it says of itself.  It needs no worker: the poll runs in the caller's
 * transaction.
 */
#include "ac.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/pg_foreign_server.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "foreign/foreign.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "net/learn.h"
#include "pg/catalog.h"
#include "pg/compat.h"
#include "pg/guc.h"
#include "pg/launch.h"
#include "pg/shmem.h"
#include "pg/tokenstore.h"
#include "pg/watch.h"
#include "tcop/utility.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "worker/apply.h"
#include "worker/check.h"

/* Servers of this wrapper that the caller owns. */
static List *
owned_servers(void)
{
	Relation relation = table_open(ForeignServerRelationId, AccessShareLock);
	SysScanDesc scan = systable_beginscan(relation, InvalidOid, false, NULL, 0,
										  NULL);
	List *serverids = NIL;
	HeapTuple tuple;

	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Form_pg_foreign_server form = (Form_pg_foreign_server) GETSTRUCT(tuple);

		if (ac_foreign_server_ownercheck(form->oid, GetUserId()) &&
			ac_catalog_is_ours(GetForeignServer(form->oid)))
			serverids = lappend_oid(serverids, form->oid);
	}
	systable_endscan(scan);
	table_close(relation, AccessShareLock);
	return serverids;
}

/* The rows of autoconn.alerts with these ids, in their order. */
static void
return_alerts(ReturnSetInfo *rsinfo, List *ids)
{
	ListCell *lc;

	if (SPI_connect() != SPI_OK_CONNECT)
		ereport(ERROR,
				(errcode(ERRCODE_INTERNAL_ERROR),
				 errmsg("could not connect to the server programming interface")));
	foreach (lc, ids)
	{
		Oid type = INT8OID;
		Datum id = Int64GetDatum(*(int64 *) lfirst(lc));

		if (SPI_execute_with_args("SELECT * FROM autoconn.alerts WHERE id OPERATOR(pg_catalog.=) $1",
								  1, &type, &id, NULL, false, 0) != SPI_OK_SELECT)
			ereport(ERROR,
					(errcode(ERRCODE_INTERNAL_ERROR),
					 errmsg("could not read the alerts")));
		for (uint64 i = 0; i < SPI_processed; i++)
			tuplestore_puttuple(rsinfo->setResult, SPI_tuptable->vals[i]);
	}
	SPI_finish();
}

/* Fixes of the servers that need no person. */
static void
apply_fixes(List *serverids)
{
	ListCell *lc;

	foreach (lc, serverids)
	{
		ForeignServer *server = GetForeignServer(lfirst_oid(lc));

		(void) ac_apply_pending(server, ac_option_server(server)->on_drift,
								ac_guc_now());
	}
}

/* There is nothing to compare with: said, so that it is not taken for quiet. */
static bool
tell_unknown(Oid serverid)
{
	ForeignServer *server = GetForeignServer(serverid);
	AcServerState state;

	if (ac_catalog_load(server, &state))
		return false;
	ereport(NOTICE,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("server \"%s\" is not checked: nothing is known of it yet",
					server->servername),
			 errhint("SELECT autoconn.discover(%s);",
					 quote_literal_cstr(server->servername))));
	return true;
}

/* One server, polled in the foreground. */
static List *
check_one(Oid serverid)
{
	AcCheckRequest request = {
		.serverid = serverid,
		.mode = AC_CHECK_FOREGROUND,
	};

	if (tell_unknown(serverid))
		return NIL;
	return ac_check_server(&request);
}

PG_FUNCTION_INFO_V1(autoconn_check);

/* autoconn.check(server name default null) -> setof autoconn.alerts */
Datum
autoconn_check(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	List *serverids;
	List *ids = NIL;
	ListCell *lc;

	PreventCommandIfReadOnly("autoconn.check()");
	InitMaterializedSRF(fcinfo, 0);
	if (PG_ARGISNULL(0))
		serverids = owned_servers();
	else
		serverids = list_make1_oid(ac_catalog_owned_server(NameStr(*PG_GETARG_NAME(0)))->serverid);
	foreach (lc, serverids)
		ids = list_concat(ids, check_one(lfirst_oid(lc)));
	apply_fixes(serverids);
	return_alerts(rsinfo, ids);
	return (Datum) 0;
}

PG_FUNCTION_INFO_V1(autoconn_adopt);

/* autoconn.adopt(server name) */
Datum
autoconn_adopt(PG_FUNCTION_ARGS)
{
	ForeignServer *server = ac_catalog_owned_server(NameStr(*PG_GETARG_NAME(0)));
	AcServerState state;

	PreventCommandIfReadOnly("autoconn.adopt()");
	ac_watch_reclaim(server);
	ac_tokenstore_adopt(server);
	if (ac_catalog_load(server, &state))
		ac_watch_adopt(server);
	else
		(void) ac_learn_server(server, GetUserId(), true);
	ac_worker_ensure();
	PG_RETURN_VOID();
}

PG_FUNCTION_INFO_V1(autoconn_monitoring);

/*
 * autoconn.monitoring(server oid, home text) -> text: "on"; "off" where no
 * worker can run or nobody wants one; "paused" in a copy of the database.
 */
Datum
autoconn_monitoring(PG_FUNCTION_ARGS)
{
	const char *result = "on";
	ForeignServer *server = GetForeignServerExtended(PG_GETARG_OID(0),
													 FSV_MISSING_OK);

	if (server == NULL || !ac_guc_watch || ac_shmem() == NULL ||
		ac_option_server(server)->check_interval_ms == 0 ||
		(PG_ARGISNULL(1) && !ac_option_server(server)->discover))
		result = "off";
	else if (PG_ARGISNULL(1) ||
			 strcmp(text_to_cstring(PG_GETARG_TEXT_PP(1)), ac_watch_home()) != 0)
		result = "paused";
	PG_RETURN_TEXT_P(cstring_to_text(result));
}
