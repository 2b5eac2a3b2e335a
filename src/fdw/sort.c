/*
 * sort.c
 *		Can the API deliver rows in the order that the query wants, and does it?
 *		See sort.h.
 */
#include "ac.h"

#include "access/stratnum.h"
#include "catalog/pg_am.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "commands/defrem.h"
#include "core/url.h"
#include "executor/tuptable.h"
#include "fdw/qual.h"
#include "fdw/sort.h"
#include "nodes/nodeFuncs.h"
#include "pg/compat.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

/* ---- planning ---- */

/* Does an order of such values mean the same to everybody? */
static bool
is_clear(const AcColumn *column, Oid collation)
{
	Oid base = getBaseType(column->type);

	switch (column->type_class)
	{
		case AC_TYPE_INTEGER:
		case AC_TYPE_NUMERIC:
			return true;
		case AC_TYPE_TEMPORAL:
			return base == DATEOID || base == TIMESTAMPOID ||
				   base == TIMESTAMPTZOID;
		case AC_TYPE_TEXT:
			return collation == C_COLLATION_OID;
		default:
			return false;
	}
}

/* Does the API put NULLs where the query wants them? */
static bool
nulls_agree(AcSortNulls place, bool descending, bool nulls_first)
{
	switch (place)
	{
		case AC_SORT_NULLS_NONE:
			return true;
		case AC_SORT_NULLS_FIRST:
			return nulls_first;
		case AC_SORT_NULLS_LAST:
			return !nulls_first;
		case AC_SORT_NULLS_LOW:
			return nulls_first != descending;
		case AC_SORT_NULLS_HIGH:
			return nulls_first == descending;
		case AC_SORT_NULLS_UNKNOWN:
			break;
	}
	return false;
}

/* The column of rel that the key sorts by, 0 if it is none. */
static AttrNumber
column_of_key(const PathKey *key, const RelOptInfo *rel, const AcTable *table)
{
	ListCell *lc;

	if (key->pk_eclass->ec_has_volatile)
		return InvalidAttrNumber;
	foreach (lc, key->pk_eclass->ec_members)
	{
		const EquivalenceMember *em = lfirst(lc);
		AttrNumber attnum = ac_qual_column_of((Node *) em->em_expr,
											  rel->relid);

		/* Another collation makes no other values, another type might. */
		if (!em->em_is_child && attnum != InvalidAttrNumber &&
			exprType((Node *) em->em_expr) ==
				ac_table_column(table, attnum)->type)
			return attnum;
	}
	return InvalidAttrNumber;
}

/* Is it the type's own order? */
static bool
is_own_order(const PathKey *key, const AcColumn *column)
{
	Oid opclass = GetDefaultOpClass(getBaseType(column->type), BTREE_AM_OID);

	return OidIsValid(opclass) &&
		   get_opclass_family(opclass) == key->pk_opfamily;
}

/*
 * Does the order of a page decide what stands on the next one?  A value that
 * the next page is asked for by, and the windows of a collection that is read
 * in parts, have an order of their own.
 */
static bool
is_read_in_order(const AcPaging *paging)
{
	return paging->style == AC_PAGER_KEYSET ||
		   (paging->depth_limit > 0 && paging->window_path != NULL);
}

AcSortKey
ac_sort_wanted(PlannerInfo *root, RelOptInfo *rel, const AcTable *table)
{
	const PathKey *key;
	const AcColumn *column;
	AttrNumber attnum;
	bool descending;

	if (list_length(root->query_pathkeys) != 1 || table->options->body != NULL ||
		table->options->params_union != NULL ||
		is_read_in_order(&table->options->paging))
		return 0;
	key = linitial_node(PathKey, root->query_pathkeys);
	attnum = column_of_key(key, rel, table);
	if (attnum == InvalidAttrNumber)
		return 0;
	column = ac_table_column(table, attnum);
	descending = ac_pathkey_descends(key);
	if (column->is_detail)
		return 0;
	if ((descending ? column->options->sort_desc : column->options->sort_asc) == NULL ||
		ac_column_is_param_only(column) ||
		!is_clear(column, key->pk_eclass->ec_collation) ||
		!is_own_order(key, column) ||
		!nulls_agree(column->options->sort_nulls, descending,
					 key->pk_nulls_first))
		return 0;
	return descending ? -attnum : attnum;
}

