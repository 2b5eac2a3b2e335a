/*
 * qual.c
 *		Which restriction clauses travel to the API, and how?
 *
 * See qual.h.  Recognises equality of a column with a value known before the
 * request, asks policy/pushdown whether it may be sent, and settles what the
 * quals together amount to: a look-up by the item path if all of its
 * variables have values, else pages of the collection.
 */
#include "ac.h"

#include "access/sysattr.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_operator.h"
#include "catalog/pg_type.h"
#include "fdw/qual.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/clauses.h"
#include "optimizer/optimizer.h"
#include "optimizer/paths.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

/* ---- the switch ---- */

typedef struct SwitchKey
{
	Oid relid;
	int32 attnum; /* as wide as its neighbour: the key is hashed as bytes */
} SwitchKey;

static HTAB *switched_off = NULL;

bool
ac_qual_is_switched_off(Oid relid, AttrNumber attnum)
{
	SwitchKey key = {relid, attnum};

	return switched_off != NULL &&
		   hash_search(switched_off, &key, HASH_FIND, NULL) != NULL;
}

bool
ac_qual_switch_off(Oid relid, AttrNumber attnum)
{
	SwitchKey key = {relid, attnum};
	bool found;

	if (switched_off == NULL)
	{
		HASHCTL ctl = {0};

		ctl.keysize = sizeof(SwitchKey);
		ctl.entrysize = sizeof(SwitchKey);
		switched_off = hash_create("autoconn parameters that APIs ignore", 16,
								   &ctl, HASH_ELEM | HASH_BLOBS);
	}
	hash_search(switched_off, &key, HASH_ENTER, &found);
	return !found;
}

/* ---- recognising quals ---- */

static const Node *
strip_relabel(const Node *node)
{
	while (node != NULL && IsA(node, RelabelType))
		node = (const Node *) ((const RelabelType *) node)->arg;
	return node;
}

AttrNumber
ac_qual_column_of(const Node *node, Index relid)
{
	const Var *var = (const Var *) strip_relabel(node);

	if (var == NULL || !IsA(var, Var) || (Index) var->varno != relid ||
		var->varlevelsup != 0 || var->varattno <= 0)
		return InvalidAttrNumber;
	return var->varattno;
}

/* Is the operator named "=", and is it PostgreSQL's own? */
static bool
is_equality_operator(Oid opno, bool *core)
{
	HeapTuple tuple = SearchSysCache1(OPEROID, ObjectIdGetDatum(opno));
	Form_pg_operator form;
	bool equality;

	if (!HeapTupleIsValid(tuple))
		return false;
	form = (Form_pg_operator) GETSTRUCT(tuple);
	equality = strcmp(NameStr(form->oprname), "=") == 0;
	*core = form->oprnamespace == PG_CATALOG_NAMESPACE;
	ReleaseSysCache(tuple);
	return equality;
}

/*
 * Does a value of that type compare with the column as one of its own?  The
 * integer types and the text types are one family each: their values have
 * the same texts.
 */
static bool
is_own_type(const AcColumn *column, Oid type)
{
	if (column->type_class == AC_TYPE_INTEGER ||
		column->type_class == AC_TYPE_TEXT)
		return ac_table_type_class(type) == column->type_class;
	return getBaseType(type) == getBaseType(column->type);
}

/*
 * Known before the request is made: no column of this relation in it, nothing
 * that gives another value each time.
 */
static bool
is_value_known(const Node *value, Index relid)
{
	return !contain_volatile_functions((Node *) value) &&
		   !contain_subplans((Node *) value) &&
		   !bms_is_member(relid, pull_varnos(NULL, (Node *) value));
}

typedef struct Equality
{
	AttrNumber attnum;
	Expr *value;
	bool core_operator;
	Oid collation;
} Equality;

static bool
match_operator(const OpExpr *op, const AcTable *table, Index relid,
			   Equality *equality)
{
	Node *left,
		*right;

	if (list_length(op->args) != 2 ||
		!is_equality_operator(op->opno, &equality->core_operator))
		return false;
	left = linitial(op->args);
	right = lsecond(op->args);
	equality->attnum = ac_qual_column_of(left, relid);
	equality->value = (Expr *) right;
	if (equality->attnum == InvalidAttrNumber)
	{
		equality->attnum = ac_qual_column_of(right, relid);
		equality->value = (Expr *) left;
	}
	equality->collation = op->inputcollid;
	return equality->attnum != InvalidAttrNumber &&
		   is_own_type(ac_table_column(table, equality->attnum),
					   exprType((Node *) equality->value));
}

