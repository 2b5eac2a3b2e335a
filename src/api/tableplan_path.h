/*
 * tableplan_path.h
 *		Which parts does a path template have?
 *
 * "/v1/customers/{customer_id}/orders.json" is the static segments v1,
 * customers, orders and the variable customer_id.  Filling templates in is
 * core/url's business; this is about what the segments say of the table.
 */
#ifndef AC_API_TABLEPLAN_PATH_H
#define AC_API_TABLEPLAN_PATH_H

#include "ac.h"

typedef struct AcSegment
{
	const char *text;  /* static: as written, without ".json"; variable: its
					   * name (of several in one segment the first) */
	const char *whole; /* mixed: as written */
	bool variable;
	bool mixed;	  /* variable with static text around it */
	bool json;	  /* static and written with ".json" */
	bool version; /* "v1", "2.0", "2023-01-01" */
	bool prefix;  /* version, "api" and the like before anything telling */
	bool id;	  /* "17" behind another: which one, not what */
} AcSegment;

typedef struct AcPath
{
	const char *text; /* as it was given */
	AcSegment *segments;
	int count;
} AcPath;

extern AcPath *ac_path_parse(const char *path_template);
extern void ac_path_free(AcPath *path);

/* Last static segment that is no prefix, NULL if there is none. */
extern const AcSegment *ac_path_last_static(const AcPath *path);

/* The static segment before segment index, NULL if there is none. */
extern const AcSegment *ac_path_static_before(const AcPath *path, int index);

/* Does the path end in a variable? */
extern bool ac_path_ends_in_variable(const AcPath *path);

/*
 * If item is collection plus one variable segment (trailing slashes, ".json"
 * and the names of shared variables aside), the index of that segment in
 * item, else -1.
 */
extern int ac_path_item_variable(const AcPath *collection,
								 const AcPath *item);

/*
 * item's text with the variables that collection has too named as collection
 * names them, so that both resolve to the same columns.
 */
extern char *ac_path_rename_shared(const AcPath *collection,
								   const AcPath *item);

#endif /* AC_API_TABLEPLAN_PATH_H */
