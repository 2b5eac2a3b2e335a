/*
 * bodymem.h
 *		Where does the memory of answers' bodies come from, and go to?
 */
#ifndef AC_NET_BODYMEM_H
#define AC_NET_BODYMEM_H

#include "ac.h"

#include "core/buf.h"

/*
 * An empty buffer of at most max bytes, with memory if there is some to spare:
 * that which was given last, of which most is still in the processor's cache.
 */
extern void ac_bodymem_take(AcBuf *buf, size_t max);

/* Frees the buffer's memory, or keeps it for the next one. */
extern void ac_bodymem_give(AcBuf *buf);

#endif /* AC_NET_BODYMEM_H */
