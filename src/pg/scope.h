/*
 * scope.h
 *		How are the extension's private tables reached?
 *
 * Every access runs between ac_scope_begin() and ac_scope_end(): SPI
 * connected, the extension's owner as current user, a search_path that nobody
 * else can put objects into.  An error in between needs no cleaning up:
 * transaction abort restores user, settings and SPI.
 *
 * Only statements of our own on tables of our own run in a scope, never DDL
 * on somebody's tables: that has the rights of whoever asks for it.
 */
#ifndef AC_PG_SCOPE_H
#define AC_PG_SCOPE_H

#include "ac.h"

#include "executor/spi.h"

typedef struct AcScope
{
	Oid saved_user;
	int saved_context;
	int guc_level;
	MemoryContext caller; /* results are copied into it */
} AcScope;

extern void ac_scope_begin(AcScope *scope);
extern void ac_scope_end(AcScope *scope);

/* Arguments of one statement, $1 first.  "AcArgs args = {0}" has none. */
#define AC_MAX_ARGS 26

typedef struct AcArgs
{
	int n;
	Oid types[AC_MAX_ARGS];
	Datum values[AC_MAX_ARGS];
	char nulls[AC_MAX_ARGS];
} AcArgs;

extern void ac_arg_datum(AcArgs *args, Oid type, Datum value, bool isnull);
extern void ac_arg_text(AcArgs *args, const char *text); /* NULL: null */
extern void ac_arg_oid(AcArgs *args, Oid oid);
extern void ac_arg_int4(AcArgs *args, int32 value);
extern void ac_arg_int8(AcArgs *args, int64 value);

/* Runs one statement; returns the number of rows. */
extern uint64 ac_scope_run(const char *sql, AcArgs *args, bool read_only);

/*
 * Runs one statement that many are to be run of, and returns no rows.  *plan is
 * NULL before the first and ends with the scope; types of arguments stay.
 */
extern void ac_scope_repeat(SPIPlanPtr *plan, const char *sql, AcArgs *args);

/* Column (from 1) of a row as text in the caller's context, NULL if null. */
extern char *ac_scope_text(const AcScope *scope, uint64 row, int column);

/* The same as a number, otherwise if null. */
extern int64 ac_scope_int8(uint64 row, int column, int64 otherwise);

/* What one row says, in the caller's context. */
typedef void *(*AcScopeReader)(const AcScope *scope, uint64 row);

/* Runs one statement; returns what read makes of its rows, in their order. */
extern List *ac_scope_list(const AcScope *scope, const char *sql, AcArgs *args,
						   AcScopeReader read);

#endif /* AC_PG_SCOPE_H */
