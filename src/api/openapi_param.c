/*
 * openapi_param.c
 *		Which parameters does an operation take?
 *
 * Parameter Objects (OpenAPI 3.0.4, 4.7.12; 3.1.1, 4.8.12): those of the path
 * item, replaced by those of the operation with the same name and place, and
 * reconciled with the variables that the path template really has.
 */
#include "ac.h"

#include "api/names.h"
#include "api/openapi_internal.h"
#include "core/text.h"

/*
 * Parameters of one operation, path-level ones included.  The largest real
 * operations have some 180; comparing each with each must stay cheap.
 */
#define OPERATION_MAX_PARAMS 1000

/*
 * Can a parameter of that name be sent?  Options of tables and columns tell
 * headers and places of the body from parameters of the query by the name.
 */
static bool
can_be_sent(AcParamPlace place, const char *name)
{
	size_t len = strlen(name);

	return !ac_text_has_control(name) &&
		   (place != AC_PARAM_QUERY ||
			(len > 0 && name[0] != '/' && name[len - 1] != ':'));
}

/* Parameters collected for one operation. */
typedef struct ParamList
{
	AcParam *params;
	int n;
	int capacity;
} ParamList;

static bool
parse_place(const char *in, AcParamPlace *place)
{
	static const struct
	{
		const char *in;
		AcParamPlace place;
	} places[] = {
		{"path", AC_PARAM_PATH},
		{"query", AC_PARAM_QUERY},
		{"querystring", AC_PARAM_QUERY},
		{"header", AC_PARAM_HEADER},
		{"cookie", AC_PARAM_COOKIE},
	};
	int i;

	for (i = 0; i < (int) lengthof(places); i++)
	{
		if (strcmp(places[i].in, in) == 0)
			return *place = places[i].place, true;
	}
	return false;
}

/*
 * Header fields that a description may not declare as parameters: content
 * negotiation and credentials are described elsewhere (3.0.4, 4.7.12.2.1).
 */
static bool
is_reserved_header(const AcParam *param)
{
	return param->place == AC_PARAM_HEADER &&
		   (pg_strcasecmp(param->name, "Accept") == 0 ||
			pg_strcasecmp(param->name, "Content-Type") == 0 ||
			pg_strcasecmp(param->name, "Authorization") == 0);
}

/* Parts of the body are parameters in Swagger, but none of a URL. */
static bool
is_body(const AcOpenapiReader *reader, const char *in)
{
	return reader->dialect != &ac_openapi_dialect &&
		   (strcmp(in, "body") == 0 || strcmp(in, "formData") == 0);
}

/* How values are written: the defaults depend on the place. */
static void
read_style(AcJson *object, AcParam *param)
{
	bool in_template =
		param->place == AC_PARAM_PATH || param->place == AC_PARAM_HEADER;
	const char *style = ac_openapi_text(object, "style");
	bool form;

	param->style = style != NULL ? style : in_template ? "simple"
													   : "form";
	form = strcmp(param->style, "form") == 0;
	param->explode =
		form && ac_json_bool(ac_json_get(object, "explode"), true);
	param->allow_reserved =
		ac_json_bool(ac_json_get(object, "allowReserved"), false);
}

/*
 * The value by schema, or by the one entry of content.  What was converted
 * from Swagger by hand has the keywords in the parameter itself.
 */
AcJson *
ac_openapi_param_schema(AcOpenapiReader *reader, AcJson *object,
						AcParam *param)
{
	AcJson *schema = ac_json_get(object, "schema");
	AcJsonIter it;

	read_style(object, param);
	if (schema != NULL)
		return schema;
	ac_json_iter_init(&it, ac_json_get(object, "content"));
	if (ac_json_iter_next(&it))
	{
		param->media_type = it.key;
		return ac_json_get(ac_openapi_ref_follow(reader, it.value, NULL),
						   "schema");
	}
	return ac_openapi_text(object, "type") != NULL ? object : NULL;
}

static void
read_value(AcOpenapiReader *reader, AcJson *object, AcParam *param)
{
	AcJson *schema = reader->dialect->param(reader, object, param);
	int64 max_items;

	param->shape = schema != NULL ? ac_openapi_shape(reader, schema) : &reader->unknown->shape;
	ac_openapi_graph_complete(reader, param->shape);
	if (param->description == NULL)
		param->description = param->shape->description;
	if (schema != NULL)
		schema = ac_openapi_ref_follow(reader, schema, NULL);
	max_items = ac_json_int(ac_json_get(schema, "maxItems"), 0);
	param->max_items = (int) Max(Min(max_items, PG_INT32_MAX), 0);
}

