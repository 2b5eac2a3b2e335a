/*
 * prove_int.h
 *		What do the files of the proof share?  Nobody else's header.
 *
 *		prove.c				which requests in which order, within the budget
 *		prove_page.c		first and further pages
 *		prove_facts.c		what a page says of itself
 *		prove_way.c			other ways of paging, where the likely one is none
 *		prove_total.c		is the total the number of rows, and are all shown
 *		prove_size.c		how many rows a page may have
 *		prove_child.c		values for path variables, from rows of the parent
 *		prove_link.c		item paths that rows link to
 *		prove_item.c		a row and its item
 *		prove_increment.c	a parameter that asks for what changed
 *		prove_relation.c	values that other tables should have
 *		prove_question.c	filters, bounds and orders
 */
#ifndef AC_NET_PROVE_INT_H
#define AC_NET_PROVE_INT_H

#include "ac.h"

#include "api/increment.h"
#include "api/keys.h"
#include "api/question.h"
#include "api/relations.h"
#include "api/samples.h"
#include "api/shape_map.h"
#include "core/url.h"
#include "net/fetch.h"
#include "net/prove.h"
#include "policy/pager.h"
#include "utils/timestamp.h"

/*
 * Rows asked for per sampled page: enough to see types, few enough that most
 * collections have a second page to prove their pagination with.  A thorough
 * sample has 300 rows in three pages.
 */
#define AC_PROVE_ROWS 50
#define AC_PROVE_ROWS_THOROUGH 100

/* Pages and rows of a thorough sample, its last page aside (S2). */
#define AC_PROVE_PAGES_THOROUGH 3
#define AC_PROVE_ENOUGH_ROWS 300
#define AC_PROVE_MAX_PAGES (AC_PROVE_PAGES_THOROUGH + 1)

/* Bytes of a table's sampled bodies that become trees (doc/inference.md S2). */
#define AC_PROVE_MAX_BYTES (2 * 1024 * 1024)

/* What the evidence says of a sample that is not looked at for that. */
#define AC_PROOF_SPENT "not looked at: the budget of samples is used up, since those of other tables are large"

/* Ways of paging that are tried with one table, where the first is refuted. */
#define AC_PROVE_WAYS 4

/* Trials with one parent's row each, until a child shows rows. */
#define AC_PROVE_MAX_PARENTS 3

/* Whatever asks one thing at a time: the fetch under way, NULL if none is. */
typedef struct AcErrand
{
	AcFetch *fetch;
	const char *json;					   /* body of the next request, which is a POST; else NULL */
	const char *headers[AC_FETCH_HEADERS]; /* of the next request alone */
} AcErrand;

/* A path variable and the value that it was given. */
typedef struct AcBinding
{
	const char *param;
	const char *value;
} AcBinding;

/* A table on trial. */
typedef struct AcTrial
{
	AcErrand errand; /* first, so that the one is the other */
	AcTablePlan *plan;
	AcTablePlan described; /* the plan before a sample was looked at */
	MemoryContext cxt;	   /* fetches and bodies; NULL once they are gone */

	/* where it is asked */
	struct AcTrial *twin;	/* another table of the same answer: its bodies */
	struct AcTrial *parent; /* gives values to the path variables, or NULL */
	AcBinding *bindings;
	int n_bindings;
	int tried_parents;
	bool ready; /* has values that were not asked with yet */

	/* pages */
	AcPager *pager;
	bool sized; /* pages are asked for with a size, from the first on */
	AcJson *bodies[AC_PROVE_MAX_PAGES];
	int n_bodies;
	size_t bytes;		/* of the bodies' texts */
	bool lines;			/* bodies are JSON texts one after the other */
	int64 page_rows;	/* on the first page */
	uint64 first_hash;	/* of them */
	char *link_next;	/* of the first page */
	char *last_url;		/* of the page read last */
	char *link_last;	/* Link rel=last of the first page */
	bool asked_last;	/* the last page was asked for by its number */
	AcHeaders *headers; /* of the first page */
	int status;			/* of the first page */
	bool asked_one;		/* page 1 was asked for, to see whether it is the first */
	bool repeats;		/* the second page has the rows of the first */
	bool proved;		/* the second page has other rows than the first */
	bool knows_more;	/* the first page tells of rows that it has not */
	bool ended;			/* the API says there are no more pages */
	int64 seen_rows;	/* on all pages */
	bool total_moved;	/* another page announced another total */

	/* ways of paging that were tried */
	AcPaging tried[AC_PROVE_WAYS];
	int n_tried;
	AcPaging first_way;		/* that the first page made of the plan */
	AcPaging described_way; /* that of described */
	const char *first_note; /* what was found of the first */
	bool first_repeats;
	bool first_ended;
	bool only_declared; /* no page tells that there is a way */
	bool has_way;		/* another was proved: */
	AcPaging way;

	/* the last page */
	int64 last_rows; /* that it should have */

	bool first_failed;	 /* the first page did not come */
	bool unread;		 /* nor was it looked at: too much was before */
	bool answered;		 /* it came, whatever it shows */
	bool gone;			 /* the API says for good that there is none */
	const char *refusal; /* why the first page shows no rows */

	/* what they hold */
	AcSampledRows rows;
	AcTableSample *sample; /* NULL: nothing was sampled */

	AcColumnPlan *derived; /* whose item path the rows' links told, or NULL */

	/* the pass at hand */
	int candidates[AC_KEYS_MAX]; /* columns to look a row up by */
	int n_candidates;
	AcIncrement pairs[AC_INCREMENT_MAX];
	int n_pairs;
	AcQuestion *questions;
	int n_questions;
	int attempt; /* which of them */
	const char *in_row;
} AcTrial;

