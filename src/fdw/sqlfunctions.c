/*
 * sqlfunctions.c
 *		autoconn.discover, autoconn.forget and autoconn.preview
 *
 * Functions that send requests are revoked from PUBLIC in the install script;
 * what they need beyond EXECUTE is checked here.
 */
#include "ac.h"

#include "catalog/pg_foreign_data_wrapper.h"
#include "fdw/import.h"
#include "net/learn.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "net/cache.h"
#include "net/connection.h"
#include "net/prove.h"
#include "pg/compat.h"
#include "pg/ddl.h"
#include "pg/report.h"
#include "pg/resource.h"
#include "pg/srf.h"
#include "tcop/utility.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"

PG_FUNCTION_INFO_V1(autoconn_discover);

/* autoconn.discover(server name) -> text: the status found. */
Datum
autoconn_discover(PG_FUNCTION_ARGS)
{
	ForeignServer *server = ac_catalog_owned_server(NameStr(*PG_GETARG_NAME(0)));
	AcDiscovery *discovery;

	/* Before the API is asked, not when the answer cannot be stored. */
	PreventCommandIfReadOnly("autoconn.discover()");
	discovery = ac_learn_server(server, GetUserId(), true);
	PG_RETURN_TEXT_P(cstring_to_text(ac_discover_status_name(discovery->status)));
}

PG_FUNCTION_INFO_V1(autoconn_forget);

/* autoconn.forget(server name) */
Datum
autoconn_forget(PG_FUNCTION_ARGS)
{
	ac_cache_forget_all();
	ac_catalog_forget(ac_catalog_owned_server(NameStr(*PG_GETARG_NAME(0))));
	PG_RETURN_VOID();
}

/* ---- preview ---- */

/* Members of a jsonb object as DefElems. */
static List *
json_options(Jsonb *object, const char *argument)
{
	char *text = JsonbToCString(NULL, &object->root, VARSIZE(object));
	List *result = NIL;
	AcJson *doc;
	AcJsonIter it;
	AcError err;

	if (!ac_json_parse(text, strlen(text), AC_JSON_MAX_DEPTH, &doc, &err))
		ac_report_error(&err);
	ac_resource_json(doc);
	if (ac_json_kind(doc) != AC_JSON_OBJECT)
		ereport(ERROR,
				(errcode(ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE),
				 errmsg("argument \"%s\" must be a JSON object of options", argument)));
	ac_json_iter_init(&it, doc);
	while (ac_json_iter_next(&it))
	{
		AcJsonKind kind = ac_json_kind(it.value);
		char *value = kind == AC_JSON_OBJECT ? ac_json_to_text(it.value)
											 : ac_json_text_of(it.value);

		if (value == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE),
					 errmsg("option \"%s\" in argument \"%s\" must be a text",
							it.key, argument)));
		result = lappend(result,
						 makeDefElem(pstrdup(it.key),
									 (Node *) makeString(value), -1));
	}
	return result;
}

static void
check_wrapper_usage(void)
{
	ForeignDataWrapper *wrapper = GetForeignDataWrapperByName("autoconn", false);
	AclResult result = ac_foreign_data_wrapper_aclcheck(wrapper->fdwid,
														GetUserId(), ACL_USAGE);

	if (result != ACLCHECK_OK)
		aclcheck_error(result, OBJECT_FDW, wrapper->fdwname);
}

/* A discovery, NULL before it, says what a server would have learned of it. */
static AcConnection *
preview_connection(const char *url, Jsonb *options, Jsonb *credentials,
				   const AcDiscovery *discovery)
{
	List *server = json_options(options, "options");
	List *mapping = json_options(credentials, "credentials");
	List *learned = discovery != NULL ? ac_learn_options(discovery, url) : NIL;
	ListCell *lc;

	server = lappend(server, makeDefElem("url",
										 (Node *) makeString(pstrdup(url)), -1));
	ac_option_validate_preview(server, mapping);
	foreach (lc, learned)
		if (ac_option_given(server, lfirst_node(DefElem, lc)->defname) == NULL)
			server = lappend(server, lfirst(lc));
	return ac_connection_anonymous(ac_option_server_list(server),
								   ac_option_mapping_list(mapping));
}

