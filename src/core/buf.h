/*
 * buf.h
 *		Where do the bytes of a response body grow?
 *
 * AcBuf is a byte buffer with a cap that is part of its constructor.  It uses
 * malloc, because it grows inside libcurl callbacks, where a palloc that
 * throws must not happen; who owns it must free it (net/transfer does so from
 * a memory context's reset callback).  Behind the last byte there are always
 * AC_BUF_PADDING zero bytes, so that scanners may load whole vectors.
 */
#ifndef AC_CORE_BUF_H
#define AC_CORE_BUF_H

#include "ac.h"

/* One 64-byte block: what the widest vector load of core/rowscan may overrun. */
#define AC_BUF_PADDING 64

typedef enum AcBufStatus
{
	AC_BUF_OK,
	AC_BUF_FULL,	 /* max would be exceeded; nothing was added */
	AC_BUF_NO_MEMORY /* nothing was added */
} AcBufStatus;

typedef struct AcBuf
{
	char *data;		 /* NULL until the first append */
	size_t len;		 /* bytes */
	size_t capacity; /* bytes allocated, padding included */
	size_t max;		 /* len never exceeds this */
} AcBuf;

/* An empty buffer that will hold at most max bytes. */
extern void ac_buf_init(AcBuf *buf, size_t max);

/* Appends; never throws, never appends a part. */
extern AcBufStatus ac_buf_append(AcBuf *buf, const void *data, size_t len);

/*
 * Makes room for len bytes in all, so that a body of announced length is
 * allocated once; the announcement is trusted only up to a few MB.
 */
extern AcBufStatus ac_buf_reserve(AcBuf *buf, size_t len);

/* Forgets the contents, keeps the memory. */
extern void ac_buf_clear(AcBuf *buf);

/* Frees the memory; the buffer may be used again. */
extern void ac_buf_free(AcBuf *buf);

#endif /* AC_CORE_BUF_H */