/* False if the object is no parameter that can be sent; noted. */
static bool
read_param(AcOpenapiReader *reader, AcJson *node, AcParam *param)
{
	AcJson *object = ac_openapi_ref_follow(reader, node, NULL);
	const char *in = ac_openapi_text(object, "in");

	memset(param, 0, sizeof(*param));
	if (object == NULL)
		return false;
	param->name = ac_openapi_text(object, "name");
	if (param->name == NULL || in == NULL)
	{
		ac_openapi_note(reader, "a parameter has no name or no place");
		return false;
	}
	if (is_body(reader, in))
		return false;
	if (!parse_place(in, &param->place))
	{
		ac_openapi_note(reader, "parameter \"%s\" has the unknown place \"%s\"",
						ac_openapi_quote(reader, param->name), ac_openapi_quote(reader, in));
		return false;
	}
	if (is_reserved_header(param))
		return false;
	if (!can_be_sent(param->place, param->name))
	{
		ac_openapi_note(reader, "parameter \"%s\" has a name that cannot be sent",
						ac_openapi_quote(reader, param->name));
		return false;
	}
	param->required = param->place == AC_PARAM_PATH ||
					  ac_json_bool(ac_json_get(object, "required"), false);
	param->deprecated = ac_json_bool(ac_json_get(object, "deprecated"), false);
	param->description = ac_openapi_text(object, "description");
	read_value(reader, object, param);
	return true;
}

static AcParam *
find_param(ParamList *list, AcParamPlace place, const char *name)
{
	int i;

	for (i = 0; i < list->n; i++)
	{
		if (list->params[i].place == place &&
			strcmp(list->params[i].name, name) == 0)
			return &list->params[i];
	}
	return NULL;
}

/* Adds the parameter, or puts it in the place of one of the same name. */
static void
put_param(ParamList *list, const AcParam *param)
{
	AcParam *old = find_param(list, param->place, param->name);

	if (old != NULL)
	{
		*old = *param;
		return;
	}
	if (list->n == list->capacity)
	{
		list->capacity = Max(list->capacity * 2, 8);
		list->params = list->params == NULL ? palloc(list->capacity * sizeof(AcParam)) : repalloc(list->params, list->capacity * sizeof(AcParam));
	}
	list->params[list->n++] = *param;
}

/*
 * Is the value an object whose members are parameters themselves?  So they
 * are in style form with explode (3.0.4, 4.7.12.3: what springdoc makes of a
 * Pageable), in style deepObject ("filter[name]"), and in the query string as
 * a whole (3.2.0, 4.12.2).
 */
static bool
has_members(const AcParam *param, bool querystring)
{
	const AcShape *shape = param->shape;

	if (param->place != AC_PARAM_QUERY || shape->n_properties == 0 ||
		(shape->kind != AC_SHAPE_OBJECT && shape->kind != AC_SHAPE_MIXED))
		return false;
	if (querystring)
		return param->media_type != NULL &&
			   strcmp(param->media_type, "application/x-www-form-urlencoded") == 0;
	return param->media_type == NULL && shape->kind == AC_SHAPE_OBJECT &&
		   (strcmp(param->style, "deepObject") == 0 ||
			(strcmp(param->style, "form") == 0 && param->explode));
}

/* Adds the members; what is declared by its own name comes first. */
static void
put_members(AcOpenapiReader *reader, ParamList *list, const AcParam *param)
{
	const AcShape *shape = param->shape;
	bool deep = strcmp(param->style, "deepObject") == 0;
	int i;

	for (i = 0; i < shape->n_properties && list->n < OPERATION_MAX_PARAMS; i++)
	{
		const AcProperty *member = &shape->properties[i];
		AcParam one = *param;

		if (!ac_openapi_spend(reader, 1 + list->n / 16))
			return;
		one.name = deep ? psprintf("%s[%s]", param->name, member->name)
						: member->name;
		one.shape = member->shape;
		one.required = param->required && member->required;
		one.deprecated = param->deprecated || member->deprecated;
		one.description = member->shape->description;
		one.media_type = NULL;
		one.style = "form";
		one.explode = true;
		if (!member->read_only &&
			can_be_sent(AC_PARAM_QUERY, one.name) &&
			find_param(list, AC_PARAM_QUERY, one.name) == NULL)
			put_param(list, &one);
	}
}

/* Does the text hold the word, whatever its case? */
static bool
mentions(const char *text, const char *word)
{
	for (; text != NULL && *text != '\0'; text++)
		if (pg_strncasecmp(text, word, strlen(word)) == 0)
			return true;
	return false;
}

/*
 * Is the query parameter a credential?  The user mapping has those: a column
 * would want them in every query.  "key" and "token" may be anything, so that
 * their description must say so.
 */
