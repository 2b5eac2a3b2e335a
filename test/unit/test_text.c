/*
 * test_text.c
 *		Are texts of others shown short, whole characters and on one line, and are
 *		words found in them?
 */
#include "ac.h"

#include "core/text.h"
#include "tap.h"

static const char *
quoted(const char *text, size_t max)
{
	/* Of its very size, so that a byte too many is seen. */
	return ac_text_quote(palloc(AC_TEXT_QUOTE_SIZE(max)), text, max);
}

static void
test_quote(void)
{
	is_str(quoted("", 4), "", "nothing");
	is_str(quoted("abcd", 4), "abcd", "what fits is whole");
	is_str(quoted("abcde", 4), "abcd...", "what does not is cut, which is told");
	is_str(quoted("abc\xc3\xa9", 4), "abc...", "before a character that would be torn");
	is_str(quoted("ab\xc3\xa9x", 4), "ab\xc3\xa9...", "behind one that is whole");
	is_str(quoted("\xf0\x9f\x98\x80", 3), "...", "no piece of one that is too long");
	is_str(quoted("a\n\x1b\x7fz", 8), "a???z", "control characters are not shown");
	is_str(quoted("\x80\x80\x80\x80\x80", 4), "...", "nor bytes that begin no character");
	is_str(quoted("abc", 0), "...", "or nothing at all");
}

static void
test_words(void)
{
	static const char *const words[] = {"limit", "quota", NULL};

	ok(ac_text_has("Rate LIMIT hit", "limit"), "a word in either case");
	ok(!ac_text_has("lim it", "limit"), "not in pieces");
	ok(!ac_text_has(NULL, "limit"), "nor in no text");
	ok(ac_text_has_any("the Quota is used up", words), "one of several");
	ok(!ac_text_has_any("all is well", words), "none of them");
	ok(ac_text_has_control("a\rb") && ac_text_has_control("\x7f") && !ac_text_has_control("a b\xc3\xa9"),
	   "control characters, which would end a header's line");
}

int
main(void)
{
	test_quote();
	test_words();
	return done_testing();
}
