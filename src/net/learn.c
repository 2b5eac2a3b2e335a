/*
 * learn.c
 *		What does autoconn learn of a server, and what does it tell about it?
 *
 * See learn.h.
 */
#include "ac.h"

#include "core/url.h"
#include "net/learn.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "net/connection.h"
#include "pg/compat.h"
#include "pg/ddl.h"
#include "pg/report.h"
#include "pg/resource.h"
#include "policy/outcome.h"
#include "utils/builtins.h"

static const char *
place_name(AcParamPlace place)
{
	return place == AC_PARAM_QUERY	  ? "query"
		   : place == AC_PARAM_COOKIE ? "cookie"
									  : "header";
}

/* How tokens are had, of what is served. */
static char *
oauth_text(const AcSecurityScheme *scheme)
{
	static const struct
	{
		const char *flow;
		const char *words;
	} texts[] = {
		{"clientCredentials", "client credentials"},
		{"authorizationCode", "authorization code"},
		{"deviceAuthorization", "device code"},
	};

	for (int i = 0; scheme->flow != NULL && i < (int) lengthof(texts); i++)
		if (strcmp(scheme->flow, texts[i].flow) == 0)
			return psprintf("oauth2 (%s)", texts[i].words);
	return pstrdup("oauth2 (bearer token)");
}

static char *
scheme_text(const AcSecurityScheme *scheme)
{
	switch (scheme->scheme)
	{
		case AC_AUTH_API_KEY:
			return psprintf("api_key (%s %s)", place_name(scheme->place),
							ac_outcome_clean(scheme->name, NAMEDATALEN));
		case AC_AUTH_BASIC:
			return pstrdup("basic");
		case AC_AUTH_BEARER:
			return pstrdup("bearer");
		case AC_AUTH_OAUTH2:
			return oauth_text(scheme);
		case AC_AUTH_AWS:
			return pstrdup("aws signature");
		case AC_AUTH_TLS:
			return pstrdup("client certificate");
		default:
			return NULL;
	}
}

char *
ac_learn_auth_text(const AcDiscovery *discovery)
{
	if (discovery->scheme != NULL)
		return scheme_text(discovery->scheme);
	if (discovery->api != NULL && discovery->api->n_schemes > 0)
		return pstrdup("a scheme that is not supported");
	if (discovery->challenge != NULL)
		return pstrdup(discovery->challenge);
	return discovery->status == AC_DISCOVER_AUTH_REQUIRED ? pstrdup("unknown") : NULL;
}

/*
 * A URL that the description names, absolute; NULL if there is none.  A
 * relative one is relative to the description (OpenAPI 3.1).
 */
static char *
absolute_url(const AcDiscovery *discovery, const char *named)
{
	const char *beside = discovery->spec_url != NULL ? discovery->spec_url
													 : discovery->base_url;
	AcUrl base;
	AcUrl url;

	if (named == NULL || beside == NULL || !ac_url_parse(beside, &base, NULL) ||
		!ac_url_resolve(&base, named, &url, NULL) || url.userinfo != NULL)
		return NULL;
	return ac_url_text(&url);
}

/* The token endpoint that the description names, absolute, or NULL. */
static char *
named_token_url(const AcDiscovery *discovery)
{
	const AcSecurityScheme *scheme = discovery->scheme;

	if (scheme == NULL || scheme->scheme != AC_AUTH_OAUTH2)
		return NULL;
	return absolute_url(discovery, scheme->token_url);
}

/*
 * The same if secrets may be sent there for no other reason than that the
 * description says so: on the origin that gets the credentials anyway.
 */
static char *
own_token_url(const AcDiscovery *discovery, const char *server_url)
{
	char *text = named_token_url(discovery);
	AcUrl url;
	AcUrl home;

	if (text == NULL || !ac_url_parse(text, &url, NULL) ||
		!ac_url_parse(server_url, &home, NULL) ||
		!ac_url_same_origin(&url, &home))
		return NULL;
	return text;
}

/* Does a person authorize, by a grant that is served? */
static const char *
grant_of_person(const AcSecurityScheme *scheme)
{
	if (scheme->flow == NULL || scheme->person_url == NULL)
		return NULL;
	if (strcmp(scheme->flow, "authorizationCode") == 0)
		return "authorization_code";
	return strcmp(scheme->flow, "deviceAuthorization") == 0 ? "device_code" : NULL;
}

