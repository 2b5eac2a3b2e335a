/*
 * hypermedia.h
 *		Which collections does an index of links lead to?
 */
#ifndef AC_API_HYPERMEDIA_H
#define AC_API_HYPERMEDIA_H

#include "api/api.h"

/*
 * An object whose values are links to collections: a Django REST root,
 * "*_url" members, HAL, JSON:API, Siren, Collection+JSON, lists of
 * {"name", "href"}.  Not a thing that has some links.
 */
extern bool ac_hypermedia_sniff(const AcJson *doc);

/* Documents that may be indexes again, one level more. */
extern int ac_hypermedia_wishes(const AcReadInput *input, AcWish **wishes);

extern bool ac_hypermedia_read(const AcReadInput *input, AcApi **api,
							   AcError *err);

#endif /* AC_API_HYPERMEDIA_H */
