/*
 * postman_url.h
 *		Where does a request of a Postman collection go?
 *
 * URLs there are texts or objects, with variables of the collection
 * ("{{baseUrl}}") and of the path (":id").
 */
#ifndef AC_API_POSTMAN_URL_H
#define AC_API_POSTMAN_URL_H

#include "ac.h"

#include "api/shape_map.h"
#include "core/json.h"

typedef struct AcPostmanUrl
{
	char *origin;		 /* "https://h"; NULL: a variable has no value */
	char *base_path;	 /* what the base's variable has behind it, "/v1" or "" */
	char *path;			 /* template, begins with '/' */
	const char *query;	 /* of the text, NULL if none or it is a list */
	const AcJson *list;	 /* "query" of the object, NULL if none */
	const char *unknown; /* the variable without a value, or NULL */
} AcPostmanUrl;

/* The values of a collection's "variable" by name. */
extern void ac_postman_variables(const AcJson *list, AcShapeMap *variables);

/* False if there is no URL. */
extern bool ac_postman_url_read(const AcJson *url, const AcShapeMap *variables,
								AcPostmanUrl *out);

#endif /* AC_API_POSTMAN_URL_H */
