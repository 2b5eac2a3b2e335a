/*
 * ac.h
 *		Which world is this file compiled for?
 *
 * Every .c file of autoconn includes this first.  The pure layers (core, api,
 * policy, drift) are compiled twice: into the extension, and with -DFRONTEND
 * into unit tests and fuzzers, where neither ereport nor memory contexts
 * exist.  palloc, pfree, psprintf and StringInfo exist in both worlds and are
 * all that the pure layers take from PostgreSQL.
 */
#ifndef AC_H
#define AC_H

#ifdef FRONTEND
#include "postgres_fe.h"

#include "common/fe_memutils.h"
#else
#include "postgres.h"
#endif

#include "lib/stringinfo.h"

/*
 * A piece of somebody else's text: not NUL-terminated, owned by whoever owns
 * the buffer it points into.
 */
typedef struct AcSlice
{
	const char *text;
	size_t len;
} AcSlice;

/*
 * Asked by long loops about every 64 kB of input; true means stop, and the
 * loop ends with AC_ERR_INTERRUPTED.  NULL is allowed and never interrupts.
 */
typedef bool (*AcInterrupted)(void *arg);

#endif /* AC_H */