/* May tokens be had by what the description says of OAuth? */
static bool
oauth_is_served(const AcDiscovery *discovery)
{
	const AcSecurityScheme *scheme = discovery->scheme;

	return named_token_url(discovery) != NULL && scheme->flow != NULL &&
		   (strcmp(scheme->flow, "clientCredentials") == 0 ||
			grant_of_person(scheme) != NULL);
}

/*
 * What is to be said of the server before: where tokens are had, if that is
 * not on its own origin, and where a person gives them.  "" if nothing.
 */
static char *
oauth_options(const AcDiscovery *discovery, const char *server)
{
	ForeignServer *found = GetForeignServerByName(server, true);
	const AcSecurityScheme *scheme = discovery->scheme;
	const char *grant = grant_of_person(scheme);
	StringInfoData options;

	initStringInfo(&options);
	if (found == NULL ||
		own_token_url(discovery, ac_option_server(found)->url) == NULL)
		appendStringInfo(&options, "ADD oauth_token_url %s",
						 quote_literal_cstr(named_token_url(discovery)));
	if (grant != NULL)
		appendStringInfo(&options, "%sADD oauth_grant '%s', ADD %s %s",
						 options.len > 0 ? ", " : "", grant,
						 strcmp(grant, "device_code") == 0 ? "oauth_device_url"
														   : "oauth_authorize_url",
						 quote_literal_cstr(absolute_url(discovery, scheme->person_url)));
	if (options.len == 0)
		return options.data;
	return psprintf("ALTER SERVER %s OPTIONS (%s); ", quote_identifier(server),
					options.data);
}

/* The statements that make OAuth work. */
static char *
oauth_statement(const AcDiscovery *discovery, const char *server)
{
	const char *quoted = quote_identifier(server);
	char *person = grant_of_person(discovery->scheme) == NULL
					   ? ""
					   : psprintf(" SELECT autoconn.authorize(%s);",
								  quote_literal_cstr(server));

	return psprintf("%sCREATE USER MAPPING FOR CURRENT_USER SERVER %s OPTIONS (client_id '...', client_secret '...');%s",
					oauth_options(discovery, server), quoted, person);
}

/* The statement that supplies credentials, or NULL. */
static char *
mapping_statement(const AcDiscovery *discovery, const char *server)
{
	AcSecurityScheme guess = {.scheme = AC_AUTH_OTHER};

	if (discovery->scheme != NULL && oauth_is_served(discovery))
		return oauth_statement(discovery, server);
	if (discovery->scheme != NULL)
		return ac_ddl_mapping(discovery->scheme, server);
	if (discovery->status != AC_DISCOVER_AUTH_REQUIRED)
		return NULL;
	if (discovery->challenge != NULL && strcmp(discovery->challenge, "basic") == 0)
		guess.scheme = AC_AUTH_BASIC;
	else if (discovery->challenge != NULL && strcmp(discovery->challenge, "bearer") == 0)
		guess.scheme = AC_AUTH_BEARER;
	else
		guess.scheme = AC_AUTH_API_KEY;
	return ac_ddl_mapping(&guess, server);
}

AcTablePlans *
ac_learn_plans(const AcDiscovery *discovery, const AcPlanOptions *options)
{
	AcPlanOptions own = *options;
	AcTablePlans *plans;

	own.interrupted = ac_report_interrupted;
	plans = ac_tableplan_build(discovery->api, &own);
	ac_resource_json(plans->evidence);
	CHECK_FOR_INTERRUPTS();
	return plans;
}

/* The scheme if it is an API key, else NULL. */
static const AcSecurityScheme *
api_key_scheme(const AcDiscovery *discovery)
{
	const AcSecurityScheme *scheme = discovery->scheme;

	return scheme != NULL && scheme->scheme == AC_AUTH_API_KEY ? scheme : NULL;
}

/* What of a discovery connections need. */
static void
connection_facts(const AcDiscovery *discovery, const char *server_url,
				 AcServerFacts *facts)
{
	const AcSecurityScheme *scheme = api_key_scheme(discovery);

	memset(facts, 0, sizeof(*facts));
	facts->known = true;
	facts->base_url = discovery->base_url;
	facts->token_url = own_token_url(discovery, server_url);
	if (scheme == NULL)
		return;
	facts->api_key_in = scheme->place == AC_PARAM_QUERY ? AC_KEY_QUERY
						: scheme->place == AC_PARAM_COOKIE
							? AC_KEY_COOKIE
							: AC_KEY_HEADER;
	facts->api_key_name = unconstify(char *, scheme->name);
}

