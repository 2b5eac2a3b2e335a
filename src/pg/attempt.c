/*
 * attempt.c
 *		How is something tried whose failure is no failure of the query?  See
 *		attempt.h.
 */
#include "ac.h"

#include "access/xact.h"
#include "pg/attempt.h"
#include "utils/memutils.h"
#include "utils/resowner.h"

ErrorData *
ac_attempt(void (*work)(void *arg), void *arg)
{
	MemoryContext cxt = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;
	ErrorData *volatile error = NULL;

	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(cxt);
	PG_TRY();
	{
		work(arg);
		ReleaseCurrentSubTransaction();
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(cxt);
		error = CopyErrorData();
		FlushErrorState();
		RollbackAndReleaseCurrentSubTransaction();
	}
	PG_END_TRY();
	MemoryContextSwitchTo(cxt);
	CurrentResourceOwner = owner;
	return error;
}
