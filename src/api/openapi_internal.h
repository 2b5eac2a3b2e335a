/*
 * openapi_internal.h
 *		What do the files of the OpenAPI and Swagger readers share?
 *
 * openapi.c walks the document and its operations, openapi_param and
 * openapi_response the parts of one operation, openapi_server and
 * openapi_security what is said for all; openapi_ref follows $ref and
 * openapi_place knows the documents that it leads to.  Schemas become shapes
 * in openapi_schema (one schema), openapi_keyword (its own keywords) and
 * openapi_graph (the graph of shapes, built as far as needed).  What Swagger
 * 2.0 says in another way than OpenAPI 3 is behind AcOpenapiDialect.
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
#include "core/text.h"
#include "core/url.h"

typedef struct AcOpenapiNode AcOpenapiNode;
typedef struct AcOpenapiReader AcOpenapiReader;

/* What a $ref is relative to: a document, or a schema in it with an $id. */
typedef struct AcOpenapiPlace
{
	AcJson *root;
	struct AcOpenapiPlace *document; /* place of the whole document */
	AcUrl base;
	const char *url;	/* base as text without fragment; NULL: unknown */
	AcShapeMap anchors; /* names of $anchor and $dynamicAnchor -> schema */
	AcShapeMap leads;	/* references without fragment -> place */
} AcOpenapiPlace;

/* The body of an answer or a request, as the document describes it. */
typedef struct AcOpenapiBody
{
	const char *media_type; /* the one that is read; NULL: none is */
	bool lines;				/* of JSON texts, one after the other */
	AcJson *schema;			/* of the body; of one line; NULL: not said */
	AcJson *example;		/* a whole body; NULL: none */
	const char *other;		/* media type of what is no JSON, or NULL */
} AcOpenapiBody;

/* What the two formats say in different ways. */
typedef struct AcOpenapiDialect
{
	const char *kind;			  /* as AcApi.kind */
	const char *version_member;	  /* member that holds the version */
	const char *security_schemes; /* member that holds all schemes */

	/* The components that are schemas; NULL if there are none. */
	AcJson *(*schemas)(AcOpenapiReader *reader);
	/* Fills the api's server URLs. */
	void (*servers)(AcOpenapiReader *reader);
	/* The nearest own server of an operation, NULL if it has none. */
	const char *(*own_server)(AcOpenapiReader *reader, AcJson *servers);
	/* The body of a Response Object of an operation. */
	void (*response)(AcOpenapiReader *reader, AcJson *operation,
					 AcJson *response, AcOpenapiBody *body);
	/* The body that an operation takes; shared: its path's parameters. */
	void (*request)(AcOpenapiReader *reader, AcJson *operation,
					AcJson *shared, AcOpenapiBody *body);
	/* Style of a parameter and the schema of its value (NULL: none). */
	AcJson *(*param)(AcOpenapiReader *reader, AcJson *object, AcParam *param);
} AcOpenapiDialect;

extern const AcOpenapiDialect ac_openapi_dialect; /* openapi.c */

/* The document's components that are schemas; NULL if it has none. */
extern AcJson *ac_openapi_components(AcOpenapiReader *reader);

/* Longest piece of a document that is quoted, in bytes. */
#define AC_OPENAPI_MAX_QUOTE 120

struct AcOpenapiReader
{
	const AcOpenapiDialect *dialect;
	const AcReadInput *input;
	AcJson *doc;
	const AcReadLimits *limits;
	AcApi *api;
	bool v30; /* Swagger and OpenAPI 3.0: siblings of $ref do not count */
	AcError *err;
	bool failed; /* err is set */

	/* work done, in units of one shape, property, parameter ... */
	int64 spent;

	/* lists of the api that grow */
	int max_endpoints;
	AcShapeMap noted; /* texts of the notes */
	char quotes[4][AC_TEXT_QUOTE_SIZE(AC_OPENAPI_MAX_QUOTE)];
	int last_quote;

	/* where references lead (openapi_place, openapi_ref) */
	AcOpenapiPlace *home;	/* the document that is read */
	AcOpenapiPlace nowhere; /* what leads of a place to nothing */
	AcShapeMap places;		/* URL -> place */
	AcShapeMap standing;	/* address of a node with a $ref -> its place, where
						   * that is not home */
	int visited;			/* nodes looked at for them */
	AcWish *wishes;			/* documents that were missed */
	int n_wishes;
	AcShapeMap heirs; /* address of a base -> its heirs (openapi_heir) */
	bool heirs_indexed;
	AcJson *components; /* ac_openapi_components() */
	bool components_known;
	AcJson *paths;		   /* of the document */
	AcShapeMap bare_paths; /* paths without query or fragment that are taken */
	int ref_depth;		   /* references that are followed inside one another */

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
	const char *key_param; /* a query parameter that is a credential, or NULL */
	bool global_anonymous; /* the document's own requirements */
	int64 global_uses;	   /* operations that they hold for */
	bool has_reads;		   /* some operation is a GET */
};

/* openapi.c */

/* AcReader.read and .wishes of a dialect. */
extern bool ac_openapi_read_as(const AcOpenapiDialect *dialect,
							   const AcReadInput *input, AcApi **api,
							   AcError *err);
