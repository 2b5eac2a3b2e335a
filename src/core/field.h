/*
 * field.h
 *		What was found where a column's JSON Pointer leads, and what is its
 *		text?
 *
 * A field is a slice of a body that core/rowscan has already found to be
 * valid JSON in valid UTF-8; nothing is copied or decoded until somebody asks.
 * Turning the text into a value of a type is pg/convert's business.
 */
#ifndef AC_CORE_FIELD_H
#define AC_CORE_FIELD_H

#include "ac.h"

#include "core/error.h"

typedef enum AcFieldKind
{
	AC_FIELD_ABSENT = 0, /* the pointer leads nowhere; no text */
	AC_FIELD_NULL,
	AC_FIELD_TRUE,
	AC_FIELD_FALSE,
	AC_FIELD_NUMBER,
	AC_FIELD_STRING,
	AC_FIELD_OBJECT,
	AC_FIELD_ARRAY
} AcFieldKind;

typedef struct AcField
{
	AcFieldKind kind;
	bool escaped;	  /* a string with at least one backslash */
	const char *text; /* strings: between the quotes, not decoded; all */
	size_t len;		  /* else: verbatim, containers with their brackets */
} AcField;

/* The kind of a well-formed JSON value, from its first byte. */
static inline AcFieldKind
ac_field_kind_of(char first)
{
	switch (first)
	{
		case '"':
			return AC_FIELD_STRING;
		case '{':
			return AC_FIELD_OBJECT;
		case '[':
			return AC_FIELD_ARRAY;
		case 't':
			return AC_FIELD_TRUE;
		case 'f':
			return AC_FIELD_FALSE;
		case 'n':
			return AC_FIELD_NULL;
		default:
			return AC_FIELD_NUMBER;
	}
}

/*
 * Appends the field's text to out: a string with its escapes resolved
 * (RFC 8259 section 7, surrogate pairs included), anything else verbatim, an
 * absent field nothing.  The result is valid UTF-8 without NUL bytes.
 *
 * False with AC_ERR_VALUE for what text cannot hold (\u0000, half of a
 * surrogate pair) and AC_ERR_TOO_LARGE for what a StringInfo cannot; out then
 * holds what it held before.
 */
extern bool ac_field_decode(const AcField *field, StringInfo out, AcError *err);

/*
 * Is the field's text, decoded, exactly text[0..len)?  Allocates nothing.  A
 * string that ac_field_decode() would refuse equals nothing.
 */
extern bool ac_field_equals(const AcField *field, const char *text, size_t len);

/* The kind's name in messages: "absent", "null", "true", "number", "object". */
extern const char *ac_field_kind_name(AcFieldKind kind);

#endif /* AC_CORE_FIELD_H */
