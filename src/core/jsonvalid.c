/*
 * jsonvalid.c
 *		Is this text strictly valid JSON in valid UTF-8?  See jsonvalid.h.
 *
 * The work is core/jsonlex's.  It reads on behind the text, which here may be
 * a slice of anything, so it is given a copy: that costs as much as the check
 * itself, at worst, and next to nothing of the tree that follows.
 */
#include "ac.h"

#include "core/buf.h"
#include "core/jsonlex.h"
#include "core/jsonvalid.h"

bool
ac_jsonvalid_check(const char *text, size_t len, int max_depth, AcError *err)
{
	AcBuf copy;
	AcJsonLex lex;
	const char *p;
	bool valid;

	ac_buf_init(&copy, len);
	if (ac_buf_append(&copy, text, len) != AC_BUF_OK)
		return ac_error_set(err, AC_ERR_NO_MEMORY, "out of memory");
	p = ac_jsonlex_begin(&lex, (AcSlice){copy.data, len}, max_depth);
	p = ac_jsonlex_skip(&lex, p);
	valid = p != NULL && ac_jsonlex_finish(&lex, p);
	if (!valid)
		ac_jsonlex_report(&lex, err);
	ac_buf_free(&copy);
	return valid;
}
