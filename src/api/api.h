/*
 * api.h
 *		What does an API offer, whatever language describes it?
 *
 * AcApi is the model that every reader (api/openapi and later others) fills
 * and that api/tableplan turns into tables.  It is built in the current
 * memory context, points into the document it was read from (which must
 * live as long) and is never changed afterwards.
 */
#ifndef AC_API_API_H
#define AC_API_API_H

#include "ac.h"

#include "api/shape.h"
#include "core/error.h"
#include "core/json.h"

typedef enum AcParamPlace
{
	AC_PARAM_PATH,
	AC_PARAM_QUERY,
	AC_PARAM_HEADER,
	AC_PARAM_COOKIE
} AcParamPlace;

typedef struct AcParam
{
	const char *name;
	AcParamPlace place;
	AcShape *shape; /* never NULL */
	bool required;
	bool deprecated;
	bool explode;  /* a list repeats the name (style form) */
	int max_items; /* of a list, 0: nobody says */
	bool allow_reserved;
	const char *description; /* NULL if none */
	const char *style;		 /* "form", "simple", ...: never NULL */
	const char *media_type;	 /* the value is a document of this type; NULL:
								 * written as style says */
} AcParam;

typedef enum AcAuthScheme
{
	AC_AUTH_NONE,
	AC_AUTH_API_KEY, /* in a header, query parameter or cookie */
	AC_AUTH_BASIC,	 /* RFC 7617 */
	AC_AUTH_BEARER,	 /* RFC 6750 */
	AC_AUTH_OAUTH2,	 /* a bearer token serves */
	AC_AUTH_AWS,	 /* Signature Version 4 */
	AC_AUTH_TLS,	 /* a certificate of the client */
	AC_AUTH_OTHER	 /* digest, ...: not served */
} AcAuthScheme;

typedef struct AcSecurityScheme
{
	const char *id; /* name in the description */
	AcAuthScheme scheme;
	AcParamPlace place;		 /* API_KEY only */
	const char *name;		 /* API_KEY: header, parameter or cookie name */
	const char *token_url;	 /* OAUTH2: NULL if none */
	const char *flow;		 /* OAUTH2: as OpenAPI names it, or NULL */
	const char *person_url;	 /* OAUTH2: where a person authorizes, or NULL */
	const char *description; /* NULL if none */
} AcSecurityScheme;

/* A value to sample a path variable with; nothing else is done with it. */
typedef struct AcPathValue
{
	const char *name;
	const char *value;
} AcPathValue;

typedef struct AcEndpoint
{
	const char *method;		  /* "GET", ... upper case */
	const char *path;		  /* template below the base URL, "/x/{id}" */
	const char *query;		  /* query string always sent, or NULL */
	const char *operation_id; /* NULL if none */
	const char *name;		  /* what the thing is called where its path does not
							   * tell ("/17", "/x.php"); NULL: the path tells */
	const char *summary;
	const char *description;
	const char *group; /* first tag, or NULL */
	bool deprecated;
	const char *sunset; /* when it will cease to be (x-sunset), or NULL */
	bool anonymous;		/* works without credentials */
	AcParam *params;	/* path-level ones included, no duplicates */
	int n_params;
	AcPathValue *values; /* that the user gave for variables of the path */
	int n_values;
	int response_status;		   /* 200, 206, ...; 0: default; -1: none */
	const char *media_type;		   /* of the chosen response, NULL if none */
	const char *other_media_type;  /* of one that is no JSON, where none is */
	AcShape *response;			   /* its body; NULL if no JSON body is described */
	const char **response_headers; /* names that the response declares */
	int n_response_headers;
	AcJson *example;	  /* a whole body, NULL if none is given */
	const char *base_url; /* own server of the operation; NULL: the API's */
	const char *source;	  /* JSON Pointer of the operation */
	const char *problem;  /* why it cannot be read, NULL if it can */

	/*
	 * undescribed: nothing is said of the answer, and a sample decides what
	 * comes (response may then be NULL without a problem).  confidence: 0..1
	 * that the path exists and reads; 1 where a description says so.  found:
	 * how it was found, for people ("curl line under \"List users\""), or NULL.
	 */
	bool undescribed;
	double confidence;
	const char *found;

	/* A read by POST: shape and media type of the body it takes, else NULL. */
	AcShape *request;
	const char *request_media_type;
} AcEndpoint;

