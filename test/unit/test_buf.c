/*
 * test_buf.c
 *		Does the byte buffer keep its bytes, its cap and its padding?
 */
#include "tap.h"

#include "core/buf.h"

/* What must hold of a buffer at any time. */
static bool
sound(const AcBuf *buf)
{
	if (buf->data == NULL)
		return buf->len == 0 && buf->capacity == 0;
	if (buf->len > buf->max || buf->capacity < buf->len + AC_BUF_PADDING)
		return false;
	for (int i = 0; i < AC_BUF_PADDING; i++)
		if (buf->data[buf->len + (size_t) i] != '\0')
			return false;
	return true;
}

static void
test_append(void)
{
	AcBuf buf;

	ac_buf_init(&buf, 10);
	ok(sound(&buf) && buf.len == 0, "an empty buffer");
	is_int(ac_buf_append(&buf, "abc", 3), AC_BUF_OK, "3 bytes");
	is_int(ac_buf_append(&buf, NULL, 0), AC_BUF_OK, "no bytes");
	is_int(ac_buf_append(&buf, "d\0fghij", 7), AC_BUF_OK, "7 more fill it");
	ok(sound(&buf), "it is sound");
	is_int(ac_buf_append(&buf, "k", 1), AC_BUF_FULL, "one more is refused");
	ok(buf.len == 10 && memcmp(buf.data, "abcd\0fghij", 10) == 0,
	   "it has what it was given");
	ac_buf_clear(&buf);
	ok(sound(&buf) && buf.len == 0 && buf.data != NULL, "cleared");
	is_int(ac_buf_append(&buf, "01234567890", 11), AC_BUF_FULL,
		   "no part of what is too much");
	is_int((int64) buf.len, 0, "was added");
	is_int(ac_buf_append(&buf, "xy", 2), AC_BUF_OK, "used again");
	ok(sound(&buf) && memcmp(buf.data, "xy", 2) == 0, "after clearing");
	ac_buf_free(&buf);
	ok(sound(&buf) && buf.data == NULL, "freed");
	is_int(ac_buf_append(&buf, "z", 1), AC_BUF_OK, "used again after that");
	ac_buf_free(&buf);
	ac_buf_free(&buf);
}

static void
test_no_room_at_all(void)
{
	AcBuf buf;

	ac_buf_init(&buf, 0);
	is_int(ac_buf_append(&buf, "a", 1), AC_BUF_FULL, "a cap of 0 holds nothing");
	is_int(ac_buf_append(&buf, "", 0), AC_BUF_OK, "which always fits");
	ok(sound(&buf), "and is sound");
	ac_buf_clear(&buf);
	ac_buf_free(&buf);

	ac_buf_init(&buf, SIZE_MAX);
	is_int(ac_buf_append(&buf, "a", SIZE_MAX), AC_BUF_FULL, "sizes do not wrap");
	is_int(ac_buf_append(&buf, "a", 1), AC_BUF_OK, "with the greatest cap");
	ok(sound(&buf), "it works");
	ac_buf_free(&buf);
}

/* Pieces of random sizes, compared with a plain copy. */
static void
test_random_pieces(void)
{
	enum
	{
		TOTAL = 1000000
	};
	char *copy = palloc(TOTAL);
	uint64 state = 12;
	size_t len = 0;
	int unsound = 0;
	AcBuf buf;

	ac_buf_init(&buf, TOTAL);
	for (size_t i = 0; i < TOTAL; i++)
		copy[i] = (char) (tap_random(&state) | 1);
	while (len < TOTAL)
	{
		size_t piece = Min(TOTAL - len, tap_random(&state) % 20000);

		unsound += ac_buf_append(&buf, copy + len, piece) != AC_BUF_OK;
		len += piece;
		unsound += !sound(&buf);
	}
	is_int(unsound, 0, "sound after each piece");
	ok(buf.len == TOTAL && memcmp(buf.data, copy, TOTAL) == 0, "all bytes");
	ok(buf.capacity <= TOTAL + AC_BUF_PADDING, "never larger than its cap: %zu",
	   buf.capacity);
	ac_buf_free(&buf);
}

static void
test_reserve(void)
{
	AcBuf buf;
	char *before;

	ac_buf_init(&buf, 1000000);
	is_int(ac_buf_reserve(&buf, 1000001), AC_BUF_FULL, "more than the cap");
	ok(buf.data == NULL, "allocates nothing");
	is_int(ac_buf_reserve(&buf, 500000), AC_BUF_OK, "an announced length");
	ok(sound(&buf), "is sound");
	before = buf.data;
	for (int i = 0; i < 50; i++)
		ac_buf_append(&buf, palloc0(10000), 10000);
	ok(buf.data == before && buf.len == 500000, "is allocated once");
	is_int(ac_buf_reserve(&buf, 1000), AC_BUF_OK, "less than there is");
	ok(sound(&buf) && buf.len == 500000, "changes nothing");
	ac_buf_free(&buf);

	ac_buf_init(&buf, SIZE_MAX / 4);
	is_int(ac_buf_reserve(&buf, SIZE_MAX / 8), AC_BUF_OK, "a boast");
	ok(buf.capacity <= (size_t) 16 << 20, "is not believed: %zu", buf.capacity);
	ac_buf_free(&buf);
}

static void
test_no_memory(void)
{
	AcBuf buf;

	ac_buf_init(&buf, 1000000);
	ac_alloc_fail_malloc_after(0);
	is_int(ac_buf_append(&buf, "abc", 3), AC_BUF_NO_MEMORY, "no memory");
	is_int(ac_buf_reserve(&buf, 10), AC_BUF_NO_MEMORY, "to reserve");
	ok(sound(&buf), "leaves an empty buffer");
	ac_alloc_reset();
	is_int(ac_buf_append(&buf, "abc", 3), AC_BUF_OK, "some memory");
	ac_alloc_fail_malloc_after(0);
	is_int(ac_buf_append(&buf, palloc0(100000), 100000), AC_BUF_NO_MEMORY,
		   "then no more");
	ok(sound(&buf) && buf.len == 3 && memcmp(buf.data, "abc", 3) == 0,
	   "leaves what was there");
	ac_alloc_reset();
	ac_buf_free(&buf);
}

int
main(void)
{
	test_append();
	test_no_room_at_all();
	test_random_pieces();
	test_reserve();
	test_no_memory();
	return done_testing();
}
