/*
 * base64url.h
 *		How do bytes become text that may stand in URLs and tokens?
 *
 * The alphabet of RFC 4648 5, without padding, as JWS (RFC 7515 2) and PKCE
 * (RFC 7636 appendix A) want it.
 */
#ifndef AC_CORE_BASE64URL_H
#define AC_CORE_BASE64URL_H

#include "ac.h"

/* palloc'd text of len bytes. */
extern char *ac_base64url_encode(const void *data, size_t len);

#endif /* AC_CORE_BASE64URL_H */
