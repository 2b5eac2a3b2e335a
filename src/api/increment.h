/*
 * increment.h
 *		How does a copy of a table follow what changes?
 *
 * A field of the rows that grows with every change, and a
 * parameter that asks for rows from a value of it on.  The pair is guessed by
 * names and types and proved by one call, whose answer is judged here: every
 * row has the value or a later one, and there are fewer of them.  Without
 * such a parameter rows may at least come newest first; else all are read.
 */
#ifndef AC_API_INCREMENT_H
#define AC_API_INCREMENT_H

#include "ac.h"

#include "api/samples.h"
#include "api/tableplan.h"

typedef enum AcIncrementMode
{
	AC_INCREMENT_FULL,		 /* every row must be read */
	AC_INCREMENT_DESCENDING, /* newest first: stop at what is known */
	AC_INCREMENT_PARAMETER	 /* ask for what is newer */
} AcIncrementMode;

/* full, descending, parameter */
extern const char *ac_increment_mode_name(AcIncrementMode mode);

typedef struct AcIncrement
{
	AcIncrementMode mode;
	const char *column; /* NULL where mode is FULL */
	const char *param;	/* PARAMETER only */
	const char *format; /* how param takes a value: "row", as the row has it;
						 * "date"; "epoch_s"; NULL without param */
} AcIncrement;

/* Pairs that are worth a call: the second is for where the first fails. */
#define AC_INCREMENT_MAX 2

/* Pairs of a field and a parameter, best first; their number, at most that. */
extern int ac_increment_pairs(const AcTablePlan *plan,
							  const AcTableSample *sample,
							  AcIncrement *pairs);

/*
 * A sampled value of the column with others before and after it, as the row
 * has it and as param takes it; false if there is none.
 */
extern bool ac_increment_value(const AcTablePlan *plan,
							   const AcTableSample *sample,
							   const AcIncrement *pair, const char **in_row,
							   const char **to_send);

/* An answer to a call with the parameter, and what was known before. */
typedef struct AcIncrementProof
{
	const AcTablePlan *plan;
	const AcIncrement *pair;
	const char *in_row;			 /* the value that was asked for */
	const AcSampledRows *before; /* the rows of the sample */
	const AcSampledRows *after;	 /* the rows of the answer */
	int64 total_before;			 /* that the API announced, 0: it did not */
	int64 total_after;
	bool complete_before; /* the rows are all there are */
	bool complete_after;
} AcIncrementProof;

/*
 * Was the pair proved?  *finding: what the call showed, for the evidence:
 * "proved: rows from the value on", "ignored: ...", ...
 */
extern bool ac_increment_judge(const AcIncrementProof *proof,
							   const char **finding);

/* What is left where no parameter was proved. */
extern void ac_increment_without(const AcTablePlan *plan,
								 const AcTableSample *sample,
								 AcIncrement *increment);

#endif /* AC_API_INCREMENT_H */
