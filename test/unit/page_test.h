/*
 * page_test.h
 *		What do tests of readers of pages share?
 */
#ifndef AC_TEST_PAGE_TEST_H
#define AC_TEST_PAGE_TEST_H

#include "ac.h"

#include "core/json.h"

#include "tap.h"

static int interrupts;

/* Asks to stop, at the second call. */
static inline bool
interrupt(void *arg)
{
	return ++interrupts > 1;
}

typedef bool (*PageParser)(const AcJsonText *input, AcJson **doc, AcError *err);

/* Can a page be read that is a piece so many times over? */
static inline bool
parse_times(PageParser parse, const char *piece, int times, AcError *err)
{
	StringInfoData text;
	AcJsonText input = {NULL, 0, AC_JSON_MAX_DEPTH, NULL};
	AcJson *doc;
	bool parsed;
	int i;

	initStringInfo(&text);
	for (i = 0; i < times; i++)
		appendStringInfoString(&text, piece);
	input.text = text.data;
	input.len = text.len;
	ac_error_clear(err);
	parsed = parse(&input, &doc, err);
	if (parsed)
		ac_json_free(doc);
	pfree(text.data);
	return parsed;
}

#endif /* AC_TEST_PAGE_TEST_H */
