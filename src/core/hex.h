/*
 * hex.h
 *		Which number does a hexadecimal digit stand for?
 */
#ifndef AC_CORE_HEX_H
#define AC_CORE_HEX_H

#include "ac.h"

/* 0 to 15 for a digit of either case, -1 for any other character. */
static inline int
ac_hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

#endif /* AC_CORE_HEX_H */
