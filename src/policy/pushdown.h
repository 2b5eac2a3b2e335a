/*
 * pushdown.h
 *		May this qual be sent to the API, and if not, why not?
 *
 * A recheck removes rows sent in excess but cannot restore rows withheld, so
 * a qual is sent only where the answer is known to be a superset of the rows
 * that match locally (doc/scanning.md, "What is sent").
 */
#ifndef AC_POLICY_PUSHDOWN_H
#define AC_POLICY_PUSHDOWN_H

#include "ac.h"

/* How the column's type compares, as far as sending values goes. */
typedef enum AcTypeClass
{
	AC_TYPE_INTEGER, /* int2, int4, int8 */
	AC_TYPE_NUMERIC,
	AC_TYPE_FLOAT,
	AC_TYPE_BOOLEAN,
	AC_TYPE_UUID,
	AC_TYPE_TEXT, /* text, varchar without padding */
	AC_TYPE_TEMPORAL,
	AC_TYPE_OTHER /* char(n), citext, jsonb, arrays, ... */
} AcTypeClass;

/* Which side of a range a qual bounds. */
typedef enum AcQualBound
{
	AC_BOUND_NONE, /* it is an equality */
	AC_BOUND_FROM, /* > or >= */
	AC_BOUND_TO	   /* < or <= */
} AcQualBound;

/* Everything that the decision depends on. */
typedef struct AcQualFacts
{
	bool is_equality;	  /* column = value, or one of several values, of the
						   * column's own type */
	bool is_bound;		  /* column > value or the like */
	bool core_operator;	  /* the operator is pg_catalog's own */
	bool deterministic;	  /* collation */
	bool value_known;	  /* constant, parameter or outer column; stable */
	bool leakproof_order; /* may be evaluated before others */
	AcTypeClass type_class;
	bool has_param;		/* the column has a parameter, for such quals */
	bool is_param_only; /* ... and no field: it shows the value sent */
	bool is_path_var;	/* ... that is a variable of path */
	bool is_item_key;	/* key column of a table with item path */
	bool safe_filter;	/* declared enum, boolean, identifier, or the
								 * user's word (column option operators) */
	bool switched_off;	/* the audit caught the API ignoring it */
} AcQualFacts;

typedef enum AcSendVia
{
	AC_SEND_NOT,
	AC_SEND_PATH, /* value of a path variable */
	AC_SEND_ITEM, /* look-up by the item path */
	AC_SEND_QUERY /* query parameter */
} AcSendVia;

/* reason: a static text for EXPLAIN, "" where it is sent. */
extern AcSendVia ac_pushdown_decide(const AcQualFacts *facts,
									const char **reason);

#endif /* AC_POLICY_PUSHDOWN_H */
