/*
 * envelope_int.h
 *		What do the files of the envelope share?  Nobody else's header.
 *
 *		envelope.c		candidates and their scores
 *		envelope_one.c	answers that are one row
 *		envelope_path.c	what the path asks for
 *		envelope_around.c what the rest of the answer says
 *		envelope_row.c	rows whose fields stand in a wrapper
 *		envelope_form.c	rows that are no elements of an array
 *		envelope_keys.c	what keys of answers tell
 */
#ifndef AC_API_ENVELOPE_INT_H
#define AC_API_ENVELOPE_INT_H

#include "ac.h"

#include "api/envelope.h"

/* S3's D, D where there is another candidate: is the key one of them? */
extern bool ac_envelope_is_decoy(const char *key);
extern bool ac_envelope_is_weak_decoy(const char *key);

/* Is an array under that key one of rows, though it is called by one? */
extern bool ac_envelope_is_row_singular(const char *key);

/* Is the field one that only a part of many has: total, next, offset? */
extern bool ac_envelope_is_paging(const char *name);

/* Does something under that key tell of a failure? */
extern bool ac_envelope_is_failure(const char *key);

/* Has the row no field but those that speak of answers ({"from", "to"})? */
extern bool ac_envelope_is_reporting(const AcShape *row);

/* Fields beside which a lone object is the payload of a wrapper. */
extern bool ac_envelope_is_status(const char *key);

/* Keys of the one thing in an answer: data, result, ... */
extern bool ac_envelope_is_payload(const char *key);

/* Is the value none: null, false, 0, "", [], {}? */
extern bool ac_envelope_is_nothing(const AcJson *value);

/* How much the answer itself looks like the thing asked for. */
extern int ac_envelope_object_score(const AcEnvelopeInput *input,
									const AcShape *row, int n_arrays);

/*
 * Are rows expected in an array at all?  A path that ends in a variable asks
 * for one thing, unless everything else in the answer only reports on it.
 */
extern bool ac_envelope_expects_list(const AcEnvelopeInput *input,
									 const AcRows *best);

/*
 * The answer as one row; *asked: it is a thing that stands in the answer
 * under the path's own name, whatever is listed beside it.
 */
extern AcRows ac_envelope_asked_item(const AcEnvelopeInput *input, bool *asked);

/*
 * What the path asks for, with its verb ("jobs:search"); NULL: it has no
 * static segment.
 */
extern const char *ac_envelope_noun(const AcPath *path);

/* The same without the verb if that asks for one thing, else NULL. */
extern const char *ac_envelope_item_noun(const AcPath *path);

/* Does the path ask for one thing: by a variable, a literal number, a verb? */
extern bool ac_envelope_asks_one(const AcPath *path);

/* Are key's words the last words of the noun ("line_items" and "items")? */
extern bool ac_envelope_ends_noun(const AcPath *path, const char *key);

/* Does key have the path's noun for its first word: "topic_list"? */
extern bool ac_envelope_begins_with_noun(const AcPath *path, const char *key);

/* Is key called like what the path asks for, its verb aside? */
extern bool ac_envelope_names_noun(const AcPath *path, const char *key);

/*
 * An object with a key of its own that is called like the one thing that the
 * path asks for ("/files.info" and "file"), NULL if there is none.
 */
extern AcProperty *ac_envelope_asked_thing(const AcEnvelopeInput *input);

/* Is key like some static segment of the path? */
extern bool ac_envelope_names_segment(const AcPath *path, const char *key);

/*
 * May rows stand below this property of the object at path without that being
 * a thing of its own?  *own: how many properties of the owner tell something of
 * their own, once that was needed, before that -1.
 */
extern bool ac_envelope_is_wrapper(const AcEnvelopeInput *input,
								   const AcShape *owner,
								   const AcProperty *property,
								   const char *path, int *own);

/*
 * Has the row a property whose name could be a key's?  key: under which rows
 * stand, so that "page_id" is the key of "pages"; NULL if that does not count.
 */
extern bool ac_envelope_has_key(const AcShape *row, const char *key);

/* Does the answer tell nothing but what stands at path? */
extern bool ac_envelope_is_all(const AcEnvelopeInput *input, const char *path);

/* Does some number beside path, or further up, count so many rows? */
extern bool ac_envelope_is_counted(AcJson *sample, const char *path,
								   int length);

/* Levels that path goes down; a list in an object of its plural is one. */
extern int ac_envelope_depth(const char *path);

/* Does the body of a sample look like an error rather than like rows? */
extern bool ac_envelope_is_error(const AcJson *body);

/*
 * The row's shape with the fields of a wrapper brought up.  entity: what the
 * row is called, for fields of both that have the same name.
 */
extern AcShape *ac_envelope_open_row(AcShape *row, const char *entity);

/* Singular of what the rows are called: the path's noun, or key's. */
extern const char *ac_envelope_entity(const AcPath *path, const char *key);

/*
 * Do the keys of an object in a sample look like those of a map: its values
 * alike, its keys like identifiers or its place called by a plural?
 */
extern bool ac_envelope_is_map(const AcShape *shape, const AcPath *path,
							   const char *key);

/* Are the keys of an object identifiers: numbers, codes, days? */
extern bool ac_envelope_has_id_keys(const AcShape *shape);

/* Has each of several members one field whose value is the member's name? */
extern bool ac_envelope_is_self_named(const AcJson *object);

/* The shape of a map's values, of a map that a sample shows. */
extern AcShape *ac_envelope_map_values(const AcShape *shape);

/* Is the shape a list of names of columns, under a key that says so? */
extern bool ac_envelope_is_names(const AcShape *shape, const char *key);

/*
 * A sample's rows of values with names at rows->columns_path: fills rows->row.
 * False if they do not go together.
 */
extern bool ac_envelope_bind_values(AcJson *sample, AcRows *rows);

/*
 * Are the members of a sample's object lists of one length, each of them a
 * column, and one an axis ({"time": [1, 2], "value": [0.5, 0.7]})?
 */
extern bool ac_envelope_is_lists(const AcJson *object);

/*
 * Is a sample's array of two the facts of a page and then its rows, as
 * [{"page": 1, "total": 4}, [...]]?  *items: the shape of a row.
 */
extern bool ac_envelope_follows_facts(const AcJson *sample, AcShape **items);

/* Is the first of an array's arrays the names of the others' values? */
extern bool ac_envelope_has_header(const AcJson *array);

#endif /* AC_API_ENVELOPE_INT_H */
