/*
 * ddltrigger.c
 *		What happens when somebody creates, changes or drops a server, or the
 *		schema of its tables?
 *
 * The event trigger functions.  They run as the role that gave the command
 * (so its user mapping serves and its rights count), never touch objects of
 * other wrappers, and do nothing while a dump is restored
 * (check_function_bodies off): owner, mappings and data are not there yet and
 * a restore must not send requests.
 */
#include "ac.h"

#include "catalog/pg_class.h"
#include "catalog/pg_foreign_server.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_user_mapping.h"
#include "commands/event_trigger.h"
#include "fdw/import.h"
#include "fdw/postread.h"
#include "net/learn.h"
#include "fmgr.h"
#include "foreign/foreign.h"
#include "miscadmin.h"
#include "net/connection.h"
#include "pg/catalog.h"
#include "pg/compat.h"
#include "pg/imported.h"
#include "pg/launch.h"
#include "pg/tokenstore.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

static EventTriggerData *
event_trigger_data(FunctionCallInfo fcinfo)
{
	if (!CALLED_AS_EVENT_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_EVENT_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function was not called by the event trigger manager")));
	return (EventTriggerData *) fcinfo->context;
}

/* Objects of one catalog that the command touched. */
static List *
touched(Oid classid)
{
	List *classids;
	List *objids;
	List *result = NIL;
	ListCell *lc1;
	ListCell *lc2;

	ac_catalog_ddl_commands(&classids, &objids);
	forboth (lc1, classids, lc2, objids)
	{
		if (lfirst_oid(lc1) == classid)
			result = list_append_unique_oid(result, lfirst_oid(lc2));
	}
	return result;
}

/* CREATE SERVER and ALTER SERVER. */
static void
after_server(Oid serverid, bool created)
{
	ForeignServer *server = GetForeignServer(serverid);

	if (!ac_catalog_is_ours(server))
		return;
	ac_worker_ensure();
	if (created)
		ac_option_warn_encoding();
	else
		ac_catalog_follow(server);
	if (!ac_option_server(server)->discover)
		return;
	if (created || ac_catalog_url_changed(server))
		(void) ac_learn_server(server, GetUserId(), true);
}

static bool
waits_for_credentials(ForeignServer *server)
{
	AcServerState state;

	if (!ac_catalog_load(server, &state))
		return true;
	return strcmp(state.status, "pending") == 0 ||
		   strcmp(state.status, "auth_required") == 0 ||
		   strcmp(state.status, "unreachable") == 0;
}

/* CREATE USER MAPPING and ALTER USER MAPPING, of oneself or of everybody. */
static void
after_mapping(Oid mappingid)
{
	HeapTuple tuple = SearchSysCache1(USERMAPPINGOID,
									  ObjectIdGetDatum(mappingid));
	Form_pg_user_mapping form;
	ForeignServer *server;
	bool concerns_us;

	if (!HeapTupleIsValid(tuple))
		return;
	form = (Form_pg_user_mapping) GETSTRUCT(tuple);
	concerns_us = form->umuser == InvalidOid || form->umuser == GetUserId();
	server = GetForeignServer(form->umserver);
	ReleaseSysCache(tuple);
	if (ac_catalog_is_ours(server))
		ac_tokenstore_note(mappingid);
	if (concerns_us && ac_catalog_is_ours(server) &&
		ac_option_server(server)->discover && waits_for_credentials(server))
		(void) ac_learn_server(server, GetUserId(), true);
}

/* CREATE FOREIGN TABLE and ALTER FOREIGN TABLE. */
static void
after_table(Oid relid)
{
	if (get_rel_relkind(relid) == RELKIND_FOREIGN_TABLE &&
		ac_catalog_is_ours(GetForeignServer(GetForeignTable(relid)->serverid)))
		ac_postread_check(relid);
}

PG_FUNCTION_INFO_V1(autoconn_on_ddl);

/* Event trigger on ddl_command_end for the tags named in the install script. */
Datum
autoconn_on_ddl(PG_FUNCTION_ARGS)
{
	EventTriggerData *data = event_trigger_data(fcinfo);
	const char *tag = GetCommandTagName(data->tag);
	ListCell *lc;

	if (!check_function_bodies)
		PG_RETURN_NULL();
	if (strcmp(tag, "IMPORT FOREIGN SCHEMA") == 0)
		ac_import_finish(touched(RelationRelationId));
	else if (strcmp(tag, "CREATE FOREIGN TABLE") == 0 ||
			 strcmp(tag, "ALTER FOREIGN TABLE") == 0)
	{
		foreach (lc, touched(RelationRelationId))
			after_table(lfirst_oid(lc));
	}
	else if (strcmp(tag, "ALTER SCHEMA") == 0)
	{
		foreach (lc, touched(NamespaceRelationId))
			ac_imported_rename(lfirst_oid(lc));
	}
	else if (strcmp(tag, "CREATE SERVER") == 0 ||
			 strcmp(tag, "ALTER SERVER") == 0)
	{
		foreach (lc, touched(ForeignServerRelationId))
			after_server(lfirst_oid(lc), tag[0] == 'C');
	}
	else
	{
		foreach (lc, touched(UserMappingRelationId))
			after_mapping(lfirst_oid(lc));
	}
	PG_RETURN_NULL();
}

PG_FUNCTION_INFO_V1(autoconn_on_drop);

/* Event trigger on sql_drop. */
Datum
autoconn_on_drop(PG_FUNCTION_ARGS)
{
	(void) event_trigger_data(fcinfo);
	ac_catalog_forget_dropped();
	ac_tokenstore_forget_dropped();
	ac_imported_forget_dropped();
	PG_RETURN_NULL();
}
