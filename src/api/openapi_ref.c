/*
 * openapi_ref.c
 *		What does a $ref mean?
 *
 * Reference Objects (OpenAPI 3.0.4, 4.7.23; 3.1.1, 4.8.23): a URI reference
 * whose fragment is a JSON Pointer or, below JSON Schema 2020-12, an anchor.
 * Which document it leads to is openapi_place's business; what is not at hand
 * is noted and counts as unknown, as does what cannot be found.  A $dynamicRef
 * is read as a $ref: to the first place that it could mean.
 */
#include "ac.h"

#include "api/openapi_internal.h"
#include "core/hex.h"
#include "core/pointer.h"

/*
 * A chain of references that only refer on; real documents have two.  Longer
 * ones, and circles, end here.
 */
#define REF_MAX_HOPS 32

/* References that a pointer passes through, each inside the one before. */
#define REF_MAX_DEPTH 8

/* Longest $ref that is looked up: paths in pointers are 200 bytes long. */
#define REF_MAX_LENGTH 4096

/* Longer names of components are told as they are written in the $ref. */
#define NAME_MAX_ESCAPED 128

const char *
ac_openapi_ref(const AcJson *node)
{
	const char *ref = ac_json_get_string(node, "$ref");

	return ref != NULL ? ref : ac_json_get_string(node, "$dynamicRef");
}

/*
 * Percent-decodes a fragment (RFC 6901, section 6).  What is no valid escape
 * is kept, because names with a bare '%' occur.
 */
static char *
decode_fragment(const char *fragment)
{
	char *decoded = palloc(strlen(fragment) + 1);
	char *to = decoded;

	while (*fragment != '\0')
	{
		int high = fragment[0] == '%' ? ac_hex_value(fragment[1]) : -1;
		int low = high >= 0 ? ac_hex_value(fragment[2]) : -1;

		/* A NUL byte cannot be part of a name here. */
		if (low >= 0 && (high > 0 || low > 0))
		{
			*to++ = (char) (high * 16 + low);
			fragment += 3;
		}
		else
			*to++ = *fragment++;
	}
	*to = '\0';
	return decoded;
}

/*
 * Follows a pointer that passes through references on its way, as
 * "#/components/schemas/A" where "schemas" is itself a $ref to another file.
 */
static bool
walk_pointer(AcOpenapiReader *reader, AcJson *root, const char *text,
			 AcJson **target)
{
	AcPointer pointer;
	AcJson *node = root;
	int i;

	if (reader->ref_depth >= REF_MAX_DEPTH ||
		!ac_pointer_parse(text, &pointer, NULL))
		return false;
	reader->ref_depth++;
	for (i = 0; i < pointer.count && node != NULL; i++)
	{
		const char *token = pointer.tokens[i];
		AcJson *next = ac_json_get(node, token);

		if (next == NULL && ac_openapi_ref(node) != NULL)
		{
			node = ac_openapi_ref_follow(reader, node, NULL);
			next = ac_json_get(node, token);
		}
		if (next == NULL)
			next = ac_json_at(node, ac_pointer_index(token));
		node = next;
	}
	reader->ref_depth--;
	*target = node;
	return node != NULL;
}

/* A fragment that is a pointer from this root. */
static bool
follow_pointer(AcOpenapiReader *reader, AcJson *root, const char *fragment,
			   AcJson **target)
{
	char *pointer = decode_fragment(fragment);
	bool found = ac_json_pointer(root, pointer, target) ||
				 ac_json_pointer(root, fragment, target) ||
				 (pointer[0] == '/' &&
				  walk_pointer(reader, root, pointer, target));

	pfree(pointer);
	return found;
}

/*
 * What the fragment means in this place.  Pointers are relative to the schema
 * with the $id (JSON Schema core, 9.2.1), but most who write "#/components"
 * below an $id mean the document, so that is tried, too.
 */
static bool
look_into(AcOpenapiReader *reader, AcOpenapiPlace *place,
		  const char *fragment, AcJson **target)
{
	AcJson *anchor;

	if (fragment[0] == '\0' || fragment[0] == '/')
		return follow_pointer(reader, place->root, fragment, target) ||
			   (place->document->root != place->root &&
				follow_pointer(reader, place->document->root, fragment,
							   target));
	anchor = ac_shape_map_find(&place->anchors, fragment, strlen(fragment));
	if (anchor == NULL)
		anchor = ac_shape_map_find(&place->document->anchors, fragment,
								   strlen(fragment));
	*target = anchor;
	return anchor != NULL;
}

