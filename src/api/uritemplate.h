/*
 * uritemplate.h
 *		Which path and which parameters does a URI template stand for?
 *
 * RFC 6570 as link indexes write it: "/repos/{owner}/{repo}{?q,page}",
 * "/commits{/sha}", "/search?q={query}".  "/users/:id", which indexes of
 * small servers have, is read as "/users/{id}".  Matrix parameters, fragments
 * and labels are optional and are left out.
 */
#ifndef AC_API_URITEMPLATE_H
#define AC_API_URITEMPLATE_H

#include "ac.h"

typedef struct AcUriParam
{
	const char *name; /* as the query has it, decoded */
	bool required;	  /* it stands in the literal query: "?q={query}" */
} AcUriParam;

typedef struct AcUriTemplate
{
	char *path;	 /* all before the query; variables as "{name}" */
	char *item;	 /* the same with its optional last segments, or NULL */
	char *query; /* literal parameters, "" if none */
	AcUriParam *params;
	int n_params;
} AcUriTemplate;

/* False if the text is no template: unbalanced braces, odd names. */
extern bool ac_uritemplate_read(const char *text, AcUriTemplate *out);

#endif /* AC_API_URITEMPLATE_H */
