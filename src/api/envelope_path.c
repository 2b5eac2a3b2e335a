/*
 * envelope_path.c
 *		What does a path ask for: things of which kind, and one or many?
 *
 * The last static segment is the noun, but for verbs ("users.list"), the name
 * of a format ("/pypi/numpy/json") and segments that are one thing's number or
 * code ("/companies/9"), which stand for what a description would have as a
 * variable.
 */
#include "ac.h"

#include "api/envelope_int.h"
#include "api/names.h"

/* Last words of paths that say what is done, not to what. */
static const char *const list_verbs[] = {
	"list", "search", "query", "find", "lookup", "all", "history", NULL};

/* Those that ask for one thing. */
static const char *const item_verbs[] = {"get", "info", "show", "read", NULL};

/* Those that ask for one thing also where it has another name ("get" may list). */
static const char *const sure_item_verbs[] = {
	"show", "info", "detail", "details", NULL};

/* Nouns that mean whoever asks. */
static const char *const self_nouns[] = {"me", "self", "myself", "whoami", NULL};

/* Segments that say how the answer is written. */
static const char *const format_nouns[] = {"json", "geojson", "jsonld", NULL};

/* Digits of a number that may be a year, and those in which years stand. */
#define YEAR_DIGITS 4

/* "2024" and "2024-05-01" choose many; other numbers are somebody's. */
static bool
is_year_or_day(const char *text)
{
	return strspn(text, "0123456789") == YEAR_DIGITS &&
		   (text[0] == '1' || text[0] == '2') &&
		   strspn(text, "0123456789-") == strlen(text);
}

/* A number, a uuid, or a code of capitals and digits: "9", "Q42", "EUW1_1". */
static bool
is_literal_id(const char *text)
{
	size_t len = strlen(text);
	bool digit = strpbrk(text, "0123456789") != NULL;

	if (!digit || is_year_or_day(text))
		return false;
	if (strspn(text, "0123456789") == len)
		return true;
	if (len == 36 && strspn(text, "0123456789abcdefABCDEF-") == len)
		return true;
	return text[0] >= 'A' && text[0] <= 'Z' &&
		   strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") == len;
}

/* The segment that says what is asked for, NULL if there is none. */
static const AcSegment *
noun_segment(const AcPath *path)
{
	const AcSegment *noun = ac_path_last_static(path);

	while (noun != NULL && (ac_names_in(noun->text, format_nouns) ||
							is_literal_id(noun->text)))
	{
		const AcSegment *before = ac_path_static_before(path,
														noun - path->segments);

		if (before == NULL)
			break;
		noun = before;
	}
	return noun;
}

const char *
ac_envelope_noun(const AcPath *path)
{
	const AcSegment *noun = noun_segment(path);

	return noun != NULL ? noun->text : NULL;
}

/*
 * "users.list", "jobs:search" and "package_show" are of users, jobs and a
 * package; NULL: no such verb.
 */
static char *
without_verb(const char *text, const char *const *verbs)
{
	const char *end = text + strlen(text);

	while (end > text && *end != '.' && *end != ':' && *end != '_')
		end--;
	return end > text && ac_names_in(end + 1, verbs)
			   ? pnstrdup(text, end - text)
			   : NULL;
}

const char *
ac_envelope_item_noun(const AcPath *path)
{
	const char *noun = ac_envelope_noun(path);

	return noun == NULL ? NULL : without_verb(noun, item_verbs);
}

bool
ac_envelope_asks_one(const AcPath *path)
{
	const AcSegment *last;

	if (path->count == 0)
		return false;
	last = &path->segments[path->count - 1];
	if (last->variable)
		return true;
	return !last->prefix &&
		   (is_literal_id(last->text) ||
			ac_names_in(last->text, self_nouns) ||
			ac_names_in(last->text, sure_item_verbs) ||
			without_verb(last->text, sure_item_verbs) != NULL);
}

bool
ac_envelope_names_noun(const AcPath *path, const char *key)
{
	const AcSegment *last = noun_segment(path);
	const AcSegment *before;
	const char *noun;

	if (last == NULL)
		return false;
	if (ac_names_alike(last->text, key))
		return true;
	noun = without_verb(last->text, list_verbs);
	if (noun != NULL)
		return ac_names_alike(noun, key);
	/* "/tags/list" */
	before = ac_path_static_before(path, last - path->segments);
	return before != NULL && ac_names_in(last->text, list_verbs) &&
		   ac_names_alike(before->text, key);
}

bool
ac_envelope_names_segment(const AcPath *path, const char *key)
{
	int i;

	for (i = 0; i < path->count; i++)
		if (!path->segments[i].variable &&
			ac_names_alike(path->segments[i].text, key))
			return true;
	return false;
}

bool
ac_envelope_ends_noun(const AcPath *path, const char *key)
{
	const char *noun = ac_envelope_noun(path);
	char *k;
	char *t;
	size_t k_len;
	size_t t_len;

	if (noun == NULL)
		return false;
	k = ac_names_singular(ac_names_snake(key));
	t = ac_names_singular(ac_names_snake(noun));
	k_len = strlen(k);
	t_len = strlen(t);
	return k_len > 0 && t_len > k_len && t[t_len - k_len - 1] == '_' &&
		   strcmp(t + t_len - k_len, k) == 0;
}

bool
ac_envelope_begins_with_noun(const AcPath *path, const char *key)
{
	const char *last = ac_envelope_noun(path);
	char *noun;
	char *snake;
	size_t len;

	if (last == NULL)
		return false;
	if (ac_envelope_names_noun(path, key))
		return true;
	noun = ac_names_singular(ac_names_snake(last));
	snake = ac_names_snake(key);
	len = strlen(noun);
	return len > 0 && strncmp(snake, noun, len) == 0 &&
		   (snake[len] == '_' || (snake[len] == 's' && snake[len + 1] == '_'));
}
