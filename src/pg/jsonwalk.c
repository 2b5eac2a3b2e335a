/*
 * jsonwalk.c
 *		Which elements has this JSON array, which value has this member?
 *
 * See jsonwalk.h.  Containers are passed by counting brackets outside
 * strings, which is enough in a text that is known to be valid.
 */
#include "ac.h"

#include "pg/jsonwalk.h"

static const char *
skip_separators(const char *at, const char *end)
{
	while (at < end && (*at == ' ' || *at == '\t' || *at == '\n' ||
						*at == '\r' || *at == ',' || *at == ':'))
		at++;
	return at;
}

/* at: behind the opening quote.  Returns the closing one. */
static const char *
string_end(const char *at, bool *escaped)
{
	for (; *at != '"'; at++)
	{
		if (*at == '\\')
		{
			*escaped = true;
			at++;
		}
	}
	return at;
}

/* at: an opening bracket.  Returns the position behind its partner. */
static const char *
container_end(const char *at)
{
	int depth = 0;
	bool escaped;

	for (;; at++)
	{
		if (*at == '"')
			at = string_end(at + 1, &escaped);
		else if (*at == '{' || *at == '[')
			depth++;
		else if ((*at == '}' || *at == ']') && --depth == 0)
			return at + 1;
	}
}

/* Reads the value at that position; returns the position behind it. */
static const char *
read_value(const char *at, const char *end, AcField *value)
{
	const char *start = at;

	value->kind = ac_field_kind_of(*at);
	value->escaped = false;
	if (value->kind == AC_FIELD_STRING)
	{
		value->text = at + 1;
		at = string_end(at + 1, &value->escaped);
		value->len = at - value->text;
		return at + 1;
	}
	if (value->kind == AC_FIELD_OBJECT || value->kind == AC_FIELD_ARRAY)
		at = container_end(at);
	else
		while (at < end && strchr(" \t\n\r,]}", *at) == NULL)
			at++;
	value->text = start;
	value->len = at - start;
	return at;
}

void
ac_jsonwalk_begin(AcJsonWalk *walk, const AcField *container)
{
	Assert(container->kind == AC_FIELD_ARRAY ||
		   container->kind == AC_FIELD_OBJECT);
	walk->at = container->text + 1;
	walk->end = container->text + container->len - 1;
}

bool
ac_jsonwalk_element(AcJsonWalk *walk, AcField *element)
{
	walk->at = skip_separators(walk->at, walk->end);
	if (walk->at >= walk->end)
		return false;
	walk->at = read_value(walk->at, walk->end, element);
	return true;
}

void
ac_jsonwalk_member(const AcField *object, const char *name, AcField *member)
{
	AcJsonWalk walk;
	AcField key;
	AcField value;

	memset(member, 0, sizeof(*member));
	ac_jsonwalk_begin(&walk, object);
	while (ac_jsonwalk_element(&walk, &key) &&
		   ac_jsonwalk_element(&walk, &value))
		if (ac_field_equals(&key, name, strlen(name)))
			*member = value;
}
