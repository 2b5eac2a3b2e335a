/*
 * jsonset.h
 *		How are values put into a JSON object by pointer?
 *
 * For bodies of requests, whose members are named by JSON Pointers where
 * parameters of other requests are named by their names.
 */
#ifndef AC_CORE_JSONSET_H
#define AC_CORE_JSONSET_H

#include "ac.h"

#include "core/json.h"

typedef struct AcJsonSet
{
	const char *pointer;	   /* RFC 6901; objects on the way are made */
	const char *value;		   /* text */
	bool plain;				   /* a number, true or false where it is one, else a
						  * string all the same */
	const char *const *values; /* an array of these, if there are any ... */
	int n_values;			   /* ... so many */
} AcJsonSet;

/*
 * Sets what pointer leads to below object, which takes value over.  False,
 * with value freed, where it leads through something else than objects or to
 * the object itself.
 */
extern bool ac_jsonset_at(AcJson *object, const char *pointer, AcJson *value);

/* Text of the object in json with these set; NULL if json holds no object or
 * a pointer leads nowhere.  palloc'd. */
extern char *ac_jsonset_apply(const char *json, const AcJsonSet *sets, int n);

#endif /* AC_CORE_JSONSET_H */
