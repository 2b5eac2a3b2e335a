/*
 * base64url.c
 *		How do bytes become text that may stand in URLs and tokens?
 *		See base64url.h.
 */
#include "ac.h"

#include "common/base64.h"
#include "core/base64url.h"

char *
ac_base64url_encode(const void *data, size_t len)
{
	int size = pg_b64_enc_len((int) len);
	char *text = palloc0((size_t) size + 1);

	/* The size is its own, so there is nothing that can fail. */
	size = pg_b64_encode(data, (int) len, text, size);
	Assert(size >= 0);
	for (char *p = text; *p != '\0'; p++)
	{
		if (*p == '+')
			*p = '-';
		else if (*p == '/')
			*p = '_';
		else if (*p == '=')
			*p = '\0';
	}
	return text;
}