extern int ac_openapi_wishes_as(const AcOpenapiDialect *dialect,
								const AcReadInput *input, AcWish **wishes);

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

/* The target of a reference that stands in node, but not as its $ref. */
extern AcJson *ac_openapi_ref_from(AcOpenapiReader *reader, AcJson *node,
								   const char *ref, const char **name);

/* The node's $ref (or $dynamicRef), NULL if it has none. */
extern const char *ac_openapi_ref(const AcJson *node);

/* openapi_place.c */

/* Finds out what stands where, before anything is read. */
extern void ac_openapi_places_init(AcOpenapiReader *reader);

/* The place whose base holds for the node's $ref. */
extern AcOpenapiPlace *ac_openapi_place_of(AcOpenapiReader *reader,
										   AcJson *node);

/*
 * The place that a reference standing at from leads to, without regard to its
 * fragment.  NULL if that is not at hand; then it is wished for.
 */
extern AcOpenapiPlace *ac_openapi_place_find(AcOpenapiReader *reader,
											 AcOpenapiPlace *from,
											 const char *ref);

/* Does some $ref of the document lead out of it? */
extern bool ac_openapi_refers_out(const AcJson *doc);

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
	AcOpenapiNode *with_heirs;	 /* this or any heir; NULL: not looked for */
	const AcOpenapiNode *family; /* JOIN of a base and its heirs: the base */
	AcOpenapiNode *next_pending;
};

extern void ac_openapi_graph_init(AcOpenapiReader *reader);

/* The shape of a schema; filled by ac_openapi_graph_complete(). */
extern AcShape *ac_openapi_shape(AcOpenapiReader *reader, AcJson *schema);

/* Sees to it that the shape and all that can be reached from it is filled. */
extern void ac_openapi_graph_complete(AcOpenapiReader *reader,
									  AcShape *shape);

/*
 * A shape of its own with what another one has, which is filled first; NULL if
 * that cannot be.  depth: as for ac_openapi_node_fill().
 */
extern AcShape *ac_openapi_shape_copy(AcOpenapiReader *reader, AcShape *shape,
									  int depth);

/* The shape of an array whose items have this shape. */
extern AcShape *ac_openapi_shape_list(AcOpenapiReader *reader, AcShape *items);

/* The node of a schema, and of the one alone without its heirs. */
extern AcOpenapiNode *ac_openapi_node(AcOpenapiReader *reader,
									  AcJson *schema);
extern AcOpenapiNode *ac_openapi_node_alone(AcOpenapiReader *reader,
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

/* openapi_heir.c */

/* The property that tells kinds apart, NULL if there is none. */
extern const char *ac_openapi_discriminator(const AcJson *schema);

/* The node of this schema or any of its heirs; the node itself if alone. */
extern AcOpenapiNode *ac_openapi_with_heirs(AcOpenapiReader *reader,
											AcOpenapiNode *base);

/* openapi_schema.c: what its discriminator says of a shape. */
extern void ac_openapi_discriminate(AcOpenapiReader *reader, AcJson *schema,
									AcShape *shape, int depth);

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

/* The dialect's function, see there. */
extern AcJson *ac_openapi_param_schema(AcOpenapiReader *reader, AcJson *object,
									   AcParam *param);

/* openapi_response.c */

/* Fills everything about the answer, and problem. */
extern void ac_openapi_response_read(AcOpenapiReader *reader,
									 AcJson *operation, AcEndpoint *endpoint);

/* Fills the endpoint's request; shared: the parameters of its path item. */
extern void ac_openapi_request_read(AcOpenapiReader *reader, AcJson *shared,
									AcJson *operation, AcEndpoint *endpoint);

/* The dialect's functions, see there. */
extern void ac_openapi_response_body(AcOpenapiReader *reader,
									 AcJson *operation, AcJson *response,
									 AcOpenapiBody *body);
extern void ac_openapi_request_body(AcOpenapiReader *reader, AcJson *operation,
									AcJson *shared, AcOpenapiBody *body);

/* openapi_media.c */

/* How much a media type is liked; 0: it is not read. */
extern int ac_openapi_media_rank(const char *media_type);

/* Is the body of this type a sequence of JSON texts, one a line? */
extern bool ac_openapi_media_is_lines(const char *media_type);

/* Text that may hold JSON all the same, if its schema says so. */
extern bool ac_openapi_media_is_text(const char *media_type);

/* Does the schema say at its own level that its value is object or list? */
extern bool ac_openapi_says_structure(AcOpenapiReader *reader,
									  AcJson *schema);

/* The body that a "content" object describes: the type that is liked best. */
extern void ac_openapi_content_read(AcOpenapiReader *reader, AcJson *content,
									AcOpenapiBody *body);

/* openapi_server.c */

/*
 * The path of an operation's own server below the API's ("" if it is that);
 * NULL if it is elsewhere, or there is none.
 */
extern const char *ac_openapi_server_below(AcOpenapiReader *reader,
										   const char *own);

/* The dialect's functions, see there. */
extern void ac_openapi_servers(AcOpenapiReader *reader);
extern const char *ac_openapi_own_server(AcOpenapiReader *reader,
										 AcJson *servers);

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
