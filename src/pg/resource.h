/*
 * resource.h
 *		How do things that PostgreSQL does not know end with a memory context?
 *
 * Handles of foreign libraries (CURL easy handles, malloc'd buffers, json-c
 * trees) and file descriptors are hung on a memory context: when it is reset
 * or deleted, at the end of a scan as after an error, they are released.
 * Resources of one context are released in the reverse order of their
 * registration.
 *
 * Release functions must not throw and must not allocate in the context: they
 * run in the middle of an abort.
 */
#ifndef AC_PG_RESOURCE_H
#define AC_PG_RESOURCE_H

#include "ac.h"

#include "core/buf.h"
#include "core/json.h"

typedef void (*AcResourceRelease)(void *handle);

typedef struct AcResource AcResource;

/*
 * Makes cxt the owner of handle.  If there is no memory to note that, the
 * handle is released at once and the error is thrown; so the caller never has
 * to.
 */
extern AcResource *ac_resource_own(MemoryContext cxt, void *handle,
								   AcResourceRelease release);

/*
 * Releases the handle now, rather than with its context.  NULL and a resource
 * released already are allowed.
 */
extern void ac_resource_release(AcResource *resource);

/* The context owns the handle no more: somebody else does. */
extern void ac_resource_disown(AcResource *resource);

/* A json tree that ends with the current memory context; returns doc. */
extern AcJson *ac_resource_json(AcJson *doc);

/*
 * A buffer that ends with the current memory context.  The AcBuf itself must
 * live at least as long, best in that very context.
 */
extern AcResource *ac_resource_buf(AcBuf *buf);

/*
 * Asks PostgreSQL for leave to open one more descriptor than it manages
 * itself (AcquireExternalFD).  Throws 53000 if too many are open.
 */
extern void ac_resource_reserve_fd(void);

/*
 * A descriptor that was reserved before it was opened; closed, and the
 * reservation given back, with cxt.
 */
extern AcResource *ac_resource_fd(MemoryContext cxt, int fd);

#endif /* AC_PG_RESOURCE_H */
