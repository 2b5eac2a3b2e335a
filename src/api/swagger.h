/*
 * swagger.h
 *		What does a Swagger 2.0 document offer?
 */
#ifndef AC_API_SWAGGER_H
#define AC_API_SWAGGER_H

#include "api/api.h"

extern bool ac_swagger_sniff(const AcJson *doc);
extern bool ac_swagger_read(const AcReadInput *input, AcApi **api,
							AcError *err);
extern int ac_swagger_wishes(const AcReadInput *input, AcWish **wishes);

#endif /* AC_API_SWAGGER_H */
