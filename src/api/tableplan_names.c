/*
 * tableplan_names.c
 *		What are the tables and groups of an API called?
 *
 * doc/inference.md S9: the last static path segments,
 * as few as tell the tables of a server apart; where segments do not, the
 * variables, then versions and prefixes, at last a hash of the path.  Names
 * depend on the set of paths, never on their order.
 */
#include "ac.h"

#include "api/names.h"
#include "api/tableplan_int.h"
#include "core/text.h"

/* What is left of a path without any telling segment. */
#define ROOT_NAME "root"

/* A wish with all that its possible names are made of. */
typedef struct Namer
{
	AcNameWish *wish;
	const char **clean; /* telling static segments in snake_case */
	int n_clean;
	const char **all; /* every static segment */
	int n_all;
	int n_tell;			/* of them from the last one that tells on */
	const char *by;		/* "_by_id": the last variable, "" without any */
	const char *by_all; /* "_by_owner_repo_id": all of them */
	int n_variables;
	int level; /* 0: as short as can be */
	char *name;
	int named; /* the level that name is of */
} Namer;

/* Last segments that say how, not what: dropped, or never alone. */
static bool
is_empty_word(const char *segment)
{
	static const char *const words[] = {"json", "list", "all", "get", NULL};

	return ac_names_in(segment, words);
}

static bool
needs_parent(const char *segment)
{
	static const char *const words[] = {
		"search", "query", "find", "index", "count", "counts", "status",
		"info", "details", "detail", "stats", "summary", "me", "self",
		"current", "latest", "recent", "export", "default", "active",
		"approved", "archived", "available", "closed", "custom", "denied",
		"open", "pending", "private", "public", "restricted", "shared", NULL};

	/* "GetById" */
	return strncmp(segment, "by_", 3) == 0 || ac_names_in(segment, words);
}

/*
 * "getUsers" and "list_users" are the users: what is asked for, without the
 * asking.
 */
static char *
without_verb(char *snake)
{
	static const char *const verbs[] = {"get", "list", "fetch", NULL};
	size_t len = strcspn(snake, "_");

	return snake[len] == '_' && ac_names_in(pnstrdup(snake, len), verbs)
			   ? snake + len + 1
			   : snake;
}

static void
add_clean(Namer *namer, char *snake)
{
	if (snake[0] != '\0')
		namer->clean[namer->n_clean++] = without_verb(snake);
}

/* "admin.users.list", the last segment of a remote call, is three. */
static void
add_call(Namer *namer, const char *text)
{
	while (*text != '\0')
	{
		size_t len = strcspn(text, ".");

		add_clean(namer, ac_names_snake(pnstrdup(text, len)));
		text += len + (text[len] == '.');
	}
}

/* Room for a path's segments, the last of which may be several, and a name. */
static int
count_words(const AcPath *path)
{
	int n = path->count + 2;
	const char *s;

	for (s = path->text; *s != '\0'; s++)
		n += *s == '.';
	return n;
}

/* Is it the last static segment, whatever it tells? */
static bool
is_last(const AcPath *path, int i)
{
	if (path->segments[i].variable || path->segments[i].prefix)
		return false;
	while (++i < path->count)
		if (!path->segments[i].variable && !path->segments[i].prefix)
			return false;
	return true;
}

/* What a path's segment adds to the segments that tell. */
static void
add_segment(Namer *namer, const AcPath *path, int i, char *snake)
{
	const AcSegment *segment = &path->segments[i];
	const char *said = namer->wish->said;

	if (said != NULL && is_last(path, i))
		add_clean(namer, ac_names_snake(said));
	else if (segment->prefix || segment->id)
		return;
	else if (i == path->count - 1 && strchr(segment->text, '.') != NULL)
		add_call(namer, segment->text);
	else
		add_clean(namer, snake);
}

