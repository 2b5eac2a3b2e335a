/*
 * envelope.h
 *		Where in an answer do the rows stand?
 *
 * INFERENCE S3.  Every array down to four levels and the answer itself are
 * candidates and get a score.  Works on shapes; a sample is turned into a
 * shape first and brings the lengths that a description cannot know.
 * JSON:API attributes, GeoJSON properties and the like stay one column of
 * the row: taking rows apart is not the envelope's business.
 */
#ifndef AC_API_ENVELOPE_H
#define AC_API_ENVELOPE_H

#include "ac.h"

#include "api/shape.h"
#include "api/tableplan_path.h"
#include "core/json.h"

/* Arrays deeper than this in an answer are details of something (S3). */
#define AC_ENVELOPE_MAX_DEPTH 4

/* More tied arrays than this are details of one thing, not several tables. */
#define AC_ENVELOPE_MAX_TIES 3

typedef struct AcRows
{
	const char *path;  /* JSON Pointer of the array, or of the one object */
	const char *key;   /* last key of path, "" for the root */
	AcShape *row;	   /* shape of a row, never NULL */
	bool one;		   /* the object at path is the one row */
	int score;		   /* S3 */
	double confidence; /* 0..1 that these are the rows */
} AcRows;

typedef struct AcEnvelopeInput
{
	AcShape *response;
	const AcPath *path;
	bool paged;		  /* the operation declares paging parameters */
	bool says_list;	  /* its name or summary says that it lists */
	AcJson *sample;	  /* a page, NULL if none */
	int asked_size;	  /* page size asked for, -1: none */
	AcJson *evidence; /* object that gets "envelope", may be NULL */
} AcEnvelopeInput;

/*
 * Finds the rows; *rows gets at least one entry, more when arrays tie (the
 * first is the main one).  Returns their number.
 */
extern int ac_envelope_choose(const AcEnvelopeInput *input, AcRows **rows);

/*
 * Where the one object of an item path's answer stands: the answer itself,
 * or what a single-key wrapper ({"data": {...}}) holds.
 */
extern AcRows ac_envelope_item(AcShape *response, const AcPath *path);

/* A field that speaks of the answer, not of the thing: count, next, ok, ... */
extern bool ac_envelope_is_control(const char *name);

#endif /* AC_API_ENVELOPE_H */