/* One reference; false if it leads nowhere. */
static bool
look_up(AcOpenapiReader *reader, AcJson *node, const char *ref,
		AcJson **target)
{
	AcOpenapiPlace *place = ac_openapi_place_of(reader, node);
	const char *fragment = ref + strcspn(ref, "#");

	/* Swagger once took a bare name for a definition's */
	if (ref[0] != '\0' && strpbrk(ref, "#/.") == NULL &&
		(*target = ac_json_get(ac_openapi_components(reader), ref)) != NULL)
		return true;
	if (strlen(ref) <= REF_MAX_LENGTH)
	{
		if (fragment != ref)
			place = ac_openapi_place_find(reader, place, ref);
		if (place != NULL && ref[0] != '\0' &&
			look_into(reader, place, fragment + (*fragment == '#'), target))
			return true;
	}
	if (fragment != ref ? place == NULL : ref[0] == '\0')
		ac_openapi_note(reader, "external $ref \"%s\" was not followed",
						ac_openapi_quote(reader, ref));
	else
		ac_openapi_note(reader, "unresolved $ref \"%s\"",
						ac_openapi_quote(reader, ref));
	return false;
}

/*
 * The last step of "#/components/schemas/Name" or "#/$defs/Name", and of
 * "file#/Name" alike; NULL for a reference into the inside of something.
 */
static const char *
component_name(const char *ref)
{
	static const char *const parents[] = {"#/components/schemas/", "#/$defs/",
										  "#/definitions/", "#/"};
	const char *fragment = strchr(ref, '#');
	int i;

	for (i = 0; fragment != NULL && i < (int) lengthof(parents); i++)
	{
		size_t len = strlen(parents[i]);

		/* of the document at hand, "#/name" is no component */
		if (len == 2 && fragment == ref)
			break;
		if (strncmp(fragment, parents[i], len) == 0 &&
			fragment[len] != '\0' && strchr(fragment + len, '/') == NULL)
			return fragment + len;
	}
	return NULL;
}

/* "Pet" of "schemas/Pet.yaml", a file that is one schema; NULL if unnamed. */
static char *
file_name(const char *ref)
{
	size_t len = strcspn(ref, "?#");
	size_t start = len;
	size_t end;

	if (ref[len] == '#' && ref[len + 1] != '\0')
		return NULL;
	while (start > 0 && ref[start - 1] != '/')
		start--;
	for (end = start; end < len && ref[end] != '.'; end++)
		;
	if (end == start || end - start > NAME_MAX_ESCAPED ||
		(end - start == 5 && strncmp(ref + start, "index", 5) == 0))
		return NULL;
	return pnstrdup(ref + start, end - start);
}

/* The component's name as it stands in the document, or *name as it was. */
static void
name_component(const char *ref, const char **name)
{
	const char *found;
	char *plain;
	char *from;
	char *to;

	if (name == NULL || strlen(ref) > REF_MAX_LENGTH)
		return;
	found = component_name(ref);
	if (found == NULL && ref[0] != '#')
		found = file_name(ref);
	if (found == NULL)
		return;
	*name = found;
	if (strpbrk(found, "%~") == NULL || strlen(found) > NAME_MAX_ESCAPED)
		return;
	plain = decode_fragment(found);
	for (from = to = plain; *from != '\0'; from++)
	{
		if (from[0] == '~' && (from[1] == '0' || from[1] == '1'))
			*to++ = *++from == '0' ? '~' : '/';
		else
			*to++ = *from;
	}
	*to = '\0';
	*name = plain;
}

AcJson *
ac_openapi_ref_from(AcOpenapiReader *reader, AcJson *node, const char *ref,
					const char **name)
{
	AcJson *target;

	if (!ac_openapi_spend(reader, 1) ||
		!look_up(reader, node, ref, &target))
		return NULL;
	name_component(ref, name);
	return target;
}

AcJson *
ac_openapi_ref_target(AcOpenapiReader *reader, AcJson *node,
					  const char **name)
{
	Assert(ac_openapi_ref(node) != NULL);
	return ac_openapi_ref_from(reader, node, ac_openapi_ref(node), name);
}

AcJson *
ac_openapi_ref_follow(AcOpenapiReader *reader, AcJson *node,
					  const char **name)
{
	int hops;

	for (hops = 0; node != NULL && ac_openapi_ref(node) != NULL; hops++)
	{
		if (hops >= REF_MAX_HOPS)
		{
			ac_openapi_note(reader, "$ref \"%s\" leads to no end",
							ac_openapi_quote(reader, ac_openapi_ref(node)));
			return NULL;
		}
		node = ac_openapi_ref_target(reader, node, name);
	}
	return node;
}