static void
init_namer(Namer *namer, AcNameWish *wish)
{
	const AcPath *path = wish->path;
	StringInfoData by;
	int i;

	memset(namer, 0, sizeof(Namer));
	namer->wish = wish;
	namer->by = "";
	namer->clean = palloc(count_words(path) * sizeof(char *));
	namer->all = palloc((path->count + 1) * sizeof(char *));
	initStringInfo(&by);
	for (i = 0; i < path->count; i++)
	{
		const AcSegment *segment = &path->segments[i];
		char *snake = ac_names_snake(segment->text);

		if (snake[0] == '\0')
			continue;
		if (segment->variable)
		{
			appendStringInfo(&by, "_%s", snake);
			namer->by = psprintf("_by_%s", snake);
			namer->n_variables++;
			continue;
		}
		namer->all[namer->n_all++] = segment->json
										 ? psprintf("%s_json", snake)
										 : snake;
		add_segment(namer, path, i, snake);
		namer->n_tell = segment->prefix || segment->id ? namer->n_tell + 1 : 1;
	}
	if (wish->said != NULL && ac_path_last_static(path) == NULL)
		add_clean(namer, ac_names_snake(wish->said));
	if (namer->n_clean > 1 && is_empty_word(namer->clean[namer->n_clean - 1]))
		namer->n_clean--;
	namer->by_all = by.len > 0 ? psprintf("_by%s", by.data) : "";
	pfree(by.data);
}

/* The last n of the segments joined. */
static char *
join_last(const char **segments, int count, int n)
{
	StringInfoData out;
	int i;

	initStringInfo(&out);
	for (i = count - n; i < count; i++)
		appendStringInfo(&out, "%s%s", out.len > 0 ? "_" : "", segments[i]);
	return ac_text_keep(&out);
}

/* Number of levels before the hash. */
static int
levels_of(const Namer *namer)
{
	return Max(namer->n_clean, 1) + 2 + namer->n_all + 1;
}

/* What tells a wish from all others, whatever its name. */
static char *
salt_of(const AcNameWish *wish)
{
	return psprintf("%s#%s%s%s", wish->path->text, wish->suffix,
					wish->asked[0] != '\0' ? "#" : "", wish->asked);
}

/*
 * The name at a level: 0 to n_clean - 1 ever more telling segments, then with
 * the last variable, with all variables, then ever more of all segments, then
 * all and the variables, at last a hash.
 */
static char *
name_at(const Namer *namer)
{
	int least = namer->n_clean > 1 &&
						needs_parent(namer->clean[namer->n_clean - 1])
					? 2
					: 1;
	int level = namer->level;
	int clean_levels = Max(namer->n_clean, 1);
	char *full;
	char *name;

	if (level < clean_levels)
		return namer->n_clean == 0 ? pstrdup(ROOT_NAME)
								   : join_last(namer->clean, namer->n_clean,
											   Max(level + 1, least));
	full = namer->n_clean == 0 ? pstrdup(ROOT_NAME)
							   : join_last(namer->clean, namer->n_clean,
										   namer->n_clean);
	if (level == clean_levels)
		name = psprintf("%s%s", full, namer->by);
	else if (level == clean_levels + 1)
		name = psprintf("%s%s", full, namer->by_all);
	else if (level < clean_levels + 2 + namer->n_all)
		/* "v1" alone is no name */
		name = join_last(namer->all, namer->n_all,
						 Max(level - clean_levels - 1, Min(namer->n_tell, namer->n_all)));
	else
		name = psprintf("%s%s", namer->n_all == 0 ? full : join_last(namer->all, namer->n_all, namer->n_all),
						namer->by);
	pfree(full);
	return name;
}

/* The name at a level, told apart by the suffix and no longer than names are. */
static char *
fitting_name(const Namer *namer)
{
	char *name = name_at(namer);
	char *fitting;

	if (namer->wish->asked[0] != '\0')
	{
		char *whole = psprintf("%s_%s", name, namer->wish->asked);

		pfree(name);
		name = whole;
	}

	if (namer->wish->suffix[0] != '\0')
	{
		char *whole = psprintf("%s__%s", name,
							   ac_names_snake(namer->wish->suffix));

		pfree(name);
		name = whole;
	}
	if (namer->level >= levels_of(namer))
		fitting = ac_names_salted(name, salt_of(namer->wish));
	else
		fitting = ac_names_fit(name);
	pfree(name);
	return fitting;
}

