/*
 * openapi.h
 *		What does an OpenAPI 3.0, 3.1 or 3.2 document offer?
 */
#ifndef AC_API_OPENAPI_H
#define AC_API_OPENAPI_H

#include "api/api.h"

extern bool ac_openapi_sniff(const AcJson *doc);
extern bool ac_openapi_read(const AcReadInput *input, AcApi **api,
							AcError *err);
extern int ac_openapi_wishes(const AcReadInput *input, AcWish **wishes);

#endif /* AC_API_OPENAPI_H */
