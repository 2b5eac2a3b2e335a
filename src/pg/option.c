/*
 * option.c
 *		What do the options of an object say?
 *
 * Readers give structs with units in the field names; what is not set has
 * the default that the option table names.
 */
#include "ac.h"

#include "access/reloptions.h"
#include "catalog/pg_class.h"
#include "catalog/pg_user_mapping.h"
#include "commands/defrem.h"
#include "core/pointer.h"
#include "fmgr.h"
#include "funcapi.h"
#include "pg/option.h"
#include "pg/srf.h"
#include "pg/option_table.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

char *
ac_option_given(List *options, const char *name)
{
	ListCell *lc;

	foreach (lc, options)
	{
		DefElem *def = lfirst_node(DefElem, lc);

		if (strcmp(def->defname, name) == 0)
			return defGetString(def);
	}
	return NULL;
}

/* The option's text as given, else its default, else NULL; palloc'd. */
static char *
option_text(Oid context, List *given, const char *name)
{
	const AcOption *option = ac_option_table_find(context, name);
	const char *text = ac_option_given(given, name);

	Assert(option != NULL);
	if (text == NULL)
		text = option->default_text;
	return text != NULL ? pstrdup(text) : NULL;
}

/* Number in the reader's unit; otherwise, where there is no default either. */
static double
option_number(Oid context, List *given, const char *name, double otherwise)
{
	char *text = option_text(context, given, name);
	double value;

	if (text == NULL || !ac_option_parse_number(ac_option_table_find(context, name), text, &value))
		return otherwise;
	return value;
}

static bool
option_bool(Oid context, List *given, const char *name)
{
	char *text = option_text(context, given, name);
	bool value = false;

	if (text != NULL)
		(void) parse_bool(text, &value);
	return value;
}

/* Position of the text among the option's choices, otherwise if not set. */
static int
option_enum(Oid context, List *given, const char *name, int otherwise)
{
	char *text = option_text(context, given, name);
	int position;

	if (text == NULL)
		return otherwise;
	position = ac_option_choice(ac_option_table_find(context, name), text);
	return position >= 0 ? position : otherwise;
}

/* Comma-separated items as a List of palloc'd texts. */
static List *
split_list(const char *text)
{
	List *items = NIL;
	char *save = NULL;

	if (text == NULL)
		return NIL;
	for (char *item = strtok_r(pstrdup(text), ", ", &save); item != NULL;
		 item = strtok_r(NULL, ", ", &save))
		items = lappend(items, item);
	return items;
}

static void
read_session(List *given, AcSessionOptions *session)
{
	session->path = option_text(AC_SERVER, given, "session_path");
	session->form = option_enum(AC_SERVER, given, "session_form", 0);
	session->body = option_text(AC_SERVER, given, "session_body");
	session->token_path = option_text(AC_SERVER, given, "session_token_path");
	session->carrier = option_enum(AC_SERVER, given, "session_token_in", 0);
	session->carrier_name = option_text(AC_SERVER, given, "session_token_name");
	session->expiry_path = option_text(AC_SERVER, given, "session_expiry_path");
	session->lifetime_ms = (int64) option_number(AC_SERVER, given, "session_lifetime", 0);
}

static void
read_oauth(List *given, AcOauthOptions *oauth)
{
	oauth->token_url = option_text(AC_SERVER, given, "oauth_token_url");
	oauth->grant = option_enum(AC_SERVER, given, "oauth_grant", -1) + 1;
	oauth->scope = option_text(AC_SERVER, given, "scope");
	oauth->audience = option_text(AC_SERVER, given, "oauth_audience");
	oauth->client_auth = option_enum(AC_SERVER, given, "oauth_client_auth", -1) + 1;
	oauth->device_url = option_text(AC_SERVER, given, "oauth_device_url");
	oauth->authorize_url = option_text(AC_SERVER, given, "oauth_authorize_url");
	oauth->redirect_uri = option_text(AC_SERVER, given, "oauth_redirect_uri");
	oauth->issuer = option_text(AC_SERVER, given, "oauth_issuer");
	oauth->subject = option_text(AC_SERVER, given, "oauth_subject");
	oauth->assertion_audience = option_text(AC_SERVER, given, "oauth_assertion_audience");
	oauth->algorithm = option_text(AC_SERVER, given, "oauth_algorithm");
}

