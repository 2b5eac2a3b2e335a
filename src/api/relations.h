/*
 * relations.h
 *		Which tables of an API belong together?
 *
 * Edges that the paths alone prove: the rows of /customers/{customer_id}/orders
 * belong to the customer whose item path is /customers/{customer_id}.
 */
#ifndef AC_API_RELATIONS_H
#define AC_API_RELATIONS_H

#include "ac.h"

#include "api/tableplan.h"

typedef struct AcRelation
{
	const AcTablePlan *child;
	const AcColumnPlan *child_column;
	const AcTablePlan *parent;
	const AcColumnPlan *parent_column;
	double confidence; /* 0..1 */
} AcRelation;

/* The edges between importable tables; *relations is palloc'd. */
extern int ac_relations_from_paths(const AcTablePlans *plans,
								   AcRelation **relations);

#endif /* AC_API_RELATIONS_H */
