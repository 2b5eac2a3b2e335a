/*
 * sendvalue.h
 *		How is a value written for an API?
 */
#ifndef AC_FDW_SENDVALUE_H
#define AC_FDW_SENDVALUE_H

#include "ac.h"

#include "pg/compat.h"
#include "pg/convert.h"

/*
 * UTF-8 text of a value, whatever the session's settings: true and false,
 * dates and times in ISO 8601 (timestamptz in UTC), anything else as its
 * type's output function writes it; and where reading says that the API
 * writes values otherwise, as it does.  NULL reading: it does not.  palloc'd;
 * NULL for a value that the API has no way to write, as infinity in seconds.
 */
extern char *ac_sendvalue_text(Datum value, Oid type,
							   const AcReading *reading);

/* Throws 0A000 for such a value, where there is no way but to send it. */
AC_NORETURN extern void ac_sendvalue_reject(Datum value, Oid type);

/*
 * Do APIs take such a value of a parameter as it is?  Many trim it, and hold
 * an empty one for none: they would choose by another value, or not at all.
 */
extern bool ac_sendvalue_is_kept(const char *text);

/*
 * Has the type of a column this value at all?  No, if the value is of another
 * type of the column's family (see AcTypeClass) and out of its range: then it
 * equals none of the column's values.
 */
extern bool ac_sendvalue_fits(Datum value, Oid value_type, Oid type,
							  int32 typmod);

/*
 * That text as a value of a column's type, for columns that show what was
 * sent.  In the current memory context.  Throws the type's error.
 */
extern Datum ac_sendvalue_shown(const char *text, Oid type, int32 typmod);

#endif /* AC_FDW_SENDVALUE_H */