static List *
text_option(List *options, const char *name, const char *value)
{
	if (value == NULL)
		return options;
	return lappend(options, makeDefElem(pstrdup(name), (Node *) makeString(pstrdup(value)), -1));
}

List *
ac_learn_options(const AcDiscovery *discovery, const char *server_url)
{
	static const char *const places[] = {
		[AC_KEY_HEADER] = "header",
		[AC_KEY_QUERY] = "query",
		[AC_KEY_COOKIE] = "cookie",
	};
	AcServerFacts facts;
	List *options;

	connection_facts(discovery, server_url, &facts);
	options = text_option(NIL, "oauth_token_url", facts.token_url);
	if (facts.api_key_name == NULL)
		return options;
	options = text_option(options, "api_key_in", places[facts.api_key_in]);
	return text_option(options, "api_key_name", facts.api_key_name);
}

AcConnection *
ac_learn_connection(Oid serverid, Oid userid)
{
	AcConnection *conn = ac_connection_get(serverid, userid);
	MemoryContext cxt;
	MemoryContext old;
	AcDiscovery *discovery;
	AcServerFacts facts;

	if (!ac_connection_is_pending(conn))
		return conn;
	cxt = AllocSetContextCreate(CurrentMemoryContext,
								"autoconn discovery for a scan",
								ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(cxt);
	discovery = ac_discover_run(conn);
	if (discovery->status == AC_DISCOVERED ||
		discovery->status == AC_DISCOVER_NOT_AN_API)
	{
		connection_facts(discovery, ac_connection_options(conn)->url, &facts);
		ac_connection_teach(conn, &facts);
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(cxt);
	return ac_connection_get(serverid, userid);
}

/* What is said of the discovery beside its facts. */
static char *
state_note(const AcDiscovery *discovery)
{
	StringInfoData note;

	initStringInfo(&note);
	if (discovery->note != NULL)
		appendStringInfoString(&note, discovery->note);
	if (discovery->status == AC_DISCOVERED && discovery->confidence < 1)
		appendStringInfo(&note, ", confidence %.1f", discovery->confidence);
	if (discovery->foreign_base != NULL)
		appendStringInfo(&note, "%sthe description names the server %s, which is on another origin and was not adopted",
						 note.len > 0 ? "; " : "",
						 ac_url_redact(discovery->foreign_base));
	else if (discovery->withheld_base != NULL)
		appendStringInfo(&note, "%sthe description names the server %s, which is not below the URL and was not adopted, because somebody else than the owner asked",
						 note.len > 0 ? "; " : "",
						 ac_url_redact(discovery->withheld_base));
	else if (discovery->status != AC_DISCOVERED &&
			 discovery->problem.code != AC_ERR_NONE)
		appendStringInfoString(&note, discovery->problem.message);
	return note.len > 0 ? note.data : NULL;
}

static void
store(ForeignServer *server, const AcDiscovery *discovery,
	  AcTablePlans *plans)
{
	const AcSecurityScheme *scheme = api_key_scheme(discovery);
	AcServerState state = {0};

	state.status = unconstify(char *, ac_discover_status_name(discovery->status));
	state.spec_url = discovery->spec_url;
	state.base_url = discovery->base_url;
	state.auth = ac_learn_auth_text(discovery);
	state.description = discovery->document;
	if (discovery->api != NULL)
	{
		state.kind = unconstify(char *, discovery->api->kind);
		state.title = unconstify(char *, discovery->api->title);
		state.version = unconstify(char *, discovery->api->version);
	}
	if (scheme != NULL)
	{
		state.api_key_in = unconstify(char *, place_name(scheme->place));
		state.api_key_name = unconstify(char *, scheme->name);
	}
	state.token_url = own_token_url(discovery, ac_option_server(server)->url);
	state.note = state_note(discovery);
	ac_catalog_store(server, &state, plans);
}

/* What the API is, by its kind, as the NOTICE puts it. */
static const char *
kind_text(const char *kind)
{
	static const char *const texts[][2] = {
		{"openapi", "speaks OpenAPI"},
		{"swagger", "speaks Swagger"},
		{"google", "speaks Google Discovery"},
		{"wordpress", "speaks WordPress REST"},
		{"index", "speaks hypermedia"},
		{"postman", "is described by a Postman collection"},
		{"har", "is described by recorded requests"},
		{"docs", "is described by documentation"},
		{"sample", "answers with rows and describes nothing"},
	};

	for (size_t i = 0; i < lengthof(texts); i++)
		if (strcmp(kind, texts[i][0]) == 0)
			return texts[i][1];
	return psprintf("speaks %s", kind);
}

/* Tables to be imported; those of them that a sample has to show rows of. */
typedef struct AcTableCounts
{
	int described;
	int tried;
} AcTableCounts;

static AcTableCounts
count_tables(const AcTablePlans *plans)
{
	AcTableCounts counts = {0, 0};

	for (int i = 0; i < plans->n_tables; i++)
	{
		if (plans->tables[i].skip_reason != NULL)
			continue;
		if (plans->tables[i].undescribed)
			counts.tried++;
		else
			counts.described++;
	}
	return counts;
}

/* "3 tables can be imported and 2 paths are tried at import". */
static char *
counts_text(const AcTablePlans *plans)
{
	AcTableCounts counts = count_tables(plans);
	StringInfoData text;

	initStringInfo(&text);
	if (counts.described > 0 || counts.tried == 0)
		appendStringInfo(&text, "%d %s can be imported", counts.described,
						 counts.described == 1 ? "table" : "tables");
	if (counts.tried > 0)
		appendStringInfo(&text, "%s%d %s tried at import",
						 text.len > 0 ? " and " : "", counts.tried,
						 counts.tried == 1 ? "path is" : "paths are");
	appendStringInfo(&text, ", from %d %s", plans->n_tables,
					 plans->n_tables == 1 ? "operation" : "operations");
	return text.data;
}

/* Is all that there is to import read by POST? */
static bool
wants_post_reads(const AcTablePlans *plans)
{
	AcTableCounts counts = count_tables(plans);

	return counts.described == 0 && counts.tried == 0 &&
		   ac_tableplan_count_post_reads(plans) > 0;
}

/*
 * Does a description that was found lead to paths beside the URL, as where a
 * host has several APIs and the description of one?
 */
static bool
leads_aside(const AcDiscovery *discovery, AcConnection *conn)
{
	const AcServerOptions *options = ac_connection_options(conn);
	AcUrl home;
	AcUrl base;

	return options->base_url == NULL &&
		   strcmp(discovery->spec_url, options->url) != 0 &&
		   ac_url_parse(options->url, &home, NULL) &&
		   ac_url_parse(discovery->base_url, &base, NULL) &&
		   !ac_url_is_below(&home, &base) && !ac_url_is_below(&base, &home);
}

/* What the NOTICE about a discovered API says beyond its first line. */
static char *
discovered_detail(const AcDiscovery *discovery, AcConnection *conn,
				  const char *server)
{
	StringInfoData detail;
	char *auth = ac_learn_auth_text(discovery);

	initStringInfo(&detail);
	if (auth != NULL)
		appendStringInfo(&detail, "Credentials: %s.", auth);
	if (leads_aside(discovery, conn))
		appendStringInfo(&detail, "%sThe description is that of paths below %s.",
						 detail.len > 0 ? " " : "",
						 ac_url_redact(discovery->base_url));
	if (discovery->foreign_base != NULL)
		appendStringInfo(&detail, "%sThe description names the server %s; to use it: ALTER SERVER %s OPTIONS (ADD base_url %s);",
						 detail.len > 0 ? " " : "",
						 ac_url_redact(discovery->foreign_base),
						 quote_identifier(server),
						 quote_literal_cstr(discovery->foreign_base));
	return detail.data;
}

static void
tell_discovered(const AcDiscovery *discovery, const AcTablePlans *plans,
				const char *server, AcConnection *conn)
{
	char *statement = ac_connection_has_credentials(conn)
						  ? NULL
						  : mapping_statement(discovery, server);
	char *detail = discovered_detail(discovery, conn, server);
	const char *title = discovery->api->title;
	const char *version = discovery->api->spec_version;

	if (statement == NULL)
		statement = psprintf("IMPORT FOREIGN SCHEMA api FROM SERVER %s INTO ...%s;",
							 quote_identifier(server),
							 wants_post_reads(plans) ? " OPTIONS (post_reads 'true')" : "");
	ereport(NOTICE,
			(errcode(ERRCODE_SUCCESSFUL_COMPLETION),
			 errmsg("server \"%s\" %s%s%s%s%s%s: %s",
					server, kind_text(discovery->api->kind),
					version != NULL ? " " : "", version != NULL ? version : "",
					title != NULL ? " (" : "", title != NULL ? title : "",
					title != NULL ? ")" : "", counts_text(plans)),
			 detail[0] != '\0' ? errdetail("%s", detail) : 0,
			 errhint("%s", statement)));
}

/* What is wrong where the API wants credentials, or others than it got. */
static char *
auth_message(const char *server, bool has_credentials)
{
	return psprintf(has_credentials
						? "server \"%s\" did not accept the credentials of the user mapping"
						: "server \"%s\" wants credentials before it says what it offers",
					server);
}

/* The statements that supply them; it may be pasted as it is. */
static char *
auth_statement(const AcDiscovery *discovery, const char *server,
			   bool has_credentials)
{
	char *create = mapping_statement(discovery, server);

	if (!has_credentials)
		return create;
	return psprintf("DROP USER MAPPING IF EXISTS FOR CURRENT_USER SERVER %s; %s",
					quote_identifier(server), create);
}

/* The statements of which one helps where nothing describes the API. */
static char *
undescribed_hint(ForeignServer *server)
{
	const char *name = quote_identifier(server->servername);
	const char *verb = ac_option_given(server->options, "spec_url") != NULL
						   ? "SET"
						   : "ADD";

	return psprintf("Say where its description is: ALTER SERVER %s OPTIONS (%s spec_url 'https://...'); "
					"or which paths have rows: IMPORT FOREIGN SCHEMA api FROM SERVER %s INTO ... OPTIONS (paths '/..., /...');",
					name, verb, name);
}

/* The report on a server whose description was not found. */
static void
tell_not_discovered(const AcDiscovery *discovery, ForeignServer *server,
					bool has_credentials)
{
	const char *name = server->servername;

	switch (discovery->status)
	{
		case AC_DISCOVER_AUTH_REQUIRED:
			ereport(NOTICE,
					(errcode(ERRCODE_SUCCESSFUL_COMPLETION),
					 errmsg("%s", auth_message(name, has_credentials)),
					 errdetail("Credentials: %s.", ac_learn_auth_text(discovery)),
					 errhint("%s", auth_statement(discovery, name, has_credentials))));
			break;
		case AC_DISCOVER_UNREACHABLE:
			ereport(WARNING,
					(errcode(ac_report_sqlstate(discovery->problem.code)),
					 errmsg("server \"%s\" could not be reached: %s", name,
							discovery->problem.message),
					 discovery->problem.detail[0] != '\0'
						 ? errdetail("%s", discovery->problem.detail)
						 : 0,
					 errhint("Discovery is tried again at IMPORT FOREIGN SCHEMA, or by: SELECT autoconn.discover(%s);",
							 quote_literal_cstr(name))));
			break;
		default:
			ereport(WARNING,
					(errcode(ERRCODE_WARNING),
					 errmsg("server \"%s\" answers, but no description of an API was found", name),
					 discovery->problem.code != AC_ERR_NONE
						 ? errdetail("%s", discovery->problem.message)
						 : 0,
					 errhint("%s", undescribed_hint(server))));
			break;
	}
}

/*
 * What is learned of a server steers everybody's requests.  Who may only use
 * it can make the API describe itself otherwise (a mapping may hold a header
 * like X-Forwarded-Prefix), so that his word does not lead others, and their
 * credentials, out of the URL that the owner gave.
 */
static void
hold_base(const ForeignServer *server, AcConnection *conn,
		  AcDiscovery *discovery)
{
	const AcServerOptions *options = ac_connection_options(conn);
	AcUrl home;
	AcUrl base;

	if (discovery->status != AC_DISCOVERED || options->base_url != NULL ||
		strcmp(discovery->spec_url, options->url) == 0 ||
		ac_foreign_server_ownercheck(server->serverid, GetUserId()) ||
		!ac_url_parse(options->url, &home, NULL) ||
		!ac_url_parse(discovery->base_url, &base, NULL) ||
		ac_url_is_below(&home, &base))
		return;
	discovery->withheld_base = discovery->base_url;
	discovery->base_url = ac_url_text(&home);
}

/*
 * May it be stored that nothing was found?  Who only uses the server may have
 * the wrong credentials, or none: that takes nothing from the others.
 */
static bool
may_forget(ForeignServer *server)
{
	AcServerState state;

	return ac_foreign_server_ownercheck(server->serverid, GetUserId()) ||
		   !ac_catalog_load(server, &state);
}

void
ac_learn_keep(ForeignServer *server, AcConnection *conn,
			  AcDiscovery *discovery, AcTablePlans **plans)
{
	AcPlanOptions options = {.nested = AC_NESTED_JSON};

	*plans = NULL;
	hold_base(server, conn, discovery);
	if (discovery->status == AC_DISCOVERED)
		*plans = ac_learn_plans(discovery, &options);
	if (*plans != NULL || may_forget(server))
		store(server, discovery, *plans);
}

AcDiscovery *
ac_learn_server(ForeignServer *server, Oid userid, bool speak)
{
	AcConnection *conn = ac_connection_get(server->serverid, userid);
	AcDiscovery *discovery = ac_discover_run(conn);
	AcTablePlans *plans;

	ac_learn_keep(server, conn, discovery, &plans);
	if (!speak)
		return discovery;
	if (discovery->status == AC_DISCOVERED)
		tell_discovered(discovery, plans, server->servername, conn);
	else
		tell_not_discovered(discovery, server,
							ac_connection_has_credentials(conn));
	return discovery;
}

/* Why a server has no model, as an error. */
static void
throw_no_model(const AcDiscovery *discovery, ForeignServer *server,
			   bool has_credentials)
{
	const char *name = server->servername;

	switch (discovery->status)
	{
		case AC_DISCOVER_AUTH_REQUIRED:
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_AUTHORIZATION_SPECIFICATION),
					 errmsg("%s", auth_message(name, has_credentials)),
					 errdetail("Credentials: %s.", ac_learn_auth_text(discovery)),
					 errhint("%s", auth_statement(discovery, name, has_credentials))));
			break;
		case AC_DISCOVER_UNREACHABLE:
			ac_report_error(&discovery->problem);
			break;
		default:
			ereport(ERROR,
					(errcode(ERRCODE_FDW_ERROR),
					 errmsg("server \"%s\" has no description that could be found", name),
					 discovery->problem.code != AC_ERR_NONE
						 ? errdetail("%s", discovery->problem.message)
						 : 0,
					 errhint("%s", undescribed_hint(server))));
			break;
	}
}

