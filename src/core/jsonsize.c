/*
 * jsonsize.c
 *		May a JSON text become a tree, or would the tree fill memory?
 *
 * An empty object of two bytes takes json-c 800: "[{},{},..." of 10 MB would be
 * a tree of 3 GB.  So values are counted before a tree is built.
 */
#include "ac.h"

#include "core/jsonsize.h"

/*
 * Memory that json-c needs for a tree: bytes of an object (whose table begins
 * with 16 places), of an array (with 32), and of anything else with its place.
 */
#define JSON_OBJECT_BYTES 800
#define JSON_ARRAY_BYTES 400
#define JSON_VALUE_BYTES 180

/*
 * What a tree may need: descriptions of 4 to 30 MB need 8 to 10 bytes for a byte
 * of text, the bomb above 300.  Small texts, as samples are, may be of any
 * sort, but what they need stays below the 256 MB of a bomb.
 */
#define JSON_MAX_EXPANSION 16
#define JSON_FREE_BYTES ((int64) 192 * 1024 * 1024)

int64
ac_jsonsize_bytes(const char *text, size_t len)
{
	const char *at = text;
	const char *end = text + len;
	bool in_string = false;
	int64 bytes = 0;

	for (; at < end; at++)
	{
		if (*at == '"')
			in_string = !in_string;
		else if (in_string)
			at += *at == '\\';
		else if (*at == '{')
			bytes += JSON_OBJECT_BYTES;
		else if (*at == '[')
			bytes += JSON_ARRAY_BYTES;
		else if (*at == ',')
			bytes += JSON_VALUE_BYTES;
	}
	return bytes;
}

bool
ac_jsonsize_check(const char *text, size_t len, AcError *err)
{
	int64 limit = Max(JSON_FREE_BYTES, (int64) len * JSON_MAX_EXPANSION);

	if (ac_jsonsize_bytes(text, len) <= limit)
		return true;
	return ac_error_set(err, AC_ERR_TOO_LARGE,
						"JSON document of %zu bytes has too many values", len);
}
