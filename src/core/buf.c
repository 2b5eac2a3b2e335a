/*
 * buf.c
 *		Where do the bytes of a response body grow?  See buf.h.
 */
#include "ac.h"

#include "core/buf.h"

/* Smallest allocation: a typical page of rows needs no second one. */
#define AC_BUF_FIRST_CAPACITY (32 * 1024)

/*
 * An announced length (Content-Length) is reserved at once up to here; a
 * larger one is believed only as the bytes come.
 */
#define AC_BUF_TRUSTED_RESERVE (8 * 1024 * 1024)

void
ac_buf_init(AcBuf *buf, size_t max)
{
	memset(buf, 0, sizeof(*buf));
	buf->max = Min(max, SIZE_MAX / 4);
}

/* Grows to at least capacity bytes (padding included) and keeps the padding zero. */
static AcBufStatus
grow_to(AcBuf *buf, size_t capacity)
{
	char *data;

	if (capacity <= buf->capacity)
		return AC_BUF_OK;
	data = realloc(buf->data, capacity);
	if (data == NULL)
		return AC_BUF_NO_MEMORY;
	buf->data = data;
	buf->capacity = capacity;
	memset(buf->data + buf->len, 0, AC_BUF_PADDING);
	return AC_BUF_OK;
}

AcBufStatus
ac_buf_append(AcBuf *buf, const void *data, size_t len)
{
	size_t needed;

	Assert(buf->len <= buf->max);
	if (len > buf->max - buf->len)
		return AC_BUF_FULL;
	needed = buf->len + len + AC_BUF_PADDING;
	if (needed > buf->capacity)
	{
		size_t capacity = Max(buf->capacity * 2, AC_BUF_FIRST_CAPACITY);

		/* What the cap forbids to use need not be asked for. */
		capacity = Min(capacity, buf->max + AC_BUF_PADDING);
		if (grow_to(buf, Max(capacity, needed)) != AC_BUF_OK)
			return AC_BUF_NO_MEMORY;
	}
	if (len > 0)
		memcpy(buf->data + buf->len, data, len);
	buf->len += len;
	memset(buf->data + buf->len, 0, AC_BUF_PADDING);
	return AC_BUF_OK;
}

AcBufStatus
ac_buf_reserve(AcBuf *buf, size_t len)
{
	if (len > buf->max)
		return AC_BUF_FULL;
	return grow_to(buf, Min(len, AC_BUF_TRUSTED_RESERVE) + AC_BUF_PADDING);
}

void
ac_buf_clear(AcBuf *buf)
{
	buf->len = 0;
	if (buf->data != NULL)
		memset(buf->data, 0, AC_BUF_PADDING);
}

void
ac_buf_free(AcBuf *buf)
{
	free(buf->data);
	buf->data = NULL;
	buf->len = buf->capacity = 0;
}
