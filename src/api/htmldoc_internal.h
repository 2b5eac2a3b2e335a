/*
 * htmldoc_internal.h
 *		What do the parts of the documentation reader share?
 *
 * htmldoc_path.c reads targets of calls, htmldoc_call.c finds calls in texts
 * and code, htmldoc_page.c walks a page and collects mentions with what
 * belongs to them, htmldoc_param.c reads parameters, htmldoc.c makes the API
 * of all mentions, htmldoc_wish.c knows pages of documentation and where they
 * lead.  Nobody else includes this.
 */
#ifndef AC_API_HTMLDOC_INTERNAL_H
#define AC_API_HTMLDOC_INTERNAL_H

#include "ac.h"

#include "api/htmldoc.h"
#include "core/url.h"

/* Parameters of one call's query, and of one endpoint. */
#define AC_DOC_MAX_QUERY 30
#define AC_DOC_MAX_PARAMS 100

/*
 * Pages of one documentation beyond the first: what a budget of requests has
 * room for, and enough for one page for each resource of most APIs.
 */
#define AC_DOC_MAX_PAGES 30

/* Where a call stands, weakest evidence first. */
typedef enum AcDocEvidence
{
	AC_DOC_PROSE,	/* within a sentence */
	AC_DOC_CLIENT,	/* a call of a client library */
	AC_DOC_LINE,	/* a line or item of its own */
	AC_DOC_TABLE,	/* a row of a table */
	AC_DOC_HTTP,	/* a request in code */
	AC_DOC_CURL,	/* a curl command */
	AC_DOC_HEADING, /* a heading */
	AC_DOC_N_EVIDENCE
} AcDocEvidence;

typedef struct AcDocPair
{
	const char *name;
	const char *value; /* NULL if none */
} AcDocPair;

/* One call, as it is written. */
typedef struct AcDocCall
{
	const char *method; /* upper case */
	const char *origin; /* "https://host"; NULL: not said */
	const char *path;	/* template, begins with '/' */
	const char *always; /* query that names what is called, or NULL */
	AcDocPair query[AC_DOC_MAX_QUERY];
	int n_query;
	AcSecurityScheme *scheme; /* that it authenticates with, or NULL */
} AcDocCall;

/* A call that a page speaks of, and what stands beside it. */
typedef struct AcDocMention
{
	AcDocCall call;
	AcDocEvidence evidence;
	int unit;			 /* the same for calls that stand in one section */
	const char *heading; /* above it, or NULL */
	const char *summary; /* what it does, or NULL */
	const char *source;	 /* JSON Pointer, behind the URL of another page */
	AcParam *params;
	int n_params;
	AcJson *example; /* body of an answer, NULL if none */
} AcDocMention;

/* A URL said to be the base of all. */
typedef struct AcDocBase
{
	const char *origin;
	const char *path; /* "" or "/v1" */
	int votes;
} AcDocBase;

typedef struct AcDocReader
{
	const AcReadInput *input;
	AcError *err;
	bool failed;
	AcUrl *url;		   /* of the documentation, NULL if unknown */
	const char *where; /* URL of the page being read, "" for the first */
	AcDocMention *mentions;
	int n_mentions;
	int max_mentions;
	AcDocBase *bases; /* stated */
	int n_bases;
	AcSecurityScheme *schemes;
	int *scheme_votes;
	int n_schemes;
	bool needs_auth; /* a call or a sentence says so */
	const char *title;
	int strangers; /* calls to other hosts */
	bool overflow; /* more mentions than are kept */
} AcDocReader;

/* htmldoc_path.c */

/*
 * Reads the target of a call: an absolute URL, a path, or a path behind
 * something that stands for the base URL.  bare: one without a '/' in front
 * may be a path, too.  Fills origin, path, query; false if it is no target.
 */
extern bool ac_doc_target_read(AcSlice target, bool bare, const AcUrl *url,
							   AcDocCall *call);

/* Do two templates name the same, whatever their variables are called? */
extern bool ac_doc_path_same(const char *a, const char *b);

/* May the path (with values in it) be one that the template stands for? */
extern bool ac_doc_path_matches(const char *template, const char *path);

/* The same host, or hosts of one site. */
extern bool ac_doc_same_site(const char *host, const char *other);

/* htmldoc_call.c */

/* "GET", ... if the text begins with a method and the word ends there. */
extern const char *ac_doc_method(AcSlice text, bool any_case, size_t *len);

/*
 * The next "METHOD target" in text from *pos on, which moves behind it.
 * *whole: the text holds nothing else worth naming.
 */
extern bool ac_doc_call_find(AcSlice text, size_t *pos, const AcUrl *url,
							 AcDocCall *call, bool *whole);

/* The next curl command, or call of a client library, in code. */
extern bool ac_doc_curl_find(AcSlice code, size_t *pos, const AcUrl *url,
							 AcDocCall *call);
extern bool ac_doc_client_find(AcSlice code, size_t *pos, const AcUrl *url,
							   AcDocCall *call);

/* The scheme that a header field or query parameter speaks of, or NULL. */
extern AcSecurityScheme *ac_doc_scheme_of_field(const char *name, const char *value);
extern AcSecurityScheme *ac_doc_scheme_of_query(const char *name);

/* htmldoc_param.c */

/* What a table or list of names is about, by what stands above it. */
typedef enum AcDocTopic
{
	AC_DOC_TOPIC_NONE, /* of something else: answers, errors */
	AC_DOC_TOPIC_PARAMS,
	AC_DOC_TOPIC_PATH,
	AC_DOC_TOPIC_QUERY,
	AC_DOC_TOPIC_HEADER,
	AC_DOC_TOPIC_BODY,
	AC_DOC_TOPIC_UNKNOWN
} AcDocTopic;

extern AcDocTopic ac_doc_topic(const char *label);

/* Adds what a table, or a text that is an item of a list, tells. */
extern void ac_doc_params_of_table(AcDocMention *mention, const AcJson *table,
								   AcDocTopic topic);
extern bool ac_doc_params_of_item(AcDocMention *mention, const char *text,
								  AcDocTopic topic);

/* The parameter of that place and name, made if it is not there; or NULL. */
extern AcParam *ac_doc_param(AcDocMention *mention, AcParamPlace place,
							 const char *name);

/* Shape of a value that is known by an example alone. */
extern AcShape *ac_doc_shape_of_value(const char *value);

/* htmldoc_page.c */

/* Collects what a page says. */
extern void ac_doc_page_read(AcDocReader *reader, const AcJson *doc);

/* Does a page name any endpoint? */
extern bool ac_doc_page_speaks(const AcJson *doc);

#endif /* AC_API_HTMLDOC_INTERNAL_H */
