/*
 * shape_level.h
 *		How are two shapes combined, one level deep?
 *
 * Shapes are cyclic graphs, so combining two of them cannot simply recurse.
 * Here is the part that is the same for everyone: the kinds, formats,
 * domains and lists of properties of one level.  What becomes of two children
 * that meet is the caller's business: api/shape_join queues them, readers
 * that build lazily note the pair and look at it when it is needed.
 */
#ifndef AC_API_SHAPE_LEVEL_H
#define AC_API_SHAPE_LEVEL_H

#include "api/shape.h"

/*
 * join and merge return the shape that stands for both children, which may
 * be filled in later; they are never called with a NULL child.  unknown
 * stands for further keys whose values nobody described.
 */
typedef struct AcShapeCombiner
{
	AcShape *(*join)(void *arg, AcShape *a, AcShape *b);
	AcShape *(*merge)(void *arg, AcShape *a, AcShape *b);
	AcShape *unknown;
	void *arg;
} AcShapeCombiner;

/*
 * What a or b admits (the lattice of S4), into *result, which is
 * neither of them.  Both are complete on this level.  Only join is called.
 */
extern void ac_shape_join_level(AcShape *result, AcShape *a, AcShape *b,
								const AcShapeCombiner *children);

/*
 * A value that both a and b describe (JSON Schema's allOf): properties of
 * either, the tighter bounds; kinds that contradict each other are joined.
 * Where one text has to be chosen (title, description, ...), a's wins.
 */
extern void ac_shape_merge_level(AcShape *result, AcShape *a, AcShape *b,
								 const AcShapeCombiner *children);

/* Parts of the two, shared between shape_join.c and shape_merge.c. */

/* Kinds that have a common one are of one class. */
typedef enum AcShapeClass
{
	AC_CLASS_NULL,
	AC_CLASS_BOOLEAN,
	AC_CLASS_NUMBER, /* INTEGER too */
	AC_CLASS_STRING,
	AC_CLASS_ARRAY,
	AC_CLASS_OBJECT,	 /* MAP too */
	AC_CLASS_EXPANDABLE, /* MIXED of a scalar and an object */
	AC_CLASS_MIXED,
	AC_CLASS_UNKNOWN
} AcShapeClass;

extern AcShapeClass ac_shape_class(const AcShape *shape);
extern bool ac_shape_class_is_scalar(AcShapeClass class);

/* How the flags of a property that both sides have come together. */
typedef enum AcShapeFlags
{
	AC_FLAGS_BOTH,	/* set if both set it (join) */
	AC_FLAGS_EITHER /* set if one sets it (merge) */
} AcShapeFlags;

/* The object sides of a and b: properties and further keys into *result. */
extern void ac_shape_combine_objects(AcShape *result, AcShape *a, AcShape *b,
									 const AcShapeCombiner *children,
									 AcShapeFlags flags);

/* The format wide enough for both; NULL if there is none. */
extern const char *ac_shape_common_format(const AcShape *a, const AcShape *b);

/* Of two numbers' texts the lesser or greater; total order, never NULL. */
extern const char *ac_shape_lesser_number(const char *a, const char *b);
extern const char *ac_shape_greater_number(const char *a, const char *b);

/* Values of a, then those of b that a has not. */
extern void ac_shape_unite_enums(AcShape *result, const AcShape *a,
								 const AcShape *b);
/* Values of a that b has too. */
extern void ac_shape_intersect_enums(AcShape *result, const AcShape *a,
									 const AcShape *b);

#endif /* AC_API_SHAPE_LEVEL_H */