/* A value to be looked up for an edge. */
typedef struct AcProbe
{
	AcErrand errand;
	AcRelation *relation;
	int value; /* index in missing */
	bool answered;
	bool found;
} AcProbe;

typedef struct AcProof
{
	const AcProofInput *input;
	AcUrl base;
	TimestampTz deadline;
	AcProofReport report;
	bool quota_low;		   /* the API said that half of its quota is gone */
	MemoryContext cxt;	   /* ends with the proof */
	MemoryContext samples; /* values of all tables, within cxt */
	int64 trees;		   /* estimated memory of the bodies that are kept */
	int64 bytes;		   /* of all bodies that became trees */
	AcTrial *trials;
	int n_trials;
	AcTrial **of_plan;	/* as many as plans->capacity, NULL: not on trial */
	AcShapeMap answers; /* request -> the trial that asks for it */
} AcProof;

/* One kind of request, made for all errands before the next kind. */
typedef struct AcProofPass
{
	/* starts the first request; false if there is nothing to ask */
	bool (*begin)(AcProof *proof, AcErrand *errand);
	/* takes the answer in; true if it started another request */
	bool (*took)(AcProof *proof, AcErrand *errand);
} AcProofPass;

/* Runs a pass over errands that lie size bytes apart. */
extern void ac_proof_run(AcProof *proof, const AcProofPass *pass, void *errands,
						 int n, size_t size);

/* Does the budget allow another request? */
extern bool ac_proof_may_ask(const AcProof *proof);

extern void ac_proof_ask(AcProof *proof, AcErrand *errand, MemoryContext cxt,
						 const char *url, AcFetchKind kind);

/* Counts a body that is to become a tree; false if there were too many. */
extern bool ac_proof_charge(AcProof *proof, const AcBuf *body);

/* Is there nothing left for further bodies? */
extern bool ac_proof_is_spent(const AcProof *proof);

/* Is there room for more bodies and values? */
extern bool ac_proof_has_room(const AcProof *proof);

/* Was the answer cut off for its size? */
extern bool ac_proof_too_large(const AcFetch *fetch);

/* Sets a finding in the evidence of the plan. */
extern void ac_proof_note(AcTrial *trial, const char *what,
						  const char *finding);

/*
 * The document of the trial's answer, in the trial's context; NULL, with the
 * reason noted as what, if it is none.
 */
extern AcJson *ac_proof_answer(AcProof *proof, AcTrial *trial,
							   const char *what);

/* Where the trial of a plan is, or would be. */
extern AcTrial **ac_proof_trial_of(const AcProof *proof,
								   const AcTablePlan *plan);

/* Index of a child's first edge among those from paths; n if it has none. */
extern int ac_proof_first_edge(const AcRelation *relations, int n,
							   const AcTablePlan *child);

/* Heeds the quota that any answer announces. */

/* Frees bodies and fetches of a trial: nothing more will be asked. */
extern void ac_proof_release(AcTrial *trial);

/* Text of the scalar at a pointer below node, NULL if there is none. */
extern char *ac_proof_text_at(AcJson *node, const char *pointer);

/* The path below the base URL with variables filled in; NULL with reason. */
/*
 * The URL of a path that ac_proof_path() gave; NULL where it leads out of the
 * base URL, which scans (fdw/request.c) refuse, too.
 */
extern char *ac_proof_join(const AcProof *proof, const char *path);
extern char *ac_proof_path(AcTrial *trial, const char *template,
						   const AcBinding *own, const char **reason);

