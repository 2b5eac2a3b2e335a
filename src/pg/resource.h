/*
 * resource.h
 *		How do things that PostgreSQL does not know end with a memory context?
 *
 * Handles of foreign libraries (CURL easy handles, json-c trees) and what holds
 * them are hung on a memory context: when it is reset or deleted, at the end
 * of a scan as after an error, they are released.
 * Resources of one context are released in the reverse order of their
 * registration.
 *
 * Release functions must not throw and must not allocate in the context: they
 * run in the middle of an abort.
 */
#ifndef AC_PG_RESOURCE_H
#define AC_PG_RESOURCE_H

#include "ac.h"

#include "core/json.h"

typedef void (*AcResourceRelease)(void *handle);

/*
 * Makes cxt the owner of handle.  If there is no memory to note that, the
 * handle is released at once and the error is thrown; so the caller never has
 * to.
 */
extern void ac_resource_own(MemoryContext cxt, void *handle,
							AcResourceRelease release);

/* A json tree that ends with the current memory context; returns doc. */
extern AcJson *ac_resource_json(AcJson *doc);

#endif /* AC_PG_RESOURCE_H */
