/*
 * readfile.h
 *		What stands in a file?
 */
#ifndef AC_TEST_READFILE_H
#define AC_TEST_READFILE_H

#include "ac.h"

#include <stdio.h>

#include "lib/stringinfo.h"

/* All of it, and a NUL; NULL if it cannot be opened. */
static inline char *
read_file(const char *path, size_t *len)
{
	FILE *file = fopen(path, "rb");
	StringInfoData text;
	char piece[65536];
	size_t got;

	if (file == NULL)
		return NULL;
	initStringInfo(&text);
	while ((got = fread(piece, 1, sizeof(piece), file)) > 0)
		appendBinaryStringInfo(&text, piece, (int) got);
	fclose(file);
	*len = text.len;
	return text.data;
}

#endif /* AC_TEST_READFILE_H */
