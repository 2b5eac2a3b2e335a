/*
 * canonical.c
 *		Are two JSON documents the same but for order and white space?
 *		See canonical.h.
 */
#include "ac.h"

#include "drift/canonical.h"

typedef struct Member
{
	const char *key;
	const AcJson *value;
} Member;

static int
compare_members(const void *a, const void *b)
{
	return strcmp(((const Member *) a)->key, ((const Member *) b)->key);
}

/* A key as a JSON string, in the parser's own spelling. */
static void
append_key(const char *key, StringInfo out)
{
	AcJson *node = ac_json_new_string(key);
	char *text = ac_json_to_text(node);

	appendStringInfo(out, "%s:", text);
	pfree(text);
	ac_json_free(node);
}

static void
append_object(const AcJson *object, StringInfo out)
{
	Member *members = NULL;
	int n = 0;
	int capacity = 0;
	AcJsonIter it;

	ac_json_iter_init(&it, object);
	while (ac_json_iter_next(&it))
	{
		if (n == capacity)
		{
			capacity = Max(8, 2 * capacity);
			members = members == NULL
						  ? palloc(sizeof(Member) * capacity)
						  : repalloc(members, sizeof(Member) * capacity);
		}
		members[n].key = it.key;
		members[n++].value = it.value;
	}
	if (n > 1)
		qsort(members, n, sizeof(Member), compare_members);
	appendStringInfoChar(out, '{');
	for (int i = 0; i < n; i++)
	{
		if (i > 0)
			appendStringInfoChar(out, ',');
		append_key(members[i].key, out);
		ac_canonical_append(members[i].value, out);
	}
	appendStringInfoChar(out, '}');
	if (members != NULL)
		pfree(members);
}

void
ac_canonical_append(const AcJson *doc, StringInfo out)
{
	char *text;

	switch (ac_json_kind(doc))
	{
		case AC_JSON_OBJECT:
			append_object(doc, out);
			return;
		case AC_JSON_ARRAY:
			appendStringInfoChar(out, '[');
			for (int i = 0; i < ac_json_length(doc); i++)
			{
				if (i > 0)
					appendStringInfoChar(out, ',');
				ac_canonical_append(ac_json_at(doc, i), out);
			}
			appendStringInfoChar(out, ']');
			return;
		default:
			text = ac_json_to_text(doc);
			appendStringInfoString(out, text);
			pfree(text);
			return;
	}
}
