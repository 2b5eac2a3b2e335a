/*
 * har.h
 *		Which reads does a recorded archive of requests (HAR 1.2) show?
 */
#ifndef AC_API_HAR_H
#define AC_API_HAR_H

#include "api/api.h"

extern bool ac_har_sniff(const AcJson *doc);
extern bool ac_har_read(const AcReadInput *input, AcApi **api, AcError *err);

#endif /* AC_API_HAR_H */
