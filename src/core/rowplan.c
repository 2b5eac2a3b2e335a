/*
 * rowplan.c
 *		Which places of a page does a scan want?  See rowplan.h.
 *
 * Compiling is for once per scan, so it favours clarity.  A trie is first
 * grown pointer by pointer; then its nodes get their ranges of outputs and
 * their tables of children.
 */
#include "ac.h"

#include "core/pointer.h"
#include "core/rowplan.h"

/* Bytes behind a key that ac_rowplan_hash() may read. */
#define KEY_PADDING 8

/* Slots of a table per child: short probes matter more than 8 bytes. */
#define SLOTS_PER_CHILD 4

/* A trie being grown: where each pointer ends. */
typedef struct Growth
{
	AcPlanNode *root;
	AcPlanNode **ends; /* by pointer */
	int n;
} Growth;

/* The key is copied, for its padding. */
static AcPlanNode *
make_node(const char *key)
{
	AcPlanNode *node = palloc0(sizeof(AcPlanNode));
	size_t len = strlen(key);
	char *padded = palloc0(len + KEY_PADDING);

	memcpy(padded, key, len);
	node->key = padded;
	node->key_len = len;
	node->hash = ac_rowplan_hash(padded, len);
	node->index = ac_pointer_index(key);
	node->max_index = -1;
	return node;
}

/* The child for a token; made if there is none. */
static AcPlanNode *
child_for(AcPlanNode *parent, const char *key)
{
	size_t len = strlen(key);
	AcPlanNode *child;

	for (child = parent->first_child; child; child = child->next_sibling)
		if (child->key_len == len && memcmp(child->key, key, len) == 0)
			return child;

	child = make_node(key);
	if (parent->last_child != NULL)
		parent->last_child->next_sibling = child;
	else
		parent->first_child = child;
	parent->last_child = child;
	parent->n_children++;
	parent->max_index = Max(parent->max_index, child->index);
	return child;
}

/* Follows a pointer from the root, growing the trie; NULL with an error. */
static AcPlanNode *
grow(AcPlanNode *root, const char *text, AcError *err)
{
	AcPlanNode *node = root;
	AcPointer pointer;

	if (!ac_pointer_parse(text, &pointer, err))
		return NULL;
	if (pointer.count > AC_ROWPLAN_MAX_TOKENS)
	{
		ac_error_set(err, AC_ERR_OPTION_VALUE,
					 "JSON Pointer has more than %d steps",
					 AC_ROWPLAN_MAX_TOKENS);
		return NULL;
	}
	for (int i = 0; i < pointer.count; i++)
		node = child_for(node, pointer.tokens[i]);
	return node;
}

/* Pointers of the given origin alone; origins NULL: all. */
static bool
grow_some(Growth *growth, AcPointers pointers, const AcRowOrigin *origins,
		  AcRowOrigin origin, AcError *err)
{
	growth->root = make_node("");
	growth->ends = palloc0(Max(pointers.n, 1) * sizeof(AcPlanNode *));
	growth->n = pointers.n;
	for (int i = 0; i < pointers.n; i++)
	{
		if (origins != NULL && origins[i] != origin)
			continue;
		growth->ends[i] = grow(growth->root, pointers.pointers[i], err);
		if (growth->ends[i] == NULL)
			return false;
	}
	return true;
}

static void
fill_table(AcPlanNode *node)
{
	uint64 size = 4;
	AcPlanNode *child;

	while (size < (uint64) node->n_children * SLOTS_PER_CHILD)
		size *= 2;
	node->table = palloc0(size * sizeof(AcPlanNode *));
	node->table_mask = size - 1;
	for (child = node->first_child; child; child = child->next_sibling)
	{
		uint64 slot = child->hash & node->table_mask;

		while (node->table[slot] != NULL)
			slot = (slot + 1) & node->table_mask;
		node->table[slot] = child;
		node->key_lengths |= UINT64CONST(1) << Min(child->key_len, 63);
	}
}

/* Numbers the outputs of node and below; recursion is bounded by the tokens. */
static void
lay_out(AcPlanTree *tree, const Growth *growth, AcPlanNode *node)
{
	AcPlanNode *child;

	node->own = tree->n_outputs;
	for (int i = 0; i < growth->n; i++)
		if (growth->ends[i] == node)
			tree->outputs[tree->n_outputs++] = i;
	node->own_end = tree->n_outputs;
	node->leads_to_rows = node->is_rows;
	for (child = node->first_child; child; child = child->next_sibling)
	{
		lay_out(tree, growth, child);
		node->leads_to_rows |= child->leads_to_rows;
	}
	node->below_end = tree->n_outputs;
	if (node->n_children > 0)
		fill_table(node);
}

static void
finish_tree(AcPlanTree *tree, const Growth *growth)
{
	tree->root = growth->root;
	tree->outputs = palloc(Max(growth->n, 1) * sizeof(int));
	tree->n_outputs = 0;
	lay_out(tree, growth, growth->root);
}

