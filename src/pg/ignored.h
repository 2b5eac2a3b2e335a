/*
 * ignored.h
 *		Which parameters does an API ignore, as far as scans have seen?
 *
 * autoconn.ignored_param, which the worker writes and all sessions read: once a
 * session for each table, and again when something about the table changes.
 * An entry counts while the column names the same parameter.
 */
#ifndef AC_PG_IGNORED_H
#define AC_PG_IGNORED_H

#include "ac.h"

#include "datatype/timestamp.h"
#include "foreign/foreign.h"
#include "nodes/pg_list.h"
#include "policy/pushdown.h"

typedef struct AcIgnored
{
	Oid relid;
	char *column;
	char *param;
	AcQualBound bound;
	char *json_path; /* not of those that sessions keep ... */
	char *operators; /* ... nor these; NULL: not set */
} AcIgnored;

/* Is the parameter known not to be looked at? */
extern bool ac_ignored_is(Oid relid, const char *param, AcQualBound bound);

/*
 * All of a server that still count, as a List of AcIgnored *; others are
 * deleted.
 */
extern List *ac_ignored_load(ForeignServer *server);

/*
 * The entry of the column that shows what stands at json_path, NULL if there
 * is no such column with a parameter.
 */
extern AcIgnored *ac_ignored_of(Oid relid, const char *json_path,
								AcQualBound bound);

/* Stores it, and lets all sessions know, at commit. */
extern void ac_ignored_store(ForeignServer *server, const AcIgnored *ignored,
							 TimestampTz now);

#endif /* AC_PG_IGNORED_H */
