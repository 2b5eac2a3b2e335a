/*
 * fuzz_html.c
 *		Does any text leave the readers of HTML and Markdown as a document
 *		that is valid JSON?
 */
#include "fuzz.h"

#include "core/html.h"
#include "core/jsonvalid.h"
#include "core/markdown.h"

/* The document's own depth and that of an example in it. */
#define DOCUMENT_DEPTH 80

static void
check(AcJson *doc)
{
	char *written = ac_json_to_text(doc);
	AcJson *blocks = ac_json_get(ac_json_get(doc, "html"), "blocks");
	AcError err;
	int i;

	if (!ac_jsonvalid_check(written, strlen(written), DOCUMENT_DEPTH, &err))
		abort();
	for (i = 0; i < ac_json_length(blocks); i++)
	{
		AcJson *block = ac_json_at(blocks, i);

		if (ac_json_get_string(block, "kind") == NULL)
			abort();
		if (!ac_json_has(block, "rows") && ac_json_get_string(block, "text") == NULL)
			abort();
	}
	ac_json_free(doc);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AcJsonText input = {(const char *) data, size, AC_JSON_MAX_DEPTH, NULL};
	AcJson *doc;
	AcError err;

	if (ac_html_parse(&input, &doc, &err))
		check(doc);
	if (ac_markdown_parse(&input, &doc, &err))
		check(doc);
	ac_alloc_reset();
	return 0;
}
