/*
 * hypermedia_links.h
 *		Which links does a document have, and is it an index of them?
 *
 * The formats' part of the reader of link indexes: from a document to a list
 * of links, without regard to where they lead.
 */
#ifndef AC_API_HYPERMEDIA_LINKS_H
#define AC_API_HYPERMEDIA_LINKS_H

#include "ac.h"

#include "core/json.h"

typedef struct AcHyperLink
{
	const char *name;	   /* in snake case, without "_url"; "" if none */
	const char *target;	   /* reference or template */
	const char *title;	   /* for people, or NULL */
	const char *source;	   /* JSON Pointer */
	const AcJson *queries; /* Collection+JSON: "data" of a query, or NULL */
} AcHyperLink;

typedef struct AcHyperLinks
{
	AcHyperLink *links; /* to what could be a collection */
	int n;
	int capacity;
	int structured;	  /* of these, in a form that means links */
	double others;	  /* weight of members that are none */
	int n_others;	  /* and their number */
	bool thing;		  /* it has rows, or an identity of its own */
	const char *self; /* where it says that it stands, or NULL */
} AcHyperLinks;

/* Links of one document; more are details of something else. */
#define AC_HYPERMEDIA_MAX_LINKS 5000

extern void ac_hypermedia_collect(const AcJson *doc, AcHyperLinks *links);

/* Is what was collected an index? */
extern bool ac_hypermedia_is_index(const AcHyperLinks *links);

#endif /* AC_API_HYPERMEDIA_LINKS_H */
