/*
 * jsonset.c
 *		How are values put into a JSON object by pointer?  See jsonset.h.
 */
#include "ac.h"

#include "core/jsonset.h"
#include "core/pointer.h"

bool
ac_jsonset_at(AcJson *object, const char *pointer, AcJson *value)
{
	AcPointer tokens;
	int i;

	if (!ac_pointer_parse(pointer, &tokens, NULL) || tokens.count == 0)
	{
		ac_json_free(value);
		return false;
	}
	for (i = 0; i < tokens.count - 1; i++)
	{
		AcJson *inner = ac_json_get(object, tokens.tokens[i]);

		if (inner == NULL)
		{
			inner = ac_json_new_object();
			ac_json_set(object, tokens.tokens[i], inner);
		}
		object = inner;
		if (ac_json_kind(object) != AC_JSON_OBJECT)
		{
			ac_json_free(value);
			return false;
		}
	}
	ac_json_set(object, tokens.tokens[tokens.count - 1], value);
	return true;
}

/* A number or boolean as such, anything else as a string. */
static AcJson *
scalar_of(const char *text, bool plain)
{
	AcJson *value;

	if (!plain || !ac_json_parse(text, strlen(text), 1, &value, NULL))
		return ac_json_new_string(text);
	switch (ac_json_kind(value))
	{
		case AC_JSON_BOOL:
		case AC_JSON_INT:
		case AC_JSON_DOUBLE:
			return value;
		default:
			ac_json_free(value);
			return ac_json_new_string(text);
	}
}

static AcJson *
value_of(const AcJsonSet *set)
{
	AcJson *array;

	if (set->n_values == 0)
		return scalar_of(set->value, set->plain);
	array = ac_json_new_array();
	for (int i = 0; i < set->n_values; i++)
		ac_json_append(array, scalar_of(set->values[i], set->plain));
	return array;
}

char *
ac_jsonset_apply(const char *json, const AcJsonSet *sets, int n)
{
	AcJson *object;
	char *text = NULL;
	bool good;
	int i;

	if (!ac_json_parse(json, strlen(json), AC_JSON_MAX_DEPTH, &object, NULL))
		return NULL;
	good = ac_json_kind(object) == AC_JSON_OBJECT;
	for (i = 0; good && i < n; i++)
		good = ac_jsonset_at(object, sets[i].pointer, value_of(&sets[i]));
	if (good)
		text = ac_json_to_text(object);
	ac_json_free(object);
	return text;
}
