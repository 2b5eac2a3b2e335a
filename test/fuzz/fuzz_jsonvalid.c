/*
 * fuzz_jsonvalid.c
 *		Does the validator's verdict equal the grammar's, for any bytes?
 */
#include "fuzz.h"

#include "core/json.h"
#include "core/jsonvalid.h"

#include "jsonref.h"

/* Low enough for the reference's recursion, and to be reached. */
#define DEPTH 40

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *) data;
	AcJson *doc;
	AcError err;
	bool valid;

	ac_error_clear(&err);
	valid = ac_jsonvalid_check(text, size, DEPTH, &err);
	if (valid != (err.code == AC_ERR_NONE))
		abort();
	/* Depth is noticed at the bracket, before what follows is read. */
	if (err.code != AC_ERR_TOO_LARGE &&
		valid != jsonref_check(text, size, DEPTH))
		abort();
	if (err.code == AC_ERR_TOO_LARGE && jsonref_check(text, size, DEPTH))
		abort();

	/* What is valid is read, and what is read can be written and read. */
	if (ac_json_parse(text, size, DEPTH, &doc, &err) != valid)
		abort();
	if (valid)
	{
		char *written = ac_json_to_text(doc);

		if (!ac_jsonvalid_check(written, strlen(written), DEPTH, &err))
			abort();
		ac_json_free(doc);
	}
	ac_alloc_reset();
	return 0;
}
