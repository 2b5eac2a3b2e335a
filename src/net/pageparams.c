/*
 * pageparams.c
 *		Where do the parameters of a page stand in its request?
 *		See pageparams.h.
 */
#include "ac.h"

#include "core/json.h"
#include "core/jsonset.h"
#include "core/text.h"
#include "core/url.h"
#include "net/pageparams.h"

/*
 * Options name headers and places of the body; an API that leads on by names
 * of its own must not reach either.
 */
static AcPagePlace
place_of(const AcPageParam *param, const char *body)
{
	AcPagePlace place = ac_page_place(param->name);

	if (param->told)
		return AC_PLACE_QUERY;
	return place == AC_PLACE_BODY && body == NULL ? AC_PLACE_QUERY : place;
}

char *
ac_pageparams_query(char *query, const char *body,
					const AcPageRequest *request)
{
	for (int i = 0; i < request->n_params; i++)
		if (place_of(&request->params[i], body) == AC_PLACE_QUERY)
			query = ac_url_set_query(query, request->params[i].name,
									 request->params[i].value);
	return query;
}

/* ---- bodies ---- */

/* The same body with a JSON text set where the parameter points, or NULL. */
static char *
set_json(const char *body, const AcPageParam *param)
{
	AcJson *doc = NULL;
	AcJson *value = NULL;
	char *text = NULL;

	if (ac_json_parse(body, strlen(body), AC_JSON_MAX_DEPTH, &doc, NULL) &&
		ac_json_parse(param->value, strlen(param->value), AC_JSON_MAX_DEPTH,
					  &value, NULL) &&
		ac_jsonset_at(doc, param->name, value))
		text = ac_json_to_text(doc);
	ac_json_free(doc);
	return text;
}

bool
ac_pageparams_body(const char *body, const AcPageRequest *request,
				   const char **changed, AcError *err)
{
	AcJsonSet sets[lengthof(request->params)];
	int n = 0;

	*changed = body;
	for (int i = 0; i < request->n_params && *changed != NULL; i++)
	{
		const AcPageParam *param = &request->params[i];

		if (place_of(param, body) != AC_PLACE_BODY)
			continue;
		if (param->kind == AC_PAGE_JSON)
			*changed = set_json(*changed, param);
		else
			sets[n++] = (AcJsonSet){
				.pointer = param->name,
				.value = param->value,
				.plain = param->kind == AC_PAGE_NUMBER,
			};
	}
	if (n > 0 && *changed != NULL)
		*changed = ac_jsonset_apply(*changed, sets, n);
	if (body != NULL && *changed == NULL)
		return ac_error_set(err, AC_ERR_OPTION_VALUE,
							"the body has no place for a parameter of the next page");
	return true;
}

/* ---- headers ---- */

bool
ac_pageparams_headers(const AcPageRequest *request, const char **headers,
					  int max, AcError *err)
{
	int n = 0;

	for (int i = 0; i < request->n_params; i++)
	{
		const AcPageParam *param = &request->params[i];

		if (place_of(param, NULL) != AC_PLACE_HEADER)
			continue;
		if (ac_text_has_control(param->name) || ac_text_has_control(param->value))
			return ac_error_set(err, AC_ERR_INCOMPLETE,
								"scan is incomplete: the token of the next page cannot stand in a header");
		if (n == max)
			return ac_error_set(err, AC_ERR_INCOMPLETE,
								"scan is incomplete: the next page needs more than %d headers",
								max);
		headers[n++] = psprintf("%s %s", param->name, param->value);
	}
	return true;
}
