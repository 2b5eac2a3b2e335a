/*
 * sample.c
 *		Could a document that describes nothing be rows itself?
 *
 * The last reader: it takes what no other took.  Whether rows are in it, and
 * where, is the envelope's business (api/envelope); here only what surely is
 * none is refused, so that an error or a page never becomes a table.
 */
#include "ac.h"

#include "api/endpoints.h"
#include "api/errorbody.h"
#include "api/sample.h"
#include "core/url.h"

/*
 * Documents that speak of an API or of a schema, not of things: what names
 * them is a member at the top.
 */
static bool
is_description(const AcJson *doc)
{
	static const char *const members[] = {
		"openapi", "swagger", "swaggerVersion", "asyncapi", "$schema", "raml",
		"__schema"};
	int i;

	for (i = 0; i < (int) lengthof(members); i++)
		if (ac_json_has(doc, members[i]))
			return true;
	return ac_json_has(ac_json_get(doc, "data"), "__schema");
}

/* A page of core/html: the one member "html", an object. */
static bool
is_page(const AcJson *doc)
{
	return ac_json_kind(ac_json_get(doc, "html")) == AC_JSON_OBJECT;
}

/* A web app's manifest and an OpenID provider's facts lie at many roots. */
static bool
is_of_the_web(const AcJson *doc)
{
	return (ac_json_has(doc, "start_url") && ac_json_has(doc, "icons")) ||
		   (ac_json_has(doc, "issuer") &&
			(ac_json_has(doc, "jwks_uri") ||
			 ac_json_has(doc, "authorization_endpoint") ||
			 ac_json_has(doc, "token_endpoint")));
}

static bool
has_members(const AcJson *doc)
{
	AcJsonIter it;

	ac_json_iter_init(&it, doc);
	return ac_json_iter_next(&it);
}

bool
ac_sample_sniff(const AcJson *doc)
{
	if (ac_json_kind(doc) == AC_JSON_ARRAY)
		return true;
	return ac_json_kind(doc) == AC_JSON_OBJECT && has_members(doc) &&
		   !is_description(doc) && !is_page(doc) && !is_of_the_web(doc) &&
		   !ac_errorbody_is(doc);
}

bool
ac_sample_read(const AcReadInput *input, AcApi **api, AcError *err)
{
	AcEndpoints list;
	AcEndpoint *endpoint;
	AcUrl url = {0};
	const char *path = "/";
	char *dir;

	*api = NULL;
	if (!ac_sample_sniff(input->doc))
		return ac_error_set(err, AC_ERR_MALFORMED,
							"the document shows no rows");
	ac_endpoints_init(&list, input, "sample", err);
	if (input->url != NULL && ac_url_parse(input->url, &url, NULL))
	{
		dir = ac_endpoints_common_dir(NULL, url.path);
		path = ac_endpoints_below(dir, url.path);
		ac_endpoints_server(&list, psprintf("%s%s", ac_url_origin(&url), dir));
	}
	/* a path is no template here: braces come encoded */
	endpoint = ac_endpoints_enter(&list, "GET", path, NULL);
	if (endpoint != NULL)
	{
		endpoint->example = input->doc;
		endpoint->found = "the document at this URL";
		endpoint->source = "";
		ac_endpoints_query(&list, endpoint, url.query, true);
	}
	return ac_endpoints_finish(&list, api);
}
