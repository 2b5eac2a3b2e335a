/*
 * tableplan_path.c
 *		Which parts does a path template have?  See tableplan_path.h.
 */
#include "ac.h"

#include "api/endpoints.h"
#include "api/names.h"
#include "api/tableplan_path.h"
#include "core/text.h"

/* "v1", "v2beta1", "v1.1", "2.0", "2023-01-01" */
static bool
is_version(const char *text)
{
	const char *s = text;
	int digits;

	if (*s == 'v' || *s == 'V')
		s++;
	digits = (int) strspn(s, "0123456789");
	if (digits == 0)
		return false;
	/* a bare number is a version only with a dot or as a date */
	if (s == text && strspn(s, "0123456789.") != strlen(s))
		return strlen(s) == 10 && s[4] == '-' && s[7] == '-' &&
			   strspn(s, "0123456789-") == 10;
	if (s == text)
		return strchr(s, '.') != NULL;
	s += strspn(s, "0123456789.");
	if (strncmp(s, "alpha", 5) == 0)
		s += 5;
	else if (strncmp(s, "beta", 4) == 0)
		s += 4;
	else if (strncmp(s, "rc", 2) == 0)
		s += 2;
	return s[strspn(s, "0123456789")] == '\0';
}

static bool
is_prefix(const char *text)
{
	static const char *const prefixes[] = {
		"api", "apis", "rest", "public", "json", NULL};

	return ac_names_in(text, prefixes);
}

/*
 * A number, a UUID or the like.  Longer words with letters and digits may be
 * identifiers, but also calls ("getOAuth2Credentials").
 */
static bool
is_identifier(const char *text)
{
	size_t len = strlen(text);

	return strspn(text, "0123456789abcdefABCDEF-_") == len &&
		   ac_endpoints_segment_is_id(text, len);
}

/* Reads a segment of len bytes. */
static AcSegment
read_segment(const char *text, int len)
{
	AcSegment segment = {0};
	const char *open = memchr(text, '{', len);
	const char *close = open ? memchr(open, '}', text + len - open) : NULL;

	if (close != NULL)
	{
		segment.variable = true;
		segment.mixed = open > text || close < text + len - 1;
		/* ".json" behind a variable is a suffix of the API, not of the name */
		if (open == text && text + len - close == 6 &&
			strncmp(close, "}.json", 6) == 0)
			segment.mixed = false;
		segment.text = pnstrdup(open + 1, close - open - 1);
		segment.whole = segment.mixed ? pnstrdup(text, len) : NULL;
		return segment;
	}
	segment.json = len > 5 && strncmp(text + len - 5, ".json", 5) == 0;
	if (segment.json)
		len -= 5;
	segment.text = pnstrdup(text, len);
	segment.version = is_version(segment.text);
	segment.id = !segment.version && is_identifier(segment.text);
	return segment;
}

/* "/17": what looks like an identifier is the name where there is no other. */
static void
keep_only_id(AcPath *path)
{
	int i;

	for (i = 0; i < path->count; i++)
	{
		AcSegment *segment = &path->segments[i];

		if (segment->variable || segment->prefix)
			continue;
		segment->id = false;
		return;
	}
}

AcPath *
ac_path_parse(const char *path_template)
{
	AcPath *path = palloc0(sizeof(AcPath));
	const char *s = path_template;
	bool leading = true;
	int max = 1;
	int i;

	for (i = 0; s[i] != '\0'; i++)
		if (s[i] == '/')
			max++;
	path->text = path_template;
	path->segments = palloc0(max * sizeof(AcSegment));
	while (*s != '\0' && *s != '?')
	{
		int len = (int) strcspn(s, "/?");
		AcSegment *segment = &path->segments[path->count];

		if (len > 0)
		{
			Assert(path->count < max);
			*segment = read_segment(s, len);
			leading = leading && !segment->variable &&
					  (segment->version || is_prefix(segment->text));
			segment->prefix = leading || segment->version;
			path->count++;
		}
		s += len;
		if (*s == '/')
			s++;
	}
	/* where nothing else is left, the last "prefix" is the thing itself */
	if (path->count > 0 && leading && !path->segments[path->count - 1].version)
		path->segments[path->count - 1].prefix = false;
	keep_only_id(path);
	return path;
}

void
ac_path_free(AcPath *path)
{
	for (int i = 0; i < path->count; i++)
		pfree(unconstify(char *, path->segments[i].text));
	pfree(path->segments);
	pfree(path);
}

const AcSegment *
ac_path_static_before(const AcPath *path, int index)
{
	Assert(index <= path->count);
	while (--index >= 0)
	{
		const AcSegment *segment = &path->segments[index];

		if (!segment->variable && !segment->prefix && !segment->id)
			return segment;
	}
	return NULL;
}

const AcSegment *
ac_path_last_static(const AcPath *path)
{
	return ac_path_static_before(path, path->count);
}

bool
ac_path_ends_in_variable(const AcPath *path)
{
	return path->count > 0 && path->segments[path->count - 1].variable;
}

int
ac_path_item_variable(const AcPath *collection, const AcPath *item)
{
	int i;

	if (item->count != collection->count + 1 ||
		!item->segments[item->count - 1].variable ||
		item->segments[item->count - 1].mixed)
		return -1;
	for (i = 0; i < collection->count; i++)
	{
		const AcSegment *a = &collection->segments[i];
		const AcSegment *b = &item->segments[i];

		if (a->variable != b->variable || a->mixed != b->mixed ||
			(a->mixed && strcmp(a->whole, b->whole) != 0))
			return -1;
		if (!a->variable && strcmp(a->text, b->text) != 0)
			return -1;
	}
	return item->count - 1;
}

char *
ac_path_rename_shared(const AcPath *collection, const AcPath *item)
{
	StringInfoData out;
	const char *theirs = collection->text;
	const char *s = item->text;

	initStringInfo(&out);
	while (*s != '\0')
	{
		const char *close = *s == '{' ? strchr(s, '}') : NULL;

		if (close == NULL)
		{
			appendStringInfoChar(&out, *s++);
			continue;
		}
		/* the nth variable of the one is the nth of the other */
		theirs = theirs != NULL ? strchr(theirs, '{') : NULL;
		if (theirs != NULL)
			appendBinaryStringInfo(&out, theirs, strcspn(theirs, "}") + 1);
		else
			appendBinaryStringInfo(&out, s, (int) (close + 1 - s));
		theirs = theirs != NULL ? strchr(theirs, '}') : NULL;
		s = close + 1;
	}
	return ac_text_keep(&out);
}