static bool
is_credential(const AcParam *param)
{
	static const char *const sure[] = {
		"apikey", "accesstoken", "apitoken", "authtoken", "clientsecret",
		"xapikey", "subscriptionkey", NULL};
	static const char *const maybe[] = {"token", "key", "auth", NULL};

	if (param->place != AC_PARAM_QUERY)
		return false;
	if (ac_names_in(param->name, sure))
		return true;
	return ac_names_in(param->name, maybe) &&
		   (mentions(param->description, "authenticat") ||
			mentions(param->description, "api key") ||
			mentions(param->description, "access token"));
}

static void
add_param(AcOpenapiReader *reader, AcJson *node, ParamList *list)
{
	AcJson *object = ac_openapi_ref_follow(reader, node, NULL);
	const char *in = ac_openapi_text(object, "in");
	bool whole = in != NULL && strcmp(in, "querystring") == 0;
	AcParam param;

	if (!read_param(reader, node, &param))
		return;
	if (is_credential(&param))
	{
		ac_openapi_note(reader, "parameter \"%s\" is a credential and no column",
						ac_openapi_quote(reader, param.name));
		if (reader->key_param == NULL)
			reader->key_param = param.name;
	}
	else if (has_members(&param, whole))
		put_members(reader, list, &param);
	else if (whole)
		ac_openapi_note(reader, "the query string \"%s\" has no members that are described",
						ac_openapi_quote(reader, param.name));
	else
		put_param(list, &param);
}

/* False if the operation has more parameters than can be looked at. */
static bool
read_list(AcOpenapiReader *reader, AcJson *nodes, ParamList *list)
{
	int n = ac_json_length(nodes);
	int i;

	for (i = 0; i < n; i++)
	{
		if (list->n >= OPERATION_MAX_PARAMS)
			return false;
		if (!ac_openapi_spend(reader, 1 + list->n / 16))
			return true;
		add_param(reader, ac_json_at(nodes, i), list);
	}
	return true;
}

/* A path variable that nobody declared is a string. */
static void
add_undeclared(ParamList *list, const char *name)
{
	AcParam param = {0};

	param.name = name;
	param.place = AC_PARAM_PATH;
	param.shape = ac_shape_new(AC_SHAPE_STRING);
	param.required = true;
	param.style = "simple";
	put_param(list, &param);
}

/*
 * Variables of the path template, "{name}".  False if its braces do not
 * match, or a variable has no name.
 */
static bool
template_variables(AcOpenapiReader *reader, const char *path, ParamList *names)
{
	const char *at;

	for (at = strpbrk(path, "{}"); at != NULL; at = strpbrk(at, "{}"))
	{
		size_t len = strcspn(at + 1, "{}");

		if (*at != '{' || at[len + 1] != '}' || len == 0 ||
			names->n >= OPERATION_MAX_PARAMS ||
			!ac_openapi_spend(reader, 1 + names->n / 16))
			return false;
		add_undeclared(names, pnstrdup(at + 1, len));
		at += len + 2;
	}
	return true;
}

/* Declared path parameters that the template lacks cannot be sent. */
static void
drop_foreign(AcOpenapiReader *reader, ParamList *list, ParamList *variables,
			 const AcEndpoint *endpoint)
{
	int n = 0;
	int i;

	for (i = 0; i < list->n; i++)
	{
		AcParam *param = &list->params[i];

		if (param->place == AC_PARAM_PATH &&
			find_param(variables, AC_PARAM_PATH, param->name) == NULL)
			ac_openapi_note(reader, "path \"%s\" has no variable \"%s\"",
							ac_openapi_quote(reader, endpoint->path),
							ac_openapi_quote(reader, param->name));
		else
			list->params[n++] = *param;
	}
	list->n = n;
}

static void
reconcile_with_path(AcOpenapiReader *reader, ParamList *list,
					AcEndpoint *endpoint)
{
	ParamList variables = {0};
	int i;

	if (!template_variables(reader, endpoint->path, &variables))
	{
		endpoint->problem = "the braces in its path do not match";
		return;
	}
	drop_foreign(reader, list, &variables, endpoint);
	for (i = 0; i < variables.n; i++)
	{
		const char *name = variables.params[i].name;

		if (find_param(list, AC_PARAM_PATH, name) != NULL)
			continue;
		ac_openapi_note(reader, "variable \"%s\" of path \"%s\" is not declared",
						ac_openapi_quote(reader, name),
						ac_openapi_quote(reader, endpoint->path));
		add_undeclared(list, name);
	}
}

void
ac_openapi_params_read(AcOpenapiReader *reader, AcJson *shared,
					   AcJson *operation, AcEndpoint *endpoint)
{
	ParamList list = {0};

	if (!read_list(reader, shared, &list) ||
		!read_list(reader, ac_json_get(operation, "parameters"), &list))
		endpoint->problem = psprintf("it has more than %d parameters",
									 OPERATION_MAX_PARAMS);
	else
		reconcile_with_path(reader, &list, endpoint);
	endpoint->params = list.params;
	endpoint->n_params = list.n;
}
