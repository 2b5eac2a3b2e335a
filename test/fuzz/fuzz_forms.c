/*
 * fuzz_forms.c
 *		Whatever the values of a field are: does its type hold every one?
 *
 * The input is a field's name, a line feed, and its values: JSON texts and
 * plain ones, a line each (what is no JSON is a string).  A form that is
 * claimed for all must be each one's, what looks readable must be read by
 * core/moment, numbers must fit, and a sample of the first half must never
 * lead to a type that the whole sample's would not have replaced.
 */
#include "fuzz.h"

#include "api/observe.h"
#include "core/moment.h"

/* Values of one field; more make runs slow and show no more. */
#define MAX_LINES 64

/* The lines as a JSON array. */
static AcJson *
read_lines(const char *at, const char *end, AcValues *values)
{
	AcJson *list = ac_json_new_array();

	values->n = 0;
	values->values = palloc(MAX_LINES * sizeof(AcJson *));
	while (at < end && values->n < MAX_LINES)
	{
		const char *eol = memchr(at, '\n', end - at);
		size_t len = (eol == NULL ? end : eol) - at;
		AcJson *value;

		if (!ac_json_parse(at, len, 16, &value, NULL))
			value = ac_json_new_string(pnstrdup(at, len));
		ac_json_append(list, value);
		values->values[values->n++] = value;
		at += len + 1;
	}
	return list;
}

/* What looks like a moment is one. */
static void
check_look(const char *text)
{
	int look = ac_types_look(text);
	size_t len = strlen(text);
	int64 moment;
	AcDay day;

	must((look & ~AC_LOOK_ANY) == 0, "a look that is known");
	must(((look & AC_LOOK_RFC2822) != 0) == ac_moment_mail(text, len, &moment), "mail");
	must(((look & AC_LOOK_DOTNET) != 0) == ac_moment_dotnet(text, len, &moment), ".NET");
	must(((look & AC_LOOK_DMY) != 0) == ac_moment_numeric_day(text, len, true, &day), "day first");
	must((look & AC_LOOK_INTEGER) == 0 || (look & AC_LOOK_NUMBER) != 0, "integers are numbers");
	must((look & AC_LOOK_DECIMAL) == 0 || (look & AC_LOOK_NUMBER) != 0, "decimals are numbers");
	must((look & AC_LOOK_CIDR) == 0 || (look & AC_LOOK_INET) != 0, "networks are addresses");
	must((look & AC_LOOK_DECIMAL) == 0 || text[0] != '0' || text[1] == '\0' || text[1] == '.', "no leading zeros");
}

static bool
number_fits(const AcTypeChoice *choice, const AcJson *value)
{
	if (choice->decode != NULL)
		return strncmp(choice->decode, "epoch_", 6) == 0;
	if (strcmp(choice->type, "bigint") == 0)
		return ac_json_kind(value) == AC_JSON_INT &&
			   ac_types_integer_fits("bigint", ac_json_text_of(value));
	return strcmp(choice->type, "numeric") == 0;
}

/* Can a column of that choice show the value? */
static bool
holds(const AcTypeChoice *choice, const AcJson *value)
{
	const char *text = ac_json_string(value, NULL);
	int needs = ac_types_needs(choice->type, choice->decode);
	bool is_json = strcmp(choice->type, "jsonb") == 0 && choice->decode == NULL;

	switch (ac_json_kind(value))
	{
		case AC_JSON_STRING:
			return needs == 0 || text[0] == '\0' ||
				   (ac_types_look(text) & needs) != 0;
		case AC_JSON_INT:
		case AC_JSON_DOUBLE:
			return is_json || strcmp(choice->type, "text") == 0 ||
				   number_fits(choice, value);
		case AC_JSON_BOOL:
			return is_json || strcmp(choice->type, "text") == 0 ||
				   strcmp(choice->type, "boolean") == 0;
		case AC_JSON_ARRAY:
			return is_json || ac_types_element(choice->type) != NULL;
		case AC_JSON_OBJECT:
			return is_json;
		default:
			return true;
	}
}

static void
check_field(const char *name, const AcValues *values)
{
	AcShape *shape = ac_seen_shape(values, name, 4);
	AcSeen seen = ac_seen_count(values);
	AcTypeChoice choice;
	AcTypeChoice wide;
	AcValues half = *values;
	int i;

	if (ac_types_is_expandable(shape))
		return;
	choice = ac_types_choose(shape, name);
	half.n = values->n / 2;
	wide = ac_types_choose(ac_seen_shape(&half, name, 4), name);
	wide = ac_observe_widen(wide.type, wide.decode, AC_SHAPE_UNKNOWN, values);
	for (i = 0; i < values->n; i++)
	{
		const AcJson *value = values->values[i];

		must(holds(&choice, value), "the type holds what was seen");
		must(holds(&wide, value), "and so does a widened one");
		if (ac_json_kind(value) == AC_JSON_STRING)
			check_look(ac_json_string(value, NULL));
	}
	if (seen.strings > 0)
		ac_json_free(ac_seen_rejected(&seen, choice.type));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *at = (const char *) data;
	const char *end = at + size;
	const char *eol = size == 0 ? NULL : memchr(at, '\n', size);
	AcValues values;
	AcJson *list;

	if (eol == NULL)
		return 0;
	list = read_lines(eol + 1, end, &values);
	check_field(pnstrdup(at, eol - at), &values);
	ac_json_free(list);
	ac_alloc_reset();
	return 0;
}