/* prove_first.c */
/* Takes the page's number out of the first request, where nobody declares it. */
extern void ac_proof_leave_number_out(const AcPaging *paging,
									  AcPageRequest *request);
/* Asks for page 1, if nothing has told whether it is the first. */
extern bool ac_proof_ask_one(AcProof *proof, AcTrial *trial);
/* Is the answer at hand that of page 1, asked for to find the first? */
extern bool ac_proof_is_one(const AcTrial *trial);
/* Takes what page 1 showed; body NULL: there is none. */
extern void ac_proof_settle_first(AcProof *proof, AcTrial *trial,
								  AcJson *body);

/* Has the body the rows of the first page, by their keys? */
extern bool ac_proof_has_first_rows(const AcTrial *trial, AcJson *body);

/* prove_facts.c */
extern void ac_proof_page_facts(AcTrial *trial, AcJson *body,
								AcPageFacts *facts);

/* prove_way.c */
/* Keeps the headers of the first page; those of the answer a body came with. */
extern void ac_proof_keep_headers(AcTrial *trial);
extern const AcHeaders *ac_proof_headers_of(const AcTrial *trial,
											const AcJson *body);
/* Does the first page tell of rows that it has not? */
extern bool ac_proof_knows_more(const AcTrial *trial,
								const AcPageFacts *facts);
/*
 * Where the first page knows of more and the second did not show it: asks in
 * another way.  False if there is none left; then the plan is as it was.
 */
extern bool ac_proof_try_way(AcProof *proof, AcTrial *trial);
/* Keeps a way that the second page proved. */
extern void ac_proof_settle_way(AcTrial *trial);
/* Notes how sure the way is, of a table whose pages asked has. */
extern void ac_proof_note_way(AcTrial *trial, const AcTrial *asked);

/* prove_total.c, prove_size.c */
extern const AcProofPass ac_proof_total;
extern const AcProofPass ac_proof_size;

/* prove_page.c */
/* Asks for the page after those that came, or for the last; false if none. */
extern bool ac_proof_ask_further(AcProof *proof, AcTrial *trial);
extern AcSample ac_proof_sample_of(const AcProof *proof, AcTrial *trial);
extern void ac_proof_ask_page(AcProof *proof, AcTrial *trial, const char *url,
							  const AcPageRequest *request, AcFetchKind kind);
/* Tells the pager of the first page, now that the plan knows where to look. */
extern void ac_proof_tell_pager(AcProof *proof, AcTrial *trial);
extern const AcProofPass ac_proof_first;
extern const AcProofPass ac_proof_further;
/* The steps of ac_proof_first for one trial; the second: is there a body? */
extern bool ac_proof_begin_first(AcProof *proof, AcTrial *trial);
extern bool ac_proof_take_first(AcProof *proof, AcTrial *trial);
extern char *ac_proof_page_url(AcProof *proof, AcTrial *trial,
							   const AcPageRequest *request);
/* The URL of the first page, taken apart, with a new pager; false: none. */
extern bool ac_proof_first_url(AcProof *proof, AcTrial *trial, AcUrl *url);
extern AcPager *ac_proof_pager(const AcProof *proof, const AcTrial *trial);
/* Corrects the plan by all pages, and takes them apart into values. */
extern void ac_proof_conclude(AcProof *proof, AcTrial *trial);

/* prove_child.c */
extern const AcProofPass ac_proof_child;
/* Takes the values that the user gave for the path; false if any has none. */
extern bool ac_proof_bind_given(AcTrial *trial);
/* Gives children values of a row of their parents that was not tried yet. */
extern void ac_proof_find_parents(AcProof *proof);
/* Types of path variables that nothing describes: of the parents' keys. */
extern void ac_proof_type_variables(AcProof *proof);

/* prove_link.c: item paths that rows tell; takes back what was not proved. */
extern void ac_proof_derive_items(AcProof *proof);
extern void ac_proof_drop_unproved(AcProof *proof);

/* prove_item.c, prove_increment.c, prove_relation.c */
extern const AcProofPass ac_proof_item;
extern const AcProofPass ac_proof_increment;
extern void ac_proof_relate(AcProof *proof);
/* prove_question.c */
extern void ac_proof_ask_questions(AcProof *proof);

/* Is the first page of the answer at hand, of which facts are known, all? */
extern bool ac_proof_is_all(AcTrial *trial, const AcPageFacts *facts);

/* Equal on all fields that both have, and some are. */
extern bool ac_proof_agrees(const AcJson *row, const AcJson *item);

#endif /* AC_NET_PROVE_INT_H */
