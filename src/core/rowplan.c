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

static bool
grow_all(Growth *growth, AcPointers pointers, AcError *err)
{
	growth->root = make_node("");
	growth->ends = palloc(Max(pointers.n, 1) * sizeof(AcPlanNode *));
	growth->n = pointers.n;
	for (int i = 0; i < pointers.n; i++)
	{
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
	Assert(tree->n_outputs == growth->n);
}

AcRowPlan *
ac_rowplan_create(AcPointers row, const char *rows_path, AcPointers envelope,
				  AcError *err)
{
	AcRowPlan *plan = palloc0(sizeof(AcRowPlan));
	AcPlanNode *rows;
	Growth growth;

	if (!grow_all(&growth, row, err))
		return NULL;
	finish_tree(&plan->row, &growth);

	if (!grow_all(&growth, envelope, err))
		return NULL;
	rows = grow(growth.root, rows_path, err);
	if (rows == NULL)
		return NULL;
	rows->is_rows = true;
	finish_tree(&plan->envelope, &growth);
	return plan;
}
