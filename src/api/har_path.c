/*
 * har_path.c
 *		Which segments of recorded paths are variables?  See har_path.h.
 */
#include "ac.h"

#include "api/har_path.h"
#include "api/names.h"
#include "api/tableplan_path.h"
#include "core/hash.h"
#include "core/text.h"
#include "core/url.h"

/* Members whose answers show their own names, before names vary. */
#define MIN_PROVED 2

/* Members of one collection that have the same path below them. */
#define MIN_VARIED 3

/* Longest prefix: "2023-01-01". */
#define MAX_PREFIX 12

/* Longest name that is looked for in an answer. */
#define MAX_NAME 100

/*
 * Bytes of an answer that are looked through for a name: where a thing's own
 * name stands is at its beginning.
 */
#define MAX_LOOK 4096

/* "api" and the like and versions, as they stand before everything. */
static bool
is_prefix(const char *segment)
{
	static const char *const prefixes[] = {"api", "apis", "rest", "public",
										   "json", NULL};

	if (strlen(segment) > MAX_PREFIX)
		return false;
	return ac_names_in(segment, prefixes) ||
		   ac_path_parse(segment)->segments[0].version;
}

static bool
is_plural(const char *segment)
{
	char *name = ac_names_snake(segment);
	char *singular = ac_names_singular(name);
	bool plural = strcmp(singular, name) != 0;

	pfree(singular);
	pfree(name);
	return plural;
}

bool
ac_har_path_read(const char *path, AcHarPath *out)
{
	memset(out, 0, sizeof(*out));
	while (*path == '/')
	{
		size_t len = strcspn(path + 1, "/");

		if (len > 0 && out->n == AC_HAR_MAX_SEGMENTS)
			return false;
		out->slash = len == 0 && out->n > 0;
		if (len > 0)
		{
			out->segments[out->n] = pnstrdup(path + 1, len);
			out->prefix[out->n] = is_prefix(out->segments[out->n]);
			out->plural[out->n] = is_plural(out->segments[out->n]);
			out->n++;
		}
		path += len + 1;
	}
	return true;
}

/* A number behind "api" is a version: "/rest/api/2/issues". */
static bool
is_id(const AcHarPath *path, int i)
{
	const char *segment = path->segments[i];

	if (!ac_endpoints_segment_is_id(segment, strlen(segment)))
		return false;
	return i == 0 || strlen(segment) > 2 || path->variable[i - 1] ||
		   !path->prefix[i - 1];
}

/* May a name vary here: behind a noun that is no prefix? */
static bool
may_vary(const AcHarPath *path, int i)
{
	return i > 0 && i < path->n && !path->variable[i] &&
		   !path->variable[i - 1] && !path->prefix[i - 1] &&
		   strlen(path->segments[i]) <= MAX_NAME;
}

/* Does the answer, one object, have the segment as a value? */
static bool
shows_itself(const AcHarPath *path, int i)
{
	const char *body = path->body;
	char *decoded;
	char *look;
	char *quoted;
	const char *at;

	if (body == NULL)
		return false;
	body += strspn(body, " \t\r\n");
	if (*body != '{')
		return false;
	look = pnstrdup(body, MAX_LOOK);
	decoded = ac_url_decode(path->segments[i], strlen(path->segments[i]), false, NULL);
	quoted = psprintf("\"%s\"", decoded);
	for (at = strstr(look, quoted); at != NULL; at = strstr(at + 1, quoted))
	{
		const char *end = at + strlen(quoted);

		if (end[strspn(end, " \t\r\n")] != ':')
			break;
	}
	pfree(look);
	return at != NULL;
}

/*
 * What is counted: different values under one key.  Keys are hashes, because
 * paths may be long and there are as many keys as segments.
 */
typedef struct Counts
{
	AcShapeMap keys;   /* key -> number of values */
	AcShapeMap values; /* key and value -> there */
} Counts;

static AcShapeMapEntry *
enter(AcShapeMap *map, uint64 key)
{
	uint64 *kept = palloc(sizeof(uint64));

	*kept = key;
	return ac_shape_map_enter(map, kept, sizeof(uint64));
}

