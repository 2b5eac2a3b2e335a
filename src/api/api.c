/*
 * api.c
 *		Which reader knows this description, and how much may it do?
 *
 * See api.h.
 */
#include "ac.h"

#include "api/api.h"
#include "api/openapi.h"

static const AcReader readers[] = {
	{"openapi", ac_openapi_sniff, NULL, ac_openapi_read},
};

const AcReadLimits ac_read_limits_default = {
	/* The largest API described in one document has some 20,000 operations. */
	.max_endpoints = 50000,

	/*
	 * The largest of a dozen big public APIs makes 90,000 (GitHub, 1,200
	 * operations); ten times that still takes less than a second and some
	 * 400 MB at worst.
	 */
	.max_shapes = 1000000,

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
