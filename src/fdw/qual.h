/*
 * qual.h
 *		Which restriction clauses travel to the API, and how?
 *
 * Whatever is sent is checked again by the executor, so nothing here can let
 * a wrong row pass; policy/pushdown sees to it that no right row is withheld.
 */
#ifndef AC_FDW_QUAL_H
#define AC_FDW_QUAL_H

#include "ac.h"

#include "fdw/table.h"
#include "nodes/pathnodes.h"
#include "policy/pushdown.h"

/* One restriction clause of the scan. */
typedef struct AcQual
{
	RestrictInfo *rinfo;
	AttrNumber attnum;	/* column that is compared, 0: of another form */
	Expr *value;		/* with what; NULL: of another form */
	bool is_list;		/* value is an array, of which it equals an element */
	Expr *implied;		/* the clause says more than what is sent, which is
						 * this; NULL: it does not */
	AcQualBound bound;	/* not NONE: it is not equality but a range's end */
	AcSendVia via;		/* AC_SEND_NOT: stays here */
	const char *reason; /* why it stays */
} AcQual;

typedef enum AcScanMode
{
	AC_SCAN_LIST, /* pages of the collection */
	AC_SCAN_ITEM  /* one row by the item path */
} AcScanMode;

/* How a scan with these clauses asks the API. */
typedef struct AcSending
{
	AcScanMode mode;
	List *quals;	  /* of AcQual *, in the clauses' order */
	List *missing;	  /* names of path variables without a value */
	bool walks;		  /* the parent's rows have the values of some */
	List *unsendable; /* names of columns that only show what is sent and
					   * stand in a qual that cannot be sent */
} AcSending;

/*
 * What may travel.  A list of values costs a request for each of them, which
 * may be more than the whole collection does.
 */
typedef enum AcQualScope
{
	AC_QUAL_ALL,
	AC_QUAL_NO_LISTS /* but for those that the API does not answer without */
} AcQualScope;

/*
 * Decides for a scan of rel under the clauses (RestrictInfos): rel's own, and
 * for a parameterised path the join clauses that it checks.
 */
extern AcSending *ac_qual_decide(RelOptInfo *rel, const AcTable *table,
								 List *clauses, AcQualScope scope);

/* Does it send a list that it might do without? */
extern bool ac_qual_has_choice(const AcTable *table,
							   const AcSending *sending);

/*
 * Names of columns that only show what is sent, stand in join clauses of rel
 * and are not sent; a scan that leaves these clauses to the join would show
 * NULL where a value belongs.
 */
extern List *ac_qual_unsent_joins(PlannerInfo *root, RelOptInfo *rel,
								  const AcTable *table,
								  const AcSending *sending);

/* The attribute number if node is a plain column of rel, else 0. */
extern AttrNumber ac_qual_column_of(const Node *node, Index relid);

/* Attribute numbers that the query needs; a whole row needs all. */
extern List *ac_qual_needed(const RelOptInfo *rel, const AcTable *table,
							List *clauses);

/*
 * Parameters that the API was caught ignoring, for the backend's life.
 * ac_qual_switch_off() returns true the first time.
 */
extern bool ac_qual_is_switched_off(Oid relid, AttrNumber attnum,
									AcQualBound bound);
extern bool ac_qual_switch_off(Oid relid, AttrNumber attnum,
							   AcQualBound bound);

/*
 * Do items of the table not show its hidden columns where they are named, as
 * was seen in this session?
 */
extern bool ac_qual_items_lack_hidden(Oid relid);
extern void ac_qual_note_items_lack_hidden(Oid relid);

#endif /* AC_FDW_QUAL_H */
