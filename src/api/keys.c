/*
 * keys.c
 *		Which columns tell a table's rows apart?  See keys.h.
 */
#include "ac.h"

#include "api/keys.h"
#include "api/names.h"

/* A name (3) of a scalar (1), or less with the word of an item path. */
#define SCORE_NEEDED 4

/* S7's order of names, normalised. */
static const char *const key_names[] = {
	"id", "uuid", "guid", "gid", "sid", "uid", "key", "pk", NULL};

/* What may follow the entity's name in a key: order_id, orderNumber. */
static const char *const entity_ends[] = {
	"id", "uuid", "guid", "gid", "sid", "uid", "key", "pk", "number", NULL};

/* What an item's variable that is named like the entity may stand for. */
static const char *const entity_columns[] = {
	"id", "uuid", "guid", "gid", "sid", "uid", "key", "slug", "login", "name",
	NULL};

static int
index_in(const char *normal, const char *const *list)
{
	int i;

	for (i = 0; list[i] != NULL; i++)
		if (strcmp(normal, list[i]) == 0)
			return i;
	return -1;
}

int
ac_keys_name_rank(const char *name, const char *entity)
{
	char *normal = ac_names_normal(name);
	int rank = index_in(normal, key_names);
	char *start = entity == NULL || rank >= 0 ? NULL : ac_names_normal(entity);

	if (start != NULL && start[0] != '\0' &&
		strncmp(normal, start, strlen(start)) == 0)
	{
		rank = index_in(normal + strlen(start), entity_ends);
		rank = rank < 0 ? -1 : rank + (int) lengthof(key_names);
	}
	/* asked of every field of every table: what is left would add up */
	pfree(normal);
	if (start != NULL)
		pfree(start);
	return rank;
}

/* Types whose values can stand in a path and tell rows apart. */
static bool
is_key_type(const char *type)
{
	return strcmp(type, "text") == 0 || strcmp(type, "bigint") == 0 ||
		   strcmp(type, "integer") == 0 || strcmp(type, "smallint") == 0 ||
		   strcmp(type, "numeric") == 0 || strcmp(type, "uuid") == 0;
}

static bool
is_integer_type(const char *type)
{
	return strcmp(type, "bigint") == 0 || strcmp(type, "integer") == 0 ||
		   strcmp(type, "smallint") == 0;
}

/* The field's own name, or the SQL name where there is no field. */
static const char *
field_name(const AcColumnPlan *column)
{
	const char *slash;

	if (column->json_path == NULL)
		return column->name;
	slash = strrchr(column->json_path, '/');
	/* only fields of the row itself, not of objects in it */
	return slash == column->json_path ? slash + 1 : column->name;
}

/*
 * A top-level field of a type that keys have, by normalised name; or -1.
 * JSON-LD's "@id" is the row's URL: beside it, "id" is what is meant.
 */
static int
find_field(const AcColumnPlan *columns, int n, const char *normal)
{
	int found = -1;
	int i;

	for (i = 0; i < n; i++)
		if (columns[i].json_path != NULL && columns[i].json_path[0] == '/' &&
			is_key_type(columns[i].type) &&
			ac_names_is(field_name(&columns[i]), normal))
		{
			if (columns[i].json_path[1] != '@')
				return i;
			found = found < 0 ? i : found;
		}
	return found;
}

/* Could a variable of that type hold the column's values? */
static bool
types_agree(const char *variable, const char *column)
{
	if (variable == NULL)
		return true;
	return is_integer_type(variable) == is_integer_type(column);
}

/*
 * What is left of a variable's name without the entity's, or some last words
 * of the entity's, at its start: "" if nothing, NULL if it starts otherwise.
 * "order_id" and "orders_id" below /orders leave "id", "link" below
 * /file_links leaves "".
 */
static const char *
without_entity(const char *variable, const char *entity)
{
	const char *word = entity;

	while (word != NULL)
	{
		char *start = ac_names_normal(word);
		size_t len = strlen(start);

		if (len > 0 && strncmp(variable, start, len) == 0)
		{
			variable += len;
			return variable[0] == 's' && variable[1] != '\0' &&
						   strcmp(variable, "sid") != 0 &&
						   strcmp(variable, "slug") != 0
					   ? variable + 1
					   : variable;
		}
		word = strchr(word, '_');
		word = word == NULL ? NULL : word + 1;
	}
	return NULL;
}

/* The first of the listed fields whose type agrees with the variable's. */
static int
find_first(const AcColumnPlan *columns, int n, const char *const *names,
		   const char *type)
{
	for (; *names != NULL; names++)
	{
		int found = find_field(columns, n, *names);

		if (found >= 0 && types_agree(type, columns[found].type))
			return found;
	}
	return -1;
}

