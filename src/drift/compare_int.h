/*
 * compare_int.h
 *		What do the files of the comparison share?  Nobody else's header.
 *
 *		compare.c			servers and tables: what is new, gone, elsewhere
 *		compare_column.c	columns of one table
 *		compare_type.c		what kind of change a change of type is
 *		compare_param.c		parameters of one table
 *		compare_pair.c		which table of one model is which of the other
 *		compare_accept.c	the baseline after a decision
 */
#ifndef AC_DRIFT_COMPARE_INT_H
#define AC_DRIFT_COMPARE_INT_H

#include "ac.h"

#include "drift/compare.h"

/* compare_pair.c */

/* Places of a model by path, whatever its variables are called. */
typedef struct AcPathIndex AcPathIndex;

extern AcPathIndex *ac_path_index_tables(const AcModel *model);
extern AcPathIndex *ac_path_index_others(const AcModel *model);

/* The first place of that path, and the next after one; -1: no more. */
extern int ac_path_index_first(const AcPathIndex *index, const char *path);
extern int ac_path_index_next(const AcPathIndex *index, int place);

/* Are the paths the same but for the names of their variables? */
extern bool ac_path_same(const char *a, const char *b);

/* For every table of one model its place in the other, -1 if it has none. */
typedef struct AcTablePairs
{
	int *after_of;
	int *before_of;
} AcTablePairs;

extern void ac_compare_pair(const AcModel *before, const AcModel *after,
							AcTablePairs *pairs);

/* compare.c */

/* One table that is in both models. */
typedef struct AcTableComparison
{
	const AcModelTable *before;
	const AcModelTable *after;
	int64 now_s;
	AcDriftList *drifts;
} AcTableComparison;

/* A drift of that table, which is there before and after. */
extern AcDrift *ac_compare_add(const AcTableComparison *pair,
							   AcDriftKind kind);

/* A member that is a text of params, before or after, made where NULL. */
extern void ac_compare_put(AcDriftList *drifts, AcJson **object,
						   const char *key, const char *text);

/*
 * A text of a description as it may stand in a summary: quoted, short,
 * without control characters; palloc'd.
 */
extern char *ac_compare_quote(const char *text);

/* compare_column.c */
extern void ac_compare_columns(const AcTableComparison *pair);

/* compare_type.c */

/* Which drift of type is it?  False if there is none. */
extern bool ac_compare_type(const AcModelColumn *before,
							const AcModelColumn *after, AcDriftKind *kind);

/* compare_param.c */
extern void ac_compare_params(const AcTableComparison *pair);

/* A parameter as the subject of a drift: "q", "header X-Shop". */
extern const char *ac_compare_subject(const AcModelParam *param);

/* The parameter that a lost one is called now, NULL if none. */
extern const AcModelParam *ac_compare_renamed(const AcModelTable *before,
											  const AcModelTable *after,
											  const AcModelParam *lost);

#endif /* AC_DRIFT_COMPARE_INT_H */
