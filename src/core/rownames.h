/*
 * rownames.h
 *		Which names did the members of an object have, and which of them came
 *		again?
 *
 * For objects whose members are rows: where a name comes twice the last row
 * counts, as in jsonb, and the one before does not.  Nobody else's header than
 * the row scanner's.
 */
#ifndef AC_CORE_ROWNAMES_H
#define AC_CORE_ROWNAMES_H

#include "ac.h"

#include "core/field.h"

typedef struct AcRowNames AcRowNames;

/* An empty set in the current memory context. */
extern AcRowNames *ac_rownames_create(void);
extern void ac_rownames_free(AcRowNames *names);

typedef enum AcRowNameNews
{
	AC_NAME_NEW,
	AC_NAME_AGAIN, /* *before has the rows of the member that counts no more */
	AC_NAME_TOO_MANY
} AcRowNameNews;

/*
 * Adds the name of member number index (0 for the first) that stands for rows
 * rows.  name->text must stay where it is.  A name that text cannot hold
 * equals no other.
 */
extern AcRowNameNews ac_rownames_add(AcRowNames *names, const AcField *name,
									 uint32 index, uint64 rows,
									 uint64 *before);

/* Was the name added?  Then *rows is what it stands for. */
extern bool ac_rownames_find(AcRowNames *names, const AcField *name,
							 uint64 *rows);

/* Did the name of that member come again later? */
extern bool ac_rownames_is_superseded(const AcRowNames *names, uint64 index);

#endif /* AC_CORE_ROWNAMES_H */
