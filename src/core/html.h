/*
 * html.h
 *		What of an HTML page could speak of an API?
 *
 * A page becomes a document with the single member "html", an object of
 *
 *		title		string, absent if there is none
 *		base		href of <base>, absent if there is none
 *		links		of <link>: {"rel": ..., "type": ..., "href": ...}; where the
 *					page sends its reader on, {"rel": "refresh", "href": ...}
 *		scripts		of <script>: {"id": ..., "type": ..., "src": ..., "text": ...}
 *		elements	custom elements and those with an attribute that could name
 *					a description ("redoc", "rapi-doc", "elements-api",
 *					data-url, spec-url, ...): {"name": ..., "id": ..., "attributes": {...}}
 *		anchors		of <a>: {"href": ..., "text": ...}
 *		forms		of <form>: {"action": ..., "method": ..., "password": true}
 *		blocks		the readable text in order: {"kind": "heading", "level": 2,
 *					"text": ...}, {"kind": "text", "text": ...}, {"kind": "code",
 *					"language": "json", "text": ..., "json": what it says, if it
 *					is an example of JSON}, {"kind": "table", "head": [...],
 *					"rows": [[...], ...]}
 *
 * Lists are absent where they are empty; members of a list's objects where the
 * page does not give them.  Scripts, styles, hidden parts, navigation and
 * controls are no readable text.  Code keeps its white space; elsewhere runs
 * of it are one space, and lines are those of <br>.  An item of a list and a
 * term of a definition list are a text each.  A table that holds code, a
 * heading or another table is cut there.
 *
 * Bytes that are no UTF-8 are read as windows-1252 if the page says that it
 * is in a charset of that kind, else each becomes U+FFFD; so strings are
 * always valid UTF-8.
 */
#ifndef AC_CORE_HTML_H
#define AC_CORE_HTML_H

#include "ac.h"

#include "core/error.h"
#include "core/json.h"

/*
 * As ac_json_parse_long(); whatever a browser would show is no error, but for
 * AC_ERR_TOO_LARGE where its parts would take too much memory.  Nesting is
 * not looked at.
 */
extern bool ac_html_parse(const AcJsonText *input, AcJson **doc, AcError *err);

#endif /* AC_CORE_HTML_H */
