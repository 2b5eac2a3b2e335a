/*
 * mdinline.h
 *		What stands within a line of Markdown?
 *
 * Code spans, links, HTML and escapes (CommonMark 0.31.2, 6) become HTML;
 * emphasis and images are dropped.  Every look ahead is bounded, so that the
 * work is linear.
 */
#ifndef AC_CORE_MDINLINE_H
#define AC_CORE_MDINLINE_H

#include "ac.h"

#include "core/buf.h"
#include "core/error.h"

/* Where the HTML goes; once failed (err says why), nothing more is added. */
typedef struct AcMdOut
{
	AcBuf html;
	AcError *err;
	bool failed;
} AcMdOut;

/* Append to any buffer, to the HTML, and to the HTML as text that it shows. */
extern void ac_md_append(AcMdOut *out, AcBuf *buf, const char *text, size_t len);
extern void ac_md_put(AcMdOut *out, const char *text, size_t len);
extern void ac_md_put_escaped(AcMdOut *out, AcSlice text);

/* Appends the HTML of the text of a paragraph, heading or cell. */
extern void ac_md_inline(AcMdOut *out, AcSlice text);

#endif /* AC_CORE_MDINLINE_H */
