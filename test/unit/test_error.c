/*
 * test_error.c
 *		Do errors keep their texts, and cut them where they may be cut?
 */
#include "tap.h"

#include "core/error.h"
#include "core/utf8.h"

static void
test_set(void)
{
	AcError err;

	memset(&err, 'x', sizeof(err));
	ac_error_clear(&err);
	ok(err.code == AC_ERR_NONE && err.message[0] == '\0' &&
		   err.detail[0] == '\0' && err.hint[0] == '\0',
	   "cleared");
	ok(!ac_error_set(&err, AC_ERR_TIMEOUT, "no answer within %d ms", 50),
	   "setting returns false");
	is_int(err.code, AC_ERR_TIMEOUT, "code");
	is_str(err.message, "no answer within 50 ms", "message");
	ok(!ac_error_detail(&err, "Detail %s.", "one"), "so does the detail");
	ok(!ac_error_hint(&err, "Hint %%."), "and the hint");
	is_str(err.detail, "Detail one.", "detail");
	is_str(err.hint, "Hint %.", "hint");
	is_str(err.message, "no answer within 50 ms", "message is kept");
	ac_error_set(&err, AC_ERR_AUTH, "other");
	ok(err.code == AC_ERR_AUTH && err.detail[0] == '\0' && err.hint[0] == '\0',
	   "a new error has no old detail or hint");
}

static void
test_nobody_asks(void)
{
	ok(!ac_error_set(NULL, AC_ERR_AUTH, "x"), "no error wanted");
	ok(!ac_error_detail(NULL, "x") && !ac_error_hint(NULL, "x"), "at all");
}

/* Is the text whole sequences of UTF-8? */
static bool
is_utf8(const char *text)
{
	while (*text)
	{
		int len = ac_utf8_length(text);

		if (len == 0)
			return false;
		text += len;
	}
	return true;
}

/*
 * Texts of every length around the limit, of characters of 1 to 4 bytes: what
 * fits is kept whole, what does not ends in "..." behind a whole character.
 */
static void
test_cut(void)
{
	static const char *const characters[] = {
		"a", "\xC3\xA4", "\xE2\x82\xAC", "\xF0\x9F\x98\x80"};
	AcError err;
	int wrong = 0;

	for (size_t c = 0; c < lengthof(characters); c++)
	{
		for (int len = 480; len < 560; len++)
		{
			StringInfoData text;
			size_t kept;

			initStringInfo(&text);
			for (int i = 0; i < len % 4; i++)
				appendStringInfoChar(&text, '.');
			while (text.len < len)
				appendStringInfoString(&text, characters[c]);
			ac_error_set(&err, AC_ERR_HTTP, "%s", text.data);
			ac_error_hint(&err, "%s", text.data);
			wrong += strcmp(err.message, err.hint) != 0;
			wrong += !is_utf8(err.message);
			kept = strlen(err.message);
			if ((size_t) text.len < sizeof(err.message))
				wrong += strcmp(err.message, text.data) != 0;
			else
				wrong += kept >= sizeof(err.message) ||
						 kept < sizeof(err.message) - 8 ||
						 strcmp(err.message + kept - 3, "...") != 0 ||
						 strncmp(err.message, text.data, kept - 3) != 0;
		}
	}
	is_int(wrong, 0, "texts around the limit");

	ac_error_detail(&err, "%2000s", "x");
	is_int((int64) strlen(err.detail), sizeof(err.detail) - 1, "a long detail");
}

/* Bytes that are no UTF-8 are cut too, not walked through to the front. */
static void
test_cut_rubbish(void)
{
	char rubbish[1000];
	AcError err;

	memset(rubbish, 0x80, sizeof(rubbish) - 1);
	rubbish[sizeof(rubbish) - 1] = '\0';
	ac_error_set(&err, AC_ERR_HTTP, "%s", rubbish);
	ok(strlen(err.message) >= sizeof(err.message) - 8 &&
		   strcmp(err.message + strlen(err.message) - 3, "...") == 0,
	   "continuation bytes only");
}

static void
test_names(void)
{
	is_str(ac_error_code_name(AC_ERR_NONE), "none", "first code");
	is_str(ac_error_code_name(AC_ERR_MALFORMED), "malformed", "some code");
	is_str(ac_error_code_name(AC_ERR_INTERNAL), "internal", "last code");
	for (int code = AC_ERR_NONE; code <= AC_ERR_INTERNAL; code++)
	{
		const char *name = ac_error_code_name((AcErrorCode) code);

		ok(name != NULL && name[strspn(name, "abcdefghijklmnopqrstuvwxyz_")] == '\0',
		   "code %d has a name", code);
		for (int other = 0; other < code; other++)
			if (strcmp(name, ac_error_code_name((AcErrorCode) other)) == 0)
				ok(false, "\"%s\" is the name of two codes", name);
	}
}

int
main(void)
{
	test_set();
	test_nobody_asks();
	test_cut();
	test_cut_rubbish();
	test_names();
	return done_testing();
}
