/*
 * document.h
 *		What does a document say, whatever language it is written in?
 *
 * Descriptions, documentation and samples come as JSON, YAML, HTML, Markdown
 * or lines of JSON, and often under a media type that says nothing.  Each is
 * turned into the one document tree (core/json): JSON and YAML as they are,
 * HTML and Markdown as core/html describes, lines of JSON (NDJSON) as
 * {"lines": [...]}.
 */
#ifndef AC_CORE_DOCUMENT_H
#define AC_CORE_DOCUMENT_H

#include "ac.h"

#include "core/error.h"
#include "core/json.h"

typedef enum AcDocumentLanguage
{
	AC_DOCUMENT_JSON,
	AC_DOCUMENT_LINES, /* several JSON texts, one a line */
	AC_DOCUMENT_YAML,
	AC_DOCUMENT_HTML,
	AC_DOCUMENT_MARKDOWN,
	AC_DOCUMENT_OTHER /* nothing that is read: plain text, XML, an image */
} AcDocumentLanguage;

typedef struct AcDocumentText
{
	const char *text; /* UTF-8, a byte order mark is skipped */
	size_t len;
	const char *media_type;			/* of the answer; a hint only, NULL if unknown */
	bool (*interrupted)(void *arg); /* NULL: never */
} AcDocumentText;

/*
 * The text in UTF-8, palloc'd, where it is in UTF-16 with a byte order mark
 * (as PowerShell writes files), or not in UTF-8 and said to be in Latin-1.
 * NULL where it can be read as it is.  NUL characters become spaces, so that
 * the copy's strlen() is its length.
 */
extern char *ac_document_to_utf8(const AcDocumentText *input);

/* The language, by the text first and its media type second; never fails. */
extern AcDocumentLanguage ac_document_language(const AcDocumentText *input);

/*
 * Parses the text.  False with AC_ERR_MALFORMED (with the place),
 * AC_ERR_TOO_LARGE (depth, aliases, elements) or AC_ERR_INTERRUPTED; a text in
 * no language of the above is AC_ERR_MALFORMED.
 */
extern bool ac_document_parse(const AcDocumentText *input, AcJson **doc,
							  AcError *err);

#endif /* AC_CORE_DOCUMENT_H */
