/*
 * openapi_security.c
 *		Which credentials does the API want?
 *
 * Security Requirement and Security Scheme Objects (OpenAPI 3.0.4, 4.7.27 and
 * 4.7.30; 3.1.1, 4.8.27 and 4.8.30; Swagger 2.0 alike).  Only what reads need matters: if the
 * API has GET operations, the others' requirements are not looked at.
 */
#include "ac.h"

#include "api/openapi_internal.h"

/* A scheme that some requirement names. */
typedef struct Wanted
{
	const char *id;
	int64 uses; /* operations that name it */
	int order;	/* in which they were met */
	AcSecurityScheme scheme;
} Wanted;

static void
want(AcOpenapiReader *reader, const char *id, int64 uses)
{
	AcShapeMapEntry *entry =
		ac_shape_map_enter(&reader->wanted, id, strlen(id));
	Wanted *wanted = entry->value;

	if (wanted == NULL)
	{
		wanted = palloc0(sizeof(Wanted));
		wanted->id = id;
		wanted->order = (int) reader->wanted.used;
		entry->value = wanted;
	}
	wanted->uses += uses;
}

/*
 * Alternatives of requirements: one that is empty makes calls without
 * credentials possible, as does a list without alternatives.
 */
static bool
is_anonymous(AcOpenapiReader *reader, AcJson *alternatives)
{
	int n = ac_json_length(alternatives);
	int i;

	for (i = 0; i < n && ac_openapi_spend(reader, 1); i++)
	{
		AcJsonIter it;
		AcJson *alternative = ac_json_at(alternatives, i);

		ac_json_iter_init(&it, alternative);
		if (ac_json_kind(alternative) == AC_JSON_OBJECT &&
			!ac_json_iter_next(&it))
			return true;
	}
	return n == 0;
}

static void
want_all(AcOpenapiReader *reader, AcJson *alternatives, int64 uses)
{
	int i;

	for (i = 0; i < ac_json_length(alternatives); i++)
	{
		AcJsonIter it;

		ac_json_iter_init(&it, ac_json_at(alternatives, i));
		while (ac_json_iter_next(&it) && ac_openapi_spend(reader, 1))
			want(reader, it.key, uses);
	}
}

/*
 * The operation's own list replaces the document's, even an empty one.  The
 * document's is the same for all, so its uses are only counted here.
 */
void
ac_openapi_security_count(AcOpenapiReader *reader, AcJson *operation,
						  AcEndpoint *endpoint)
{
	bool own = ac_json_has(operation, "security");
	bool counts = !reader->has_reads || strcmp(endpoint->method, "GET") == 0;

	endpoint->anonymous = own ? is_anonymous(reader, ac_json_get(operation, "security")) : reader->global_anonymous;
	if (!counts)
		return;
	reader->api->auth_required |= !endpoint->anonymous;
	if (own)
		want_all(reader, ac_json_get(operation, "security"), 1);
	else
		reader->global_uses++;
}

void
ac_openapi_security_start(AcOpenapiReader *reader)
{
	ac_shape_map_init(&reader->wanted);
	reader->global_anonymous =
		is_anonymous(reader, ac_json_get(reader->doc, "security"));
}

/* Flows from the one that is served best; a person is needed from the second. */
static const struct
{
	const char *name;		/* OpenAPI's */
	const char *swagger;	/* of Swagger 2 */
	const char *person_url; /* member that leads there */
} flows_served[] = {
	{"clientCredentials", "application", NULL},
	{"authorizationCode", "accessCode", "authorizationUrl"},
	{"deviceAuthorization", NULL, "deviceAuthorizationUrl"},
	{"password", "password", NULL},
	{"implicit", "implicit", "authorizationUrl"},
};

/* Swagger has one flow, whose members are the scheme's. */
static AcJson *
flow_of(AcJson *object, int i)
{
	const char *name = ac_openapi_text(object, "flow");

	if (name != NULL && flows_served[i].swagger != NULL &&
		strcmp(name, flows_served[i].swagger) == 0)
		return object;
	return ac_json_get(ac_json_get(object, "flows"), flows_served[i].name);
}

