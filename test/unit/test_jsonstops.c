/*
 * test_jsonstops.c
 *		Are the stops of a text those that their definition names, on this
 *		processor and on any?
 */
#include "tap.h"

#include "core/jsonstops.h"

typedef uint16 *(*Find)(const char *text, size_t len, uint16 *to);

static const Find ways[] = {ac_jsonstops_find, ac_jsonstops_find_anywhere};

/* 1: must be listed, 0: must not be, -1: may be, it is inside a run. */
static int
is_stop(const char *text, size_t at)
{
	unsigned char c = (unsigned char) text[at];

	if (c >= 0x80)
		return at > 0 && (unsigned char) text[at - 1] >= 0x80 ? -1 : 1;
	return c == '"' || c == '\\' || c < 0x20;
}

/*
 * The text in memory that ends with its last block; returns 1 if any way gives
 * what the definition does not.
 */
static int
wrong_about(const char *text, size_t len)
{
	size_t blocks = (len + AC_JSONSTOPS_BLOCK - 1) / AC_JSONSTOPS_BLOCK;
	char *copy = calloc(Max(blocks, 1), AC_JSONSTOPS_BLOCK);
	uint16 *stops = malloc(AC_JSONSTOPS_ENTRIES * sizeof(uint16));
	int wrong = 0;

	memcpy(copy, text, len);
	for (size_t way = 0; way < lengthof(ways); way++)
	{
		uint16 *end = ways[way](copy, len, stops);
		const uint16 *stop = stops;

		for (size_t at = 0; at < len; at++)
		{
			bool listed = stop < end && *stop == at;
			int want = is_stop(copy, at);

			wrong |= want >= 0 && listed != want;
			stop += listed;
		}
		/* What is listed besides stands behind the text. */
		for (; stop < end; stop++)
			wrong |= *stop < len || *stop >= blocks * AC_JSONSTOPS_BLOCK;
	}
	free(stops);
	free(copy);
	return wrong;
}

/* Each byte at each place of a block, among others of each kind. */
static void
test_each_byte(void)
{
	static const char around[] = {'a', '"', '\x1F', '\x7F', '\x80', '\xFF'};
	char text[3 * AC_JSONSTOPS_BLOCK];
	int wrong = 0;

	for (size_t i = 0; i < sizeof(around); i++)
	{
		memset(text, around[i], sizeof(text));
		for (int at = 0; at < AC_JSONSTOPS_BLOCK; at++)
		{
			for (int byte = 0; byte < 256; byte++)
			{
				text[AC_JSONSTOPS_BLOCK + at] = (char) byte;
				wrong += wrong_about(text, sizeof(text));
			}
			text[AC_JSONSTOPS_BLOCK + at] = around[i];
		}
	}
	is_int(wrong, 0, "every byte at every offset in a block");
}

/* Texts of every density of stops, from none to nothing else. */
static void
test_random(void)
{
	static const char kinds[] = {'"', '\\', '\n', '\0', '\xC3', '\xA4'};
	char *text = palloc(AC_JSONSTOPS_CHUNK);
	uint64 state = 4096;
	int wrong = 0;

	diag("seed %d", (int) state);
	for (uint64 density = 0; density <= 64; density++)
	{
		for (size_t i = 0; i < AC_JSONSTOPS_CHUNK; i++)
			text[i] = tap_random(&state) % 64 < density
						  ? kinds[tap_random(&state) % sizeof(kinds)]
						  : 'a';
		wrong += wrong_about(text, AC_JSONSTOPS_CHUNK);
		wrong += wrong_about(text, tap_random(&state) % AC_JSONSTOPS_CHUNK);
	}
	is_int(wrong, 0, "random texts");
}

/* The text ends anywhere in a block; a chunk holds nothing but stops. */
static void
test_lengths(void)
{
	char *text = palloc(AC_JSONSTOPS_CHUNK);
	int wrong = 0;

	memset(text, '"', AC_JSONSTOPS_CHUNK);
	for (size_t len = 0; len <= 3 * AC_JSONSTOPS_BLOCK; len++)
	{
		wrong += wrong_about(text, len);
		wrong += wrong_about(text, AC_JSONSTOPS_CHUNK - len);
	}
	is_int(wrong, 0, "texts of every length");
}

int
main(void)
{
	test_each_byte();
	test_random();
	test_lengths();
	return done_testing();
}