AcServerOptions *
ac_option_server_list(List *given)
{
	AcServerOptions *result = palloc0(sizeof(AcServerOptions));

	result->url = option_text(AC_SERVER, given, "url");
	result->base_url = option_text(AC_SERVER, given, "base_url");
	result->spec_url = option_text(AC_SERVER, given, "spec_url");
	result->discover = option_bool(AC_SERVER, given, "discover");
	result->user_agent = option_text(AC_SERVER, given, "user_agent");
	result->timeout_ms = (int) option_number(AC_SERVER, given, "timeout", 0);
	result->connect_timeout_ms = (int) option_number(AC_SERVER, given, "connect_timeout", 0);
	result->retries = (int) option_number(AC_SERVER, given, "retries", 0);
	result->max_pages = (int) option_number(AC_SERVER, given, "max_pages", 0);
	result->max_requests = (int) option_number(AC_SERVER, given, "max_requests", 0);
	result->max_response_size_bytes = (int64) option_number(AC_SERVER, given, "max_response_size", 0);
	result->max_concurrency = (int) option_number(AC_SERVER, given, "max_concurrency", 1);
	result->rate_limit = option_number(AC_SERVER, given, "rate_limit", 0);
	result->on_incomplete = option_enum(AC_SERVER, given, "on_incomplete", AC_INCOMPLETE_ERROR);
	result->cache_ttl_ms = (int64) option_number(AC_SERVER, given, "cache_ttl", 0);
	result->on_drift = option_enum(AC_SERVER, given, "on_drift", AC_ON_DRIFT_ALERT);
	result->check_interval_ms = (int64) option_number(AC_SERVER, given, "check_interval", 0);
	result->api_key_in = option_enum(AC_SERVER, given, "api_key_in", -1) + 1;
	result->api_key_name = option_text(AC_SERVER, given, "api_key_name");
	result->aws_region = option_text(AC_SERVER, given, "aws_region");
	result->aws_service = option_text(AC_SERVER, given, "aws_service");
	result->allowed_origins = split_list(option_text(AC_SERVER, given, "allowed_origins"));
	result->ca_file = option_text(AC_SERVER, given, "ca_file");
	result->proxy = option_text(AC_SERVER, given, "proxy");
	read_oauth(given, &result->oauth);
	read_session(given, &result->session);
	return result;
}

AcServerOptions *
ac_option_server(ForeignServer *server)
{
	return ac_option_server_list(server->options);
}

/* Options of the mapping of one user, or NIL; *found says whether it exists. */
static List *
mapping_options(Oid userid, Oid serverid, bool *found)
{
	HeapTuple tuple = SearchSysCache2(USERMAPPINGUSERSERVER,
									  ObjectIdGetDatum(userid),
									  ObjectIdGetDatum(serverid));
	List *given = NIL;
	Datum datum;
	bool isnull;

	*found = HeapTupleIsValid(tuple);
	if (!*found)
		return NIL;
	datum = SysCacheGetAttr(USERMAPPINGUSERSERVER, tuple,
							Anum_pg_user_mapping_umoptions, &isnull);
	if (!isnull)
		given = untransformRelOptions(datum);
	ReleaseSysCache(tuple);
	return given;
}

AcMappingOptions *
ac_option_mapping_list(List *given)
{
	AcMappingOptions *result = palloc0(sizeof(AcMappingOptions));

	result->username = option_text(AC_MAPPING, given, "username");
	result->password = option_text(AC_MAPPING, given, "password");
	result->token = option_text(AC_MAPPING, given, "token");
	result->api_key = option_text(AC_MAPPING, given, "api_key");
	result->aws_access_key = option_text(AC_MAPPING, given, "aws_access_key");
	result->aws_secret_key = option_text(AC_MAPPING, given, "aws_secret_key");
	result->aws_session_token = option_text(AC_MAPPING, given, "aws_session_token");
	result->client_cert = option_text(AC_MAPPING, given, "client_cert");
	result->client_key = option_text(AC_MAPPING, given, "client_key");
	result->headers = option_text(AC_MAPPING, given, "headers");
	result->webhook = option_text(AC_MAPPING, given, "webhook");
	result->client_id = option_text(AC_MAPPING, given, "client_id");
	result->client_secret = option_text(AC_MAPPING, given, "client_secret");
	result->refresh_token = option_text(AC_MAPPING, given, "refresh_token");
	result->private_key = option_text(AC_MAPPING, given, "private_key");
	result->key_id = option_text(AC_MAPPING, given, "key_id");
	return result;
}

AcMappingOptions *
ac_option_mapping(Oid userid, Oid serverid, bool *found)
{
	List *given = mapping_options(userid, serverid, found);

	if (!*found)
		given = mapping_options(InvalidOid, serverid, found);
	return ac_option_mapping_list(given);
}

Oid
ac_option_mapping_oid(Oid userid, Oid serverid)
{
	Oid mapping = GetSysCacheOid2(USERMAPPINGUSERSERVER,
								  Anum_pg_user_mapping_oid,
								  ObjectIdGetDatum(userid),
								  ObjectIdGetDatum(serverid));

	if (!OidIsValid(mapping))
		mapping = GetSysCacheOid2(USERMAPPINGUSERSERVER,
								  Anum_pg_user_mapping_oid,
								  ObjectIdGetDatum(InvalidOid),
								  ObjectIdGetDatum(serverid));
	return mapping;
}

