/*
 * builtspec.h
 *		How does a description in another language use the OpenAPI reader?
 *
 * Its reader builds the same as an OpenAPI 3.1 document and hands that over.
 * Schemas are JSON Schema in all of these languages, so that one engine reads
 * them.  Operations carry "x-source", the JSON Pointer in the true document.
 */
#ifndef AC_API_BUILTSPEC_H
#define AC_API_BUILTSPEC_H

#include "api/api.h"

/*
 * Is the document small enough to be built anew?  AC_ERR_TOO_LARGE if it has
 * more than AC_BUILTSPEC_MAX_OBJECTS objects, AC_ERR_INTERRUPTED.
 */
extern bool ac_builtspec_fits(const AcReadInput *input, const AcJson *doc,
							  AcError *err);

/*
 * The largest of Google's own documents has some 45,000, a WordPress site
 * with a dozen of large plugins 60,000.
 */
#define AC_BUILTSPEC_MAX_OBJECTS 150000

/* An OpenAPI document without paths; title may be NULL. */
extern AcJson *ac_builtspec_new(const char *title, const char *server);

/*
 * Adds an operation (taken over) with its source; false, and operation freed,
 * if the path has one of this method already.
 */
extern bool ac_builtspec_add(AcJson *tree, const char *path,
							 const char *method, AcJson *operation,
							 const char *source);

/* {"200": {"content": {"application/json": {"schema": ...}}}}; NULL: any. */
extern AcJson *ac_builtspec_responses(AcJson *schema);

/* {"$ref": "#/components/schemas/name"} */
extern AcJson *ac_builtspec_ref(const char *name);

/* Sets key to what source has there, if it has it. */
extern void ac_builtspec_copy(AcJson *target, const char *key,
							  const AcJson *source);

/*
 * Reads the tree, which is taken over: the model owns it, or it is freed.
 * Operations whose answer has no schema become undescribed.
 */
extern bool ac_builtspec_read(const AcReadInput *input, AcJson *tree,
							  const char *kind, AcApi **api, AcError *err);

#endif /* AC_API_BUILTSPEC_H */
