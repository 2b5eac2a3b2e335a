/*
 * report.c
 *		How does an AcError become an SQL error?  See report.h.
 */
#include "ac.h"

#include "core/error.h"
#include "miscadmin.h"
#include "pg/report.h"

int
ac_report_sqlstate(AcErrorCode code)
{
	static const int sqlstates[] = {
		[AC_ERR_NONE] = ERRCODE_SUCCESSFUL_COMPLETION,
		[AC_ERR_OPTION_NAME] = ERRCODE_FDW_INVALID_OPTION_NAME,
		[AC_ERR_OPTION_VALUE] = ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE,
		[AC_ERR_FORBIDDEN] = ERRCODE_INSUFFICIENT_PRIVILEGE,
		[AC_ERR_UNREACHABLE] = ERRCODE_SQLCLIENT_UNABLE_TO_ESTABLISH_SQLCONNECTION,
		[AC_ERR_CONNECTION] = ERRCODE_CONNECTION_FAILURE,
		[AC_ERR_TIMEOUT] = ERRCODE_CONNECTION_FAILURE,
		[AC_ERR_AUTH] = ERRCODE_INVALID_AUTHORIZATION_SPECIFICATION,
		[AC_ERR_NOT_FOUND] = ERRCODE_FDW_TABLE_NOT_FOUND,
		[AC_ERR_THROTTLED] = ERRCODE_CONFIGURATION_LIMIT_EXCEEDED,
		[AC_ERR_BREAKER] = ERRCODE_CANNOT_CONNECT_NOW,
		[AC_ERR_READ_ONLY] = ERRCODE_READ_ONLY_SQL_TRANSACTION,
		[AC_ERR_NOT_READY] = ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
		[AC_ERR_CANNOT_EXPRESS] = ERRCODE_FEATURE_NOT_SUPPORTED,
		[AC_ERR_INCOMPLETE] = ERRCODE_FDW_ERROR,
		[AC_ERR_HTTP] = ERRCODE_FDW_ERROR,
		[AC_ERR_MALFORMED] = ERRCODE_INVALID_TEXT_REPRESENTATION,
		[AC_ERR_VALUE] = ERRCODE_INVALID_PARAMETER_VALUE,
		[AC_ERR_TOO_LARGE] = ERRCODE_PROGRAM_LIMIT_EXCEEDED,
		[AC_ERR_NO_MEMORY] = ERRCODE_OUT_OF_MEMORY,
		[AC_ERR_INTERRUPTED] = ERRCODE_QUERY_CANCELED,
		[AC_ERR_INTERNAL] = ERRCODE_INTERNAL_ERROR,
	};

	Assert((int) code >= 0 && (int) code < (int) lengthof(sqlstates));
	return sqlstates[code];
}

void
ac_report(int elevel, const AcError *err)
{
	Assert(err->code != AC_ERR_NONE);
	ereport(elevel,
			(errcode(ac_report_sqlstate(err->code)),
			 errmsg("%s", err->message),
			 err->detail[0] != '\0' ? errdetail("%s", err->detail) : 0,
			 err->hint[0] != '\0' ? errhint("%s", err->hint) : 0));
}

void
ac_report_error(const AcError *err)
{
	if (err->code == AC_ERR_INTERRUPTED)
		CHECK_FOR_INTERRUPTS();
	ac_report(ERROR, err);
	pg_unreachable();
}

/*
 * Not InterruptPending: most interrupts (a barrier after somebody's DROP
 * DATABASE, invalidations to catch up with, a request to log memory) only want
 * to be served in passing, and CHECK_FOR_INTERRUPTS() returns from them.
 */
bool
ac_report_interrupted(void *arg)
{
	return QueryCancelPending || ProcDiePending;
}
