/*
 * refreshoptions.h
 *		Which options would importing again set otherwise than the last import?
 */
#ifndef AC_FDW_REFRESHOPTIONS_H
#define AC_FDW_REFRESHOPTIONS_H

#include "ac.h"

#include "api/tableplan.h"
#include "lib/stringinfo.h"
#include "nodes/pg_list.h"

/* The options of a table or column in its three states. */
typedef struct AcOptionStates
{
	List *before; /* as the last import made it */
	List *after;  /* as a new one would */
	List *now;
	const AcTablePlan *plan; /* of after */
	const char *column;		 /* its name there; NULL: the table's own options */
} AcOptionStates;

/* "ADD a 'x', SET b 'y', DROP c" and what stood and will stand there. */
typedef struct AcOptionChanges
{
	StringInfoData actions;
	StringInfoData before;
	StringInfoData after;
} AcOptionChanges;

/* What a new import sets otherwise than the last did; false if nothing. */
extern bool ac_refresh_compare_options(const AcOptionStates *states,
									   AcOptionChanges *changes);

/* Equal, or both NULL. */
extern bool ac_refresh_same(const char *a, const char *b);

#endif /* AC_FDW_REFRESHOPTIONS_H */
