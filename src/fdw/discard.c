/*
 * discard.c
 *		What of a session's state does DISCARD ALL end?
 *
 * A pooler runs it before it hands a session to somebody else: answers that
 * the session has kept are for nobody else's memory.
 */
#include "ac.h"

#include "fdw/fdw.h"
#include "net/cache.h"
#include "nodes/parsenodes.h"
#include "tcop/utility.h"

static ProcessUtility_hook_type next_hook = NULL;

static void
autoconnProcessUtility(PlannedStmt *planned, const char *query, bool read_only_tree,
					   ProcessUtilityContext context, ParamListInfo params,
					   QueryEnvironment *environment, DestReceiver *dest,
					   QueryCompletion *completion)
{
	const Node *statement = planned->utilityStmt;
	bool all = IsA(statement, DiscardStmt) &&
			   ((const DiscardStmt *) statement)->target == DISCARD_ALL;

	if (next_hook != NULL)
		next_hook(planned, query, read_only_tree, context, params, environment,
				  dest, completion);
	else
		standard_ProcessUtility(planned, query, read_only_tree, context,
								params, environment, dest, completion);
	if (all)
		ac_cache_forget_all();
}

void
ac_discard_init(void)
{
	next_hook = ProcessUtility_hook;
	ProcessUtility_hook = autoconnProcessUtility;
}
