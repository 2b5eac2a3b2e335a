/*
 * question_int.h
 *		What do the files of questions share?  Nobody else's header.
 */
#ifndef AC_API_QUESTION_INT_H
#define AC_API_QUESTION_INT_H

#include "ac.h"

#include "api/increment_int.h"
#include "api/question.h"

/* Appends what can be asked; their number, at most AC_QUESTIONS_EACH. */
extern int ac_questions_bounds(const AcQuestionSample *sample,
							   AcQuestion *questions);
extern int ac_questions_orders(const AcQuestionSample *sample,
							   AcQuestion *questions);

extern int ac_questions_fields(const AcQuestionSample *sample,
							   AcQuestion *questions);

extern bool ac_question_judge_fields(const AcQuestionSample *sample,
									 AcQuestion *question,
									 const AcQuestionAnswer *answer,
									 const char **finding);
extern void ac_question_settle_fields(AcTablePlan *plan,
									  const AcQuestion *question);

extern bool ac_question_judge_bound(const AcQuestionSample *sample,
									const AcQuestion *question,
									const AcQuestionAnswer *answer,
									const char **finding);
extern bool ac_question_judge_order(const AcQuestionSample *sample,
									const AcQuestion *question,
									const AcQuestionAnswer *answer,
									const char **finding);

/* Are values of the column in an order that everybody means? */
extern bool ac_question_has_order(const AcColumnPlan *column);

/* Where a value stands in it; false if it is none. */
extern bool ac_question_place(const AcColumnPlan *column, const char *text,
							  AcBound *place);

/*
 * Is the row of the sample among those of the answer, by its key, or where the
 * table has none by all of it?
 */
extern bool ac_question_has_row(const AcQuestionSample *sample, int row,
								const AcQuestionAnswer *answer);

/* Does the column show a part of the key by itself? */
extern bool ac_question_is_key(const AcColumnPlan *column);

/* Index of the sample's row with the key of the answer's row; -1: none has. */
extern int ac_question_row_of(const AcQuestionSample *sample,
							  const AcQuestionAnswer *answer, int row);

/* Does the text have one of these, in whatever case?  NULL has none. */
extern bool ac_question_speaks_of(const char *text, const char *const *words);

/* The parameter of the operation by this name in its query, or NULL. */
extern const AcParam *ac_question_param(const AcTablePlan *plan,
										const char *name);

/* "name=value", percent-encoded. */
extern char *ac_question_query(const char *name, const char *value);

#endif /* AC_API_QUESTION_INT_H */
