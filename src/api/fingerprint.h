/*
 * fingerprint.h
 *		Is an operation still described as it was?
 *
 * What samples proved of an operation holds as long as its description says
 * the same.  Titles, comments and examples say nothing of that, nor does the
 * order of members.
 */
#ifndef AC_API_FINGERPRINT_H
#define AC_API_FINGERPRINT_H

#include "ac.h"

#include "api/api.h"

/*
 * What is known of the shapes of one API, which operations share; they must
 * not change meanwhile.  Some megabytes in the current memory context.
 */
typedef struct AcFingerprints AcFingerprints;

extern AcFingerprints *ac_fingerprints_create(void);

/*
 * Equal for operations of which the same is said, on one machine.  Of shapes
 * as deep and as many as fingerprint.c names.
 */
extern uint64 ac_fingerprint_of(AcFingerprints *known,
								const AcEndpoint *endpoint);

#endif /* AC_API_FINGERPRINT_H */