/* Where tokens are had: of the best flow that has such a place. */
static void
read_flow(AcJson *object, AcSecurityScheme *scheme)
{
	scheme->scheme = AC_AUTH_OAUTH2;
	for (int i = 0; i < (int) lengthof(flows_served); i++)
	{
		AcJson *flow = flow_of(object, i);
		const char *url = ac_openapi_text(flow, "tokenUrl");

		if (url == NULL)
			continue;
		scheme->token_url = url;
		scheme->flow = flows_served[i].name;
		if (flows_served[i].person_url != NULL)
			scheme->person_url = ac_openapi_text(flow, flows_served[i].person_url);
		return;
	}
	scheme->token_url = ac_openapi_text(object, "tokenUrl");
}

static bool
read_api_key(AcJson *object, AcSecurityScheme *scheme)
{
	const char *in = ac_openapi_text(object, "in");

	scheme->name = ac_openapi_text(object, "name");
	if (in == NULL || scheme->name == NULL)
		return false;
	if (strcmp(in, "header") == 0)
		scheme->place = AC_PARAM_HEADER;
	else if (strcmp(in, "query") == 0)
		scheme->place = AC_PARAM_QUERY;
	else if (strcmp(in, "cookie") == 0)
		scheme->place = AC_PARAM_COOKIE;
	else
		return false;
	return true;
}

/* The name of an HTTP authentication scheme is case-insensitive (RFC 9110). */
static AcAuthScheme
http_scheme(AcJson *object)
{
	const char *name = ac_openapi_text(object, "scheme");

	if (name != NULL && pg_strcasecmp(name, "basic") == 0)
		return AC_AUTH_BASIC;
	if (name != NULL && pg_strcasecmp(name, "bearer") == 0)
		return AC_AUTH_BEARER;
	return AC_AUTH_OTHER;
}

/* What API Gateway exports: a key that is no key, and an extension that says so. */
static bool
is_aws(AcJson *object)
{
	const char *type = ac_openapi_text(object, "x-amazon-apigateway-authtype");

	return type != NULL && pg_strcasecmp(type, "awsSigv4") == 0;
}

/* OpenID Connect ends in an access token, which is a bearer token. */
static void
read_scheme(AcOpenapiReader *reader, AcJson *object, AcSecurityScheme *scheme)
{
	const char *type = ac_openapi_text(object, "type");

	scheme->scheme = AC_AUTH_OTHER;
	scheme->description = ac_openapi_text(object, "description");
	if (type == NULL)
		type = "";
	if (is_aws(object))
		scheme->scheme = AC_AUTH_AWS;
	else if (strcmp(type, "mutualTLS") == 0)
		scheme->scheme = AC_AUTH_TLS;
	else if (strcmp(type, "apiKey") == 0 && read_api_key(object, scheme))
		scheme->scheme = AC_AUTH_API_KEY;
	else if (strcmp(type, "http") == 0)
		scheme->scheme = http_scheme(object);
	else if (strcmp(type, "basic") == 0)
		scheme->scheme = AC_AUTH_BASIC;
	else if (strcmp(type, "oauth2") == 0 || strcmp(type, "openIdConnect") == 0)
		read_flow(object, scheme);
	else
		ac_openapi_note(reader, "security scheme \"%s\" is incomplete",
						ac_openapi_quote(reader, scheme->id));
}

/* What needs no more than a secret of the user's comes first. */
static int
scheme_rank(AcAuthScheme scheme)
{
	switch (scheme)
	{
		case AC_AUTH_OAUTH2:
		case AC_AUTH_AWS:
			return 1;
		case AC_AUTH_TLS:
			return 2;
		case AC_AUTH_OTHER:
			return 3;
		default:
			return 0;
	}
}

