/*
 * sample.h
 *		Could a document that describes nothing be rows itself?
 */
#ifndef AC_API_SAMPLE_H
#define AC_API_SAMPLE_H

#include "api/api.h"

/*
 * Arrays, envelopes, lines of JSON and single objects are; errors, pages of
 * documentation, schemas and descriptions in a version that is not read are
 * not.
 */
extern bool ac_sample_sniff(const AcJson *doc);

/* One endpoint, whose example is the document. */
extern bool ac_sample_read(const AcReadInput *input, AcApi **api,
						   AcError *err);

#endif /* AC_API_SAMPLE_H */
