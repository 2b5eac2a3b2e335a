/*
 * discover_int.h
 *		How do the parts of a discovery work together?
 *
 *		discover.c			the steps, and what they come to
 *		discover_ask.c		sends requests within the budget
 *		discover_look.c		what is this document: a description, a pointer?
 *		discover_point.c	where does an answer point to?
 *		discover_console.c	what does an API console name, or hold?
 *		discover_cost.c		which answers are read, and how much of each?
 *		discover_wish.c		documents that a description refers to
 *		discover_confirm.c	do the paths of a documentation page exist?
 *		discover_renew.c	has a description changed since it was kept?
 *		discover_base.c		base URL, scheme, words that are shown
 *
 * Nobody else includes this.
 */
#ifndef AC_NET_DISCOVER_INT_H
#define AC_NET_DISCOVER_INT_H

#include "ac.h"

#include "api/console.h"
#include "core/url.h"
#include "net/bundle.h"
#include "net/discover.h"
#include "utils/timestamp.h"

/* Requests sent together: enough to hide latency, few enough to be polite. */
#define AC_DISCOVER_AT_ONCE 4

/*
 * Bytes of an answer that comes beside others, so that those under way hold no
 * more than 64 MB; half of that where pointers were followed once, and so on,
 * since the answers beside those wait to be looked at.  Nearly all descriptions
 * are smaller; a larger one is asked for once more, alone.
 */
#define AC_DISCOVER_BESIDE_BYTES (64 * 1024 * 1024 / AC_DISCOVER_AT_ONCE)

/*
 * How far pointers are followed: a page, the script that it loads, the
 * configuration that this names, the description; one more for a catalog.
 */
#define AC_DISCOVER_HOPS 5

/*
 * Confidence with which a description ends the search.  What is below is kept
 * while the search goes on for something better.
 */
#define AC_DISCOVER_SURE 0.8

/* Weak candidates that are kept, to have another where one does not hold. */
#define AC_DISCOVER_CANDIDATES 3

/*
 * Bytes of a document that is a weak candidate, since it is kept while the
 * search goes on: the longest pages of documentation have 5 MB.
 */
#define AC_DISCOVER_WEAK_MAX (8 * 1024 * 1024)

/* What is expected at a URL. */
typedef enum AcTargetKind
{
	AC_TARGET_ANY,	  /* whatever it is */
	AC_TARGET_HOME,	  /* the URL that the user gave: it may be rows */
	AC_TARGET_SCRIPT, /* of an API console */
	AC_TARGET_PAGE	  /* documentation: only its text counts */
} AcTargetKind;

typedef struct AcTarget
{
	AcTargetKind kind;
	const char *url;  /* absolute */
	const char *how;  /* how it was found: "in a usual place" */
	const char *page; /* SCRIPT: the page that loads it, else NULL */
} AcTarget;

/*
 * Bytes of a weak candidate that is kept as a text instead of as trees, which
 * may take eighty times as much.
 */
#define AC_DISCOVER_FREEZE_BYTES (256 * 1024)

/* A description, how far it is one, and all that it is made of. */
typedef struct AcCandidate
{
	MemoryContext cxt; /* holds all of it */
	AcBundle bundle;
	AcApi *api;			/* NULL: not to be read without more documents */
	const char *frozen; /* the text of the bundle, which is nothing but url and
						 * reader until it is thawed; or NULL */
	const char *note;	/* how it was found */
	double confidence;
} AcCandidate;

typedef struct AcSearch
{
	AcConnection *conn;
	AcDiscovery *result;
	MemoryContext cxt; /* of the search as a whole */
	TimestampTz deadline;
	AcUrl home;										 /* the server's URL */
	int depth;										 /* pointers that were followed to where it is now */
	List *asked;									 /* URLs sent so far, each once */
	List *bodies;									 /* uint64 *: hashes of answers seen, each looked at once */
	List *documentation;							 /* AcTarget *: pages that may be documentation */
	int64 vain;										 /* bytes read so far, all in vain but the last */
	int64 other_bytes;								 /* of documents that descriptions refer to */
	bool overdrawn;									 /* an answer that was larger than what was left was read */
	int sent;										 /* requests, those under way included */
	int max_requests;								 /* that may be sent by now */
	bool answered;									 /* anything at all came back */
	bool auth_wanted;								 /* a 401 or 403 came back */
	bool locked;									 /* it was a 401: there is something to see */
	AcError near_miss;								 /* about the first answer that is nearly a description */
	AcCandidate *candidates[AC_DISCOVER_CANDIDATES]; /* best first */
	int n_candidates;
} AcSearch;

