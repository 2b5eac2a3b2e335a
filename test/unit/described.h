/*
 * described.h
 *		How do the tests of OpenAPI and Swagger show what was read?
 */
#ifndef AC_TEST_DESCRIBED_H
#define AC_TEST_DESCRIBED_H

#include "ac.h"

#include "api/api.h"

#include "tap.h"

/* As deep as shapes are compared. */
#define DEEP 6

static const char *const place_names[] = {
	[AC_PARAM_PATH] = "path",
	[AC_PARAM_QUERY] = "query",
	[AC_PARAM_HEADER] = "header",
	[AC_PARAM_COOKIE] = "cookie",
};

/* "path id! integer simple, query l array of string form*" */
static inline char *
params_text(const AcEndpoint *endpoint)
{
	StringInfoData text;
	int i;

	initStringInfo(&text);
	for (i = 0; i < endpoint->n_params; i++)
	{
		const AcParam *param = &endpoint->params[i];

		appendStringInfo(&text, "%s%s %s%s %s %s%s%s", i > 0 ? ", " : "",
						 place_names[param->place], param->name,
						 param->required ? "!" : "",
						 ac_shape_text(param->shape, 1), param->style,
						 param->explode ? "*" : "",
						 param->allow_reserved ? "+" : "");
	}
	return text.data;
}

static inline bool
has_note(const AcApi *api, const char *part)
{
	int i;

	for (i = 0; i < api->n_notes; i++)
	{
		if (strstr(api->notes[i], part) != NULL)
			return true;
	}
	return false;
}

static inline void
show_notes(const AcApi *api)
{
	int i;

	for (i = 0; i < api->n_notes; i++)
		diag("note: %s", api->notes[i]);
}

#endif /* AC_TEST_DESCRIBED_H */