static void
count(Counts *counts, uint64 key, const char *value)
{
	AcShapeMapEntry *entry = enter(&counts->values, ac_hash_text(value, key));

	if (entry->value != NULL)
		return;
	entry->value = counts;
	entry = enter(&counts->keys, key);
	entry->value = (void *) ((intptr_t) entry->value + 1);
}

static int
count_of(const Counts *counts, uint64 key)
{
	return (int) (intptr_t) ac_shape_map_find(&counts->keys, &key, sizeof(key));
}

static bool
has_value(const Counts *counts, uint64 key, const char *value)
{
	uint64 both = ac_hash_text(value, key);

	return ac_shape_map_find(&counts->values, &both, sizeof(both)) != NULL;
}

/* The path with segment i (and all behind it unless rest) left out. */
static uint64
key_of(const AcHarPath *path, int i, bool rest)
{
	uint64 key = 0;
	int j;

	for (j = 0; j < (rest ? path->n : i); j++)
		key = ac_hash_text(j == i || path->variable[j] ? "{}" : path->segments[j], key);
	return key;
}

/* Counts the names at one position. */
static void
count_position(AcEndpoints *list, AcHarPath **paths, int n, int position,
			   Counts counts[2])
{
	int i;

	for (i = 0; i < n && ac_endpoints_spend(list, 1); i++)
	{
		const AcHarPath *path = paths[i];

		if (!may_vary(path, position))
			continue;
		if (position == path->n - 1)
		{
			if (shows_itself(path, position))
				count(&counts[0], key_of(path, position, false), path->segments[position]);
		}
		else if (path->plural[position - 1])
			count(&counts[1], key_of(path, position, true), path->segments[position]);
	}
}

/* Does the name at this position vary, by the counts? */
static bool
varies(const AcHarPath *path, int position, const Counts counts[2])
{
	uint64 parent = key_of(path, position, false);
	const char *segment = path->segments[position];

	if (count_of(&counts[0], parent) >= MIN_PROVED &&
		has_value(&counts[0], parent, segment))
		return true;
	return position < path->n - 1 &&
		   count_of(&counts[1], key_of(path, position, true)) >= MIN_VARIED;
}

void
ac_har_path_vary(AcEndpoints *list, AcHarPath **paths, int n)
{
	int longest = 0;
	int position;
	int i;
	int j;

	for (i = 0; i < n && ac_endpoints_spend(list, 1); i++)
	{
		for (j = 0; j < paths[i]->n; j++)
			paths[i]->variable[j] = is_id(paths[i], j);
		longest = Max(longest, paths[i]->n);
	}
	for (position = 1; position < longest; position++)
	{
		Counts counts[2];

		for (i = 0; i < 2; i++)
		{
			ac_shape_map_init(&counts[i].keys);
			ac_shape_map_init(&counts[i].values);
		}
		count_position(list, paths, n, position, counts);
		for (i = 0; i < n && ac_endpoints_spend(list, 1); i++)
			if (may_vary(paths[i], position) && varies(paths[i], position, counts))
				paths[i]->variable[position] = true;
		for (i = 0; i < 2; i++)
		{
			ac_shape_map_free(&counts[i].keys);
			ac_shape_map_free(&counts[i].values);
		}
	}
}

/* Is the name one of the variables before segment i? */
static bool
is_taken(char *const *names, int n, const char *name)
{
	int i;

	for (i = 0; i < n; i++)
		if (names[i] != NULL && strcmp(names[i], name) == 0)
			return true;
	return false;
}

char *
ac_har_path_template(const AcHarPath *path)
{
	char *names[AC_HAR_MAX_SEGMENTS] = {0};
	StringInfoData out;
	int i;

	initStringInfo(&out);
	for (i = 0; i < path->n; i++)
	{
		const char *before = i > 0 && !path->variable[i - 1] ? path->segments[i - 1] : "";
		int serial = 2;

		if (!path->variable[i])
		{
			appendStringInfo(&out, "/%s", path->segments[i]);
			continue;
		}
		names[i] = ac_endpoints_variable_name(before);
		while (is_taken(names, i, names[i]))
			names[i] = psprintf("%s_%d", ac_endpoints_variable_name(before), serial++);
		appendStringInfo(&out, "/{%s}", names[i]);
	}
	if (path->slash || path->n == 0)
		appendStringInfoChar(&out, '/');
	return ac_text_keep(&out);
}
