/*
 * shop_model.h
 *		How do the tests of drift write down an API and its successor?
 *
 * As a small shop in OpenAPI, in JSON with ' for ", with one slot that holds
 * another text before and after.  From there through the reader and the plan
 * to the model.
 */
#ifndef AC_TEST_SHOP_MODEL_H
#define AC_TEST_SHOP_MODEL_H

#include "drift/model.h"

#include "plan_build.h"

typedef enum Slot
{
	SLOT_X,		  /* schema of the column x */
	SLOT_FIELDS,  /* more properties, each with a comma in front */
	SLOT_PARAMS,  /* the list of parameters */
	SLOT_GET,	  /* more members of GET /orders, each with a comma behind */
	SLOT_METHODS, /* more methods of /orders, a comma in front */
	SLOT_ORDERS,  /* the whole path item, with its name and a comma behind */
	SLOT_BODY,	  /* the schema of the answer */
	SLOT_MEDIA,	  /* its media type */
	SLOT_PATHS,	  /* more paths, a comma in front */
	SLOT_TOP,	  /* more members of the document, a comma in front */
	SLOT_BASE	  /* the base URL */
} Slot;

static inline const char *
slot_text(Slot slot, Slot wanted, const char *text, const char *otherwise)
{
	return slot == wanted ? text : otherwise;
}

/* Members of a row but for the braces. */
static inline char *
shop_fields(Slot slot, const char *text)
{
	return psprintf("'id': {'type': 'integer'}, 'note': {'type': 'string'}, "
					"'x': %s%s",
					slot_text(slot, SLOT_X, text, "{'type': 'string'}"),
					slot_text(slot, SLOT_FIELDS, text, ""));
}

static inline char *
shop_document(const char *version, Slot slot, const char *text)
{
	char *row = object_of(shop_fields(slot, text));
	char *get =
		psprintf("'get': {'operationId': 'listOrders', %s'parameters': [%s], "
				 "'responses': {'200': {'description': 'OK', 'content': "
				 "{'%s': {'schema': %s}}}}}",
				 slot_text(slot, SLOT_GET, text, ""),
				 slot_text(slot, SLOT_PARAMS, text, ""),
				 slot_text(slot, SLOT_MEDIA, text, "application/json"),
				 slot_text(slot, SLOT_BODY, text, array_of(row)));
	char *orders = psprintf("'/orders': {%s%s},", get,
							slot_text(slot, SLOT_METHODS, text, ""));

	return psprintf("{'openapi': '%s', 'info': {'title': 'Shop', 'version': "
					"'1'}, 'paths': {%s %s%s}%s}",
					version, slot_text(slot, SLOT_ORDERS, text, orders),
					path_of("/shops", array_of(object_of("'id': {'type': 'integer'}")), ""),
					slot_text(slot, SLOT_PATHS, text, ""),
					slot_text(slot, SLOT_TOP, text, ""));
}

/* The model of a document that is there already; NULL (told) if it is bad. */
static inline AcModel *
model_of(AcJson *doc, const char *base_url)
{
	AcApi *api;
	AcError err;
	AcTablePlans *plans;
	AcModel *model;

	if (doc == NULL ||
		!ac_openapi_read(&(AcReadInput){.doc = doc, .limits = &ac_read_limits_default}, &api, &err))
	{
		diag("no API: %s", doc == NULL ? "no document" : err.message);
		return NULL;
	}
	plans = ac_tableplan_build(api, &plain_options);
	model = ac_model_build(api, plans, base_url);
	ac_json_free(plans->evidence);
	return model;
}

static inline AcModel *
shop_model(const char *version, Slot slot, const char *text)
{
	AcJson *doc = json_of(shop_document(version, slot, text));
	AcModel *model = model_of(doc, slot_text(slot, SLOT_BASE, text,
											 "https://shop.example/v1"));

	ac_json_free(doc);
	return model;
}

#endif /* AC_TEST_SHOP_MODEL_H */
