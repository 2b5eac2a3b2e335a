/*
 * question.h
 *		Which filters, bounds and orders may a table be asked for?
 *
 * A description offers parameters; whether they do what their names promise,
 * one request each tells: the answer must have all rows of the sample that the
 * question is about, and no others, or must come in the order that was asked
 * for.  Here: which questions are worth a request, with which value, and what
 * the answer proves.
 *
 *		question.c			the list of questions, filters, what is settled
 *		question_bound.c	bounds
 *		question_sort.c		orders
 *		question_fields.c	names of fields
 */
#ifndef AC_API_QUESTION_H
#define AC_API_QUESTION_H

#include "ac.h"

#include "api/samples.h"
#include "api/tableplan.h"

typedef enum AcQuestionKind
{
	AC_QUESTION_FILTER, /* rows with one value */
	AC_QUESTION_FROM,	/* rows from a value on */
	AC_QUESTION_TO,		/* rows up to a value */
	AC_QUESTION_DESC,	/* rows in order, the highest first */
	AC_QUESTION_ASC,
	AC_QUESTION_LIST,	/* rows with one of several values */
	AC_QUESTION_FIELDS, /* only these fields */
	AC_QUESTION_HIDDEN	/* fields that are not sent else */
} AcQuestionKind;

/* Values of one question, or names of fields. */
#define AC_QUESTION_VALUES 8

/*
 * A place in an order: microseconds since 1970, the integer, or millionths of a
 * decimal number.
 */
typedef int64 AcBound;

typedef struct AcQuestion
{
	AcQuestionKind kind;
	int column;		   /* of the plan's */
	const char *query; /* "sort=-id": what the request has in addition */
	const char *param; /* all but ASC, DESC */
	const char *value; /* FILTER: as rows have it */
	const char *list;  /* LIST, FIELDS, HIDDEN: how param takes the values, as
						 * the option param_list has it; then query is NULL */
	const char *values[AC_QUESTION_VALUES];
	int columns[AC_QUESTION_VALUES]; /* HIDDEN: which have these names */
	bool shown[AC_QUESTION_VALUES];	 /* HIDDEN: judged to come */
	int n_values;
	const char *path;	/* FIELDS, HIDDEN: where the fields stand in a row */
	bool adds;			/* HIDDEN: judged to come beside all others */
	const char *format; /* FROM, TO: column option bound_format, NULL: none */
	AcBound place;		/* FROM, TO: the value, and the bound that is sent */
	AcBound wide;
	bool second; /* ASC, DESC: only the other direction makes it credible */
} AcQuestion;

/*
 * Questions about one table: so many filters, lists, bounds and orders each,
 * and two about fields.
 */
#define AC_QUESTIONS_EACH 8
#define AC_QUESTIONS_FIELDS 2
#define AC_QUESTIONS_MAX (4 * AC_QUESTIONS_EACH + AC_QUESTIONS_FIELDS)

/*
 * Rows of a sample that questions look at: two pages of fifty.  Each is looked
 * for among those of an answer, so that more would cost more than they prove.
 */
#define AC_QUESTION_ROWS 100

/*
 * Columns and parameters of one table of which a question is tried, of each
 * kind; real operations have no more, and a hostile one costs no second.
 */
#define AC_QUESTION_TRIES 32

/* What was sampled without any of the parameters. */
typedef struct AcQuestionSample
{
	const AcTablePlan *plan;
	const AcSampledRows *rows;
	int n;		   /* of them, from the first on without a gap */
	int page_rows; /* rows of the first page */
	bool complete; /* these are all rows that the API has */
	int64 total;   /* that the API announced, 0: it did not */
} AcQuestionSample;

/* The first page of the answer to a question. */
typedef struct AcQuestionAnswer
{
	const AcSampledRows *rows;
	bool complete;
	int64 total;
} AcQuestionAnswer;

/*
 * The questions that are worth a request, in the order in which they are to be
 * asked; their number, at most AC_QUESTIONS_MAX.
 */
extern int ac_questions_of(const AcQuestionSample *sample,
						   AcQuestion *questions);

/*
 * Is the question at hand still open, now that those before it are settled?
 * An order that only the other direction makes credible is not, nor is a
 * bound that has its parameter.
 */
extern bool ac_question_is_open(const AcTablePlan *plan,
								const AcQuestion *question);

/*
 * Does the answer prove that the API does what was asked?  *finding: what it
 * showed, "proved: ...", "ignored: ...", "refused: ...".
 */
extern bool ac_question_judge(const AcQuestionSample *sample,
							  AcQuestion *question,
							  const AcQuestionAnswer *answer,
							  const char **finding);

/*
 * Takes what was proved into the plan; texts are copied into the current
 * context.
 */
extern void ac_question_settle(AcTablePlan *plan, const AcQuestion *question);

/* Takes out of it what the description promises and the answer refutes. */
extern void ac_question_drop(AcTablePlan *plan, const AcQuestion *question);

/* Name of the member of a table's evidence: filters, lists, bounds, orders,
 * fields. */
extern const char *ac_question_evidence(AcQuestionKind kind);

#endif /* AC_API_QUESTION_H */
