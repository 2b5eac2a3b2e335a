/*
 * markdown.h
 *		What of a Markdown text could speak of an API?
 *
 * CommonMark with GitHub's tables and fenced code, turned into the document
 * that core/html describes: by way of HTML, so that there is one reading of
 * pages.  Read are headings, paragraphs, lists, quotes, tables, code, links,
 * code spans, HTML and the title of front matter; emphasis and images are
 * dropped, and links by reference keep their brackets and lose their target.
 * Nesting matters only as far as text is told from code.
 *
 * Not by way of libcmark-gfm: it takes quadratic time for some inputs (60 kB
 * of "![[]()" take 0.3 s), cannot be interrupted, and aborts the process when
 * memory runs out.
 */
#ifndef AC_CORE_MARKDOWN_H
#define AC_CORE_MARKDOWN_H

#include "ac.h"

#include "core/error.h"
#include "core/json.h"

/* As ac_html_parse(). */
extern bool ac_markdown_parse(const AcJsonText *input, AcJson **doc,
							  AcError *err);

#endif /* AC_CORE_MARKDOWN_H */
