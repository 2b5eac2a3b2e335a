/*
 * jsonwalk.h
 *		Which elements has this JSON array, which value has this member?
 *
 * Walks over a container inside a body that core/rowscan has validated, for
 * the few places that look inside a column's value.  Nothing is checked
 * again.
 */
#ifndef AC_PG_JSONWALK_H
#define AC_PG_JSONWALK_H

#include "ac.h"

#include "core/field.h"

typedef struct AcJsonWalk
{
	const char *at; /* behind the last element */
	const char *end;
} AcJsonWalk;

/* container: an array or object. */
extern void ac_jsonwalk_begin(AcJsonWalk *walk, const AcField *container);

/* The next element of an array; false at its end. */
extern bool ac_jsonwalk_element(AcJsonWalk *walk, AcField *element);

/* The last member of that name (no escapes in its key), else absent. */
extern void ac_jsonwalk_member(const AcField *object, const char *name,
							   AcField *member);

#endif /* AC_PG_JSONWALK_H */
