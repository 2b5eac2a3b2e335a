/*
 * pageparams.c
 *		Where do the parameters of a page stand in its request?
 *		See pageparams.h.
 */
#include "ac.h"

#include "core/jsonset.h"
#include "core/url.h"
#include "net/pageparams.h"

static bool
goes_into_body(const char *body, const char *name)
{
	return body != NULL && name[0] == '/';
}

char *
ac_pageparams_query(char *query, const char *body,
					const AcPageRequest *request)
{
	for (int i = 0; i < request->n_params; i++)
		if (!goes_into_body(body, request->params[i].name))
			query = ac_url_set_query(query, request->params[i].name,
									 request->params[i].value);
	return query;
}

const char *
ac_pageparams_body(const AcPaging *paging, const char *body,
				   const AcPageRequest *request)
{
	const char *cursor = paging->cursor_param;
	AcJsonSet sets[lengthof(request->params)];
	int n = 0;

	for (int i = 0; i < request->n_params; i++)
		if (goes_into_body(body, request->params[i].name))
			sets[n++] = (AcJsonSet){
				.pointer = request->params[i].name,
				.value = request->params[i].value,
				.plain = cursor == NULL ||
						 strcmp(cursor, request->params[i].name) != 0,
			};
	return n == 0 ? body : ac_jsonset_apply(body, sets, n);
}
