/*
 * shape.h
 *		What values can stand at one place of an API's answers?
 *
 * A shape is the reader-independent form of a schema: what JSON Schema,
 * GraphQL types, OData types and plain samples have in common.  Shapes of a
 * description form a graph: a recursive schema is a cycle of pointers, so
 * whoever walks shapes bounds the depth.  Turning shapes into PostgreSQL
 * types is api/tableplan's business.
 */
#ifndef AC_API_SHAPE_H
#define AC_API_SHAPE_H

#include "ac.h"

typedef enum AcShapeKind
{
	AC_SHAPE_UNKNOWN, /* nothing said: any JSON value */
	AC_SHAPE_NULL,	  /* null and nothing else */
	AC_SHAPE_BOOLEAN,
	AC_SHAPE_INTEGER,
	AC_SHAPE_NUMBER,
	AC_SHAPE_STRING,
	AC_SHAPE_ARRAY,	 /* of items */
	AC_SHAPE_OBJECT, /* with known properties */
	AC_SHAPE_MAP,	 /* object with free keys, values like items */
	AC_SHAPE_MIXED	 /* kinds that have no common one: jsonb */
} AcShapeKind;

typedef struct AcShape AcShape;

typedef struct AcProperty
{
	const char *name;	 /* as the API spells it; may be any UTF-8 */
	AcShape *shape;		 /* never NULL */
	const char *pointer; /* JSON Pointer to it from the row; NULL: "/" and name */
	bool required;		 /* said so; never believed (doc/inference.md S5) */
	bool read_only;
	bool write_only; /* not part of answers: no column */
	bool deprecated;
	bool said_key; /* x-primary-key: it is the row's key, or a part of it */
} AcProperty;

struct AcShape
{
	AcShapeKind kind;
	const char *format; /* "date-time", "int64", ...; NULL if none */
	const char *name;	/* component name if it has one, else NULL */
	const char *title;
	const char *description; /* NULL if none */
	bool nullable;
	bool deprecated;
	bool by_cents;			   /* number with multipleOf 0.01 and the like */
	bool expandable;		   /* oneOf scalar | object (doc/inference.md S6) */
	const char *discriminator; /* property that tells variants apart, or NULL */

	/* OBJECT, and the union of the variants of oneOf/anyOf */
	AcProperty *properties;
	int n_properties;

	/*
	 * A row whose fields stand in a wrapper: its pointer ("/attributes"); the
	 * properties are those of both, with pointers.  Else NULL.
	 */
	const char *inner;

	/*
	 * ARRAY and MAP: NULL: unknown.  OBJECT: values of further keys if the
	 * description speaks of any, else NULL.
	 */
	AcShape *items;

	/*
	 * MIXED with expandable: what stands here when no object does; the
	 * object's side is in properties and items.  Else NULL.
	 */
	AcShape *scalar;

	/* enum or const: the values' texts in order; 0: open domain */
	const char **enum_values;
	int n_enum;

	/* bounds of integers and numbers, as text; NULL if none */
	const char *minimum;
	const char *maximum;
	/* default value's text, NULL if none */
	const char *default_value;
	int64 max_length;	 /* of strings; -1: none */
	const char *pattern; /* NULL if none */
	const char *example; /* JSON text of an example, or NULL */
};

/* A new shape of that kind, all else empty. */
extern AcShape *ac_shape_new(AcShapeKind kind);

/*
 * The least shape that admits everything that a and b admit (S4).
 * Commutative, associative and idempotent up to the order of properties and
 * enum values; neither argument is changed, and the result shares what need
 * not differ; object properties are joined by name to max_depth levels,
 * deeper ones that differ become MIXED.
 *
 * NULL is below everything, UNKNOWN above everything.  So an empty array of a
 * sample, which says nothing of its items, is an ARRAY of NULL.  MIXED stands
 * for kinds without a common one; a scalar kind with an object is MIXED and
 * expandable and keeps both sides.  Facts only the description has (format,
 * bounds, enum) survive if both sides have them.
 */
extern AcShape *ac_shape_join(AcShape *a, AcShape *b, int max_depth);

/* Property by exact name, or NULL. */
extern AcProperty *ac_shape_property(const AcShape *shape, const char *name);

/* Property of a row, or below it, by its JSON Pointer, or NULL. */
extern const AcProperty *ac_shape_at(const AcShape *row, const char *pointer);

/* "string(date-time)", "array of object", for evidence and tests; palloc'd. */
extern char *ac_shape_text(const AcShape *shape, int max_depth);

extern const char *ac_shape_kind_name(AcShapeKind kind);

#endif /* AC_API_SHAPE_H */
