/*
 * pageerror.c
 *		Does an answer say beside its rows that something went wrong?
 *		See pageerror.h.
 *
 * Some APIs send an object "error" that says that all is well: what counts is
 * its "message".
 */
#include "ac.h"

#include "core/json.h"
#include "net/pageerror.h"

/* An object that is larger than this is no error's. */
#define MAX_OBJECT_BYTES 65536

/* Texts that stand where an error would and say that there is none. */
static const char *const good_words[] = {
	"", "0", "false", "no", "none", "null", "ok", "success"};

/* The first two say it by false. */
#define PLACES_OF_FALSE 2

const char *const ac_pageerror_places[AC_PAGEERROR_PLACES] = {
	"/ok", "/success", "/error", "/errors"};

static bool
is_good_word(const char *text)
{
	for (int i = 0; i < (int) lengthof(good_words); i++)
		if (pg_strcasecmp(text, good_words[i]) == 0)
			return true;
	return false;
}

static bool
is_false(const AcField *field)
{
	return field->kind == AC_FIELD_FALSE ||
		   (field->kind == AC_FIELD_STRING && field->len == 5 &&
			pg_strncasecmp(field->text, "false", 5) == 0);
}

/* Has the object a message of something that went wrong? */
static bool
has_message(const AcField *field)
{
	AcJson *doc = NULL;
	const char *message;
	bool has;

	if (field->len > MAX_OBJECT_BYTES ||
		!ac_json_parse(field->text, field->len, AC_JSON_MAX_DEPTH, &doc, NULL))
		return false;
	message = ac_json_get_string(doc, "message");
	has = message != NULL && !is_good_word(message);
	ac_json_free(doc);
	return has;
}

/* What stands where errors do: does it name one? */
static bool
is_error(const AcField *field)
{
	switch (field->kind)
	{
		case AC_FIELD_TRUE:
			return true;
		case AC_FIELD_STRING:
			return field->len > strlen("success") ||
				   !is_good_word(pnstrdup(field->text, field->len));
		case AC_FIELD_ARRAY:
			return strspn(field->text + 1, " \t\r\n") < field->len - 2;
		case AC_FIELD_OBJECT:
			return has_message(field);
		default:
			return false;
	}
}

bool
ac_pageerror_beside_rows(const AcPageFields *fields, const AcRowScan *scan)
{
	const char *rows = scan->rows.text;

	/* members of the body may be a row's; what ends lines is their last */
	if (scan->plan->rows_are_body || scan->plan->form == AC_ROWS_LINES)
		return false;
	for (int i = fields->truncated_end; i < fields->error_end; i++)
	{
		const AcField *field = &scan->envelope[i];

		if (field->kind == AC_FIELD_ABSENT ||
			(rows >= field->text && rows < field->text + field->len))
			continue;
		if (i < fields->truncated_end + PLACES_OF_FALSE ? is_false(field)
														: is_error(field))
			return true;
	}
	return false;
}