/* The model that is stored and current, NULL if there is none. */
static AcDiscovery *
reread(ForeignServer *server, AcConnection *conn)
{
	AcDiscovery *discovery = palloc(sizeof(AcDiscovery));
	AcServerState state;
	AcError err;

	if (!ac_catalog_load(server, &state) || state.description == NULL ||
		ac_catalog_url_changed(server))
		return NULL;
	if (ac_discover_reread(conn, state.description, state.spec_url, discovery,
						   &err))
	{
		/* what is proved must be what scans will ask */
		discovery->base_url = ac_url_text(ac_connection_base(conn));
		return discovery;
	}
	if (err.code == AC_ERR_INTERRUPTED)
		ac_report_error(&err);
	return NULL;
}

/*
 * Of a server that is not to be asked what it offers: what its tables will
 * need is kept, as there is nothing yet that it could be kept with.
 */
static AcDiscovery *
learn_nothing(ForeignServer *server, AcConnection *conn)
{
	AcDiscovery *discovery = ac_discover_nothing(conn);
	AcServerState state;

	if (!ac_catalog_load(server, &state))
		store(server, discovery, NULL);
	return discovery;
}

AcDiscovery *
ac_learn_known(ForeignServer *server, Oid userid)
{
	AcConnection *conn = ac_connection_get(server->serverid, userid);
	AcDiscovery *discovery = reread(server, conn);

	if (discovery != NULL)
		return discovery;
	return ac_option_server(server)->discover
			   ? ac_learn_server(server, userid, false)
			   : learn_nothing(server, conn);
}

AcDiscovery *
ac_learn_model(ForeignServer *server, Oid userid)
{
	AcConnection *conn = ac_connection_get(server->serverid, userid);
	AcDiscovery *discovery = reread(server, conn);

	if (discovery == NULL)
		discovery = ac_learn_server(server, userid, false);
	if (discovery->status != AC_DISCOVERED)
		throw_no_model(discovery, server, ac_connection_has_credentials(ac_connection_get(server->serverid, userid)));
	return discovery;
}
