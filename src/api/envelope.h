/*
 * envelope.h
 *		Where in an answer do the rows stand?
 *
 * S3.  Every array down to four levels, every object with free keys
 * and the answer itself are candidates and get a score.  Works on shapes; a
 * sample is turned into a shape first and brings the lengths that a
 * description cannot know.  Where the fields of a row stand in a wrapper
 * (JSON:API attributes, GeoJSON properties and the like), the row's shape is
 * that of both, with the pointers of the fields.
 */
#ifndef AC_API_ENVELOPE_H
#define AC_API_ENVELOPE_H

#include "ac.h"

#include "api/shape.h"
#include "api/tableplan_path.h"
#include "core/json.h"
#include "core/rowplan.h"

/* Arrays deeper than this in an answer are details of something (S3). */
#define AC_ENVELOPE_MAX_DEPTH 4

/* More tied arrays than this are details of one thing, not several tables. */
#define AC_ENVELOPE_MAX_TIES 3

typedef struct AcRows
{
	const char *path; /* JSON Pointer of the array, or of the one object */
	const char *key;  /* last key of path, "" for the root */
	AcRowsForm form;
	const char *columns_path; /* COLUMNS: pointer to the names, else NULL */
	const char *key_name;	  /* MAP: what the members' names are called */
	AcShape *row;			  /* shape of a row, never NULL; row->inner: the
							   * wrapper in which its fields stand */
	bool one;				  /* the object at path is the one row */
	int score;				  /* S3 */
	double confidence;		  /* 0..1 that these are the rows */
} AcRows;

typedef struct AcEnvelopeInput
{
	AcShape *response;
	const AcPath *path;
	bool paged;		  /* the operation declares paging parameters */
	bool says_list;	  /* its name or summary says that it lists */
	bool lines;		  /* the answer is lines: response is a line's, or an
					   * array of lines; sample is the array of them */
	bool from_sample; /* response is the sample's shape: no description */
	AcJson *sample;	  /* a page, NULL if none */
	int asked_size;	  /* page size asked for, -1: none */
	AcJson *evidence; /* object that gets "envelope", may be NULL */
} AcEnvelopeInput;

/*
 * Finds the rows; *rows gets at least one entry, more when arrays tie (the
 * first is the main one).  Returns their number.  Of a sample alone it is 0
 * where the sample does not tell: it is empty, or looks like an error.
 */
extern int ac_envelope_choose(const AcEnvelopeInput *input, AcRows **rows);

/*
 * Where the one object of an item path's answer stands: the answer itself,
 * or what a single-key wrapper ({"data": {...}}) holds.
 */
extern AcRows ac_envelope_item(AcShape *response, const AcPath *path);

/*
 * Is what looks like an error the very thing asked for: a list called like
 * the path ("/projects/1/errors"), whose elements are no errors of requests?
 */
extern bool ac_envelope_is_asked_error(const AcPath *path, const AcJson *body);

/* Is the media type one of JSON texts one after the other (NDJSON)? */
extern bool ac_envelope_is_lines(const char *media_type);

/* Are the body's own members rows, or parts of them, and no envelope? */
extern bool ac_envelope_rows_are_body(AcRowsForm form, const char *path);

/*
 * Fields beside a wrapper (its name in the row) of which no columns are made:
 * NULL-terminated, or NULL if there is no such wrapper.
 */
extern const char *const *ac_envelope_dropped(const char *wrapper);

/* Is the key one under which rows usually stand (S3's R)? */
extern bool ac_envelope_is_row_key(const char *key);

/* A field that speaks of the answer, not of the thing: count, next, ok, ... */
extern bool ac_envelope_is_control(const char *name);

#endif /* AC_API_ENVELOPE_H */
