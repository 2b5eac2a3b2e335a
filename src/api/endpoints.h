/*
 * endpoints.h
 *		How does a reader fill a model with paths that it found, one by one?
 *
 * Shared by the readers of what is no description by schemas: link indexes,
 * collections of requests, recorded archives, bare samples.  Work is paid for
 * with ac_endpoints_spend(); once that fails the reader only has to come to
 * an end quickly, and ac_endpoints_finish() fails.
 *
 * Nothing secret gets into a model: parameters with secret names are left out
 * here, and values of secret members of example bodies are masked.
 */
#ifndef AC_API_ENDPOINTS_H
#define AC_API_ENDPOINTS_H

#include "ac.h"

#include "api/api.h"
#include "api/shape_map.h"

/* Longest piece of a document that is quoted, in bytes. */
#define AC_ENDPOINTS_MAX_QUOTE 120

typedef struct AcEndpoints
{
	AcApi *api;
	const AcReadLimits *limits;
	AcError *err;
	bool failed; /* err is set */
	int64 spent;
	int64 tree_bytes; /* of the examples parsed by now, about */
	int capacity;	  /* of api->endpoints */
	AcShapeMap known; /* "GET /path" -> index + 1 */
	AcShapeMap noted; /* texts of the notes */
} AcEndpoints;

extern void ac_endpoints_init(AcEndpoints *list, const AcReadInput *input,
							  const char *kind, AcError *err);

/* Pays for units of work; false once limits are exceeded or interrupted. */
extern bool ac_endpoints_spend(AcEndpoints *list, int64 units);

/*
 * Hands over the model; false with err, and everything owned freed, if the
 * reader failed.
 */
extern bool ac_endpoints_finish(AcEndpoints *list, AcApi **api);

/*
 * The endpoint of this method and path; a new one is undescribed, without an
 * answer, and has its path's variables as parameters.  *is_new may be NULL.
 * NULL if there are too many.  Valid until the next call.
 */
extern AcEndpoint *ac_endpoints_enter(AcEndpoints *list, const char *method,
									  const char *path, bool *is_new);

/* The parameter of this place and name, added if there is none. */
extern AcParam *ac_endpoints_param(AcEndpoint *endpoint, AcParamPlace place,
								   const char *name);

/* What a value of a parameter shows of its shape. */
extern AcShape *ac_endpoints_value_shape(const char *value);

/*
 * Takes a query string in: parameters that are always sent (a version, a
 * format; all of them if fixed) go to endpoint->query, others become optional
 * parameters, secret ones are left out with a note.
 */
extern void ac_endpoints_query(AcEndpoints *list, AcEndpoint *endpoint,
							   const char *query, bool fixed);

/*
 * One parameter of a query string, decoded; value may be NULL.  False if it
 * looks secret and was left out.
 */
extern bool ac_endpoints_query_param(AcEndpoints *list, AcEndpoint *endpoint,
									 const char *name, const char *value,
									 bool fixed);

/*
 * The text as the endpoint's example body, if it is JSON and no error.
 * Replaces an example.
 */
extern bool ac_endpoints_example(AcEndpoints *list, AcEndpoint *endpoint,
								 const char *text, size_t len);

/* Parses a text into a tree that the model owns; NULL if it is no JSON. */
extern AcJson *ac_endpoints_parse(AcEndpoints *list, const char *text,
								  size_t len);

/* Adds a security scheme, each once. */
extern void ac_endpoints_scheme(AcEndpoints *list, AcAuthScheme scheme,
								AcParamPlace place, const char *name);

/* The one server. */
extern void ac_endpoints_server(AcEndpoints *list, const char *url);

/* Notes an oddity, each text once and only the first hundred. */
extern void ac_endpoints_note(AcEndpoints *list, const char *fmt, ...)
	pg_attribute_printf(2, 3);

/* A short palloc'd copy without control characters. */
extern char *ac_endpoints_quote(const char *text);

/*
 * The deepest directory that holds both: dir ("/api", "" for the root; NULL
 * for none yet) and the directory of path.  palloc'd.
 */
extern char *ac_endpoints_common_dir(const char *dir, const char *path);

/* What is left of path below dir; begins with '/'. */
extern const char *ac_endpoints_below(const char *dir, const char *path);

/* Does this segment of a path (len bytes) identify one thing: 17, a uuid? */
extern bool ac_endpoints_segment_is_id(const char *segment, size_t len);

/* What a variable behind this segment is called: "user_id" behind "users". */
extern char *ac_endpoints_variable_name(const char *segment);

/*
 * Which credentials a header field of a request shows, by its name and the
 * beginning of its value; false if none.
 */
extern bool ac_endpoints_scheme_of_header(AcEndpoints *list, const char *name,
										  const char *value);

#endif /* AC_API_ENDPOINTS_H */
