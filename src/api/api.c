/*
 * api.c
 *		Which reader knows this description, and how much may it do?
 *
 * See api.h.
 */
#include "ac.h"

#include "api/api.h"
#include "api/googledisc.h"
#include "api/har.h"
#include "api/htmldoc.h"
#include "api/hypermedia.h"
#include "api/openapi.h"
#include "api/postman.h"
#include "api/sample.h"
#include "api/swagger.h"
#include "api/wordpress.h"

/* The more a format says of itself, the earlier it is asked. */
static const AcReader readers[] = {
	{"openapi", ac_openapi_sniff, ac_openapi_wishes, ac_openapi_read},
	{"swagger", ac_swagger_sniff, ac_swagger_wishes, ac_swagger_read},
	{"google", ac_googledisc_sniff, NULL, ac_googledisc_read},
	{"postman", ac_postman_sniff, NULL, ac_postman_read},
	{"har", ac_har_sniff, NULL, ac_har_read},
	{"wordpress", ac_wordpress_sniff, ac_wordpress_wishes, ac_wordpress_read},
	{"index", ac_hypermedia_sniff, ac_hypermedia_wishes, ac_hypermedia_read},
	{"docs", ac_htmldoc_sniff, ac_htmldoc_wishes, ac_htmldoc_read},
	{"sample", ac_sample_sniff, NULL, ac_sample_read},
};

const AcReadLimits ac_read_limits_default = {
	/* The largest API described in one document has some 20,000 operations. */
	.max_endpoints = 25000,

	/*
	 * The largest of a dozen big public APIs makes 82,000 (GitHub, 1,200
	 * operations, 13 MB); nine times that still takes less than a second, and
	 * some 110 MB where nothing but combinations of schemas make it so many.
	 */
	.max_shapes = 750000,

	/* Classes that inherit from each other are at most ten deep. */
	.max_depth = 100,
};

const AcReader *
ac_api_find_reader(const AcJson *doc)
{
	int i;

	for (i = 0; i < (int) lengthof(readers); i++)
	{
		if (readers[i].sniff(doc))
			return &readers[i];
	}
	return NULL;
}

const AcDocument *
ac_read_other(const AcReadInput *input, const char *method, const char *url)
{
	int i;

	for (i = 0; i < input->n_others; i++)
	{
		if (strcmp(input->others[i].url, url) == 0 &&
			strcmp(input->others[i].method, method) == 0)
			return &input->others[i];
	}
	return NULL;
}

const AcParam *
ac_endpoint_param(const AcEndpoint *endpoint, AcParamPlace place,
				  const char *name)
{
	int i;

	for (i = 0; i < endpoint->n_params; i++)
	{
		if (endpoint->params[i].place == place &&
			strcmp(endpoint->params[i].name, name) == 0)
			return &endpoint->params[i];
	}
	return NULL;
}
