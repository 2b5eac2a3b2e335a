/*
 * relations_value.c
 *		What do samples say of an edge?
 *
 * Inclusion of the child's values in the parent's (S8): with all of the
 * parent's rows it decides, with a part of them what is missing has to be
 * asked for.  Two columns of small integers without gaps are included in one
 * another whatever they mean, so that this is no evidence for an edge.
 */
#include "ac.h"

#include <ctype.h>

#include "api/relations_int.h"

/* Share of the child's values that the parent must have (S8). */
#define COVERAGE_NEEDED 0.9

/* ... and what an edge with a name needs, as some parents may be gone. */
#define COVERAGE_OF_DELETED 0.5

/* What an edge without a name needs: that many values, of that length. */
#define DISTINCTIVE_VALUES 3
#define DISTINCTIVE_LENGTH 6

/* What is left of the doubt once values agree, and what values take away. */
#define DOUBT_LEFT 0.3
#define TRUST_OF_VALUES 0.8
#define UNDECIDED_COSTS 0.05

static bool
is_guarded(const AcColumnSample *child, const AcColumnSample *parent)
{
	return ac_samples_is_dense(parent) && child->integers &&
		   child->min >= 0 && child->max <= Max(parent->max, child->n + 1);
}

static void
confirm(AcRelation *relation)
{
	if (relation->how == AC_RELATION_VALUES)
		relation->confidence = TRUST_OF_VALUES;
	else if (!relation->guarded)
		relation->confidence = 1 - (1 - relation->confidence) * DOUBT_LEFT;
}

/* Counts what the parent has and keeps some of what it lacks. */
static int
count_covered(AcRelation *relation, const AcRelationValues *values)
{
	int covered = 0;

	relation->missing = palloc(sizeof(char *) * AC_RELATION_PROBES);
	relation->n_missing = 0;
	for (int i = 0; i < values->child->n; i++)
	{
		const char *value = values->child->values[i];

		if (ac_samples_has(values->parent, value))
			covered++;
		else if (relation->n_missing < AC_RELATION_PROBES)
			relation->missing[relation->n_missing++] = value;
	}
	return covered;
}

/*
 * Most values are the parent's, the others were: APIs do not list what was
 * deleted, but go on naming it.  A name and a half of the values say enough
 * where chance does not explain them.
 */
static bool
outlives_parents(AcRelation *relation)
{
	if (relation->guarded || relation->coverage < COVERAGE_OF_DELETED)
		return false;
	relation->confidence -= UNDECIDED_COSTS;
	relation->n_missing = 0;
	return true;
}

bool
ac_relations_weigh(AcRelation *relation, const AcRelationValues *values)
{
	const AcColumnSample *child = values->child;
	const AcColumnSample *parent = values->parent;
	bool enough;

	if (child == NULL || parent == NULL || child->n == 0 || parent->n == 0)
		return relation->how != AC_RELATION_VALUES;
	/* a truth, a fraction or a text among them refers to nothing */
	if (child->n_other > child->n_values / 10)
		return false;
	relation->n_values = child->n;
	relation->complete = values->parent_complete;
	relation->coverage = (double) count_covered(relation, values) / child->n;
	relation->guarded = is_guarded(child, parent);
	enough = relation->coverage >= COVERAGE_NEEDED;
	if (enough)
	{
		relation->n_missing = 0;
		confirm(relation);
		return true;
	}
	if (relation->how == AC_RELATION_VALUES)
		return false;
	if (values->parent_complete)
		return outlives_parents(relation);
	/* numbers among texts, as when the names are alike by chance */
	if (child->integers != parent->integers && relation->coverage == 0)
		return false;
	relation->confidence -= UNDECIDED_COSTS;
	if (!values->can_probe)
		relation->n_missing = 0;
	return true;
}

bool
ac_relations_settle(AcRelation *relation, int asked, int found)
{
	Assert(found <= asked && asked <= relation->n_missing);
	relation->probed = asked;
	relation->found = found;
	relation->n_missing = 0;
	if (asked == 0)
		return true;
	if ((double) found / asked < COVERAGE_NEEDED)
		return false;
	relation->confidence += UNDECIDED_COSTS;
	confirm(relation);
	return true;
}

bool
ac_relations_distinctive(const AcColumnSample *column)
{
	if (column->integers || column->n < DISTINCTIVE_VALUES ||
		column->n_other > 0)
		return false;
	for (int i = 0; i < column->n; i++)
	{
		const char *text = column->values[i];

		if (strlen(text) < DISTINCTIVE_LENGTH ||
			strpbrk(text, "0123456789") == NULL ||
			strchr(text, ' ') != NULL)
			return false;
		/* "2024-05-01..." is a day, which many things share */
		if (isdigit((unsigned char) text[0]) && text[4] == '-' &&
			text[5] != '\0' && isdigit((unsigned char) text[5]) && text[7] == '-')
			return false;
	}
	return true;
}

/* What follows scheme and host, NULL if the text is no URL of any kind. */
static const char *
path_of_link(const char *link)
{
	const char *host = strstr(link, "://");

	if (link[0] == '/')
		return link;
	return host != NULL ? strchr(host + 3, '/') : NULL;
}

char *
ac_relations_id_of_link(const char *link, const char *item_path,
						const char *base_path)
{
	const char *path = path_of_link(link);
	const char *brace = strchr(item_path, '{');
	const char *end = brace != NULL ? strchr(brace, '}') : NULL;
	size_t base = base_path != NULL ? strlen(base_path) : 0;
	size_t before;
	size_t len;

	/* links below a parent have more than one variable: not looked at */
	if (path == NULL || end == NULL || strchr(end, '{') != NULL)
		return NULL;
	while (base > 0 && base_path[base - 1] == '/')
		base--;
	if (base > 0 && strncmp(path, base_path, base) == 0)
		path += base;
	before = brace - item_path;
	if (strncmp(path, item_path, before) != 0)
		return NULL;
	path += before;
	len = strcspn(path, "/?#");
	if (len == 0 || (path[len] == '/' && path[len + 1] != '\0'))
		return NULL;
	return pnstrdup(path, len);
}
