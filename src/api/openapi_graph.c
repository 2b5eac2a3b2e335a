/*
 * openapi_graph.c
 *		How do schemas that refer to each other become a graph of shapes?
 *
 * Each schema has one node, found by the schema's address, so a recursive
 * schema is a cycle of pointers.  A node is filled one level deep when it is
 * needed: its children are nodes that may still be blank.  Composition
 * (allOf, oneOf) needs its parts filled and is the only recursion; children
 * are filled later from a list, so nesting costs no stack.
 *
 * Where a composition brings two children of one name together, their node
 * is a combination of nodes, which is looked up by its members: a join by the
 * set of what it joins, so that joins of joins of recursive schemas come to an
 * end.  Still they can be many; hence GRAPH_MAX_LEVEL, and every node is
 * paid for.
 */
#include "ac.h"

#include "api/openapi_internal.h"

/*
 * Levels of properties below a oneOf or allOf in which two schemas of one
 * name are still combined.  An envelope is at most four deep (S3)
 * and two levels of a row become columns; what lies deeper is jsonb anyway.
 */
#define GRAPH_MAX_LEVEL 8

static AcOpenapiNode *
node_of(AcShape *shape)
{
	StaticAssertStmt(offsetof(AcOpenapiNode, shape) == 0,
					 "a node's shape must be its first member");
	return (AcOpenapiNode *) shape;
}

static AcOpenapiNode *
new_node(AcOpenapiReader *reader, AcOpenapiNodeOrigin origin)
{
	AcOpenapiNode *node;

	if (!ac_openapi_spend(reader, 1))
		return reader->unknown;
	node = palloc0(sizeof(AcOpenapiNode));
	node->shape.max_length = -1;
	node->origin = origin;
	node->serial = ++reader->n_nodes;
	return node;
}

AcOpenapiNode *
ac_openapi_node_alone(AcOpenapiReader *reader, AcJson *schema)
{
	const char *name = NULL;
	AcJson *meant = ac_openapi_schema_meant(reader, schema, &name);
	AcOpenapiNode *node;

	if (meant == NULL)
		return reader->unknown;
	node = ac_shape_map_find(&reader->schemas, &meant, sizeof(meant));
	if (node != NULL)
		return node;
	node = new_node(reader, AC_ORIGIN_SCHEMA);
	if (node == reader->unknown)
		return node;
	node->schema = meant;
	node->shape.name = name;
	ac_shape_map_enter(&reader->schemas, &node->schema, sizeof(meant))->value =
		node;
	return node;
}

AcOpenapiNode *
ac_openapi_node(AcOpenapiReader *reader, AcJson *schema)
{
	return ac_openapi_with_heirs(reader,
								 ac_openapi_node_alone(reader, schema));
}

AcShape *
ac_openapi_shape(AcOpenapiReader *reader, AcJson *schema)
{
	return &ac_openapi_node(reader, schema)->shape;
}

AcShape *
ac_openapi_shape_copy(AcOpenapiReader *reader, AcShape *shape, int depth)
{
	AcOpenapiNode *node;

	if (!ac_openapi_node_fill(reader, node_of(shape), depth))
		return NULL;
	node = new_node(reader, AC_ORIGIN_SCHEMA);
	if (node == reader->unknown)
		return NULL;
	node->shape = *shape;
	node->state = AC_NODE_DONE;
	return &node->shape;
}

AcShape *
ac_openapi_shape_list(AcOpenapiReader *reader, AcShape *items)
{
	AcOpenapiNode *node = new_node(reader, AC_ORIGIN_SCHEMA);

	if (node == reader->unknown)
		return items;
	node->shape.kind = AC_SHAPE_ARRAY;
	node->shape.items = items;
	node->state = AC_NODE_DONE;
	return &node->shape;
}

/*
 * The node for this list of members (kept), found in the map or new.
 */