static int
compare_wanted(const void *a, const void *b)
{
	const Wanted *x = *(Wanted *const *) a;
	const Wanted *y = *(Wanted *const *) b;
	int rank_x = scheme_rank(x->scheme.scheme);
	int rank_y = scheme_rank(y->scheme.scheme);

	if (rank_x != rank_y)
		return rank_x - rank_y;
	if (x->uses != y->uses)
		return x->uses > y->uses ? -1 : 1;
	return x->order - y->order;
}

/* From 3.2 on a requirement may name a scheme by where it stands. */
static AcJson *
scheme_by_url(AcOpenapiReader *reader, const char *url)
{
	AcJson *ref = ac_json_new_object();
	AcJson *object;

	ac_json_set_string(ref, "$ref", url);
	object = ac_openapi_ref_follow(reader, ref, NULL);
	ac_json_free(ref);
	return object;
}

/* The scheme that the requirements mean; false (noted) if there is none. */
static bool
define(AcOpenapiReader *reader, AcJson *schemes, Wanted *wanted)
{
	AcJson *object = ac_json_get(schemes, wanted->id);

	if (object == NULL && strpbrk(wanted->id, "#/") != NULL)
		object = scheme_by_url(reader, wanted->id);
	if (object == NULL)
	{
		ac_openapi_note(reader, "security scheme \"%s\" is not defined",
						ac_openapi_quote(reader, wanted->id));
		return false;
	}
	object = ac_openapi_ref_follow(reader, object, NULL);
	if (object == NULL)
		return false;
	wanted->scheme.id = wanted->id;
	read_scheme(reader, object, &wanted->scheme);
	return true;
}

/*
 * A description that defines schemes and then requires none forgot to: they
 * are told, but not required.
 */
static void
want_defined(AcOpenapiReader *reader, AcJson *schemes)
{
	AcJsonIter it;

	ac_json_iter_init(&it, schemes);
	while (ac_json_iter_next(&it) && ac_openapi_spend(reader, 1))
		want(reader, it.key, 0);
}

/* All schemes that the document defines; NULL if none. */
static AcJson *
defined_schemes(AcOpenapiReader *reader)
{
	AcJson *components = reader->doc;
	const char *member = reader->dialect->security_schemes;

	if (reader->dialect == &ac_openapi_dialect)
		components = ac_openapi_ref_follow(
			reader, ac_json_get(reader->doc, "components"), NULL);
	return ac_openapi_ref_follow(reader, ac_json_get(components, member),
								 NULL);
}

/* A description that knows no schemes, but a parameter that is one. */
static void
add_key(AcApi *api, const char *name)
{
	api->schemes = palloc0(sizeof(AcSecurityScheme));
	api->schemes[0].id = name;
	api->schemes[0].scheme = AC_AUTH_API_KEY;
	api->schemes[0].place = AC_PARAM_QUERY;
	api->schemes[0].name = name;
	api->n_schemes = 1;
}

void
ac_openapi_security_finish(AcOpenapiReader *reader)
{
	AcApi *api = reader->api;
	AcJson *schemes = defined_schemes(reader);
	Wanted **list;
	uint32 i;
	int n = 0;

	if (reader->global_uses > 0)
		want_all(reader, ac_json_get(reader->doc, "security"),
				 reader->global_uses);
	if (reader->wanted.used == 0)
		want_defined(reader, schemes);
	if (reader->wanted.used == 0 && reader->key_param != NULL)
		add_key(api, reader->key_param);
	if (reader->wanted.used == 0)
		return;
	list = palloc(reader->wanted.used * sizeof(Wanted *));
	for (i = 0; i < reader->wanted.capacity; i++)
	{
		Wanted *wanted = reader->wanted.entries[i].value;

		if (wanted != NULL && define(reader, schemes, wanted))
			list[n++] = wanted;
	}
	qsort(list, n, sizeof(Wanted *), compare_wanted);
	api->schemes = palloc(Max(n, 1) * sizeof(AcSecurityScheme));
	for (api->n_schemes = 0; api->n_schemes < n; api->n_schemes++)
		api->schemes[api->n_schemes] = list[api->n_schemes]->scheme;
	pfree(list);
}