/* Marks where the rows are, below the root of a trie that is being grown. */
static bool
mark_rows(Growth *growth, const char *path, AcError *err)
{
	AcPlanNode *rows = grow(growth->root, path, err);

	if (rows != NULL)
		rows->is_rows = true;
	return rows != NULL;
}

/* The tries of the rows: one, or one of parents and one of what is in them. */
static bool
plan_rows(AcRowPlan *plan, const AcRowSource *source, AcPointers row,
		  AcError *err)
{
	const AcRowOrigin *origins = plan->origins;
	Growth growth;

	if (!plan->nested)
	{
		if (!grow_some(&growth, row, origins, AC_ORIGIN_ROW, err))
			return false;
		finish_tree(&plan->row, &growth);
		return true;
	}
	if (!grow_some(&growth, row, origins, AC_ORIGIN_PARENT, err) ||
		!mark_rows(&growth, source->nested_path, err))
		return false;
	finish_tree(&plan->row, &growth);
	if (!grow_some(&growth, row, origins, AC_ORIGIN_ROW, err))
		return false;
	finish_tree(&plan->element, &growth);
	return true;
}

/*
 * The trie of the body.  Behind the envelope's own outputs stands that of the
 * names of columns.  Members of rows are no envelope.
 */
static bool
plan_body(AcRowPlan *plan, const AcRowSource *source, AcPointers envelope,
		  AcError *err)
{
	const char **all = palloc((envelope.n + 1) * sizeof(char *));
	AcPointers pointers = {all, envelope.n};
	Growth growth;

	if (envelope.n > 0)
		memcpy(all, envelope.pointers, envelope.n * sizeof(char *));
	if (plan->rows_are_body &&
		(plan->form == AC_ROWS_LINES || plan->form == AC_ROWS_MAP ||
		 plan->form == AC_ROWS_LISTS))
		pointers.n = 0;
	if (plan->form == AC_ROWS_COLUMNS)
		all[pointers.n++] = plan->columns_path;
	if (!grow_some(&growth, pointers, NULL, AC_ORIGIN_ROW, err) ||
		!mark_rows(&growth, source->rows_path, err))
		return false;
	finish_tree(&plan->envelope, &growth);
	return true;
}

/* Where a name of a column that is an object has its text, best first. */
static void
plan_names(AcRowPlan *plan)
{
	static const char *const pointers[] = {AC_ROWPLAN_NAMES};
	Growth growth;
	bool grown = grow_some(&growth, (AcPointers){pointers, lengthof(pointers)},
						   NULL, AC_ORIGIN_ROW, NULL);

	StaticAssertStmt(lengthof(pointers) == AC_ROWPLAN_N_NAMES,
					 "the scanner counts on so many");
	Assert(grown);
	(void) grown;
	finish_tree(&plan->name, &growth);
}

/* Do the parts of a plan go together? */
static bool
check_parts(const AcRowPlan *plan, AcError *err)
{
	if (plan->nested &&
		(plan->form == AC_ROWS_COLUMNS || plan->form == AC_ROWS_LISTS))
		return ac_error_set(err, AC_ERR_OPTION_VALUE,
							"rows that are arrays of values have no rows nested in them");
	for (int i = 0; plan->origins != NULL && i < plan->n_fields; i++)
		if (plan->origins[i] == AC_ORIGIN_PARENT && !plan->nested)
			return ac_error_set(err, AC_ERR_OPTION_VALUE,
								"a field of the parent row is asked for, but rows are not nested");
	return true;
}

AcRowPlan *
ac_rowplan_create(const AcRowSource *source, AcPointers row,
				  const AcRowOrigin *origins, AcPointers envelope,
				  AcError *err)
{
	AcRowPlan *plan = palloc0(sizeof(AcRowPlan));

	plan->form = source->form;
	plan->nested = source->nested_path != NULL;
	plan->plain = plan->form == AC_ROWS_ARRAY && !plan->nested;
	if (plan->form == AC_ROWS_COLUMNS)
		plan->columns_path = pstrdup(source->columns_path != NULL
										 ? source->columns_path
										 : "/columns");
	plan->rows_are_body = source->rows_path[0] == '\0';
	plan->n_fields = row.n;
	plan->n_envelope = envelope.n;
	/* the row and its fields; its name and what is nested, where there may be */
	plan->n_entries = row.n + 1;
	if (plan->nested || plan->form == AC_ROWS_MAP)
		plan->n_entries += 2;
	if (origins != NULL && row.n > 0)
	{
		AcRowOrigin *copy = palloc(row.n * sizeof(AcRowOrigin));

		memcpy(copy, origins, row.n * sizeof(AcRowOrigin));
		plan->origins = copy;
	}
	if (!check_parts(plan, err) || !plan_rows(plan, source, row, err) ||
		!plan_body(plan, source, envelope, err))
		return NULL;
	if (plan->form == AC_ROWS_COLUMNS)
		plan_names(plan);
	return plan;
}
