/*
 * report.h
 *		How does an AcError become an SQL error?
 *
 * The one place where errors of the pure layers are thrown.
 */
#ifndef AC_PG_REPORT_H
#define AC_PG_REPORT_H

#include "ac.h"

#include "core/error.h"
#include "pg/compat.h"

/* SQLSTATE (as MAKE_SQLSTATE) of a code; doc/scanning.md has the table. */
extern int ac_report_sqlstate(AcErrorCode code);

/*
 * Throws err with its SQLSTATE, message, detail and hint.
 * AC_ERR_INTERRUPTED: CHECK_FOR_INTERRUPTS() first, which throws the cancel.
 */
AC_NORETURN extern void ac_report_error(const AcError *err);

/* The same at another elevel (WARNING, NOTICE, DEBUG1); returns. */
extern void ac_report(int elevel, const AcError *err);

/*
 * An AcInterrupted callback: true if the query or the session is to end.  Pure
 * code ends with AC_ERR_INTERRUPTED and ac_report_error() then throws.
 */
extern bool ac_report_interrupted(void *arg);

#endif /* AC_PG_REPORT_H */
