/*
 * rowplan.c
 *		Which places of a page does a scan want?  See rowplan.h.
 *
 * Compiling is for once per scan, so it favours clarity.  A trie is first
 * grown pointer by pointer; then its nodes get their ranges of outputs and
 * their tables of children.
 */
#include "ac.h"

#include "core/rowplan.h"

/* Bytes behind a key that ac_rowplan_hash() may read. */
#define KEY_PADDING 8

/* Slots of a table per child: short probes matter more than 8 bytes. */
#define SLOTS_PER_CHILD 4

/* Array indices beyond nine digits lead nowhere in a body of 4 GB. */
#define MAX_INDEX_DIGITS 9

/* A trie being grown: where each pointer ends. */
typedef struct Growth
{
	AcPlanNode *root;
	AcPlanNode **ends; /* by pointer */
	int n;
} Growth;

/* RFC 6901 section 4: "0", or digits without a leading zero; else -1. */
static int32
array_index(const char *key, size_t len)
{
	int32 index = 0;

	if (len == 0 || len > MAX_INDEX_DIGITS || (key[0] == '0' && len > 1))
		return -1;
	for (size_t i = 0; i < len; i++)
	{
		if (key[i] < '0' || key[i] > '9')
			return -1;
		index = index * 10 + (key[i] - '0');
	}
	return index;
}

static AcPlanNode *
make_node(const char *key, size_t len)
{
	AcPlanNode *node = palloc0(sizeof(AcPlanNode));

	node->key = key;
	node->key_len = len;
	node->hash = ac_rowplan_hash(key, len);
	node->index = array_index(key, len);
	node->max_index = -1;
	return node;
}

/* The child for a token; made if there is none. */
static AcPlanNode *
child_for(AcPlanNode *parent, const char *key, size_t len)
{
	AcPlanNode *child;

	for (child = parent->first_child; child; child = child->next_sibling)
		if (child->key_len == len && memcmp(child->key, key, len) == 0)
			return child;

	child = make_node(key, len);
	if (parent->last_child != NULL)
		parent->last_child->next_sibling = child;
	else
		parent->first_child = child;
	parent->last_child = child;
	parent->n_children++;
	parent->max_index = Max(parent->max_index, child->index);
	return child;
}

/*
 * Decodes the token that begins at *p (RFC 6901 section 4: "~1" is "/", then
 * "~0" is "~") and moves *p to its end.  NULL if a "~" means nothing.
 */
static const char *
decode_token(const char **p, size_t *len)
{
	size_t raw = strcspn(*p, "/");
	char *key = palloc0(raw + KEY_PADDING);
	const char *end = *p + raw;
	char *to = key;

	for (; *p < end; (*p)++)
	{
		*to = **p;
		if (**p == '~')
		{
			(*p)++;
			if (**p != '0' && **p != '1')
				return NULL;
			*to = **p == '0' ? '~' : '/';
		}
		to++;
	}
	*len = (size_t) (to - key);
	return key;
}

/* Follows a pointer from the root, growing the trie; NULL with an error. */
static AcPlanNode *
grow(AcPlanNode *root, const char *pointer, AcError *err)
{
	const char *p = pointer;
	AcPlanNode *node = root;

	for (int n = 0; *p != '\0'; n++)
	{
		const char *key;
		size_t len;

		if (*p++ != '/')
		{
			ac_error_set(err, AC_ERR_OPTION_VALUE,
						 "invalid JSON Pointer \"%s\"", pointer);
			ac_error_hint(err, "A JSON Pointer is empty or begins with \"/\".");
			return NULL;
		}
		if (n == AC_ROWPLAN_MAX_TOKENS)
		{
			ac_error_set(err, AC_ERR_OPTION_VALUE,
						 "JSON Pointer \"%s\" has more than %d parts",
						 pointer, AC_ROWPLAN_MAX_TOKENS);
			return NULL;
		}
		key = decode_token(&p, &len);
		if (key == NULL)
		{
			ac_error_set(err, AC_ERR_OPTION_VALUE,
						 "invalid JSON Pointer \"%s\"", pointer);
			ac_error_hint(err, "In a JSON Pointer \"~0\" stands for \"~\" and \"~1\" for \"/\".");
			return NULL;
		}
		node = child_for(node, key, len);
	}
	return node;
}

static bool
grow_all(Growth *growth, AcPointers pointers, AcError *err)
{
	growth->root = make_node(palloc0(KEY_PADDING), 0);
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
