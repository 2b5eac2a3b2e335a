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
#include "fdw/bound.h"
#include "fdw/qual.h"
#include "fdw/qualor.h"
#include "fdw/request.h"
#include "fdw/walk.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/clauses.h"
#include "optimizer/optimizer.h"
#include "optimizer/paths.h"
#include "pg/ignored.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

/* ---- the switch ---- */

typedef struct SwitchKey
{
	Oid relid;
	int32 attnum; /* as wide as its neighbour: the key is hashed as bytes */
	int32 bound;
} SwitchKey;

static HTAB *switched_off = NULL;

bool
ac_qual_is_switched_off(Oid relid, AttrNumber attnum, AcQualBound bound)
{
	SwitchKey key = {relid, attnum, bound};

	return switched_off != NULL &&
		   hash_search(switched_off, &key, HASH_FIND, NULL) != NULL;
}

bool
ac_qual_switch_off(Oid relid, AttrNumber attnum, AcQualBound bound)
{
	SwitchKey key = {relid, attnum, bound};
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

/* No column has the number 0. */
bool
ac_qual_items_lack_hidden(Oid relid)
{
	return ac_qual_is_switched_off(relid, 0, AC_BOUND_NONE);
}

void
ac_qual_note_items_lack_hidden(Oid relid)
{
	(void) ac_qual_switch_off(relid, 0, AC_BOUND_NONE);
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

/*
 * What the operator compares by its name, and is it PostgreSQL's own?  False
 * if it is neither "=" nor one of an order.
 */
static bool
read_operator(Oid opno, AcQualBound *bound, bool *core)
{
	HeapTuple tuple = SearchSysCache1(OPEROID, ObjectIdGetDatum(opno));
	Form_pg_operator form;
	const char *name;
	bool known = true;

	if (!HeapTupleIsValid(tuple))
		return false;
	form = (Form_pg_operator) GETSTRUCT(tuple);
	name = NameStr(form->oprname);
	if (strcmp(name, "=") == 0)
		*bound = AC_BOUND_NONE;
	else if (strcmp(name, ">") == 0 || strcmp(name, ">=") == 0)
		*bound = AC_BOUND_FROM;
	else if (strcmp(name, "<") == 0 || strcmp(name, "<=") == 0)
		*bound = AC_BOUND_TO;
	else
		known = false;
	*core = form->oprnamespace == PG_CATALOG_NAMESPACE;
	ReleaseSysCache(tuple);
	return known;
}

static bool
is_equality_operator(Oid opno, bool *core)
{
	AcQualBound bound;

	return read_operator(opno, &bound, core) && bound == AC_BOUND_NONE;
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

static bool
match_operator(const OpExpr *op, const AcTable *table, Index relid,
			   AcEquality *equality)
{
	const AcColumn *column;
	Node *left,
		*right;

	if (list_length(op->args) != 2 ||
		!read_operator(op->opno, &equality->bound, &equality->core_operator))
		return false;
	left = linitial(op->args);
	right = lsecond(op->args);
	equality->attnum = ac_qual_column_of(left, relid);
	equality->value = (Expr *) right;
	if (equality->attnum == InvalidAttrNumber)
	{
		equality->attnum = ac_qual_column_of(right, relid);
		equality->value = (Expr *) left;
		if (equality->bound != AC_BOUND_NONE)
			equality->bound = equality->bound == AC_BOUND_FROM ? AC_BOUND_TO
															   : AC_BOUND_FROM;
	}
	equality->collation = op->inputcollid;
	if (equality->attnum == InvalidAttrNumber)
		return false;
	column = ac_table_column(table, equality->attnum);
	if (is_own_type(column, exprType((Node *) equality->value)))
		return true;
	if (equality->bound != AC_BOUND_NONE)
		equality->value = ac_bound_of_type(column, equality->value);
	return equality->bound != AC_BOUND_NONE && equality->value != NULL;
}

/* A boolean column alone, negated, or compared by IS TRUE, IS FALSE. */
static bool
match_boolean(const Node *clause, Index relid, AcEquality *equality)
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

/* column = ANY (array): IN lists, too, are brought into this form. */
static bool
match_array(const ScalarArrayOpExpr *op, const AcTable *table, Index relid,
			AcEquality *equality)
{
	Node *array = lsecond(op->args);

	if (!op->useOr ||
		!is_equality_operator(op->opno, &equality->core_operator))
		return false;
	equality->attnum = ac_qual_column_of(linitial(op->args), relid);
	equality->value = (Expr *) array;
	equality->is_list = true;
	equality->collation = op->inputcollid;
	return equality->attnum != InvalidAttrNumber &&
		   is_own_type(ac_table_column(table, equality->attnum),
					   get_element_type(exprType(array)));
}

bool
ac_qual_match(const Node *clause, const AcTable *table, Index relid,
			  AcEquality *equality)
{
	if (IsA(clause, OpExpr))
		return match_operator((const OpExpr *) clause, table, relid, equality);
	if (IsA(clause, ScalarArrayOpExpr))
		return match_array((const ScalarArrayOpExpr *) clause, table, relid,
						   equality);
	if (is_orclause(clause))
		return ac_qualor_match((const BoolExpr *) clause, table, relid,
							   equality);
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

/* Was the API seen to ignore the parameter, in this session or another? */
static bool
is_ignored(const AcTable *table, const AcColumn *column, AcQualBound bound)
{
	const char *param = ac_request_param(column, bound);

	return ac_qual_is_switched_off(table->relid, column->attnum, bound) ||
		   (param != NULL && ac_ignored_is(table->relid, param, bound));
}

/* Facts of a column that do not depend on the qual. */
static void
column_facts(const AcTable *table, AttrNumber attnum, AcQualBound bound,
			 AcQualFacts *facts)
{
	const AcColumn *column = ac_table_column(table, attnum);
	const char *operators = column->options->operators;

	facts->type_class = column->type_class;
	facts->has_param = bound == AC_BOUND_NONE
						   ? column->is_filter || column->is_path_var
						   : ac_request_param(column, bound) != NULL;
	facts->is_path_var = column->is_path_var;
	facts->is_item_key = column->is_item_key && table->options->item_of_list;
	facts->is_param_only = ac_column_is_param_only(column);
	facts->safe_filter = operators == NULL || strcmp(operators, "none") != 0;
	facts->switched_off = facts->has_param && !facts->is_param_only &&
						  !ac_column_is_required(column) &&
						  is_ignored(table, column, bound);
}

static AcQual *
judge_clause(RelOptInfo *rel, const AcTable *table, RestrictInfo *rinfo,
			 bool items)
{
	AcQual *qual = palloc0(sizeof(AcQual));
	Node *clause = (Node *) rinfo->clause;
	AcQualFacts facts = {0};
	AcEquality equality = {0};
	AttrNumber attnum;
	bool matched;

	qual->rinfo = rinfo;
	matched = ac_qual_match(clause, table, rel->relid, &equality);
	attnum = matched ? equality.attnum : only_column(clause, rel->relid);
	if (attnum != InvalidAttrNumber)
		column_facts(table, attnum, equality.bound, &facts);
	if (matched)
	{
		facts.is_equality = equality.bound == AC_BOUND_NONE;
		facts.is_bound = equality.bound != AC_BOUND_NONE &&
						 ac_bound_serves(ac_table_column(table, attnum));
		if (facts.is_bound)
			facts.has_param = ac_request_param(ac_table_column(table, attnum),
											   equality.bound) != NULL;
		/* rows of the list do not show whether it was heeded */
		if (ac_table_column(table, attnum)->is_detail)
			facts.has_param = false;
		qual->bound = equality.bound;
		qual->attnum = attnum;
		qual->value = equality.value;
		qual->is_list = equality.is_list;
		qual->implied = equality.implied;
		facts.core_operator = equality.core_operator;
		facts.deterministic = !OidIsValid(equality.collation) ||
							  get_collation_isdeterministic(equality.collation);
		facts.value_known = is_value_known((Node *) equality.value,
										   rel->relid);
		facts.leakproof_order =
			rinfo->security_level <= rel->baserestrict_min_security ||
			rinfo->leakproof;
	}
	/* several rows at once cost less than a look-up of each */
	if (matched && equality.is_list &&
		ac_column_list(table, ac_table_column(table, attnum)) != AC_LIST_NONE)
		items = false;
	facts.is_item_key = facts.is_item_key && items;
	qual->via = ac_pushdown_decide(&facts, &qual->reason);
	return qual;
}

/* ---- what they amount to ---- */

/*
 * The first qual that sends such a value of the column, else a list, else
 * NULL.
 */
static AcQual *
sent_as(List *quals, AttrNumber attnum, AcQualBound bound)
{
	AcQual *list = NULL;
	ListCell *lc;

	foreach (lc, quals)
	{
		AcQual *qual = lfirst(lc);

		if (qual->attnum != attnum || qual->bound != bound ||
			qual->via == AC_SEND_NOT)
			continue;
		if (!qual->is_list)
			return qual;
		if (list == NULL)
			list = qual;
	}
	return list;
}

/* The same for what the column equals. */
static AcQual *
sent_qual(List *quals, AttrNumber attnum)
{
	return sent_as(quals, attnum, AC_BOUND_NONE);
}

/*
 * A look-up needs a value for each variable of the item path; a parameter
 * that is nothing but a parameter can only be sent with the collection.
 */
static bool
is_lookup(const AcTable *table, List *quals)
{
	ListCell *lc;

	if (table->item.text == NULL || !table->options->item_of_list)
		return false;
	for (int i = 0; i < table->item.n_vars; i++)
	{
		const AcQual *qual = sent_qual(quals, table->item.attnums[i]);

		if (qual == NULL || qual->via == AC_SEND_QUERY)
			return false;
	}
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
		if (sent_as(quals, qual->attnum, qual->bound) != qual)
			keep_here(qual, "another value of the column is sent");
		else if (mode == AC_SCAN_ITEM && qual->via == AC_SEND_QUERY)
			keep_here(qual, "the row is looked up by its key");
	}
}

/* Does something that a parent has values for lack one? */
static bool
lacks_value(const AcParent *parent, List *quals)
{
	for (int i = 0; i < parent->n; i++)
		if (sent_qual(quals, parent->own[i]) == NULL)
			return true;
	return false;
}

/* The parent that gives values to a scan with these quals, NULL: none. */
static const AcParent *
walked_parent(const AcTable *table, AcScanMode mode, List *quals)
{
	const AcParent *parent = NULL;

	if (mode == AC_SCAN_LIST)
		parent = ac_walk_parent(table, true);
	return parent != NULL && lacks_value(parent, quals) ? parent : NULL;
}

/* What the API has to be given and is not. */
static List *
missing_values(const AcTable *table, const AcSending *sending,
			   const AcParent *parent)
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
			!(parent != NULL && ac_walk_gives(parent, column->attnum)) &&
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
 * aside: missing_values() speaks of them), stand in the clause and are
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

/* Does the API answer without a value of the column? */
static bool
is_dispensable(const AcTable *table, const AcQual *qual)
{
	const AcColumn *column = ac_table_column(table, qual->attnum);

	return qual->via != AC_SEND_PATH && !ac_column_is_param_only(column);
}

/* A list that may travel, and need not. */
static bool
is_choice(const AcTable *table, const AcQual *qual)
{
	return qual->is_list && qual->via != AC_SEND_NOT &&
		   is_dispensable(table, qual);
}

/* Each clause by itself; items: may a row be looked up? */
static List *
judge_clauses(RelOptInfo *rel, const AcTable *table, List *clauses,
			  AcQualScope scope, bool items)
{
	List *quals = NIL;
	ListCell *lc;

	foreach (lc, clauses)
	{
		AcQual *qual = judge_clause(rel, table, lfirst(lc), true);

		if (scope == AC_QUAL_NO_LISTS && is_choice(table, qual))
			keep_here(qual, "reading more rows costs less than a request for each value");
		else if (!items)
			qual = judge_clause(rel, table, lfirst(lc), false);
		quals = lappend(quals, qual);
	}
	return quals;
}

bool
ac_qual_has_choice(const AcTable *table, const AcSending *sending)
{
	ListCell *lc;

	foreach (lc, sending->quals)
		if (is_choice(table, lfirst(lc)))
			return true;
	return false;
}

List *
ac_qual_needed(const RelOptInfo *rel, const AcTable *table, List *clauses)
{
	Bitmapset *attrs = NULL;
	List *needed = NIL;
	ListCell *lc;
	bool whole;

	pull_varattnos((Node *) rel->reltarget->exprs, rel->relid, &attrs);
	foreach (lc, clauses)
		pull_varattnos((Node *) lfirst_node(RestrictInfo, lc)->clause,
					   rel->relid, &attrs);
	whole = bms_is_member(0 - FirstLowInvalidHeapAttributeNumber, attrs);
	for (int i = 0; i < table->n_columns; i++)
	{
		AttrNumber attnum = i + 1;

		if (!table->columns[i].dropped &&
			(whole || bms_is_member(attnum - FirstLowInvalidHeapAttributeNumber,
									attrs)))
			needed = lappend_int(needed, attnum);
	}
	return needed;
}

/* Do the quals send the list a value for each variable of the item path? */
static bool
name_item(const AcTable *table, List *quals)
{
	for (int i = 0; i < table->item.n_vars; i++)
		if (sent_qual(quals, table->item.attnums[i]) == NULL)
			return false;
	return true;
}

/*
 * A look-up if there can be one; but that items take the parameter that names
 * hidden fields is less sure than that the list does, so rather the list,
 * filtered by the key, where such fields are needed.
 */
static void
settle_mode(RelOptInfo *rel, const AcTable *table, List *clauses,
			AcQualScope scope, AcSending *sending)
{
	List *listed;
	bool needs_hidden;

	sending->quals = judge_clauses(rel, table, clauses, scope, true);
	sending->mode = is_lookup(table, sending->quals) ? AC_SCAN_ITEM
													 : AC_SCAN_LIST;
	if (table->item.text == NULL)
		return;
	/* Keys that do not make a look-up may still be parameters. */
	listed = judge_clauses(rel, table, clauses, scope, false);
	needs_hidden = ac_request_needs_hidden(table, ac_qual_needed(rel, table, clauses));
	if (sending->mode == AC_SCAN_ITEM &&
		!(needs_hidden && (name_item(table, listed) ||
						   ac_qual_items_lack_hidden(table->relid))))
		return;
	sending->mode = AC_SCAN_LIST;
	sending->quals = listed;
}

AcSending *
ac_qual_decide(RelOptInfo *rel, const AcTable *table, List *clauses,
			   AcQualScope scope)
{
	AcSending *sending = palloc0(sizeof(AcSending));
	const AcParent *parent;
	ListCell *lc;

	settle_mode(rel, table, clauses, scope, sending);
	drop_superfluous(sending->quals, sending->mode);
	parent = walked_parent(table, sending->mode, sending->quals);
	sending->walks = parent != NULL;
	sending->missing = missing_values(table, sending, parent);
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
