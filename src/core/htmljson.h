/*
 * htmljson.h
 *		What does an example of JSON in documentation say?
 *
 * Examples are written for people: with comments, "..." for what is left out,
 * commas too many, and under the head of an HTTP answer.
 */
#ifndef AC_CORE_HTMLJSON_H
#define AC_CORE_HTMLJSON_H

#include "ac.h"

#include "core/json.h"

/*
 * The object or array that the text is, all that is no JSON left out; NULL
 * if it is none.  Does not palloc.
 */
extern AcJson *ac_htmljson_parse(AcSlice text);

/* Upper bound of the bytes that such a tree takes, without looking at it. */
extern int64 ac_htmljson_cost(AcSlice text);

#endif /* AC_CORE_HTMLJSON_H */
