/*
 * fuzz_yaml.c
 *		Does any text leave the YAML reader as a tree that is valid JSON?
 */
#include "fuzz.h"

#include "core/document.h"
#include "core/jsonvalid.h"
#include "core/yaml.h"

/* Low enough to be reached. */
#define DEPTH 40

/* Written out, aliases repeat what they mean; longer inputs could fill memory. */
#define MAX_WRITTEN_SIZE 500

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AcJsonText input = {(const char *) data, size, DEPTH, NULL};
	AcDocumentText text = {(const char *) data, size, NULL, NULL};
	AcJson *doc;
	AcError err;

	ac_document_language(&text);
	ac_error_clear(&err);
	if (ac_yaml_parse(&input, &doc, &err))
	{
		if (size <= MAX_WRITTEN_SIZE)
		{
			char *written = ac_json_to_text(doc);

			/* By reference, a tree may be deeper than its text. */
			if (!ac_jsonvalid_check(written, strlen(written), 20000, &err))
				abort();
		}
		ac_json_free(doc);
	}
	else if (err.code == AC_ERR_NONE)
		abort();
	ac_alloc_reset();
	return 0;
}
