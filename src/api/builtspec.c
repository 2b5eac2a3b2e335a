/*
 * builtspec.c
 *		How does a description in another language use the OpenAPI reader?
 *		See builtspec.h.
 */
#include "ac.h"

#include "api/builtspec.h"
#include "api/openapi.h"
#include "core/pointer.h"
#include "core/url.h"

/* Objects between two questions whether to stop. */
#define INTERRUPT_OBJECTS 1024

/* Counts the objects at and below node; false if it has to stop. */
static bool
count_objects(const AcReadLimits *limits, const AcJson *node, int *n)
{
	AcJsonIter it;
	int i;

	if (ac_json_kind(node) == AC_JSON_OBJECT)
	{
		(*n)++;
		if (*n > AC_BUILTSPEC_MAX_OBJECTS ||
			(*n % INTERRUPT_OBJECTS == 0 && limits->interrupted != NULL &&
			 limits->interrupted(limits->interrupted_arg)))
			return false;
	}
	ac_json_iter_init(&it, node);
	while (ac_json_iter_next(&it))
		if (!count_objects(limits, it.value, n))
			return false;
	for (i = 0; i < ac_json_length(node); i++)
		if (!count_objects(limits, ac_json_at(node, i), n))
			return false;
	return true;
}

bool
ac_builtspec_fits(const AcReadInput *input, const AcJson *doc, AcError *err)
{
	int n = 0;

	if (count_objects(input->limits, doc, &n))
		return true;
	if (n <= AC_BUILTSPEC_MAX_OBJECTS)
		return ac_error_set(err, AC_ERR_INTERRUPTED,
							"reading the API description was interrupted");
	return ac_error_set(err, AC_ERR_TOO_LARGE,
						"API description has more than %d objects",
						AC_BUILTSPEC_MAX_OBJECTS);
}

AcJson *
ac_builtspec_new(const char *title, const char *server)
{
	AcJson *tree = ac_json_new_object();
	AcJson *info = ac_json_new_object();
	AcJson *servers = ac_json_new_array();
	AcJson *entry = ac_json_new_object();

	ac_json_set_string(tree, "openapi", "3.1.0");
	if (title != NULL)
		ac_json_set_string(info, "title", title);
	ac_json_set(tree, "info", info);
	ac_json_set_string(entry, "url", server);
	ac_json_append(servers, entry);
	ac_json_set(tree, "servers", servers);
	ac_json_set(tree, "paths", ac_json_new_object());
	return tree;
}

bool
ac_builtspec_add(AcJson *tree, const char *path, const char *method,
				 AcJson *operation, const char *source)
{
	AcJson *paths = ac_json_get(tree, "paths");
	AcJson *item = ac_json_get(paths, path);

	if (item == NULL)
	{
		item = ac_json_new_object();
		ac_json_set(paths, path, item);
	}
	if (ac_json_has(item, method))
	{
		ac_json_free(operation);
		return false;
	}
	ac_json_set_string(operation, "x-source", source);
	ac_json_set(item, method, operation);
	return true;
}

AcJson *
ac_builtspec_responses(AcJson *schema)
{
	AcJson *responses = ac_json_new_object();
	AcJson *response = ac_json_new_object();
	AcJson *content = ac_json_new_object();
	AcJson *media = ac_json_new_object();

	if (schema != NULL)
		ac_json_set(media, "schema", schema);
	ac_json_set(content, "application/json", media);
	ac_json_set_string(response, "description", "");
	ac_json_set(response, "content", content);
	ac_json_set(responses, "200", response);
	return responses;
}

AcJson *
ac_builtspec_ref(const char *name)
{
	AcJson *ref = ac_json_new_object();

	ac_json_set_string(ref, "$ref", psprintf("#/components/schemas/%s", ac_pointer_escape(name)));
	return ref;
}

void
ac_builtspec_copy(AcJson *target, const char *key, const AcJson *source)
{
	if (ac_json_has(source, key))
		ac_json_set(target, key, ac_json_ref(ac_json_get(source, key)));
}

/* What the reader could not know of an operation that was built. */
static void
finish_endpoint(AcEndpoint *endpoint, AcJson *tree)
{
	AcJson *operation = NULL;
	char **names;

	if (endpoint->source != NULL &&
		ac_json_pointer(tree, endpoint->source, &operation) &&
		ac_json_has(operation, "x-source"))
		endpoint->source = ac_json_get_string(operation, "x-source");
	endpoint->confidence = 1;
	if (endpoint->problem == NULL &&
		ac_url_template_vars(endpoint->path, &names) < 0)
		endpoint->problem = "its path is no template";
	if (endpoint->problem == NULL && endpoint->response != NULL &&
		endpoint->response->kind == AC_SHAPE_UNKNOWN)
	{
		endpoint->undescribed = true;
		endpoint->response = NULL;
		endpoint->media_type = NULL;
	}
}

bool
ac_builtspec_read(const AcReadInput *input, AcJson *tree, const char *kind,
				  AcApi **api, AcError *err)
{
	AcReadInput built = {.doc = tree, .url = input->url, .limits = input->limits};
	int i;

	if (!ac_openapi_read(&built, api, err))
	{
		ac_json_free(tree);
		*api = NULL;
		return false;
	}
	(*api)->kind = kind;
	(*api)->spec_version = NULL;
	(*api)->owned = tree;
	for (i = 0; i < (*api)->n_endpoints; i++)
		finish_endpoint(&(*api)->endpoints[i], tree);
	return true;
}
