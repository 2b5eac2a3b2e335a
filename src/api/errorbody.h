/*
 * errorbody.h
 *		Does a body speak of a failure?
 */
#ifndef AC_API_ERRORBODY_H
#define AC_API_ERRORBODY_H

#include "ac.h"

#include "core/json.h"

/*
 * Does a body speak of a failure and show nothing else?  For bodies of which
 * it is not known where their rows are.
 * True for {"error": ...}, {"message": "Not Found"}, problem details (RFC
 * 9457), {"code": 401, ...}, {"ok": false, ...}, JSON:API's and GraphQL's
 * "errors".  Arrays and scalars are none, nor is an object that has rows
 * beside an error member.
 */
extern bool ac_errorbody_is(const AcJson *doc);

/*
 * Does a member of it tell of a failure, whatever is beside?  For bodies whose
 * rows are not where they should be.  Such are "ok" and "success" that are
 * false (also as a text), a "status" or "code" of "error", "fail" and the
 * like, and members "error", "errors", "fault", "exception" (also Jira's
 * "errorMessages" and OData's "odata.error") that are not null, false, 0 or
 * empty, and a "status" or "code" from 400 to 599 but 404 and 410.  Looks at the top level, which is where APIs put them.
 */
extern bool ac_errorbody_tells(const AcJson *doc);

#endif /* AC_API_ERRORBODY_H */
