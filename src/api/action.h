/*
 * action.h
 *		Would asking for this path do something?
 *
 * A GET ought to be safe (RFC 9110 9.2.1); APIs that log out, delete or
 * restart by GET exist all the same.  Whoever sends a request that nobody
 * asked for (discovery, a sample call, a poll) asks this first.
 */
#ifndef AC_API_ACTION_H
#define AC_API_ACTION_H

#include "ac.h"

#include "core/url.h"

/*
 * Does the path of a URL, or a path template, smell of an action?  query: what
 * is sent with it, or NULL; old APIs name the action there ("action=delete",
 * "logout").  Bytes written as %xx count as what they are.  Variables in braces say nothing.  Rather says yes than no: what
 * is not asked for costs a table, what is asked for wrongly costs the user's
 * data.  But things are called after actions, too: "cancellations",
 * "delete_requests" and "deploy-keys" are read.
 */
extern bool ac_action_smells(const char *path, const char *query);

/* The same of a URL's path and query. */
extern bool ac_action_smells_of(const AcUrl *url);

#endif /* AC_API_ACTION_H */
