/*
 * wordpress.h
 *		What does a WordPress site's index of routes offer?
 */
#ifndef AC_API_WORDPRESS_H
#define AC_API_WORDPRESS_H

#include "api/api.h"

extern bool ac_wordpress_sniff(const AcJson *doc);

/*
 * The same index with "context=help", which has the schemas of all routes;
 * where that was refused, OPTIONS of the collections.
 */
extern int ac_wordpress_wishes(const AcReadInput *input, AcWish **wishes);

extern bool ac_wordpress_read(const AcReadInput *input, AcApi **api,
							  AcError *err);

#endif /* AC_API_WORDPRESS_H */
