/*
 * console.h
 *		Where does the page of an API console have its description?
 *
 * Swagger UI (2 and later; as FastAPI, NestJS, springdoc, Springfox,
 * drf-spectacular, drf-yasg and ASP.NET serve it), ReDoc, Scalar, RapiDoc and
 * Stoplight Elements load a description that their page, a script of it or a
 * configuration beside it names, or that stands in one of them.  Scripts are
 * read for their literals and never run.  Nothing is loaded here: the caller
 * asks for what may be asked for.
 */
#ifndef AC_API_CONSOLE_H
#define AC_API_CONSOLE_H

#include "ac.h"

#include "core/json.h"

/* URLs kept; the consoles of the largest gateways list some thirty. */
#define AC_CONSOLE_MAX_URLS 64

/* Scripts worth loading for one page: the initializer and a few around it. */
#define AC_CONSOLE_MAX_SCRIPTS 4

/* Descriptions found within pages and scripts. */
#define AC_CONSOLE_MAX_TEXTS 8

/* Empty at first; filled by the functions below in the order found. */
typedef struct AcConsole
{
	/*
	 * Of descriptions, or of configurations that ac_console_read_config()
	 * reads: absolute, without fragment, best first.
	 */
	const char *urls[AC_CONSOLE_MAX_URLS];
	int n_urls;

	/* Of scripts of the page's origin that may name the description. */
	const char *scripts[AC_CONSOLE_MAX_SCRIPTS];
	int n_scripts;

	/* Descriptions themselves, JSON or YAML; may point into the page. */
	const char *texts[AC_CONSOLE_MAX_TEXTS];
	int n_texts;

	/* Set by the caller; true ends the reading of scripts.  NULL: never. */
	bool (*interrupted)(void *arg);
} AcConsole;

/*
 * Reads a page (a document as core/html makes it) found at url.  True if it
 * names or holds anything; a page of another kind adds nothing.
 */
extern bool ac_console_read_page(AcConsole *console, const AcJson *page,
								 const char *url);

/*
 * Reads a script of the page at page_url; relative URLs are relative to the
 * page, as they are for a browser.  True if it added anything.
 */
extern bool ac_console_read_script(AcConsole *console, AcSlice script,
								   const char *page_url);

/*
 * Reads a JSON document at url that lists descriptions: springdoc's
 * "swagger-config", Springfox's "swagger-resources".  True if it is one.
 */
extern bool ac_console_read_config(AcConsole *console, const AcJson *doc,
								   const char *url);

#endif /* AC_API_CONSOLE_H */
