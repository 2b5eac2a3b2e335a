/*
 * step.c
 *		What does a step of a worker need that reads or writes catalogs?
 *		See step.h.
 */
#include "ac.h"

#include "access/xact.h"
#include "catalog/pg_extension.h"
#include "commands/extension.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "storage/lmgr.h"
#include "storage/lwlock.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "worker/step.h"

/* Where memory goes while a step runs, and after it. */
static MemoryContext step_cxt = NULL;

void
ac_step_begin(MemoryContext cxt)
{
	Assert(!IsTransactionState());
	SetCurrentStatementStartTimestamp();
	StartTransactionCommand();
	PushActiveSnapshot(GetTransactionSnapshot());
	step_cxt = cxt;
	MemoryContextSwitchTo(cxt);
}

bool
ac_step_has_extension(void)
{
	Oid extension = get_extension_oid("autoconn", true);

	Assert(IsTransactionState());
	if (!OidIsValid(extension))
		return false;
	LockDatabaseObject(ExtensionRelationId, extension, 0, AccessShareLock);
	return get_extension_oid("autoconn", true) == extension;
}

void
ac_step_end(void)
{
	Assert(IsTransactionState());
	PopActiveSnapshot();
	CommitTransactionCommand();
	pgstat_report_stat(false);
	MemoryContextSwitchTo(step_cxt);
}

static void
add_context(void *arg)
{
	errcontext("%s", (const char *) arg);
}

bool
ac_step_try(void (*action)(void *), void *arg, const char *what)
{
	MemoryContext cxt = CurrentMemoryContext;
	ErrorContextCallback callback = {.callback = add_context,
									 .arg = unconstify(char *, what),
									 .previous = error_context_stack};
	volatile bool done = false;

	Assert(!IsTransactionState());
	error_context_stack = &callback;
	PG_TRY();
	{
		action(arg);
		done = true;
	}
	PG_CATCH();
	{
		HOLD_INTERRUPTS();
		EmitErrorReport();
		/* Outside a transaction there may be locks that no abort releases. */
		LWLockReleaseAll();
		AbortOutOfAnyTransaction();
		MemoryContextSwitchTo(cxt);
		FlushErrorState();
		RESUME_INTERRUPTS();
	}
	PG_END_TRY();
	error_context_stack = callback.previous;
	return done;
}