/* ---- scanning ---- */

static const AcColumn *
key_column(const AcTable *table, AcSortKey key)
{
	return ac_table_column(table, (AttrNumber) abs(key));
}

void
ac_sort_begin(const AcTable *table, AcSortKey key, AcSortCheck *check)
{
	const AcColumn *column;
	TypeCacheEntry *type;

	memset(check, 0, sizeof(*check));
	check->key = key;
	if (key == 0)
		return;
	column = key_column(table, key);
	type = lookup_type_cache(getBaseType(column->type),
							 TYPECACHE_LT_OPR | TYPECACHE_GT_OPR);
	check->typbyval = type->typbyval;
	check->typlen = type->typlen;
	check->support.ssup_cxt = CurrentMemoryContext;
	check->support.ssup_collation = column->type_class == AC_TYPE_TEXT
										? C_COLLATION_OID
										: InvalidOid;
	PrepareSortSupportFromOrderingOp(key < 0 ? type->gt_opr : type->lt_opr,
									 &check->support);
}

static void
forget_last(AcSortCheck *check)
{
	if (check->has_last && !check->last_isnull && !check->typbyval)
		pfree(DatumGetPointer(check->last));
	check->has_last = false;
}

void
ac_sort_forget(AcSortCheck *check)
{
	forget_last(check);
	for (int i = 0; i < check->n_ahead; i++)
		heap_freetuple(check->ahead[i]);
	check->n_ahead = 0;
	check->shown = 0;
	check->looked = false;
}

void
ac_sort_keep(AcSortCheck *check, TupleTableSlot *slot)
{
	MemoryContext old = MemoryContextSwitchTo(check->support.ssup_cxt);

	Assert(check->n_ahead < AC_SORT_LOOK_AHEAD);
	check->ahead[check->n_ahead++] = ExecCopySlotHeapTuple(slot);
	MemoryContextSwitchTo(old);
}

bool
ac_sort_show(AcSortCheck *check, TupleTableSlot *slot)
{
	if (check->shown >= check->n_ahead)
		return false;
	/* It stays ours: the slot may be cleared when our memory is gone. */
	ExecForceStoreHeapTuple(check->ahead[check->shown++], slot, false);
	return true;
}

AC_NORETURN static void reject_row(const AcTable *table, AcSortKey key);

static void
reject_row(const AcTable *table, AcSortKey key)
{
	const AcColumn *column = key_column(table, key);

	ereport(ERROR,
			(errcode(ERRCODE_FDW_ERROR),
			 errmsg("the API does not sort foreign table \"%s\" by column \"%s\" as it was asked to",
					table->name, column->name),
			 errhint("Drop the column option \"%s\", or correct it or \"sort_nulls\".",
					 key < 0 ? "sort_desc" : "sort_asc")));
}

/* NULLs stand together, at one end: which of both, the planner has agreed to. */
static bool
is_in_order(AcSortCheck *check, Datum value, bool isnull, bool nulls_first)
{
	check->support.ssup_nulls_first = nulls_first;
	return ApplySortComparator(check->last, check->last_isnull, value, isnull,
							   &check->support) <= 0;
}

/* Where the query, and so the API, has NULLs. */
static bool
nulls_come_first(const AcTable *table, AcSortKey key)
{
	return nulls_agree(key_column(table, key)->options->sort_nulls, key < 0,
					   true);
}

void
ac_sort_look(const AcTable *table, AcSortCheck *check,
			 const TupleTableSlot *slot)
{
	int at = abs(check->key) - 1;
	AcSortNulls nulls;
	Datum value;
	bool isnull;
	MemoryContext old;

	if (check->key == 0)
		return;
	nulls = key_column(table, check->key)->options->sort_nulls;
	value = slot->tts_values[at];
	isnull = slot->tts_isnull[at];
	if ((isnull && nulls == AC_SORT_NULLS_NONE) ||
		(check->has_last &&
		 !is_in_order(check, value, isnull,
					  nulls_come_first(table, check->key))))
		reject_row(table, check->key);
	forget_last(check);
	old = MemoryContextSwitchTo(check->support.ssup_cxt);
	check->last_isnull = isnull;
	if (!isnull)
		check->last = datumCopy(value, check->typbyval, check->typlen);
	check->has_last = true;
	MemoryContextSwitchTo(old);
}
