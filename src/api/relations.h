/*
 * relations.h
 *		Which tables of an API belong together?
 *
 * doc/inference.md S8.  Edges come from paths (the rows of
 * /customers/{customer_id}/orders belong to that customer), names
 * (customer_id, customerIds, author), schemas that refer to a table's
 * component, embedded objects, links, and values that are all found in
 * another table's key.  Samples confirm or refuse what names suggest; where
 * they cannot decide, the caller may ask the API for a few missing values
 * (missing) and settle the edge by the answers.
 */
#ifndef AC_API_RELATIONS_H
#define AC_API_RELATIONS_H

#include "ac.h"

#include "api/keys.h"
#include "api/samples.h"
#include "api/tableplan.h"

/* Values of one edge that are looked up one by one (S8). */
#define AC_RELATION_PROBES 5

typedef struct AcRelation AcRelation;

/* Below this an edge is not told. */
#define AC_RELATION_CONFIDENCE 0.6

typedef enum AcRelationHow
{
	AC_RELATION_PATH,	/* the parent's item path begins the child's path */
	AC_RELATION_NAME,	/* customer_id, customer, customer_ids */
	AC_RELATION_ROLE,	/* billing_customer_id, author_id: a thing in a role */
	AC_RELATION_SELF,	/* parent_id, manager_id: rows of the same table */
	AC_RELATION_SCHEMA, /* the field's schema is the parent's component */
	AC_RELATION_LINK,	/* values are URLs of the parent's items */
	AC_RELATION_VALUES	/* values stand in the parent's key, by no name */
} AcRelationHow;

struct AcRelation
{
	const AcTablePlan *child;
	const AcTablePlan *parent;
	int n_columns; /* edges over composite keys have more than one */
	const AcColumnPlan *child_columns[AC_KEYS_MAX];
	const AcColumnPlan *parent_columns[AC_KEYS_MAX];
	AcRelationHow how;
	double confidence;	 /* 0..1 */
	bool list;			 /* the child's column holds several values */
	const char *pointer; /* the value's place in an embedded object, or NULL */

	/* What samples say of the last pair of columns; coverage -1: nothing. */
	double coverage; /* share of the child's values that the parent has */
	int n_values;	 /* distinct values of the child */
	bool complete;	 /* the parent's sample has all its rows */
	bool guarded;	 /* both are small integers without gaps: no evidence */

	/* Values to look up, when the samples leave the edge undecided. */
	const char **missing;
	int n_missing;
	int probed;
	int found;
};

/* What the search has. */
typedef struct AcRelationInput
{
	const AcTablePlans *plans;
	const AcTableSample *const *samples; /* for each of the plans, or NULL */
	const char *base_path;				 /* path of the base URL, for links; or NULL */
	AcInterrupted interrupted;			 /* NULL: never; then the edges found so far */
} AcRelationInput;

/* The edges that paths alone prove; *relations is palloc'd. */
extern int ac_relations_from_paths(const AcTablePlans *plans,
								   AcRelation **relations);

/* All edges between importable tables; *relations is palloc'd. */
extern int ac_relations_find(const AcRelationInput *input,
							 AcRelation **relations);

/*
 * Takes in the answers for the first asked of the missing values: found were
 * there.  False if the edge is refused by them.
 */
extern bool ac_relations_settle(AcRelation *relation, int asked, int found);

/* The column that identifies a row among its siblings, NULL if none does. */
extern const AcColumnPlan *ac_relations_key(const AcTablePlan *plan);

/* JSON text for autoconn.relationships.evidence; palloc'd. */
extern char *ac_relations_evidence(const AcRelation *relation);

#endif /* AC_API_RELATIONS_H */
