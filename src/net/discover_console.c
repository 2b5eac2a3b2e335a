/*
 * discover_console.c
 *		What does an API console name, or hold?
 *
 * Reads what a fetch brought with api/console: a page, a script of one, or a
 * configuration in JSON.  Descriptions that stand within one are documents
 * like any other; where they are kept, their URL is that of the page or script.
 */
#include "ac.h"

#include "core/document.h"
#include "miscadmin.h"
#include "net/discover_int.h"
#include "net/judge.h"
#include "pg/report.h"

/*
 * Bytes of a script that are read: initializers have a kilobyte, with a
 * description inside some megabytes.
 */
#define MAX_SCRIPT (16 * 1024 * 1024)

/* A script's text without secrets; nothing where it is no script. */
static bool
script_of(const AcSearch *search, const AcFetch *fetch, AcSlice *script)
{
	char *text;

	if (fetch->state != AC_FETCH_ANSWERED || fetch->status / 100 != 2 ||
		fetch->body == NULL || fetch->body->len == 0 ||
		fetch->body->len > MAX_SCRIPT ||
		ac_media_sniff(fetch->body->data, Min(fetch->body->len, 512)) == AC_BODY_HTML)
		return false;
	text = pnstrdup(fetch->body->data, fetch->body->len);
	ac_judge_scrub_document(search->conn, text);
	script->text = text;
	script->len = strlen(text);
	return true;
}

void
ac_search_read_console(AcSearch *search, const AcFetch *fetch,
					   const AcTarget *target, const AcJson *doc,
					   AcConsole *console)
{
	AcSlice script;

	memset(console, 0, sizeof(*console));
	console->interrupted = ac_report_interrupted;
	if (target->kind == AC_TARGET_SCRIPT)
	{
		if (script_of(search, fetch, &script) &&
			ac_search_affords(search, fetch, target))
			(void) ac_console_read_script(console, script, target->page);
	}
	else if (ac_json_has(doc, "html"))
		(void) ac_console_read_page(console, doc, fetch->url);
	else if (doc != NULL)
		(void) ac_console_read_config(console, doc, fetch->url);
	CHECK_FOR_INTERRUPTS();
}

bool
ac_search_inline(const AcConsole *console, AcJson **doc, const char **text)
{
	for (int i = 0; i < console->n_texts; i++)
	{
		AcDocumentText input = {
			.text = console->texts[i],
			.len = strlen(console->texts[i]),
			.interrupted = ac_report_interrupted,
		};
		AcError err;

		if (ac_bundle_tree(&input, doc, text, &err))
		{
			if (*text != NULL)
				*text = pstrdup(*text);
			return true;
		}
		if (err.code == AC_ERR_INTERRUPTED)
			ac_report_error(&err);
	}
	return false;
}
