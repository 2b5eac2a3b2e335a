/*
 * bundle.h
 *		What is a description made of, and how is it kept and read again?
 *
 * A description is one document, or one and others that it refers to ($refs
 * to files beside it, WordPress's answers to OPTIONS).  A bundle holds them
 * as trees, chooses the reader, and turns them into the one text that the
 * catalog keeps, from which the same model can be read without the network.
 *
 * That text is the document itself where it is a single JSON text; otherwise
 *
 *		{"autoconn_bundle": 1, "documents": [{"method": "GET", "url": ...,
 *		 "etag": ..., "last_modified": ..., "doc": ...}, ...]}
 *
 * whose first document is the main one.  A lone document that is written in
 * another language is kept as the JSON of its tree.
 *
 * Nothing here sends requests.  Trees hang on the memory context that is
 * current when they are made.
 */
#ifndef AC_NET_BUNDLE_H
#define AC_NET_BUNDLE_H

#include "ac.h"

#include "api/api.h"
#include "core/document.h"
#include "net/connection.h"
#include "net/fetch.h"

/*
 * Bytes of a document that is read.  The largest description in one document
 * that is known has 35 MB; what is read is in memory some four times over.
 */
#define AC_BUNDLE_MAX_TEXT (40 * 1024 * 1024)

/* What a later question whether a document changed may be asked with. */
typedef struct AcValidators
{
	const char *etag;		   /* NULL if none */
	const char *last_modified; /* NULL if none */
} AcValidators;

typedef struct AcBundle
{
	const char *url; /* of the main document */
	AcJson *doc;
	const char *text; /* its own, where it is JSON; NULL: write the tree */
	const AcReader *reader;
	AcDocument *others;
	AcValidators *validators; /* of others, in parallel */
	int n_others;
	int room; /* of both arrays */
} AcBundle;

/*
 * The tree of a text, without the credentials that records of requests (HAR,
 * Postman) hold; *text is the text where it is JSON and says what the tree
 * says, else NULL.  False if it is in no language that is read, or broken.
 */
extern bool ac_bundle_tree(const AcDocumentText *input, AcJson **doc,
						   const char **text, AcError *err);

/*
 * The tree of a body that was fetched, without secrets of the connection
 * either; false also if it is too large.  *text lives in the current context.
 */
extern bool ac_bundle_parse(const AcConnection *conn, const AcFetch *fetch,
							AcJson **doc, const char **text, AcError *err);

/* A validator of the answer that may be kept and sent back; NULL if none. */
extern const char *ac_bundle_validator(const AcConnection *conn,
									   const AcFetch *fetch, const char *name);

/*
 * Begins a bundle with its main document; text may be NULL.  False if no
 * reader knows it.
 */
extern bool ac_bundle_begin(AcBundle *bundle, const char *url, AcJson *doc,
							const char *text);

/* Adds another document; its strings and its tree stay the caller's. */
extern void ac_bundle_add(AcBundle *bundle, const AcDocument *other,
						  const AcValidators *validators);

/* Does a document beside the main one describe, rather than show rows? */
extern bool ac_bundle_describes(const AcBundle *bundle, const AcJson *doc);

/* What the reader would like to have beside what is there; see api.h. */
extern int ac_bundle_wishes(const AcBundle *bundle, AcWish **wishes);

/* The model; false with err if the documents cannot serve. */
extern bool ac_bundle_read(const AcBundle *bundle, AcApi **api, AcError *err);

/* The text to keep; it may be the bundle's own. */
extern const char *ac_bundle_text(const AcBundle *bundle);

/* Does the text hold documents beside the main one?  Cheap. */
extern bool ac_bundle_has_others(const char *text);

/* A bundle from the text that was kept; url: where its main document stood. */
extern bool ac_bundle_load(AcBundle *bundle, const char *text,
						   const char *url, AcError *err);

/*
 * 128 bits in hexadecimal digits, palloc'd: the same for documents that say
 * the same, whatever the order of their members.  Of a page only its readable
 * text counts: the rest changes with every answer (nonces, tokens of forms).
 */
extern char *ac_bundle_hash(const AcBundle *bundle);

#endif /* AC_NET_BUNDLE_H */
