/*
 * openapi_internal.h
 *		What do the files of the OpenAPI reader share?
 *
 * openapi.c walks the document and its operations, openapi_param and
 * openapi_response the parts of one operation, openapi_server and
 * openapi_security what is said for all; openapi_ref follows $ref.  Schemas
 * become shapes in openapi_schema (one schema), openapi_keyword (its own
 * keywords) and openapi_graph (the graph of shapes, built as far as needed).
 *
 * Everything takes hostile documents: a member of the wrong type reads as
 * absent or is noted.  Work is paid for with ac_openapi_spend(); once that
 * fails the reader only has to come to an end quickly.
 */
#ifndef AC_API_OPENAPI_INTERNAL_H
#define AC_API_OPENAPI_INTERNAL_H

#include "api/api.h"
#include "api/shape_level.h"
#include "api/shape_map.h"

typedef struct AcOpenapiNode AcOpenapiNode;

/* Longest piece of a document that is quoted, in bytes. */
#define AC_OPENAPI_MAX_QUOTE 120

typedef struct AcOpenapiReader
{
	AcJson *doc;
	const AcReadLimits *limits;
	AcApi *api;
	bool v30; /* OpenAPI 3.0: siblings of $ref do not count */
	AcError *err;
	bool failed; /* err is set */

	/* work done, in units of one shape, property, parameter ... */
	int64 spent;

	/* lists of the api that grow */
	int max_endpoints;
	AcShapeMap noted; /* texts of the notes */
	char quotes[4][AC_OPENAPI_MAX_QUOTE + sizeof("...")];
	int last_quote;

	/* the graph of shapes (openapi_graph) */
	AcShapeCombiner children;
	AcShapeMap schemas; /* address of a schema -> its node */
	AcShapeMap joins;	/* set of nodes -> their join */
	AcShapeMap merges;	/* two nodes -> both merged */
	int n_nodes;
	int level;				/* of the node being filled */
	AcOpenapiNode *unknown; /* nothing is known */
	AcOpenapiNode *mixed;	/* several kinds, not looked at */
	AcOpenapiNode *pending; /* reached, children not yet looked at */

	/* security requirements met (openapi_security) */
	AcShapeMap wanted;
	bool global_anonymous; /* the document's own requirements */
	int64 global_uses;	   /* operations that they hold for */
	bool has_reads;		   /* some operation is a GET */
} AcOpenapiReader;

/* openapi.c */

/*
 * Pays for units of work.  False once the limits are exceeded or the caller
 * was interrupted: then the reader has failed and err says why.
 */
extern bool ac_openapi_spend(AcOpenapiReader *reader, int64 units);

/* The reader fails with this error, unless it has failed already. */
extern void ac_openapi_fail(AcOpenapiReader *reader, AcErrorCode code,
							const char *fmt, ...) pg_attribute_printf(3, 4);

/* Notes an oddity, each text once and only the first some hundred. */
extern void ac_openapi_note(AcOpenapiReader *reader, const char *fmt, ...)
	pg_attribute_printf(2, 3);

/*
 * A piece of the document, short enough for a note, without control
 * characters.  Valid until the fourth next call.
 */
extern const char *ac_openapi_quote(AcOpenapiReader *reader,
									const char *text);

/* The text of a string member that is not empty, else NULL. */
extern const char *ac_openapi_text(const AcJson *node, const char *key);

/* openapi_ref.c */

/*
 * What the node means: itself, or at the end of its chain of $refs.  NULL if
 * that leads nowhere (noted).  *name, if not NULL, gets the name of the
 * component it was found under, or stays as it is.
 */
extern AcJson *ac_openapi_ref_follow(AcOpenapiReader *reader, AcJson *node,
									 const char **name);

/* The target of the node's one $ref, which may be a reference again. */
extern AcJson *ac_openapi_ref_target(AcOpenapiReader *reader, AcJson *node,
									 const char **name);

/* The node's $ref, NULL if it has none. */
extern const char *ac_openapi_ref(const AcJson *node);

/* openapi_graph.c */

typedef enum AcOpenapiNodeState
{
	AC_NODE_NEW,  /* shape is blank */
	AC_NODE_OPEN, /* being filled: whoever meets it goes in a circle */
	AC_NODE_DONE
} AcOpenapiNodeState;

