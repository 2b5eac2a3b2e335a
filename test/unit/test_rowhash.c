/*
 * test_rowhash.c
 *		Does the hash of a text tell it from others, whatever pieces it comes
 *		in and on whatever processor?
 */
#include "tap.h"

#include "core/rowhash.h"

#define TEXT_BYTES 1000

static uint64
hash_of(const char *text, size_t len)
{
	AcRowHash hash;

	ac_rowhash_begin(&hash, text);
	return ac_rowhash_end(&hash, text + len);
}

/* A text that ends where its memory does. */
static char *
make_text(size_t len)
{
	char *text = malloc(Max(len, 1));

	for (size_t i = 0; i < len; i++)
		text[i] = (char) (i * 7 + i / 64);
	return text;
}

static void
test_pieces(void)
{
	int wrong = 0;

	for (size_t len = 0; len < 300; len++)
	{
		char *text = make_text(len);
		uint64 whole = hash_of(text, len);

		for (size_t piece = 1; piece <= len; piece += 1 + piece / 3)
		{
			AcRowHash here;
			AcRowHash anywhere;

			ac_rowhash_begin(&here, text);
			ac_rowhash_begin(&anywhere, text);
			for (size_t at = piece; at <= len; at += piece)
			{
				ac_rowhash_update(&here, text + at);
				ac_rowhash_update_anywhere(&anywhere, text + at);
			}
			wrong += ac_rowhash_end(&here, text + len) != whole;
			wrong += ac_rowhash_end(&anywhere, text + len) != whole;
		}
		free(text);
	}
	is_int(wrong, 0, "pieces of any size, here and anywhere");
}

static void
test_bytes(void)
{
	char *text = make_text(TEXT_BYTES);
	uint64 before = hash_of(text, TEXT_BYTES);
	int same = 0;

	for (size_t i = 0; i < TEXT_BYTES; i++)
		for (int bit = 0; bit < 8; bit++)
		{
			text[i] ^= (char) (1 << bit);
			same += hash_of(text, TEXT_BYTES) == before;
			text[i] ^= (char) (1 << bit);
		}
	is_int(same, 0, "each bit counts");
	free(text);
}

/* Two stretches of the text change places. */
static void
test_places(void)
{
	static const size_t sizes[] = {1, 4, 8, 16, 64, 128};
	char *text = make_text(TEXT_BYTES);
	uint64 before = hash_of(text, TEXT_BYTES);
	int same = 0;

	for (size_t i = 0; i < lengthof(sizes); i++)
		for (size_t at = 0; at + 256 + sizes[i] <= TEXT_BYTES; at++)
		{
			char other[TEXT_BYTES];

			memcpy(other, text, TEXT_BYTES);
			memcpy(other + at, text + at + 256, sizes[i]);
			memcpy(other + at + 256, text + at, sizes[i]);
			same += memcmp(other, text, TEXT_BYTES) != 0 &&
					hash_of(other, TEXT_BYTES) == before;
		}
	is_int(same, 0, "and its place does");
	free(text);
}

static void
test_zeros(void)
{
	char zeros[TEXT_BYTES] = {0};
	uint64 hashes[TEXT_BYTES];
	int same = 0;

	for (size_t len = 0; len < TEXT_BYTES; len++)
	{
		hashes[len] = hash_of(zeros, len);
		for (size_t i = 0; i < len; i++)
			same += hashes[i] == hashes[len];
	}
	is_int(same, 0, "zeros are told by their number");
}

int
main(void)
{
	test_pieces();
	test_bytes();
	test_places();
	test_zeros();
	return done_testing();
}