bool
ac_option_same_mapping(Oid userid, Oid otherid, Oid serverid)
{
	return userid == otherid ||
		   ac_option_mapping_oid(userid, serverid) ==
			   ac_option_mapping_oid(otherid, serverid);
}

static void
read_windows(List *given, AcPaging *paging)
{
	paging->depth_limit = (int) option_number(AC_TABLE, given, "depth_limit", 0);
	paging->window_path = option_text(AC_TABLE, given, "window_path");
	paging->window_from = option_text(AC_TABLE, given, "window_from");
	paging->window_to = option_text(AC_TABLE, given, "window_to");
	paging->window_unit = option_enum(AC_TABLE, given, "window_unit", 0);
}

static void
read_fields(List *given, AcTableOptions *options)
{
	options->detail = option_text(AC_TABLE, given, "detail");
	options->fields_param = option_text(AC_TABLE, given, "fields_param");
	options->fields_list = option_enum(AC_TABLE, given, "fields_list", 0) + 1;
	options->fields_path = option_text(AC_TABLE, given, "fields_path");
	options->fields_hidden_only = option_enum(AC_TABLE, given, "fields_named", 0) == 1;
}

AcTableOptions *
ac_option_table(Oid relid)
{
	ForeignTable *table = GetForeignTable(relid);
	ForeignServer *server = GetForeignServer(table->serverid);
	List *given = table->options;
	AcTableOptions *result = palloc0(sizeof(AcTableOptions));
	AcPaging *paging = &result->paging;
	int total;

	result->path = option_text(AC_TABLE, given, "path");
	result->item_path = option_text(AC_TABLE, given, "item_path");
	result->item_rows_path = option_text(AC_TABLE, given, "item_rows_path");
	if (option_text(AC_TABLE, given, "item_of_list") != NULL)
		result->item_of_list = option_bool(AC_TABLE, given, "item_of_list");
	else
		result->item_of_list = option_text(AC_TABLE, given, "params") == NULL &&
							   option_text(AC_TABLE, given, "params_union") == NULL;
	result->rows_path = option_text(AC_TABLE, given, "rows_path");
	result->rows_form = option_enum(AC_TABLE, given, "rows_form", AC_ROWS_ARRAY);
	result->columns_path = option_text(AC_TABLE, given, "columns_path");
	result->nested_path = option_text(AC_TABLE, given, "nested_path");
	result->params = option_text(AC_TABLE, given, "params");
	result->params_union = option_text(AC_TABLE, given, "params_union");
	result->parent = option_text(AC_TABLE, given, "parent");
	if (option_enum(AC_TABLE, given, "method", 0) == 1)
	{
		result->body = option_text(AC_TABLE, given, "body");
		if (result->body == NULL)
			result->body = pstrdup("{}");
	}
	result->on_error = option_enum(AC_TABLE, given, "on_error", AC_ON_ERROR_STOP);
	result->on_incomplete = option_enum(AC_TABLE, given, "on_incomplete",
										option_enum(AC_SERVER, server->options,
													"on_incomplete",
													AC_INCOMPLETE_ERROR));
	result->max_pages = (int) option_number(AC_TABLE, given, "max_pages",
											option_number(AC_SERVER, server->options,
														  "max_pages", 0));
	result->max_requests = (int) option_number(AC_TABLE, given, "max_requests",
											   option_number(AC_SERVER, server->options,
															 "max_requests", 0));
	result->cache_ttl_ms = (int64) option_number(AC_TABLE, given, "cache_ttl",
												 option_number(AC_SERVER, server->options, "cache_ttl", 0));
	result->estimated_rows = option_number(AC_TABLE, given, "estimated_rows", -1);
	if (option_text(AC_TABLE, given, "async_capable") != NULL)
		result->async_capable = option_bool(AC_TABLE, given, "async_capable");
	else
		result->async_capable = option_bool(AC_SERVER, server->options, "async_capable");

	paging->style = option_enum(AC_TABLE, given, "pagination", AC_PAGER_AUTO);
	paging->page_param = option_text(AC_TABLE, given, "page_param");
	paging->first_page = (int) option_number(AC_TABLE, given, "page_start", 1);
	paging->size_param = option_text(AC_TABLE, given, "page_size_param");
	paging->page_size = (int) option_number(AC_TABLE, given, "page_size", -1);
	paging->cursor_param = option_text(AC_TABLE, given, "cursor_param");
	paging->cursor_path = option_text(AC_TABLE, given, "cursor_path");
	paging->total_path = option_text(AC_TABLE, given, "total_path");
	paging->more_path = option_text(AC_TABLE, given, "more_path");
	total = option_enum(AC_TABLE, given, "total", -1);
	paging->total_proved = total == 0;
	paging->total_loose = total == 1;
	paging->pages_path = option_text(AC_TABLE, given, "pages_path");
	read_windows(given, paging);
	result->page_size_min = (int) option_number(AC_TABLE, given, "page_size_min", 1);
	read_fields(given, result);
	return result;
}

