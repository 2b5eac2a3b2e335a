/*
 * fix.h
 *		Which repairs exist, as data?
 *
 * A closed set: nothing else is ever rendered to DDL (pg/ddl) or applied
 * (worker/apply).  A fix is bound to a local table before it is stored; as
 * found by pure code it names the remote column or table only.
 */
#ifndef AC_DRIFT_FIX_H
#define AC_DRIFT_FIX_H

#include "ac.h"

#include "core/error.h"
#include "core/json.h"

typedef enum AcFixAction
{
	AC_FIX_NONE,
	AC_FIX_ADD_COLUMN,	   /* ALTER FOREIGN TABLE ... ADD COLUMN */
	AC_FIX_DROP_COLUMN,	   /* only as the inverse of ADD COLUMN */
	AC_FIX_COLUMN_OPTIONS, /* ALTER COLUMN ... OPTIONS */
	AC_FIX_CREATE_TABLE,   /* CREATE FOREIGN TABLE, the text of pg/ddl */
	AC_FIX_DROP_TABLE	   /* only as the inverse of CREATE TABLE */
} AcFixAction;

/* An option before and after; NULL: absent. */
typedef struct AcFixOption
{
	const char *name;
	const char *before;
	const char *after;
} AcFixOption;

#define AC_FIX_MAX_OPTIONS 8

typedef struct AcFix
{
	AcFixAction action;
	const char *schema;	   /* of the local table; NULL: not bound yet */
	const char *relation;  /* local table's name; NULL: not bound yet */
	const char *column;	   /* column actions: the column's name */
	const char *type;	   /* ADD, DROP COLUMN: SQL type */
	const char *statement; /* CREATE TABLE: the statement; DROP TABLE: that
							* which made it, for its own inverse */
	AcFixOption options[AC_FIX_MAX_OPTIONS];
	int n_options;
} AcFix;

extern const char *ac_fix_action_name(AcFixAction action);

/*
 * The fix that undoes it, sharing its texts; false if there is none.  Undoing
 * that one gives the fix again.
 */
extern bool ac_fix_inverse(const AcFix *fix, AcFix *inverse);

/*
 * To and from the object stored with an alert; false with AC_ERR_MALFORMED.
 * The texts read are palloc'd copies.
 */
extern AcJson *ac_fix_to_json(const AcFix *fix);
extern bool ac_fix_from_json(const AcJson *json, AcFix *fix, AcError *err);

#endif /* AC_DRIFT_FIX_H */