/* A boolean column alone, negated, or compared by IS TRUE, IS FALSE. */
static bool
match_boolean(const Node *clause, Index relid, Equality *equality)
{
	bool value = true;

	if (IsA(clause, BooleanTest))
	{
		const BooleanTest *test = (const BooleanTest *) clause;

		if (test->booltesttype != IS_TRUE && test->booltesttype != IS_FALSE)
			return false;
		value = test->booltesttype == IS_TRUE;
		clause = (const Node *) test->arg;
	}
	else if (is_notclause(clause))
	{
		value = false;
		clause = (const Node *) get_notclausearg((Expr *) clause);
	}
	equality->attnum = ac_qual_column_of(clause, relid);
	equality->value = (Expr *) makeBoolConst(value, false);
	equality->core_operator = true;
	equality->collation = InvalidOid;
	return equality->attnum != InvalidAttrNumber &&
		   exprType((Node *) clause) == BOOLOID;
}

static bool
match_equality(const Node *clause, const AcTable *table, Index relid,
			   Equality *equality)
{
	if (IsA(clause, OpExpr))
		return match_operator((const OpExpr *) clause, table, relid, equality);
	return match_boolean(clause, relid, equality);
}

/* The only column in the clause, for the reason; 0 if there are several. */
static AttrNumber
only_column(Node *clause, Index relid)
{
	Bitmapset *attrs = NULL;
	int attno;

	pull_varattnos(clause, relid, &attrs);
	if (bms_membership(attrs) != BMS_SINGLETON)
		return InvalidAttrNumber;
	attno = bms_singleton_member(attrs) + FirstLowInvalidHeapAttributeNumber;
	return attno > 0 ? attno : InvalidAttrNumber;
}

/* Facts of a column that do not depend on the qual. */
static void
column_facts(const AcTable *table, AttrNumber attnum, AcQualFacts *facts)
{
	const AcColumn *column = ac_table_column(table, attnum);
	const char *operators = column->options->operators;

	facts->type_class = column->type_class;
	facts->has_param = column->is_filter || column->is_path_var;
	facts->is_path_var = column->is_path_var;
	facts->is_item_key = column->is_item_key;
	facts->is_param_only = ac_column_is_param_only(column);
	facts->safe_filter = operators == NULL || strcmp(operators, "none") != 0;
	facts->switched_off = ac_qual_is_switched_off(table->relid, attnum);
}

static AcQual *
judge_clause(RelOptInfo *rel, const AcTable *table, RestrictInfo *rinfo,
			 bool items)
{
	AcQual *qual = palloc0(sizeof(AcQual));
	Node *clause = (Node *) rinfo->clause;
	AcQualFacts facts = {0};
	Equality equality = {0};
	AttrNumber attnum;

	qual->rinfo = rinfo;
	facts.is_equality = match_equality(clause, table, rel->relid, &equality);
	attnum = facts.is_equality ? equality.attnum
							   : only_column(clause, rel->relid);
	if (attnum != InvalidAttrNumber)
		column_facts(table, attnum, &facts);
	if (facts.is_equality)
	{
		qual->attnum = attnum;
		qual->value = equality.value;
		facts.core_operator = equality.core_operator;
		facts.deterministic = !OidIsValid(equality.collation) ||
							  get_collation_isdeterministic(equality.collation);
		facts.value_known = is_value_known((Node *) equality.value,
										   rel->relid);
		facts.leakproof_order =
			rinfo->security_level <= rel->baserestrict_min_security ||
			rinfo->leakproof;
	}
	facts.is_item_key = facts.is_item_key && items;
	qual->via = ac_pushdown_decide(&facts, &qual->reason);
	return qual;
}

/* ---- what they amount to ---- */

/* The first qual that sends a value of the column, else NULL. */
static AcQual *
sent_qual(List *quals, AttrNumber attnum)
{
	ListCell *lc;

	foreach (lc, quals)
	{
		AcQual *qual = lfirst(lc);

		if (qual->attnum == attnum && qual->via != AC_SEND_NOT)
			return qual;
	}
	return NULL;
}

/*
 * A look-up needs a value for each variable of the item path; a parameter
 * that is nothing but a parameter can only be sent with the collection.
 */
static bool
is_lookup(const AcTable *table, List *quals)
{
	ListCell *lc;

	if (table->item.text == NULL)
		return false;
	for (int i = 0; i < table->item.n_vars; i++)
		if (sent_qual(quals, table->item.attnums[i]) == NULL)
			return false;
	foreach (lc, quals)
	{
		const AcQual *qual = lfirst(lc);

		if (qual->via == AC_SEND_QUERY &&
			ac_column_is_param_only(ac_table_column(table, qual->attnum)))
			return false;
	}
	return true;
}

static void
keep_here(AcQual *qual, const char *reason)
{
	qual->via = AC_SEND_NOT;
	qual->reason = reason;
}

