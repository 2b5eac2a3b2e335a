/*
 * rest.h
 *		Which URL, and which body, asks a REST API for a query?
 *
 * The only place where a query becomes parameters.  Paging adds its own to
 * what this makes (net/pageparams).
 */
#ifndef AC_POLICY_REST_H
#define AC_POLICY_REST_H

#include "ac.h"

#include "core/error.h"
#include "core/url.h"
#include "policy/query.h"

/* A path template and the column of each of its variables (0: none). */
typedef struct AcTemplate
{
	const char *text; /* NULL: there is no such path */
	char **vars;
	int16 *attnums;
	int n_vars;
} AcTemplate;

/* How the API is asked. */
typedef struct AcRestForm
{
	const AcUrl *base;
	const AcTemplate *path;
	const AcTemplate *item;
	const char *params;		  /* query string of all requests, or NULL */
	const char *body;		  /* JSON object of a POST; NULL: GET */
	const char *fields_param; /* takes names of fields, or NULL */
	AcListForm fields_list;
} AcRestForm;

typedef struct AcRestRequest
{
	char *url;
	char *body; /* NULL: GET */
} AcRestRequest;

/*
 * The request for the first page, without paging parameters, below the base:
 * path variables filled in, then parameters; of an item the URL alone.  False
 * with AC_ERR_CANNOT_EXPRESS if a variable has no value or its value is no path
 * segment, if the path would leave the base, or if the body takes no values.
 */
extern bool ac_rest_render(const AcRestForm *form, const AcQuery *query,
						   AcRestRequest *request, AcError *err);

/* query (may be NULL) with name set to these values. */
extern char *ac_rest_set_list(const char *query, const char *name,
							  AcListForm form, const char *const *texts,
							  int n);

#endif /* AC_POLICY_REST_H */
