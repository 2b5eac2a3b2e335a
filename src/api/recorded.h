/*
 * recorded.h
 *		How is a record of requests kept without the secrets in it?
 */
#ifndef AC_API_RECORDED_H
#define AC_API_RECORDED_H

#include "api/api.h"

/*
 * Where the document is an archive (HAR) or a Postman collection, masks what
 * it has of credentials, in place: header values, cookies, secret parameters
 * and variables, secret members of bodies; bodies that are no JSON are
 * dropped.  Its reader reads the same model from it, base64 examples aside.
 * To be called before such a document is stored.  False if it is neither.
 */
extern bool ac_recorded_mask(AcJson *doc, const AcReadLimits *limits);

#endif /* AC_API_RECORDED_H */
