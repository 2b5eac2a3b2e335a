/*
 * fix.c
 *		Which repairs exist, as data?
 *
 * See fix.h.  As JSON a fix is {"action": "add_column", "schema": ..., ...,
 * "options": [{"name": ..., "before": ..., "after": ...}]}; what is NULL is
 * left out.
 */
#include "ac.h"

#include "drift/fix.h"

static const char *const actions[] = {
	[AC_FIX_NONE] = "none",
	[AC_FIX_ADD_COLUMN] = "add_column",
	[AC_FIX_DROP_COLUMN] = "drop_column",
	[AC_FIX_COLUMN_OPTIONS] = "column_options",
	[AC_FIX_CREATE_TABLE] = "create_table",
	[AC_FIX_DROP_TABLE] = "drop_table",
};

/* Text members and where they stand. */
typedef struct Member
{
	const char *name;
	size_t offset;
} Member;

static const Member members[] = {
	{"schema", offsetof(AcFix, schema)},
	{"relation", offsetof(AcFix, relation)},
	{"column", offsetof(AcFix, column)},
	{"type", offsetof(AcFix, type)},
	{"statement", offsetof(AcFix, statement)},
};

static const char **
member_of(AcFix *fix, const Member *member)
{
	return (const char **) ((char *) fix + member->offset);
}

const char *
ac_fix_action_name(AcFixAction action)
{
	Assert((int) action >= 0 && (int) action < (int) lengthof(actions));
	return actions[action];
}

/* The action that undoes one, NONE if there is none. */
static AcFixAction
inverse_action(const AcFix *fix)
{
	switch (fix->action)
	{
		case AC_FIX_ADD_COLUMN:
			return AC_FIX_DROP_COLUMN;
		case AC_FIX_DROP_COLUMN:
			return fix->type != NULL ? AC_FIX_ADD_COLUMN : AC_FIX_NONE;
		case AC_FIX_COLUMN_OPTIONS:
			return AC_FIX_COLUMN_OPTIONS;
		case AC_FIX_CREATE_TABLE:
			return AC_FIX_DROP_TABLE;
		case AC_FIX_DROP_TABLE:
			return fix->statement != NULL ? AC_FIX_CREATE_TABLE : AC_FIX_NONE;
		case AC_FIX_NONE:
			break;
	}
	return AC_FIX_NONE;
}

/* What the inverse needs to be undone again stays in it; fix may be inverse. */
bool
ac_fix_inverse(const AcFix *fix, AcFix *inverse)
{
	AcFixAction action = inverse_action(fix);
	int i;

	if (action == AC_FIX_NONE)
		return false;
	*inverse = *fix;
	inverse->action = action;
	for (i = 0; i < inverse->n_options; i++)
	{
		AcFixOption *option = &inverse->options[i];
		const char *before = option->before;

		option->before = option->after;
		option->after = before;
	}
	return true;
}

static void
set_text(AcJson *object, const char *key, const char *text)
{
	if (text != NULL)
		ac_json_set_string(object, key, text);
}

static AcJson *
options_to_json(const AcFix *fix)
{
	AcJson *array = ac_json_new_array();
	int i;

	for (i = 0; i < fix->n_options; i++)
	{
		AcJson *option = ac_json_new_object();

		ac_json_set_string(option, "name", fix->options[i].name);
		set_text(option, "before", fix->options[i].before);
		set_text(option, "after", fix->options[i].after);
		ac_json_append(array, option);
	}
	return array;
}

AcJson *
ac_fix_to_json(const AcFix *fix)
{
	AcJson *object = ac_json_new_object();
	AcFix copy = *fix;
	int i;

	ac_json_set_string(object, "action", ac_fix_action_name(fix->action));
	for (i = 0; i < (int) lengthof(members); i++)
		set_text(object, members[i].name, *member_of(&copy, &members[i]));
	if (fix->n_options > 0)
		ac_json_set(object, "options", options_to_json(fix));
	return object;
}

/*
 * Reads a text member into a palloc'd copy, NULL if there is none.  A text
 * with a NUL byte would be another one in SQL.
 */
static bool
read_text(const AcJson *object, const char *key, const char **text,
		  AcError *err)
{
	size_t len = 0;
	const char *found;

	*text = NULL;
	if (ac_json_kind(ac_json_get(object, key)) == AC_JSON_NULL)
		return true;
	found = ac_json_string(ac_json_get(object, key), &len);
	if (found == NULL || strlen(found) != len)
		return ac_error_set(err, AC_ERR_MALFORMED, "\"%s\" of a fix is no text",
							key);
	*text = pstrdup(found);
	return true;
}

static bool
read_action(const AcJson *json, AcFixAction *action, AcError *err)
{
	const char *name = ac_json_get_string(json, "action");
	int i;

	for (i = 0; name != NULL && i < (int) lengthof(actions); i++)
		if (strcmp(actions[i], name) == 0)
		{
			*action = (AcFixAction) i;
			return true;
		}
	return ac_error_set(err, AC_ERR_MALFORMED, "a fix has no known action");
}

static bool
read_options(const AcJson *json, AcFix *fix, AcError *err)
{
	const AcJson *array = ac_json_get(json, "options");
	int n = ac_json_length(array);
	int i;

	if (array != NULL && ac_json_kind(array) != AC_JSON_ARRAY)
		return ac_error_set(err, AC_ERR_MALFORMED,
							"\"options\" of a fix is no list");
	if (n > AC_FIX_MAX_OPTIONS)
		return ac_error_set(err, AC_ERR_MALFORMED,
							"a fix has more than %d options",
							AC_FIX_MAX_OPTIONS);
	for (i = 0; i < n; i++)
	{
		const AcJson *object = ac_json_at(array, i);
		AcFixOption *option = &fix->options[i];

		if (!read_text(object, "name", &option->name, err) ||
			!read_text(object, "before", &option->before, err) ||
			!read_text(object, "after", &option->after, err))
			return false;
		if (option->name == NULL || option->name[0] == '\0')
			return ac_error_set(err, AC_ERR_MALFORMED,
								"an option of a fix has no name");
	}
	fix->n_options = n;
	return true;
}

/* Does the fix name what its action acts upon? */
static bool
is_whole(const AcFix *fix)
{
	switch (fix->action)
	{
		case AC_FIX_ADD_COLUMN:
			return fix->column != NULL && fix->type != NULL;
		case AC_FIX_DROP_COLUMN:
			return fix->column != NULL;
		case AC_FIX_COLUMN_OPTIONS:
			return fix->column != NULL && fix->n_options > 0;
		case AC_FIX_NONE:
		case AC_FIX_CREATE_TABLE:
		case AC_FIX_DROP_TABLE:
			break;
	}
	return true;
}

bool
ac_fix_from_json(const AcJson *json, AcFix *fix, AcError *err)
{
	int i;

	memset(fix, 0, sizeof(AcFix));
	if (!read_action(json, &fix->action, err))
		return false;
	for (i = 0; i < (int) lengthof(members); i++)
		if (!read_text(json, members[i].name, member_of(fix, &members[i]),
					   err))
			return false;
	if (!read_options(json, fix, err))
		return false;
	if (!is_whole(fix))
		return ac_error_set(err, AC_ERR_MALFORMED,
							"a fix lacks what \"%s\" needs",
							ac_fix_action_name(fix->action));
	return true;
}
