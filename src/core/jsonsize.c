/*
 * jsonsize.c
 *		What does a JSON text need as a tree, and how much may it need?
 *
 * An empty object of two bytes takes json-c 150: "[{},{},..." of 10 MB would be
 * a tree of half a gigabyte.
 */
#include "ac.h"

#include "core/jsonsize.h"

/*
 * What a tree may need: descriptions of 1 to 30 MB need 3 to 6 bytes for a byte
 * of text, the bomb above 50.  Small texts may be of any sort, but what they
 * need leaves room for what is made of them, within the 256 MB of a bomb.
 */
#define JSON_MAX_EXPANSION 8
#define JSON_FREE_BYTES ((int64) 96 * 1024 * 1024)

int64
ac_jsonsize_limit(size_t len)
{
	return Max(JSON_FREE_BYTES, (int64) len * JSON_MAX_EXPANSION);
}

int64
ac_jsonsize_bytes(const char *text, size_t len)
{
	const char *at = text;
	const char *end = text + len;
	bool in_string = false;
	int64 bytes = (int64) len + AC_JSONSIZE_SCALAR;

	for (; at < end; at++)
	{
		if (*at == '"')
			in_string = !in_string;
		else if (in_string)
			at += *at == '\\';
		else if (*at == '{')
			bytes += AC_JSONSIZE_OBJECT;
		else if (*at == '[')
			bytes += AC_JSONSIZE_ARRAY;
		else if (*at == ':')
			bytes += AC_JSONSIZE_MEMBER;
		else if (*at == ',')
			bytes += AC_JSONSIZE_SCALAR;
	}
	return bytes;
}
