/*
 * envelope_int.h
 *		What do the files of the envelope share?  Nobody else's header.
 *
 *		envelope.c		candidates and their scores
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

/* Fields beside which a lone object is the payload of a wrapper. */
extern bool ac_envelope_is_status(const char *key);

/* Keys of the one thing in an answer: data, result, ... */
extern bool ac_envelope_is_payload(const char *key);

/* Is the value none: null, false, 0, "", [], {}? */
extern bool ac_envelope_is_nothing(const AcJson *value);

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
 * Properties of the object at path that tell something of their own: they do
 * not speak of the answer, nor are they empty or repeat the path in a sample.
 */
extern int ac_envelope_count_own(const AcEnvelopeInput *input,
								 const AcShape *owner, const char *path);

/*
 * May rows stand below this property of the object at path without that being
 * a thing of its own?  *own: ac_envelope_count_own() of the owner once it was
 * needed, before that -1.
 */
extern bool ac_envelope_is_wrapper(const AcEnvelopeInput *input,
								   const AcShape *owner,
								   const AcProperty *property,
								   const char *path, int *own);

/* Has the row a property whose name could be a key's? */
extern bool ac_envelope_has_key(const AcShape *row);

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

/* The shape of a map's values, of a map that a sample shows. */
extern AcShape *ac_envelope_map_values(const AcShape *shape);

/* Is the shape a list of names of columns, under a key that says so? */
extern bool ac_envelope_is_names(const AcShape *shape, const char *key);

/* Are the elements arrays, as rows of values are? */
extern bool ac_envelope_is_values(const AcShape *shape);

/*
 * A sample's rows of values with names at rows->columns_path: fills rows->row.
 * False if they do not go together.
 */
extern bool ac_envelope_bind_values(AcJson *sample, AcRows *rows);

/*
 * Is a sample's array of two the facts of a page and then its rows, as
 * [{"page": 1, "total": 4}, [...]]?  *items: the shape of a row.
 */
extern bool ac_envelope_follows_facts(const AcJson *sample, AcShape **items);

/* Is the first of an array's arrays the names of the others' values? */
extern bool ac_envelope_has_header(const AcJson *array);

#endif /* AC_API_ENVELOPE_INT_H */
