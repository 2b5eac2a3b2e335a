/*
 * htmldoc.h
 *		Which endpoints does a page of documentation speak of?
 *
 * Reads documents as core/html makes them, of HTML and Markdown: lines and
 * headings "GET /path", tables of methods and paths, curl commands and calls
 * of client libraries, statements of the base URL, tables and lists of
 * parameters, example bodies, and how calls authenticate.  All of it is
 * evidence, not a description: endpoints are undescribed, say how they were
 * found and how sure that is, and wait for a sample call.
 */
#ifndef AC_API_HTMLDOC_H
#define AC_API_HTMLDOC_H

#include "ac.h"

#include "api/api.h"

/* A page that names an endpoint, or leads to pages that should. */
extern bool ac_htmldoc_sniff(const AcJson *doc);

/* Further pages of the same documentation. */
extern int ac_htmldoc_wishes(const AcReadInput *input, AcWish **wishes);

/*
 * Reads the page and the others beside it.  AC_ERR_MALFORMED if none of them
 * names an endpoint.  Paths are below the one base URL that the pages agree
 * on; calls to other hosts are left out and counted in a note.
 */
extern bool ac_htmldoc_read(const AcReadInput *input, AcApi **api, AcError *err);

#endif /* AC_API_HTMLDOC_H */
