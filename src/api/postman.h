/*
 * postman.h
 *		Which reads does a Postman collection (2.0, 2.1) have?
 */
#ifndef AC_API_POSTMAN_H
#define AC_API_POSTMAN_H

#include "api/api.h"

extern bool ac_postman_sniff(const AcJson *doc);
extern bool ac_postman_read(const AcReadInput *input, AcApi **api,
							AcError *err);

#endif /* AC_API_POSTMAN_H */