/* Gives it the name of its level, if it has another yet. */
static void
rename_one(Namer *namer)
{
	if (namer->name != NULL && namer->named == namer->level)
		return;
	if (namer->name != NULL)
		pfree(namer->name);
	namer->name = fitting_name(namer);
	namer->named = namer->level;
}

static int
compare_namers(const void *a, const void *b)
{
	const Namer *x = *(Namer *const *) a;
	const Namer *y = *(Namer *const *) b;

	return strcmp(x->name, y->name);
}

static bool
has_more_segments(const Namer *namer)
{
	return namer->level + 1 < Max(namer->n_clean, 1);
}

/* The one member with fewer variables than all others, or NULL. */
static Namer *
simplest(Namer **group, int n)
{
	Namer *best = group[0];
	int same = 0;
	int i;

	for (i = 1; i < n; i++)
		if (group[i]->n_variables < best->n_variables)
			best = group[i];
	for (i = 0; i < n; i++)
		if (group[i]->n_variables == best->n_variables)
			same++;
	return same == 1 ? best : NULL;
}

/*
 * Lengthens names of a group that is called the same.  As long as some can
 * take another segment only those do; then the simplest path keeps the name.
 * Returns whether anything changed.
 */
static bool
part_group(Namer **group, int n)
{
	Namer *keeper = NULL;
	bool segments = false;
	bool changed = false;
	int i;

	for (i = 0; i < n; i++)
		segments = segments || has_more_segments(group[i]);
	if (!segments)
		keeper = simplest(group, n);
	for (i = 0; i < n; i++)
	{
		if (segments ? !has_more_segments(group[i]) : group[i] == keeper)
			continue;
		if (group[i]->level >= levels_of(group[i]))
			continue;
		group[i]->level++;
		changed = true;
	}
	return changed;
}

void
ac_plan_name_tables(AcNameWish *wishes, int n)
{
	Namer *namers = palloc(Max(n, 1) * sizeof(Namer));
	Namer **order = palloc(Max(n, 1) * sizeof(Namer *));
	const char **names = palloc(Max(n, 1) * sizeof(char *));
	const char **originals = palloc(Max(n, 1) * sizeof(char *));
	bool changed = true;
	int i;
	int j;

	for (i = 0; i < n; i++)
	{
		init_namer(&namers[i], &wishes[i]);
		order[i] = &namers[i];
	}
	/* every round raises some level, and levels are bounded */
	while (changed)
	{
		changed = false;
		for (i = 0; i < n; i++)
			rename_one(&namers[i]);
		qsort(order, n, sizeof(Namer *), compare_namers);
		for (i = 0; i < n; i = j)
		{
			for (j = i + 1; j < n; j++)
				if (strcmp(order[i]->name, order[j]->name) != 0)
					break;
			if (j - i > 1)
				changed = part_group(&order[i], j - i) || changed;
		}
	}
	for (i = 0; i < n; i++)
	{
		names[i] = namers[i].name;
		originals[i] = salt_of(&wishes[i]);
	}
	/* hashes of 16 bits may still meet */
	ac_names_uniquify(names, originals, n);
	for (i = 0; i < n; i++)
		wishes[i].name = names[i];
}

const char *
ac_plan_group(const AcEndpoint *endpoint, const AcPath *path)
{
	char *group;
	int i;

	if (endpoint->group != NULL)
	{
		group = ac_names_snake(endpoint->group);
		if (group[0] != '\0')
			return ac_names_fit(group);
	}
	for (i = 0; i < path->count; i++)
	{
		if (path->segments[i].variable || path->segments[i].prefix)
			continue;
		group = ac_names_snake(path->segments[i].text);
		if (group[0] != '\0')
			return ac_names_fit(group);
	}
	return ROOT_NAME;
}