/* Only the first value of a column travels, and to look a row up only keys. */
static void
drop_superfluous(List *quals, AcScanMode mode)
{
	ListCell *lc;

	foreach (lc, quals)
	{
		AcQual *qual = lfirst(lc);

		if (qual->via == AC_SEND_NOT)
			continue;
		if (sent_qual(quals, qual->attnum) != qual)
			keep_here(qual, "another value of the column is sent");
		else if (mode == AC_SCAN_ITEM && qual->via == AC_SEND_QUERY)
			keep_here(qual, "the row is looked up by its key");
	}
}

static List *
missing_variables(const AcTable *table, const AcSending *sending)
{
	const AcTemplate *path = &table->path;
	List *missing = NIL;

	if (sending->mode == AC_SCAN_ITEM)
		return NIL;
	for (int i = 0; i < path->n_vars; i++)
		if (path->attnums[i] == InvalidAttrNumber)
			missing = lappend(missing, path->vars[i]);
	for (int i = 0; i < table->n_columns; i++)
	{
		const AcColumn *column = &table->columns[i];

		if (!column->dropped && ac_column_is_required(column) &&
			sent_qual(sending->quals, column->attnum) == NULL)
			missing = lappend(missing, unconstify(char *, column->name));
	}
	return missing;
}

/* IS NULL on a column that shows nothing because nothing was sent is true. */
static bool
is_null_test(const Node *clause)
{
	return IsA(clause, NullTest) &&
		   ((const NullTest *) clause)->nulltesttype == IS_NULL;
}

/*
 * Adds to names the columns that only show what is sent (required ones
 * aside: missing_variables() speaks of them), stand in the clause and are
 * not sent.
 */
static List *
add_unsent(List *names, Node *clause, RelOptInfo *rel, const AcTable *table,
		   List *quals)
{
	Bitmapset *attrs = NULL;

	if (is_null_test(clause))
		return names;
	pull_varattnos(clause, rel->relid, &attrs);
	for (int i = 0; i < table->n_columns; i++)
	{
		const AcColumn *column = &table->columns[i];

		if (ac_column_is_param_only(column) && !ac_column_is_required(column) &&
			bms_is_member(column->attnum - FirstLowInvalidHeapAttributeNumber,
						  attrs) &&
			sent_qual(quals, column->attnum) == NULL)
			names = list_append_unique_ptr(names,
										   unconstify(char *, column->name));
	}
	return names;
}

AcSending *
ac_qual_decide(RelOptInfo *rel, const AcTable *table, List *clauses)
{
	AcSending *sending = palloc0(sizeof(AcSending));
	ListCell *lc;

	foreach (lc, clauses)
		sending->quals = lappend(sending->quals,
								 judge_clause(rel, table, lfirst(lc), true));
	sending->mode = is_lookup(table, sending->quals) ? AC_SCAN_ITEM
													 : AC_SCAN_LIST;
	if (sending->mode == AC_SCAN_LIST && table->item.text != NULL)
	{
		/* Keys that do not make a look-up may still be parameters. */
		sending->quals = NIL;
		foreach (lc, clauses)
			sending->quals = lappend(sending->quals,
									 judge_clause(rel, table, lfirst(lc),
												  false));
	}
	drop_superfluous(sending->quals, sending->mode);
	sending->missing = missing_variables(table, sending);
	foreach (lc, clauses)
		sending->unsendable = add_unsent(sending->unsendable,
										 (Node *) lfirst_node(RestrictInfo, lc)->clause,
										 rel, table, sending->quals);
	return sending;
}

/* Callback of generate_implied_equalities_for_column(). */
static bool
is_member_of_column(PlannerInfo *root, RelOptInfo *rel, EquivalenceClass *ec,
					EquivalenceMember *em, void *arg)
{
	return ac_qual_column_of((Node *) em->em_expr, rel->relid) ==
		   *(AttrNumber *) arg;
}

List *
ac_qual_unsent_joins(PlannerInfo *root, RelOptInfo *rel, const AcTable *table,
					 const AcSending *sending)
{
	List *names = NIL;
	ListCell *lc;

	foreach (lc, rel->joininfo)
		names = add_unsent(names,
						   (Node *) lfirst_node(RestrictInfo, lc)->clause, rel,
						   table, sending->quals);
	if (!rel->has_eclass_joins)
		return names;
	for (int i = 0; i < table->n_columns; i++)
	{
		AttrNumber attnum = i + 1;
		ListCell *lc2;

		if (!ac_column_is_param_only(&table->columns[i]))
			continue;
		foreach (lc2, generate_implied_equalities_for_column(root, rel,
															 is_member_of_column,
															 &attnum, NULL))
			names = add_unsent(names,
							   (Node *) lfirst_node(RestrictInfo, lc2)->clause,
							   rel, table, sending->quals);
	}
	return names;
}
