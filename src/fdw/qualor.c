/*
 * qualor.c
 *		Which values of one column does an OR leave?  See qualor.h.
 */
#include "ac.h"

#include "catalog/pg_type.h"
#include "fdw/qualor.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "pg/compat.h"
#include "utils/array.h"
#include "utils/lsyscache.h"

/*
 * Elements of a constant array that become values by themselves, so that they
 * and others are one array; more would only cost planning time.
 */
#define TAKEN_APART 1000

/* Parts of a row: no more than a tuple's columns (MaxTupleAttributeNumber). */
#define PARTS_MAX 1000

/* A condition in an arm. */
typedef struct ArmTerm
{
	AcEquality equality;
	Node *clause;
} ArmTerm;

/* ---- what arms have in common ---- */

static List *
add_term(List *terms, Node *clause, const AcTable *table, Index relid)
{
	ArmTerm *term = palloc0(sizeof(ArmTerm));

	if (!ac_qual_match(clause, table, relid, &term->equality) ||
		term->equality.bound != AC_BOUND_NONE)
		return terms;
	term->clause = term->equality.implied != NULL
					   ? (Node *) term->equality.implied
					   : clause;
	return lappend(terms, term);
}

/* The equalities of an arm, one of which is as good as another. */
static List *
terms_of(Node *arm, const AcTable *table, Index relid)
{
	List *terms = NIL;
	ListCell *lc;

	if (!is_andclause(arm))
		return add_term(NIL, arm, table, relid);
	foreach (lc, ((BoolExpr *) arm)->args)
		terms = add_term(terms, lfirst(lc), table, relid);
	return terms;
}

static const ArmTerm *
term_like(List *terms, const AcEquality *equality)
{
	ListCell *lc;

	foreach (lc, terms)
	{
		const ArmTerm *term = lfirst(lc);

		if (term->equality.attnum == equality->attnum &&
			term->equality.core_operator == equality->core_operator &&
			term->equality.collation == equality->collation)
			return term;
	}
	return NULL;
}

/* The terms of all arms about the same column, or NIL. */
static List *
terms_like(List *arms, const AcEquality *equality)
{
	List *alike = NIL;
	ListCell *lc;

	foreach (lc, arms)
	{
		const ArmTerm *term = term_like(lfirst(lc), equality);

		if (term == NULL)
			return NIL;
		alike = lappend(alike, unconstify(ArmTerm *, term));
	}
	return alike;
}

/* How much of use a column's values may be: names of rows most. */
static int
worth_of(const AcColumn *column)
{
	return column->is_path_var ? 3 : column->is_item_key ? 2
														 : column->is_filter;
}

/* The terms that are of most use. */
static List *
common_terms(List *arms, const AcTable *table)
{
	List *best = NIL;
	int worth = -1;
	ListCell *lc;

	foreach (lc, (List *) linitial(arms))
	{
		const AcEquality *equality = &((ArmTerm *) lfirst(lc))->equality;
		int its = worth_of(ac_table_column(table, equality->attnum));
		List *alike = its > worth ? terms_like(arms, equality) : NIL;

		if (alike == NIL)
			continue;
		best = alike;
		worth = its;
	}
	return best;
}

/* ---- their values ---- */

/* The elements of a constant array; false if they are too many. */
static bool
add_constants(const Const *array, List **values)
{
	Oid type = get_element_type(array->consttype);
	Datum *elements;
	bool *nulls;
	int16 len;
	bool byval;
	char align;
	int n;

	if (array->constisnull)
		return true;
	get_typlenbyvalalign(type, &len, &byval, &align);
	deconstruct_array(DatumGetArrayTypeP(array->constvalue), type, len, byval,
					  align, &elements, &nulls, &n);
	if (n > TAKEN_APART)
		return false;
	for (int i = 0; i < n; i++)
		if (!nulls[i])
			*values = lappend(*values,
							  makeConst(type, -1, array->constcollid, len,
										elements[i], false, byval));
	return true;
}

/* Adds the single values of a term; false if it is an array to be kept. */
static bool
add_values(const AcEquality *equality, List **values)
{
	const ArrayExpr *array = (const ArrayExpr *) equality->value;

	if (!equality->is_list)
		*values = lappend(*values, equality->value);
	else if (IsA(equality->value, Const))
		return add_constants((const Const *) equality->value, values);
	else if (IsA(array, ArrayExpr) && !array->multidims)
		*values = list_concat(*values, array->elements);
	else
		return false;
	return true;
}

/* An array of these values, which are of one type. */
static Expr *
make_array(List *values)
{
	ArrayExpr *array = makeNode(ArrayExpr);

	array->element_typeid = exprType(linitial(values));
	array->array_typeid = get_array_type(array->element_typeid);
	array->array_collid = exprCollation(linitial(values));
	array->elements = values;
	array->location = -1;
	return (Expr *) array;
}