/* ---- discover_ask.c ---- */

extern bool ac_search_budget_left(const AcSearch *search);

/* A request of a discovery. */
typedef struct AcSearchRequest
{
	const char *method;
	const char *url;
	int64 max_bytes;		   /* of the answer */
	const AcValidators *known; /* conditions under which no body is wanted,
								* or NULL */
} AcSearchRequest;

/* Starts a request, which counts; the fetch lives in the current context. */
extern AcFetch *ac_search_start(AcSearch *search,
								const AcSearchRequest *asked);

/* Waits for it, counts what it really sent, and notes what it tells. */
extern void ac_search_finish(AcSearch *search, AcFetch *fetch);

/*
 * Asks the targets (AcTarget *) that were not asked yet, a few at once, and
 * looks at the answers in the order of the list.  True as soon as a sure
 * description is found; the others are then abandoned.
 */
extern bool ac_search_ask(AcSearch *search, List *targets, int hops);

/* ---- discover_look.c ---- */

/*
 * Looks at an answer, which may lose its body, and follows it; true: a sure
 * description was found.
 */
extern bool ac_search_look(AcSearch *search, AcFetch *fetch,
						   const AcTarget *target, int hops);

/* Does a reader of this name find descriptions where nobody meant to write one? */
extern bool ac_search_is_weak(const char *kind);

/* Makes the candidate what it was before it was frozen; false if it cannot be. */
extern bool ac_search_thaw(AcCandidate *candidate);

/* Drops the best candidate: it did not hold. */
extern void ac_search_drop_best(AcSearch *search);

/* ---- discover_cost.c ---- */

/* Bytes that the next answer may have; alone: it comes beside no other. */
extern int64 ac_search_body_room(const AcSearch *search, bool alone);

/*
 * An answer is larger than what is left: the first time that overdraws the
 * budget, from then on it is the result's problem.
 */
extern void ac_search_note_large(AcSearch *search);

/*
 * Is an answer of the search to be read?  Then it counts.  Not if it was seen
 * before, or if more than enough was read that came to nothing, which the
 * result's problem then says.
 */
extern bool ac_search_affords(AcSearch *search, const AcFetch *fetch,
							  const AcTarget *target);

/* ---- discover_point.c ---- */

/*
 * Where an answer and its document (NULL if it has none) point to: AcTarget *
 * that may be descriptions, best first.  Pages that may be documentation go to
 * search->documentation.
 */
extern List *ac_search_pointers(AcSearch *search, const AcFetch *fetch,
								const AcJson *doc, const AcConsole *console);

extern AcTarget *ac_target_make(AcTargetKind kind, const char *url,
								const char *how);

/* ---- discover_console.c ---- */

/*
 * Reads an answer as the page, script or configuration of an API console; doc
 * is its document, NULL if it has none.  What is found lives in the current
 * context.
 */
extern void ac_search_read_console(AcSearch *search, const AcFetch *fetch,
								   const AcTarget *target, const AcJson *doc,
								   AcConsole *console);

/* The first description that a console holds, or false. */
extern bool ac_search_inline(const AcConsole *console, AcJson **doc,
							 const char **text);

/* ---- discover_wish.c ---- */

/* Does what the URL adds to the server's own smell of an action? */
extern bool ac_search_smells(const AcSearch *search, const AcUrl *url);

/* Fetches what the bundle's reader wishes for, within the budget. */
extern void ac_search_grant(AcSearch *search, AcBundle *bundle);

/* ---- discover_confirm.c ---- */

/* Does at least one path of the candidate exist, for all that can be told? */
extern bool ac_search_confirm(AcSearch *search, const AcCandidate *candidate);

/* ---- discover_base.c ---- */

/* Puts api into the result, with base URL, scheme and words to be shown. */
extern void ac_search_take_api(AcSearch *search, AcApi *api,
							   const char *spec_url);

/* A URL as it may be shown and stored where others read it. */
extern char *ac_search_shown_url(const AcSearch *search, const char *url);

/* ---- discover.c ---- */

extern void ac_search_init(AcSearch *search, AcConnection *conn,
						   AcDiscovery *result);

#endif /* AC_NET_DISCOVER_INT_H */
