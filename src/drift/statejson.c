/*
 * statejson.c
 *		How is what is known from poll to poll kept as JSON?  See statejson.h.
 */
#include "ac.h"

#include "drift/statejson.h"

static void
save_field(AcJson *object, const AcStateField *field, const char *at)
{
	switch (field->kind)
	{
		case AC_STATE_IS_BOOL:
			if (*(const bool *) at)
				ac_json_set(object, field->name, ac_json_new_bool(true));
			break;
		case AC_STATE_IS_INT:
			if (*(const int64 *) at != 0)
				ac_json_set(object, field->name,
							ac_json_new_int(*(const int64 *) at));
			break;
		case AC_STATE_IS_TEXT:
			if (*(const char *const *) at != NULL)
				ac_json_set_string(object, field->name,
								   *(const char *const *) at);
			break;
	}
}

void
ac_state_save(AcJson *object, const AcStateField *fields, int n,
			  const void *record)
{
	int i;

	for (i = 0; i < n; i++)
		save_field(object, &fields[i],
				   (const char *) record + fields[i].offset);
}

int64
ac_state_count(const AcJson *node, int64 most)
{
	return Min(Max(ac_json_int(node, 0), 0), most);
}

char *
ac_state_text(const AcJson *object, const char *key, size_t max)
{
	size_t len;
	const char *text = ac_json_string(ac_json_get(object, key), &len);

	if (text == NULL || len > max || strlen(text) != len)
		return NULL;
	return pstrdup(text);
}

static void
load_field(const AcJson *object, const AcStateField *field, char *at)
{
	const AcJson *node = ac_json_get(object, field->name);
	char *text;

	switch (field->kind)
	{
		case AC_STATE_IS_BOOL:
			*(bool *) at = ac_json_bool(node, false);
			break;
		case AC_STATE_IS_INT:
			*(int64 *) at =
				Min(Max(ac_json_int(node, 0), field->least), field->most);
			break;
		case AC_STATE_IS_TEXT:
			text = ac_state_text(object, field->name, (size_t) field->most);
			if (field->clean != NULL)
				text = field->clean(text, (size_t) field->most);
			*(const char **) at = text;
			break;
	}
}

void
ac_state_load(const AcJson *object, const AcStateField *fields, int n,
			  void *record)
{
	int i;

	for (i = 0; i < n; i++)
		load_field(object, &fields[i], (char *) record + fields[i].offset);
}
