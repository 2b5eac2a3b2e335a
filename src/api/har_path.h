/*
 * har_path.h
 *		Which segments of recorded paths are variables?
 *
 * Numbers, uuids and long tokens are by their looks; names are where they
 * vary: where the answer to "/users/alice" says "alice", and where one
 * collection has the same path below several of its members.
 */
#ifndef AC_API_HAR_PATH_H
#define AC_API_HAR_PATH_H

#include "ac.h"

#include "api/endpoints.h"

/* Segments of a path; real ones have up to 12, and longer are left out. */
#define AC_HAR_MAX_SEGMENTS 16

typedef struct AcHarPath
{
	const char *segments[AC_HAR_MAX_SEGMENTS]; /* as in the URL */
	bool variable[AC_HAR_MAX_SEGMENTS];
	bool prefix[AC_HAR_MAX_SEGMENTS]; /* "api", a version */
	bool plural[AC_HAR_MAX_SEGMENTS];
	int n;
	bool slash;		  /* the path ends in '/' */
	const char *body; /* of the answer as a text, or NULL */
} AcHarPath;

/* Takes an encoded path apart; false if it has too many segments. */
extern bool ac_har_path_read(const char *path, AcHarPath *out);

/* Marks the variables of all paths; they belong to one origin. */
extern void ac_har_path_vary(AcEndpoints *list, AcHarPath **paths, int n);

/* The template: "/users/{user_id}/orders". */
extern char *ac_har_path_template(const AcHarPath *path);

#endif /* AC_API_HAR_PATH_H */
