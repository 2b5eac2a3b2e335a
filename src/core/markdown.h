/*
 * markdown.h
 *		What of a Markdown text could speak of an API?
 *
 * CommonMark with GitHub's tables and fenced code, turned into the document
 * that core/html describes: by way of HTML, so that there is one reading of
 * pages.
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