typedef struct AcApi
{
	const char *kind;		  /* "openapi", ... as in autoconn.servers.kind */
	const char *spec_version; /* "3.0.3" */
	const char *title;		  /* NULL if none */
	const char *version;	  /* of the API itself */
	const char *description;
	const char **server_urls; /* absolute or relative to the document */
	int n_server_urls;
	AcEndpoint *endpoints; /* in document order */
	int n_endpoints;
	AcSecurityScheme *schemes; /* those that the API wants, best first */
	int n_schemes;
	bool auth_required; /* some read refuses anonymous calls */
	const char **notes; /* oddities met: "unresolved $ref #/x", ... */
	int n_notes;

	/*
	 * Memory that the model takes, about; whoever keeps the documents adds what
	 * those take.  Plans have what this leaves (api/tableplan_cost.c).
	 */
	int64 bytes;

	/*
	 * A tree that the reader built and the model points into, or NULL: to be
	 * freed when the model is no longer needed, as the document itself is.
	 */
	AcJson *owned;
} AcApi;

/* Caps of a reader's work; exceeding one is AC_ERR_TOO_LARGE. */
typedef struct AcReadLimits
{
	int max_endpoints;
	int max_shapes; /* shapes made and properties listed in them */
	int max_depth;	/* of schemas composed of one another, $ref
								 * hops included; nesting costs no depth */
	AcInterrupted interrupted;
	void *interrupted_arg;
} AcReadLimits;

extern const AcReadLimits ac_read_limits_default;

/* A document beside the one that is read. */
typedef struct AcDocument
{
	const char *method; /* "GET", "OPTIONS": how it was asked for */
	const char *url;	/* absolute, without fragment, as it was asked for */
	AcJson *doc;		/* NULL: it was asked for and could not be had */
} AcDocument;

/* A document that a reader wishes for. */
typedef struct AcWish
{
	const char *method;
	const char *url; /* absolute, without fragment */
} AcWish;

/* What a reader reads. */
typedef struct AcReadInput
{
	AcJson *doc;
	const char *url; /* absolute URL of doc, NULL if unknown */
	const AcDocument *others;
	int n_others;
	const AcReadLimits *limits;
} AcReadInput;

/* One row of the table of readers (api/api.c). */
typedef struct AcReader
{
	const char *name; /* the kind */
	/* is this document one of mine?  Cheap, never fails. */
	bool (*sniff)(const AcJson *doc);

	/*
	 * Documents beyond those in input that reading would gain from, best
	 * first; their number, *wishes is palloc'd.  Asked again after each round
	 * of fetching, until nothing new is wished for or the budget is used up:
	 * what the caller does not fetch is simply absent.  NULL: none ever.
	 * Whether a wish is allowed (same origin) is the caller's to decide.
	 */
	int (*wishes)(const AcReadInput *input, AcWish **wishes);

	/* fills *api; false with err if the document cannot serve at all */
	bool (*read)(const AcReadInput *input, AcApi **api, AcError *err);
} AcReader;

/* The other document that was asked for so, NULL if it is not there. */
extern const AcDocument *ac_read_other(const AcReadInput *input,
									   const char *method, const char *url);

/* The reader that knows this document, or NULL. */
extern const AcReader *ac_api_find_reader(const AcJson *doc);

/* Parameter by place and exact name, or NULL. */
extern const AcParam *ac_endpoint_param(const AcEndpoint *endpoint,
										AcParamPlace place, const char *name);

#endif /* AC_API_API_H */
