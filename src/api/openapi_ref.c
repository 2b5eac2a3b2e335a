/*
 * openapi_ref.c
 *		What does a $ref mean?
 *
 * Reference Objects (OpenAPI 3.0.4, 4.7.23; 3.1.1, 4.8.23): a URI reference
 * whose fragment is a JSON Pointer.  Only the document at hand is looked at:
 * what lies elsewhere is noted and counts as unknown, as does what cannot be
 * found.  Anchors ("#name") and $id are not followed.
 */
#include "ac.h"

#include "api/openapi_internal.h"
#include "core/hex.h"

/*
 * A chain of references that only refer on; real documents have two.  Longer
 * ones, and circles, end here.
 */
#define REF_MAX_HOPS 32

/* Longest $ref that is looked up: paths in pointers are 200 bytes long. */
#define REF_MAX_LENGTH 4096

/* Longer names of components are told as they are written in the $ref. */
#define NAME_MAX_ESCAPED 128

const char *
ac_openapi_ref(const AcJson *node)
{
	return ac_json_get_string(node, "$ref");
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

/* One reference; false if it leads nowhere. */
static bool
look_up(AcOpenapiReader *reader, const char *ref, AcJson **target)
{
	if (ref[0] != '#')
	{
		ac_openapi_note(reader, "external $ref \"%s\" was not followed",
						ac_openapi_quote(reader, ref));
		return false;
	}
	if (strlen(ref) <= REF_MAX_LENGTH)
	{
		char *pointer = decode_fragment(ref + 1);
		bool found = ac_json_pointer(reader->doc, pointer, target) ||
					 ac_json_pointer(reader->doc, ref + 1, target);

		pfree(pointer);
		if (found)
			return true;
	}
	ac_openapi_note(reader, "unresolved $ref \"%s\"", ac_openapi_quote(reader, ref));
	return false;
}

/*
 * The last step of "#/components/schemas/Name" or "#/$defs/Name"; NULL for a
 * reference into the inside of something.
 */
static const char *
component_name(const char *ref)
{
	static const char *const parents[] = {"#/components/schemas/", "#/$defs/",
										  "#/definitions/"};
	int i;

	for (i = 0; i < (int) lengthof(parents); i++)
	{
		size_t len = strlen(parents[i]);

		if (strncmp(ref, parents[i], len) == 0 && ref[len] != '\0' &&
			strchr(ref + len, '/') == NULL)
			return ref + len;
	}
	return NULL;
}

/* The component's name as it stands in the document, or *name as it was. */
static void
name_component(const char *ref, const char **name)
{
	const char *found = component_name(ref);
	char *plain;
	char *from;
	char *to;

	if (name == NULL || found == NULL)
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
ac_openapi_ref_target(AcOpenapiReader *reader, AcJson *node,
					  const char **name)
{
	const char *ref = ac_openapi_ref(node);
	AcJson *target;

	Assert(ref != NULL);
	if (!ac_openapi_spend(reader, 1) || !look_up(reader, ref, &target))
		return NULL;
	name_component(ref, name);
	return target;
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