int
ac_keys_resolve(const AcColumnPlan *columns, int n, const char *variable,
				const char *entity, const char *type)
{
	/* "username" is what one logs in with before it is what one is called */
	static const char *const login_columns[] = {
		"login", "username", "slug", "handle", "name", NULL};
	char *normal = ac_names_normal(variable);
	int found = find_field(columns, n, normal);
	const char *rest;

	if (found >= 0 || entity == NULL)
		return found;
	rest = without_entity(normal, entity);
	if (rest == NULL && ac_names_alike(variable, entity))
		rest = "";
	/* "id" below /orders may be order_id */
	if (rest == NULL)
		return index_in(normal, entity_ends) < 0
				   ? -1
				   : find_field(columns, n,
								psprintf("%s%s", ac_names_normal(entity),
										 normal));
	if (rest[0] == '\0')
		return find_first(columns, n, entity_columns, type);
	if (strcmp(rest, "name") == 0)
		return find_first(columns, n, login_columns, type);
	return find_field(columns, n, rest);
}

/* S7's score of one column; negative if it cannot be a key at all. */
static int
score_column(const AcKeyInput *input, int i)
{
	const AcColumnPlan *column = &input->columns[i];
	int score = 1;

	if (column->json_path == NULL || column->json_path[0] != '/' ||
		strchr(column->json_path + 1, '/') != NULL ||
		!is_key_type(column->type) || column->decode != NULL)
		return -1;
	if (ac_keys_name_rank(field_name(column), input->entity) >= 0 &&
		(column->json_path[1] != '@' ||
		 find_field(input->columns, input->n,
					ac_names_normal(field_name(column))) == i))
		score += 3;
	/* S7 names it first; it also must be the key for look-ups to be sent */
	if (i == input->item_column)
		score += 6;
	if (column->said_key)
		score += 5;
	if (i == input->first_field)
		score += 1;
	if (ac_names_temporal(column->name))
		score -= 3;
	return score;
}

/* The best column; S7's order of names decides among equals. */
static int
best_column(const AcKeyInput *input, int *best_score, AcJson *scores)
{
	int best = -1;
	int best_rank = -1;
	int i;

	*best_score = SCORE_NEEDED - 1;
	for (i = 0; i < input->n; i++)
	{
		int score = score_column(input, i);
		int rank;

		if (score < SCORE_NEEDED)
			continue;
		rank = ac_keys_name_rank(field_name(&input->columns[i]),
								 input->entity);
		if (scores != NULL)
			ac_json_set(scores, input->columns[i].name,
						ac_json_new_int(score));
		if (score > *best_score ||
			(score == *best_score && rank >= 0 &&
			 (best_rank < 0 || rank < best_rank)))
		{
			best = i;
			*best_score = score;
			best_rank = rank;
		}
	}
	return best;
}

/* Marks the path variables too if the key has room for all of them. */
static void
mark_parents(const AcKeyInput *input, int key)
{
	int n = 0;
	int i;

	for (i = 0; i < input->n; i++)
		if (i != key && input->columns[i].filter == AC_FILTER_PATH)
			n++;
	if (n + 1 > AC_KEYS_MAX)
		return;
	for (i = 0; i < input->n; i++)
		if (input->columns[i].filter == AC_FILTER_PATH)
			input->columns[i].key = true;
}

/* Is the column a part of the key by the description's own word? */
static bool
is_said(const AcKeyInput *input, int i)
{
	return input->columns[i].said_key && score_column(input, i) >= 0;
}

/*
 * Marks the columns that the description calls the key, where it calls several
 * and there is room for the path variables, too; returns how many.
 */
static int
choose_said(const AcKeyInput *input)
{
	int n = 0;
	int parents = 0;
	int i;

	for (i = 0; i < input->n; i++)
	{
		n += is_said(input, i);
		parents += input->columns[i].filter == AC_FILTER_PATH;
	}
	if (n < 2 || n + parents > AC_KEYS_MAX || input->item_column >= 0)
		return 0;
	for (i = 0; i < input->n; i++)
	{
		AcColumnPlan *column = &input->columns[i];

		if (is_said(input, i))
			column->confidence = 0.95;
		column->key = is_said(input, i) || column->filter == AC_FILTER_PATH;
	}
	return n;
}

int
ac_keys_choose(const AcKeyInput *input)
{
	AcJson *scores = NULL;
	int said = choose_said(input);
	int score;
	int key;

	if (said > 0)
		return said;
	if (input->evidence != NULL)
	{
		scores = ac_json_new_object();
		ac_json_set(input->evidence, "key", scores);
	}
	key = best_column(input, &score, scores);
	if (key < 0)
		return 0;
	input->columns[key].key = true;
	/* names alone are right in some nine of ten cases (S7) */
	input->columns[key].confidence = score >= 7 ? 0.95 : score >= 5 ? 0.9
																	: 0.8;
	mark_parents(input, key);
	return 1;
}