static AcOpenapiNode *
combination(AcOpenapiReader *reader, AcOpenapiNodeOrigin origin,
			AcOpenapiNode **members, int n)
{
	AcShapeMap *map =
		origin == AC_ORIGIN_JOIN ? &reader->joins : &reader->merges;
	size_t key_len = n * sizeof(AcOpenapiNode *);
	AcOpenapiNode *node = ac_shape_map_find(map, members, key_len);

	if (node != NULL)
		return node;
	if (!ac_openapi_spend(reader, n))
		return reader->unknown;
	node = new_node(reader, origin);
	if (node == reader->unknown)
		return node;
	node->members = palloc(key_len);
	memcpy(node->members, members, key_len);
	node->n_members = n;
	node->level = reader->level;
	ac_shape_map_enter(map, node->members, key_len)->value = node;
	return node;
}

/* By age, so that the order of properties is that of the document. */
static int
compare_nodes(const void *a, const void *b)
{
	const AcOpenapiNode *x = *(AcOpenapiNode *const *) a;
	const AcOpenapiNode *y = *(AcOpenapiNode *const *) b;

	return x->serial < y->serial ? -1 : x->serial > y->serial ? 1
															  : 0;
}

/* Appends what the node joins if it is a join, else the node itself. */
static int
add_members(AcOpenapiNode **list, int n, AcOpenapiNode *node)
{
	if (node->origin != AC_ORIGIN_JOIN)
	{
		list[n] = node;
		return n + 1;
	}
	memcpy(list + n, node->members, node->n_members * sizeof(AcOpenapiNode *));
	return n + node->n_members;
}

AcOpenapiNode *
ac_openapi_node_join(AcOpenapiReader *reader, AcOpenapiNode **members, int n)
{
	AcOpenapiNode **list;
	AcOpenapiNode *node;
	int n_list = 0;
	int n_unique = 0;
	int i;

	Assert(n > 0);
	for (i = 0; i < n; i++)
		n_list += members[i]->origin == AC_ORIGIN_JOIN ? members[i]->n_members : 1;
	if (!ac_openapi_spend(reader, n_list))
		return reader->unknown;
	list = palloc(n_list * sizeof(AcOpenapiNode *));
	for (n_list = i = 0; i < n; i++)
		n_list = add_members(list, n_list, members[i]);
	qsort(list, n_list, sizeof(AcOpenapiNode *), compare_nodes);
	for (i = 0; i < n_list; i++)
	{
		if (i == 0 || list[i] != list[i - 1])
			list[n_unique++] = list[i];
	}
	node = n_unique == 1 ? list[0] : combination(reader, AC_ORIGIN_JOIN, list, n_unique);
	pfree(list);
	return node;
}

/* AcShapeCombiner.join: children that meet below a oneOf. */
static AcShape *
join_children(void *arg, AcShape *a, AcShape *b)
{
	AcOpenapiReader *reader = arg;
	AcOpenapiNode *pair[2] = {node_of(a), node_of(b)};
	AcOpenapiNode *node;

	if (reader->level >= GRAPH_MAX_LEVEL)
		return &reader->mixed->shape;
	reader->level++;
	node = ac_openapi_node_join(reader, pair, 2);
	reader->level--;
	return &node->shape;
}

/*
 * AcShapeCombiner.merge: children that meet below an allOf.  Below the last
 * level one of them is as good as both: it admits all that both admit.
 */
static AcShape *
merge_children(void *arg, AcShape *a, AcShape *b)
{
	AcOpenapiReader *reader = arg;
	AcOpenapiNode *pair[2] = {node_of(a), node_of(b)};
	AcOpenapiNode *node;

	if (reader->level >= GRAPH_MAX_LEVEL)
		return a;
	reader->level++;
	node = combination(reader, AC_ORIGIN_MERGE, pair, 2);
	reader->level--;
	return &node->shape;
}

void
ac_openapi_graph_init(AcOpenapiReader *reader)
{
	ac_shape_map_init(&reader->schemas);
	ac_shape_map_init(&reader->joins);
	ac_shape_map_init(&reader->merges);
	reader->unknown = palloc0(sizeof(AcOpenapiNode));
	reader->unknown->shape = *ac_shape_new(AC_SHAPE_UNKNOWN);
	reader->unknown->state = AC_NODE_DONE;
	reader->mixed = palloc0(sizeof(AcOpenapiNode));
	reader->mixed->shape = *ac_shape_new(AC_SHAPE_MIXED);
	reader->mixed->state = AC_NODE_DONE;
	reader->children.join = join_children;
	reader->children.merge = merge_children;
	reader->children.unknown = &reader->unknown->shape;
	reader->children.arg = reader;
}