bool
ac_option_total_is_proved(const AcTableOptions *options, Oid relid, Oid userid)
{
	HeapTuple tuple;
	Oid owner;

	if (!options->paging.total_proved)
		return false;
	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
	if (!HeapTupleIsValid(tuple))
		return false;
	owner = ((Form_pg_class) GETSTRUCT(tuple))->relowner;
	ReleaseSysCache(tuple);
	return ac_option_same_mapping(userid, owner, GetForeignTable(relid)->serverid);
}

AcRowSource
ac_option_rows(const AcTableOptions *options)
{
	AcRowSource source = {
		.rows_path = options->rows_path,
		.form = options->rows_form,
		.columns_path = options->columns_path,
		.nested_path = options->nested_path,
	};

	return source;
}

/* What a column shows: a field of the row unless its options say otherwise. */
static AcRowOrigin
column_origin(const AcColumnOptions *options, bool of_parent)
{
	if (options->decode != NULL && strcmp(options->decode, "member_name") == 0)
		return AC_ORIGIN_NAME;
	if (options->decode != NULL && strcmp(options->decode, "ordinal") == 0)
		return AC_ORIGIN_ORDINAL;
	return of_parent ? AC_ORIGIN_PARENT : AC_ORIGIN_ROW;
}

AcColumnOptions *
ac_option_column(Oid relid, AttrNumber attnum)
{
	List *given = GetForeignColumnOptions(relid, attnum);
	AcColumnOptions *result = palloc0(sizeof(AcColumnOptions));

	result->json_path = option_text(AC_COLUMN, given, "json_path");
	result->param = option_text(AC_COLUMN, given, "param");
	result->operators = option_text(AC_COLUMN, given, "operators");
	result->param_list = option_enum(AC_COLUMN, given, "param_list", AC_LIST_NONE - 1) + 1;
	result->param_list_max = (int) option_number(AC_COLUMN, given, "param_list_max", AC_LIST_VALUES);
	result->required = option_bool(AC_COLUMN, given, "required");
	result->field = option_text(AC_COLUMN, given, "field");
	result->hidden = option_bool(AC_COLUMN, given, "hidden");
	result->param_from = option_text(AC_COLUMN, given, "param_from");
	result->param_to = option_text(AC_COLUMN, given, "param_to");
	result->sort_asc = option_text(AC_COLUMN, given, "sort_asc");
	result->sort_desc = option_text(AC_COLUMN, given, "sort_desc");
	result->sort_nulls = option_enum(AC_COLUMN, given, "sort_nulls", AC_SORT_NULLS_UNKNOWN - 1) + 1;
	result->bound_format = option_enum(AC_COLUMN, given, "bound_format", AC_BOUND_RFC3339);
	result->key = option_bool(AC_COLUMN, given, "key");
	result->decode = option_text(AC_COLUMN, given, "decode");
	result->scale = (int) option_number(AC_COLUMN, given, "scale", 0);
	result->empty_is_null = option_enum(AC_COLUMN, given, "empty", 0) == 1;
	result->missing_is_error = option_enum(AC_COLUMN, given, "missing", 0) == 1;
	result->origin = column_origin(result,
								   option_bool(AC_COLUMN, given, "of_parent"));
	/* a name or an ordinal is no field, but it comes with the row */
	if (result->origin == AC_ORIGIN_NAME || result->origin == AC_ORIGIN_ORDINAL)
		result->json_path = pstrdup("");
	if (result->json_path == NULL && result->param == NULL)
		result->json_path = ac_pointer_child("", get_attname(relid, attnum,
															 false));
	return result;
}

PG_FUNCTION_INFO_V1(autoconn_options);

/* autoconn.option_table(): the rows of the view autoconn.options. */
Datum
autoconn_options(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < ac_option_table_length; i++)
	{
		const AcOption *option = &ac_option_table_rows[i];
		Datum values[5];
		bool nulls[5] = {false};

		values[0] = CStringGetTextDatum(ac_option_context_name(option->context));
		values[1] = CStringGetTextDatum(option->name);
		values[2] = CStringGetTextDatum(ac_option_type_text(option));
		ac_srf_text(values, nulls, 3, option->default_text);
		values[4] = CStringGetTextDatum(option->description);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	return (Datum) 0;
}
