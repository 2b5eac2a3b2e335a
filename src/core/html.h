/*
 * html.h
 *		What of an HTML page could speak of an API?
 *
 * A page becomes a document with the single member "html", an object of
 *
 *		title		string, absent if there is none
 *		base		href of <base>, absent if there is none
 *		links		of <link>: {"rel": ..., "type": ..., "href": ...}
 *		scripts		of <script>: {"src": ...} or {"type": ..., "text": ...}
 *		elements	custom elements and those with an attribute that could name
 *					a description ("redoc", "rapi-doc", "elements-api",
 *					data-url, spec-url, ...): {"name": ..., "id": ..., "attributes": {...}}
 *		anchors		of <a>: {"href": ..., "text": ...}
 *		forms		of <form>: {"action": ..., "method": ..., "password": true}
 *		blocks		the readable text in order: {"kind": "heading", "level": 2,
 *					"text": ...}, {"kind": "text", "text": ...}, {"kind": "code",
 *					"language": "json", "text": ...}, {"kind": "table",
 *					"head": [...], "rows": [[...], ...]}
 *
 * Lists are absent where they are empty; members of a list's objects where the
 * page does not give them.  Scripts and styles are no readable text.
 */
#ifndef AC_CORE_HTML_H
#define AC_CORE_HTML_H

#include "ac.h"

#include "core/error.h"
#include "core/json.h"

/* As ac_json_parse_long(); whatever a browser would show is no error. */
extern bool ac_html_parse(const AcJsonText *input, AcJson **doc, AcError *err);

#endif /* AC_CORE_HTML_H */
