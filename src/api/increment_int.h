/*
 * increment_int.h
 *		What do the files of the increment share?  Nobody else's header.
 */
#ifndef AC_API_INCREMENT_INT_H
#define AC_API_INCREMENT_INT_H

#include "ac.h"

#include "api/increment.h"

/* What places a column's values in an order that changes follow. */
typedef enum AcIncrementKind
{
	AC_INCREMENT_NOTHING,
	AC_INCREMENT_MOMENT, /* ISO 8601 texts */
	AC_INCREMENT_EPOCH,	 /* numbers since 1970 */
	AC_INCREMENT_INTEGER
} AcIncrementKind;

extern AcIncrementKind ac_increment_kind(const AcColumnPlan *column);

/* The plan's column of that name and its index, NULL if there is none. */
extern const AcColumnPlan *ac_increment_column(const AcTablePlan *plan,
											   const char *name, int *index);

/*
 * Where a value's text stands in the order: microseconds since 1970 for a
 * moment (one without an offset is taken for UTC), else the number.
 */
extern bool ac_increment_place(const AcColumnPlan *column, const char *text,
							   int64 *place);

/* Words of a name that are looked at. */
#define AC_NAME_WORDS 12

typedef struct AcNameWords
{
	char *words[AC_NAME_WORDS];
	int n;
} AcNameWords;

extern AcNameWords ac_increment_words(const char *name);

/* Does it say "from this value on", or if not lower the contrary? */
extern bool ac_increment_is_side(const char *word, bool lower);

/* Does it say nothing of which field is meant: "date", "at", "value"? */
extern bool ac_increment_is_noise(const char *word);

/* Do both words speak of the same: "update" and "updated"? */
extern bool ac_increment_same_word(const char *a, const char *b);

#endif /* AC_API_INCREMENT_INT_H */
