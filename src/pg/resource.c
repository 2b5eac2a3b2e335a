/*
 * resource.c
 *		How do things that PostgreSQL does not know end with a memory context?
 *		See resource.h.
 */
#include "ac.h"

#include "pg/resource.h"
#include "utils/memutils.h"

typedef struct Resource
{
	void *handle;
	AcResourceRelease release;
	MemoryContextCallback callback;
} Resource;

static void
release_at_reset(void *arg)
{
	Resource *resource = (Resource *) arg;

	resource->release(resource->handle);
}

void
ac_resource_own(MemoryContext cxt, void *handle, AcResourceRelease release)
{
	Resource *resource;

	Assert(handle != NULL && release != NULL);
	resource = MemoryContextAllocExtended(cxt, sizeof(Resource),
										  MCXT_ALLOC_NO_OOM | MCXT_ALLOC_ZERO);
	if (resource == NULL)
	{
		release(handle);
		ereport(ERROR,
				(errcode(ERRCODE_OUT_OF_MEMORY),
				 errmsg("out of memory"),
				 errdetail("Failed on request of size %zu in memory context \"%s\".",
						   sizeof(Resource), cxt->name)));
	}
	resource->handle = handle;
	resource->release = release;
	resource->callback.func = release_at_reset;
	resource->callback.arg = resource;
	MemoryContextRegisterResetCallback(cxt, &resource->callback);
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
		ac_resource_own(CurrentMemoryContext, doc, release_json);
	return doc;
}