/* Everything that the search found instead of a model. */
static void
throw_not_found(const AcDiscovery *discovery, bool has_credentials)
{
	if (discovery->status == AC_DISCOVER_UNREACHABLE)
		ac_report_error(&discovery->problem);
	if (discovery->status == AC_DISCOVER_AUTH_REQUIRED)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_AUTHORIZATION_SPECIFICATION),
				 has_credentials
					 ? errmsg("the API did not accept the credentials")
					 : errmsg("the API wants credentials before it says what it offers"),
				 errdetail("Credentials: %s.", ac_learn_auth_text(discovery)),
				 has_credentials
					 ? errhint("Give others in the argument \"credentials\" as options of a user mapping.")
					 : errhint("Give them in the argument \"credentials\" as options of a user mapping.")));
	ereport(ERROR,
			(errcode(ERRCODE_FDW_ERROR),
			 errmsg("no description of an API was found"),
			 discovery->problem.code != AC_ERR_NONE
				 ? errdetail("%s", discovery->problem.message)
				 : 0,
			 errhint("Say where its description is: options => '{\"spec_url\": \"https://...\"}'; "
					 "or which paths have rows: import => '{\"paths\": \"/..., /...\"}'.")));
}

static void
put_plan(ReturnSetInfo *rsinfo, const AcTablePlan *plan)
{
	Datum values[10];
	bool nulls[10] = {false};
	bool importable = plan->skip_reason == NULL;

	ac_srf_text(values, nulls, 0, plan->name);
	ac_srf_text(values, nulls, 1, plan->group);
	ac_srf_text(values, nulls, 2, plan->path);
	values[3] = BoolGetDatum(importable);
	ac_srf_text(values, nulls, 4, plan->skip_reason);
	ac_srf_text(values, nulls, 5,
				importable ? ac_ddl_table(plan, NULL, "preview") : NULL);
	nulls[6] = plan->evidence == NULL;
	if (plan->evidence != NULL)
		values[6] = DirectFunctionCall1(jsonb_in,
										CStringGetDatum(ac_json_to_text(plan->evidence)));
	ac_srf_text(values, nulls, 7, plan->method);
	ac_srf_text(values, nulls, 8, plan->source);
	values[9] = Float4GetDatum((float4) plan->confidence);
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}

PG_FUNCTION_INFO_V1(autoconn_preview);

/*
 * autoconn.preview(url text, options jsonb, credentials jsonb, import jsonb)
 * -> setof (name, grp, path, importable, skip_reason, ddl, evidence,
 * method, source, confidence)
 */
Datum
autoconn_preview(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	AcImportOptions import;
	AcDiscovery *discovery;
	AcImportWork work = {0};
	char *url = text_to_cstring(PG_GETARG_TEXT_PP(0));

	check_wrapper_usage();
	InitMaterializedSRF(fcinfo, 0);
	ac_import_options(json_options(PG_GETARG_JSONB_P(3), "import"), &import);
	work.conn = preview_connection(url, PG_GETARG_JSONB_P(1), PG_GETARG_JSONB_P(2), NULL);
	discovery = import.paths != NULL && !ac_connection_options(work.conn)->discover
					? ac_discover_nothing(work.conn)
					: ac_discover_run(work.conn);
	if (discovery->status != AC_DISCOVERED && import.paths == NULL)
		throw_not_found(discovery, ac_connection_has_credentials(work.conn));
	work.conn = preview_connection(url, PG_GETARG_JSONB_P(1), PG_GETARG_JSONB_P(2), discovery);
	ac_import_add_paths(discovery, work.conn, &import);
	work.discovery = discovery;
	work.options = &import;
	work.plans = ac_learn_plans(discovery, &import.plan);
	ac_import_select(NULL, &work);
	ac_import_sample(&work, NULL);
	ac_import_choose_walks(&work, NULL, InvalidOid);
	for (int i = 0; i < work.plans->n_tables; i++)
		put_plan(rsinfo, &work.plans->tables[i]);
	return (Datum) 0;
}
