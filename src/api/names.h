/*
 * names.h
 *		What does SQL call the things that an API names?
 *
 * S9: snake_case, NFC, lower case, at most 63 bytes, no two alike.
 * Names of APIs are hostile input: whatever they hold, results are valid
 * UTF-8 without control, format or space characters and never empty.
 * Quoting (reserved words, non-ASCII letters) is pg/ddl's business.
 *
 * Also here: comparison of names across spelling habits, which keys, paging,
 * the envelope and parameters all need.
 */
#ifndef AC_API_NAMES_H
#define AC_API_NAMES_H

#include "ac.h"

/* Longest identifier in bytes: NAMEDATALEN - 1 of a stock PostgreSQL. */
#define AC_NAME_MAX 63

/*
 * Words of text joined by '_', in lower case, of any length: "valueLink" is
 * "value_link", "HTTPServer" "http_server", "userIDs" "user_ids", "X-Rate"
 * "x_rate".  Anything that is neither letter, digit nor mark parts words;
 * "" if nothing is left.  palloc'd.
 */
extern char *ac_names_snake(const char *text);

/* name itself, or if it exceeds AC_NAME_MAX bytes cut and marked by a hash. */
extern char *ac_names_fit(const char *name);

/* name cut where need be, and "_" and four hex digits of salt's CRC. */
extern char *ac_names_salted(const char *name, const char *salt);

/*
 * Column name of an API's field or parameter: snake case, "plus_1" for "+1",
 * "column" for what has no letters, never the name of a system column.
 * A single leading underscore is kept.
 */
extern char *ac_names_column(const char *text);

/*
 * Makes n names unique in place.  originals are the distinct spellings the
 * names were made from.  Of those that collide the one whose original is
 * spelled like the name keeps it, else the bytewise smallest; the others get
 * a hash of their original, whatever the order of the array.
 */
extern void ac_names_uniquify(const char **names, const char **originals,
							  int n);

/* Lower-case ASCII letters, digits and non-ASCII bytes of text; palloc'd. */
extern char *ac_names_normal(const char *text);

/* Is that what the text is normalised? */
extern bool ac_names_is(const char *text, const char *normal);

/* Equal but for case and separators: "customer_id", "customerId". */
extern bool ac_names_equal(const char *a, const char *b);

/* Equal, or singular and plural of each other: "category", "Categories". */
extern bool ac_names_alike(const char *a, const char *b);

/* English singular of a snake_case name's last word; palloc'd. */
extern char *ac_names_singular(const char *name);

/* Is name, normalised, in the NULL-terminated list of normalised names? */
extern bool ac_names_in(const char *name, const char *const *list);

/* A temporal name by S5 and S2: created_at, expires, ... */
extern bool ac_names_temporal(const char *name);

/* Looks like an identifier's name: id, uuid, *_id, *Id, *_sid, ... */
extern bool ac_names_identifier(const char *name);

#endif /* AC_API_NAMES_H */
