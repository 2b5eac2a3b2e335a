/*
 * fuzz_documenttext.c
 *		Does any text that is said to be in another encoding break what
 *		brings it into UTF-8?
 *
 * The first byte chooses what the media type says.  What comes out is
 * well-formed, and of a size that the input's bounds.
 */
#include "fuzz.h"

#include "core/document.h"
#include "core/utf8.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AcDocumentText input = {0};
	char *copy;
	char *text;

	if (size == 0)
		return 0;
	copy = palloc(size);
	memcpy(copy, data + 1, size - 1);
	copy[size - 1] = '\0';
	input.text = copy;
	input.len = size - 1;
	input.media_type = data[0] & 1 ? "application/json; charset=ISO-8859-1" : NULL;
	text = ac_document_to_utf8(&input);
	if (text != NULL)
	{
		size_t len = strlen(text);

		if (len > size * 2)
			abort();
		for (size_t i = 0; i < len;)
		{
			int n = (unsigned char) text[i] < 0x80 ? 1 : ac_utf8_length(text + i);

			if (n == 0)
				abort();
			i += n;
		}
	}
	ac_alloc_reset();
	return 0;
}
