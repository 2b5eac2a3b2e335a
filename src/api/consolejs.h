/*
 * consolejs.h
 *		Which literals of a script tell where a description is?
 *
 * A lexer of JavaScript that follows keys, assignments and calls to the
 * strings that they are given; nothing is evaluated.  The work is linear.
 */
#ifndef AC_API_CONSOLEJS_H
#define AC_API_CONSOLEJS_H

#include "ac.h"

/* Who is told what is found; texts are palloc'd. */
typedef struct AcConsoleJsSink
{
	void (*url)(void *arg, const char *url);		  /* as it is written */
	void (*description)(void *arg, const char *text); /* JSON or YAML */
	void *arg;
	bool (*interrupted)(void *arg); /* asked with NULL; or NULL: never */
} AcConsoleJsSink;

/* Reads a script, or JSON; ends early, without a word, when interrupted. */
extern void ac_consolejs_read(AcSlice script, const AcConsoleJsSink *sink);

#endif /* AC_API_CONSOLEJS_H */
