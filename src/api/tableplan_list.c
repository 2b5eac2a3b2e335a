/*
 * tableplan_list.c
 *		Does a parameter take several values at once, and how?
 *
 * A parameter of the type array in the way that its style says, or a string
 * of which the description says that it is a list.  Its name may be that of
 * several things: ids, statuses, id__in, status[].
 */
#include "ac.h"

#include "api/names.h"
#include "api/tableplan_int.h"

/* Digits of a number in a description that is still one of values. */
#define MAX_DIGITS 4

/* Bytes of a description that are read for words. */
#define DESCRIPTION_READ 2000

/* How values stand in the parameter, as the column option param_list has it. */
static const char *
form_of_style(const AcParam *param)
{
	/* of path variables */
	if (strcmp(param->style, "simple") == 0)
		return "comma";
	if (strcmp(param->style, "form") == 0)
		return param->explode ? "repeat" : "comma";
	if (strcmp(param->style, "pipeDelimited") == 0)
		return "pipe";
	return strcmp(param->style, "spaceDelimited") == 0 ? "space" : NULL;
}

/* The same by what is said of a string; NULL: it is no list. */
static const char *
form_of_words(const char *about)
{
	static const struct
	{
		const char *words;
		const char *form;
	} ways[] = {
		{"comma-separated", "comma"},
		{"comma separated", "comma"},
		{"comma-delimited", "comma"},
		{"comma delimited", "comma"},
		{"separated by comma", "comma"},
		{"separated by a comma", "comma"},
		{"separated with comma", "comma"},
		{"pipe-separated", "pipe"},
		{"pipe separated", "pipe"},
		{"pipe-delimited", "pipe"},
		{"separated by pipe", "pipe"},
		{"space-separated", "space"},
		{"space separated", "space"},
		{"space-delimited", "space"},
		{"separated by space", "space"},
	};

	for (int i = 0; i < (int) lengthof(ways); i++)
		if (strstr(about, ways[i].words) != NULL)
			return ways[i].form;
	return NULL;
}

/* "up to 50", "at most 50", "maximum of 50", "limit: 50"; 0 if there is none. */
static int
max_of_words(const char *about)
{
	static const char *const words[] = {
		"up to ", "at most ", "maximum of ", "maximum ", "max ", "max. ",
		"no more than ", "limited to ", "limit of ", "not exceed ", NULL};

	for (int i = 0; words[i] != NULL; i++)
	{
		const char *at = strstr(about, words[i]);
		size_t digits;

		if (at == NULL)
			continue;
		at += strlen(words[i]);
		digits = strspn(at, "0123456789");
		if (digits > 0 && digits <= MAX_DIGITS && atoi(at) > 0)
			return atoi(at);
	}
	return 0;
}

/* The name of one thing, of which the parameter takes several. */
static char *
name_of_one(const char *name)
{
	static const char *const ends[] = {"__in", "[in]", "[]", "_in", NULL};
	size_t len = strlen(name);

	for (int i = 0; ends[i] != NULL; i++)
	{
		size_t end = strlen(ends[i]);

		if (len > end && strcmp(name + len - end, ends[i]) == 0)
			return pnstrdup(name, len - end);
	}
	return ac_names_singular(ac_names_snake(name));
}

bool
ac_params_list(const AcParam *param, AcParamsList *list)
{
	char *about = pstrdup("");

	memset(list, 0, sizeof(*list));
	if (param->media_type != NULL)
		return false;
	if (param->description != NULL)
		about = pnstrdup(param->description,
						 Min(strlen(param->description), DESCRIPTION_READ));
	for (char *s = about; *s != '\0'; s++)
		*s = pg_ascii_tolower((unsigned char) *s);
	if (param->shape->kind == AC_SHAPE_ARRAY)
		list->form = form_of_style(param);
	else if (param->shape->kind == AC_SHAPE_STRING && param->shape->n_enum == 0)
		list->form = form_of_words(about);
	if (list->form != NULL)
	{
		list->max = param->max_items > 0 ? param->max_items
										 : max_of_words(about);
		list->one = name_of_one(param->name);
	}
	pfree(about);
	return list->form != NULL;
}