/*
 * Members from..to - 1 of a combination as one shape; NULL if there is nothing
 * in them.  Halving keeps the cost of long lists (events of hundreds of
 * sorts) near to linear.  The halves have memory of their own, because what
 * is made of them may refer to them.
 */
static AcShape *
combine_members(AcOpenapiReader *reader, AcOpenapiNode *node, int from, int to)
{
	AcShape *left;
	AcShape *right;
	AcShape *both;
	int middle = from + (to - from) / 2;

	if (to - from == 1)
		return node->members[from]->state == AC_NODE_DONE ? &node->members[from]->shape : NULL;
	left = combine_members(reader, node, from, middle);
	right = combine_members(reader, node, middle, to);
	if (left == NULL || right == NULL || reader->failed)
		return left != NULL ? left : right;
	both = palloc(sizeof(AcShape));
	if (node->origin == AC_ORIGIN_JOIN)
		ac_shape_join_level(both, left, right, &reader->children);
	else
		ac_shape_merge_level(both, left, right, &reader->children);
	ac_openapi_spend(reader, 1 + both->n_properties + both->n_enum);
	return both;
}

static void
fill_combination(AcOpenapiReader *reader, AcOpenapiNode *node, int depth)
{
	AcShape *sum;
	int i;

	for (i = 0; i < node->n_members && !reader->failed; i++)
	{
		if (!ac_openapi_node_fill(reader, node->members[i], depth + 1))
			ac_openapi_note_circle(reader, node->members[i]);
	}
	sum = combine_members(reader, node, 0, node->n_members);
	if (sum != NULL)
		node->shape = *sum;
	if (node->family == NULL)
		return;
	node->shape.name = node->family->shape.name;
	ac_openapi_discriminate(reader, node->family->schema, &node->shape, depth);
}

void
ac_openapi_note_circle(AcOpenapiReader *reader, const AcOpenapiNode *node)
{
	if (reader->failed)
		return;
	if (node->shape.name != NULL)
		ac_openapi_note(reader, "schema \"%s\" is composed of itself",
						ac_openapi_quote(reader, node->shape.name));
	else
		ac_openapi_note(reader, "a schema is composed of itself");
}

bool
ac_openapi_node_fill(AcOpenapiReader *reader, AcOpenapiNode *node, int depth)
{
	int outer_level = reader->level;

	if (node->state != AC_NODE_NEW)
		return node->state == AC_NODE_DONE;
	if (depth > reader->limits->max_depth)
	{
		ac_openapi_fail(reader, AC_ERR_TOO_LARGE,
						"API description composes schemas more than %d deep",
						reader->limits->max_depth);
		return false;
	}
	node->state = AC_NODE_OPEN;
	reader->level = node->level;
	if (node->origin == AC_ORIGIN_SCHEMA)
		ac_openapi_schema_fill(reader, node, depth);
	else
		fill_combination(reader, node, depth);
	reader->level = outer_level;
	node->state = AC_NODE_DONE;
	return true;
}

static void
reach(AcOpenapiReader *reader, AcShape *shape)
{
	AcOpenapiNode *node;

	if (shape == NULL || node_of(shape)->reached)
		return;
	node = node_of(shape);
	node->reached = true;
	node->next_pending = reader->pending;
	reader->pending = node;
}

void
ac_openapi_graph_complete(AcOpenapiReader *reader, AcShape *shape)
{
	reach(reader, shape);
	while (reader->pending != NULL && !reader->failed)
	{
		AcOpenapiNode *node = reader->pending;
		int i;

		reader->pending = node->next_pending;
		ac_openapi_node_fill(reader, node, 0);
		for (i = 0; i < node->shape.n_properties; i++)
			reach(reader, node->shape.properties[i].shape);
		reach(reader, node->shape.items);
	}
}
