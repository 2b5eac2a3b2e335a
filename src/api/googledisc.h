/*
 * googledisc.h
 *		What does a Google API Discovery document offer?
 */
#ifndef AC_API_GOOGLEDISC_H
#define AC_API_GOOGLEDISC_H

#include "api/api.h"

extern bool ac_googledisc_sniff(const AcJson *doc);
extern bool ac_googledisc_read(const AcReadInput *input, AcApi **api,
							   AcError *err);

#endif /* AC_API_GOOGLEDISC_H */
