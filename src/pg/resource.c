/*
 * resource.c
 *		How do things that PostgreSQL does not know end with a memory context?
 *		See resource.h.
 *
 * PostgreSQL cannot unregister a reset callback, so a resource that was
 * released early leaves its few bytes in the context, with handle NULL.
 */
#include "ac.h"

#include <unistd.h>

#include "pg/resource.h"
#include "storage/fd.h"
#include "utils/memutils.h"

struct AcResource
{
	void *handle; /* NULL: released or disowned */
	AcResourceRelease release;
	MemoryContextCallback callback;
};

static void
release_at_reset(void *arg)
{
	ac_resource_release((AcResource *) arg);
}

AcResource *
ac_resource_own(MemoryContext cxt, void *handle, AcResourceRelease release)
{
	AcResource *resource;

	Assert(handle != NULL && release != NULL);
	resource = MemoryContextAllocExtended(cxt, sizeof(AcResource),
										  MCXT_ALLOC_NO_OOM | MCXT_ALLOC_ZERO);
	if (resource == NULL)
	{
		release(handle);
		ereport(ERROR,
				(errcode(ERRCODE_OUT_OF_MEMORY),
				 errmsg("out of memory"),
				 errdetail("Failed on request of size %zu in memory context \"%s\".",
						   sizeof(AcResource), cxt->name)));
	}
	resource->handle = handle;
	resource->release = release;
	resource->callback.func = release_at_reset;
	resource->callback.arg = resource;
	MemoryContextRegisterResetCallback(cxt, &resource->callback);
	return resource;
}

void
ac_resource_release(AcResource *resource)
{
	void *handle;

	if (resource == NULL || resource->handle == NULL)
		return;
	handle = resource->handle;
	resource->handle = NULL;
	resource->release(handle);
}

void
ac_resource_disown(AcResource *resource)
{
	Assert(resource->handle != NULL);
	resource->handle = NULL;
}

static void
release_json(void *handle)
{
	ac_json_free((AcJson *) handle);
}

AcJson *
ac_resource_json(AcJson *doc)
{
	/* JSON null is a node without memory, see json.h */
	if (doc != NULL)
		(void) ac_resource_own(CurrentMemoryContext, doc, release_json);
	return doc;
}

static void
release_buf(void *handle)
{
	ac_buf_free((AcBuf *) handle);
}

AcResource *
ac_resource_buf(AcBuf *buf)
{
	return ac_resource_own(CurrentMemoryContext, buf, release_buf);
}

void
ac_resource_reserve_fd(void)
{
	if (!AcquireExternalFD())
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_RESOURCES),
				 errmsg("could not open another connection: %m"),
				 errdetail("This session holds as many file descriptors outside the server's own files as it may."),
				 errhint("Raise max_files_per_process, or use fewer foreign tables at once.")));
}

/*
 * A descriptor travels as handle + 1, because 0 is one and NULL means none.
 */
static void
release_fd(void *handle)
{
	close((int) ((intptr_t) handle - 1));
	ReleaseExternalFD();
}

AcResource *
ac_resource_fd(MemoryContext cxt, int fd)
{
	Assert(fd >= 0);
	return ac_resource_own(cxt, (void *) ((intptr_t) fd + 1), release_fd);
}