typedef enum AcOpenapiNodeOrigin
{
	AC_ORIGIN_SCHEMA, /* of one schema */
	AC_ORIGIN_JOIN,	  /* the join of its members */
	AC_ORIGIN_MERGE	  /* its two members merged */
} AcOpenapiNodeOrigin;

/*
 * A shape and what it is to be made of.  All shapes that the reader hands out
 * as children are first members of nodes.
 */
struct AcOpenapiNode
{
	AcShape shape;
	AcOpenapiNodeState state;
	AcOpenapiNodeOrigin origin;
	AcJson *schema;			 /* SCHEMA */
	AcOpenapiNode **members; /* others; JOIN: by serial, unique, no joins */
	int n_members;
	int serial;
	int level; /* combinations that this one is nested in */
	bool reached;
	AcOpenapiNode *next_pending;
};

extern void ac_openapi_graph_init(AcOpenapiReader *reader);

/* The shape of a schema; filled by ac_openapi_graph_complete(). */
extern AcShape *ac_openapi_shape(AcOpenapiReader *reader, AcJson *schema);

/* Sees to it that the shape and all that can be reached from it is filled. */
extern void ac_openapi_graph_complete(AcOpenapiReader *reader,
									  AcShape *shape);

/* The node of a schema. */
extern AcOpenapiNode *ac_openapi_node(AcOpenapiReader *reader,
									  AcJson *schema);

/* The node that admits what any of these does (n > 0). */
extern AcOpenapiNode *ac_openapi_node_join(AcOpenapiReader *reader,
										   AcOpenapiNode **members, int n);

/*
 * Fills the node's own level.  False if it is being filled already further up:
 * the schema is composed of itself.  depth: schemas it is composed into.
 */
extern bool ac_openapi_node_fill(AcOpenapiReader *reader, AcOpenapiNode *node,
								 int depth);

/* Notes that this node was met while it was being filled. */
extern void ac_openapi_note_circle(AcOpenapiReader *reader,
								   const AcOpenapiNode *node);

/* openapi_schema.c: fills a SCHEMA node, which is open. */
extern void ac_openapi_schema_fill(AcOpenapiReader *reader,
								   AcOpenapiNode *node, int depth);

/*
 * Follows $refs and wrappers that say nothing of their own ("allOf" of one)
 * to the schema that says something; NULL if there is none.
 */
extern AcJson *ac_openapi_schema_meant(AcOpenapiReader *reader,
									   AcJson *schema, const char **name);

/* openapi_keyword.c */

/* What the schema's own keywords say, without composition. */
extern void ac_openapi_keywords(AcOpenapiReader *reader, AcJson *schema,
								AcShape *shape);
/* Title, description, default, ... of the schema over what shape has. */
extern void ac_openapi_annotate(AcOpenapiReader *reader, AcJson *schema,
								AcShape *shape);

/* openapi_param.c */

/*
 * Fills params of the endpoint, and problem if they cannot be sent; shared:
 * the list of parameters of its path item.
 */
extern void ac_openapi_params_read(AcOpenapiReader *reader, AcJson *shared,
								   AcJson *operation, AcEndpoint *endpoint);

/* openapi_response.c */

/* Fills everything about the answer, and problem. */
extern void ac_openapi_response_read(AcOpenapiReader *reader,
									 AcJson *operation, AcEndpoint *endpoint);

/*
 * The JSON media type of a "content" object that is liked best, and its
 * Media Type Object; NULL if there is none.
 */
extern const char *ac_openapi_json_content(AcOpenapiReader *reader,
										   AcJson *content, AcJson **media);

/* openapi_server.c */

/*
 * The first URLs of a "servers" list, at most max, variables filled in; NULL
 * if there are none.
 */
extern const char **ac_openapi_servers_read(AcOpenapiReader *reader,
											AcJson *servers, int max,
											int *n_urls);

/* Servers of a document; the longest real lists are regions of clouds, 40. */
#define AC_OPENAPI_MAX_SERVERS 1000

/* openapi_security.c */

/* Before all operations. */
extern void ac_openapi_security_start(AcOpenapiReader *reader);
/* Counts the operation's requirements and fills anonymous. */
extern void ac_openapi_security_count(AcOpenapiReader *reader,
									  AcJson *operation, AcEndpoint *endpoint);
/* Fills the api's schemes and auth_required after all operations. */
extern void ac_openapi_security_finish(AcOpenapiReader *reader);

#endif /* AC_API_OPENAPI_INTERNAL_H */
