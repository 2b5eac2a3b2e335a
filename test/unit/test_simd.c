/*
 * test_simd.c
 *		Do the vector functions, and those that stand in for them, say what
 *		they are defined to say?
 */
#include "tap.h"

#include "core/simd.h"

typedef struct Masks
{
	uint32 stops;
	uint32 high;
	uint32 not_space;
	uint32 not_digit;
} Masks;

/* What the masks mean, one byte at a time. */
static Masks
define(const char *bytes)
{
	Masks masks = {0};

	for (int i = 0; i < AC_SIMD_WIDTH; i++)
	{
		unsigned char c = (unsigned char) bytes[i];
		uint32 bit = 1u << i;

		if (c == '"' || c == '\\' || c < 0x20 || c >= 0x80)
			masks.stops |= bit;
		if (c >= 0x80)
			masks.high |= bit;
		if (c != ' ' && c != '\n' && c != '\r' && c != '\t')
			masks.not_space |= bit;
		if (c < '0' || c > '9')
			masks.not_digit |= bit;
	}
	return masks;
}

/* 1 if either way of computing the masks is wrong about these 16 bytes. */
static int
wrong_about(const char *bytes)
{
	Masks want = define(bytes);
	Masks vector;
	Masks scalar;

	vector.stops = ac_simd_string_stops(bytes, &vector.high);
	vector.not_space = ac_simd_not_space(bytes);
	vector.not_digit = ac_simd_not_digit(bytes);
	scalar.stops = ac_simd_string_stops_scalar(bytes, &scalar.high);
	scalar.not_space = ac_simd_not_space_scalar(bytes);
	scalar.not_digit = ac_simd_not_digit_scalar(bytes);
	return memcmp(&vector, &want, sizeof(want)) != 0 ||
		   memcmp(&scalar, &want, sizeof(want)) != 0;
}

/* Numbers up to the greatest, in both ways. */
static void
test_add_eight(void)
{
	static const uint16 from[8] = {0, 1, 2, 63, 255, 256, 4095, 61439};
	uint16 vector[8];
	uint16 scalar[8];
	int wrong = 0;

	for (int more = 0; more <= 4096; more++)
	{
		ac_simd_add_eight(vector, from, (uint16) more);
		ac_simd_add_eight_scalar(scalar, from, (uint16) more);
		for (int i = 0; i < 8; i++)
			wrong += vector[i] != from[i] + more || scalar[i] != from[i] + more;
	}
	is_int(wrong, 0, "a number added to eight");
}

int
main(void)
{
	static const char around[] = {'0', '\0', ' ', '"', '\x7F', '\x80', '\xFF'};
	uint64 state = 16;
	char bytes[AC_SIMD_WIDTH];
	uint32 high;
	int wrong = 0;

	for (int at = 0; at < AC_SIMD_WIDTH; at++)
	{
		for (int byte = 0; byte < 256; byte++)
		{
			for (size_t i = 0; i < sizeof(around); i++)
			{
				memset(bytes, around[i], sizeof(bytes));
				bytes[at] = (char) byte;
				wrong += wrong_about(bytes);
			}
		}
	}
	is_int(wrong, 0, "every byte at every position");

	wrong = 0;
	for (int i = 0; i < 100000; i++)
	{
		for (int at = 0; at < AC_SIMD_WIDTH; at++)
			bytes[at] = (char) tap_random(&state);
		wrong += wrong_about(bytes);
	}
	is_int(wrong, 0, "random bytes");

	memcpy(bytes, "a\"b\\c\x1F \x7F\x80\xFF\t0/:9\0", sizeof(bytes));
	is_int(ac_simd_string_stops(bytes, &high), 0x872A, "stops of a string");
	is_int(high, 0x0300, "bytes that are not ASCII");
	is_int(ac_simd_not_space(bytes), 0xFBBF, "bytes that are not white space");
	is_int(ac_simd_not_digit(bytes), 0xB7FF, "bytes that are not digits");
	is_int(ac_simd_first(0x842A), 1, "the first of them");
	test_add_eight();
	return done_testing();
}
