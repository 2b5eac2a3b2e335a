/*
 * errorbody.h
 *		Does a body speak of a failure instead of showing rows?
 */
#ifndef AC_API_ERRORBODY_H
#define AC_API_ERRORBODY_H

#include "ac.h"

#include "core/json.h"

/*
 * True for {"error": ...}, {"message": "Not Found"}, problem details (RFC
 * 9457), {"code": 401, ...}, {"ok": false, ...}, JSON:API's and GraphQL's
 * "errors".  Arrays and scalars are none, nor is an object that has rows
 * beside an error member.
 */
extern bool ac_errorbody_is(const AcJson *doc);

#endif /* AC_API_ERRORBODY_H */