/* An integer constant as the widest type has it, any other value as it is. */
static Node *
widened(Node *value)
{
	const Const *constant = (const Const *) value;
	int64 number;

	if (!IsA(value, Const) || constant->constisnull)
		return value;
	if (constant->consttype == INT2OID)
		number = DatumGetInt16(constant->constvalue);
	else if (constant->consttype == INT4OID)
		number = DatumGetInt32(constant->constvalue);
	else
		return value;
	return (Node *) makeConst(INT8OID, -1, InvalidOid, sizeof(int64),
							  Int64GetDatum(number), false, FLOAT8PASSBYVAL);
}

/* Integers of several types have the same texts: they become one type's. */
static void
widen_mixed(List *values)
{
	ListCell *lc;
	bool mixed = false;

	foreach (lc, values)
		mixed = mixed || exprType(lfirst(lc)) != exprType(linitial(values));
	foreach (lc, values)
		if (mixed)
			lfirst(lc) = widened(lfirst(lc));
}

/* The values in arrays of one type each; NIL if there is no such array. */
static List *
make_arrays(List *values)
{
	List *arrays = NIL;

	while (values != NIL)
	{
		Oid type = exprType(linitial(values));
		List *same = NIL;
		List *others = NIL;
		ListCell *lc;

		if (!OidIsValid(get_array_type(type)))
			return NIL;
		foreach (lc, values)
			if (exprType(lfirst(lc)) == type)
				same = lappend(same, lfirst(lc));
			else
				others = lappend(others, lfirst(lc));
		arrays = lappend(arrays, make_array(same));
		values = others;
	}
	return arrays;
}

static Expr *
make_row(List *parts)
{
	RowExpr *row = makeNode(RowExpr);

	row->args = parts;
	row->row_typeid = RECORDOID;
	row->row_format = COERCE_EXPLICIT_CALL;
	for (int i = 1; i <= list_length(parts); i++)
		row->colnames = lappend(row->colnames, makeString(psprintf("f%d", i)));
	row->location = -1;
	return (Expr *) row;
}

/* One list of all values of the terms; NULL if there is none. */
static Expr *
merge_values(List *terms)
{
	List *values = NIL;
	List *kept = NIL;
	List *parts;
	ListCell *lc;

	foreach (lc, terms)
	{
		const AcEquality *equality = &((ArmTerm *) lfirst(lc))->equality;

		/* a row's parts are arrays themselves */
		if (IsA(equality->value, RowExpr))
			kept = list_concat(kept, ((RowExpr *) equality->value)->args);
		else if (!add_values(equality, &values))
			kept = lappend(kept, equality->value);
	}
	widen_mixed(values);
	parts = make_arrays(values);
	if (parts == NIL && values != NIL)
		return NULL;
	parts = list_concat(parts, kept);
	if (parts == NIL || list_length(parts) > PARTS_MAX)
		return NULL;
	return list_length(parts) == 1 ? linitial(parts) : make_row(parts);
}

/* An OR of just these terms. */
static Expr *
only_terms(List *terms)
{
	List *clauses = NIL;
	ListCell *lc;

	foreach (lc, terms)
		clauses = lappend(clauses, ((ArmTerm *) lfirst(lc))->clause);
	return make_orclause(clauses);
}

/* Do the terms say all that the OR does? */
static bool
are_all(const BoolExpr * or, List *terms)
{
	ListCell *lc1,
		*lc2;

	forboth (lc1, or->args, lc2, terms)
		if (lfirst(lc1) != (void *) ((ArmTerm *) lfirst(lc2))->clause)
			return false;
	return true;
}

bool
ac_qualor_match(const BoolExpr * or, const AcTable *table, Index relid,
				AcEquality *equality)
{
	List *arms = NIL;
	List *terms;
	ListCell *lc;
	Expr *value;

	foreach (lc, or->args)
		arms = lappend(arms, terms_of(lfirst(lc), table, relid));
	terms = common_terms(arms, table);
	value = merge_values(terms);
	if (value == NULL)
		return false;
	*equality = ((ArmTerm *) linitial(terms))->equality;
	equality->is_list = true;
	equality->value = value;
	equality->implied = are_all(or, terms) ? NULL : only_terms(terms);
	return true;
}

double
ac_qualor_estimate(PlannerInfo *root, const Expr *value)
{
	double n = 0;
	ListCell *lc;

	if (!IsA(value, RowExpr))
		return ac_estimate_array_length(root, unconstify(Node *, (const Node *) value));
	foreach (lc, ((const RowExpr *) value)->args)
		n += ac_estimate_array_length(root, lfirst(lc));
	return n;
}
