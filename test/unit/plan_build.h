/*
 * plan_build.h
 *		How do the tests of planning write down an API?
 *
 * As the "paths" of an OpenAPI document in JSON, with ' for " so that it can
 * be read in C, and from there through the reader to the model.
 */
#ifndef AC_TEST_PLAN_BUILD_H
#define AC_TEST_PLAN_BUILD_H

#include "ac.h"

#include "api/openapi.h"
#include "api/tableplan.h"
#include "core/json.h"

#include "tap.h"

static const AcPlanOptions plain_options = {.nested = AC_NESTED_JSON};

/* JSON with ' for ". */
static inline AcJson *
json_of(const char *text)
{
	char *copy = pstrdup(text);
	char *s;
	AcJson *doc = NULL;
	AcError err;

	for (s = copy; *s != '\0'; s++)
		if (*s == '\'')
			*s = '"';
	if (!ac_json_parse(copy, strlen(copy), AC_JSON_MAX_DEPTH, &doc, &err))
		diag("%s in %s", err.message, copy);
	return doc;
}

/* The model of an API with these paths (members of an object, no braces). */
static inline AcApi *
api_of(const char *paths, AcJson **doc)
{
	AcApi *api = NULL;
	AcError err;

	*doc = json_of(psprintf("{'openapi': '3.0.3', 'info': {'title': 'T', "
							"'version': '1'}, 'paths': {%s}}",
							paths));
	if (*doc == NULL || !ac_openapi_read(&(AcReadInput){.doc = *doc, .limits = &ac_read_limits_default}, &api, &err))
		diag("no API: %s", *doc == NULL ? "no document" : err.message);
	return api;
}

/* "'/things': {'get': ...}" with that schema, parameters and more members. */
static inline char *
path_of(const char *path, const char *schema, const char *parameters)
{
	return psprintf("'%s': {'get': {'parameters': [%s], 'responses': {'200': "
					"{'description': 'OK', 'content': {'application/json': "
					"{'schema': %s}}}}}}",
					path, parameters, schema);
}

/* An object schema of these properties. */
static inline char *
object_of(const char *properties)
{
	return psprintf("{'type': 'object', 'properties': {%s}}", properties);
}

static inline char *
array_of(const char *items)
{
	return psprintf("{'type': 'array', 'items': %s}", items);
}

static inline char *
query_of(const char *name, const char *schema)
{
	return psprintf("{'name': '%s', 'in': 'query', 'schema': %s}", name,
					schema);
}

static inline const AcTablePlan *
plan_for(const AcTablePlans *plans, const char *path)
{
	int i;

	for (i = 0; i < plans->n_tables; i++)
		if (strcmp(plans->tables[i].path, path) == 0)
			return &plans->tables[i];
	diag("no plan for %s", path);
	return NULL;
}

static inline const AcColumnPlan *
column_of(const AcTablePlan *plan, const char *name)
{
	int i;

	for (i = 0; plan != NULL && i < plan->n_columns; i++)
		if (strcmp(plan->columns[i].name, name) == 0)
			return &plan->columns[i];
	return NULL;
}

/* "name type[!decode], ..." of all columns; '*' marks the key's. */
static inline char *
columns_text(const AcTablePlan *plan)
{
	StringInfoData out;
	int i;

	initStringInfo(&out);
	for (i = 0; plan != NULL && i < plan->n_columns; i++)
	{
		const AcColumnPlan *c = &plan->columns[i];

		appendStringInfo(&out, "%s%s%s %s", i ? ", " : "", c->key ? "*" : "",
						 c->name, c->type);
		if (c->decode != NULL)
			appendStringInfo(&out, "!%s", c->decode);
	}
	return out.data;
}

/* The plans of that model; finish() frees both. */
static inline AcTablePlans *
plans_of(const char *paths, const AcPlanOptions *options, AcJson **doc)
{
	AcApi *api = api_of(paths, doc);

	return ac_tableplan_build(api, options);
}

static inline void
finish(AcTablePlans *plans, AcJson *doc)
{
	ac_json_free(plans->evidence);
	ac_json_free(doc);
}

#endif /* AC_TEST_PLAN_BUILD_H */
