/*
 * htmldoc_param.c
 *		Which parameters do tables and lists of documentation speak of?
 */
#include "ac.h"

#include "api/htmldoc_internal.h"
#include "core/text.h"

/* Bytes of a parameter's name. */
#define PARAM_MAX_NAME 64

/* Columns of a table that mean something. */
typedef struct Columns
{
	int name;
	int type;
	int place;
	int required;
	int description;
} Columns;

/* Decoys first: "response parameters" are none. */
AcDocTopic
ac_doc_topic(const char *label)
{
	static const char *const others[] = {"response", "return", "error", "status code",
										 "result", "output", "example", "attributes", "object", "rate limit", "event", NULL};
	static const char *const bodies[] = {"body", "payload", "request field", "form", "json param", NULL};
	static const char *const params[] = {"parameter", "argument", "params", "filter", "option", NULL};

	if (ac_text_has_any(label, others))
		return AC_DOC_TOPIC_NONE;
	if (ac_text_has_any(label, bodies))
		return AC_DOC_TOPIC_BODY;
	if (ac_text_has(label, "header") && !ac_text_has(label, "parameter"))
		return AC_DOC_TOPIC_HEADER;
	if (ac_text_has(label, "path") || ac_text_has(label, "url param") || ac_text_has(label, "uri param"))
		return AC_DOC_TOPIC_PATH;
	if (ac_text_has(label, "query"))
		return AC_DOC_TOPIC_QUERY;
	if (ac_text_has(label, "header"))
		return AC_DOC_TOPIC_HEADER;
	return ac_text_has_any(label, params) ? AC_DOC_TOPIC_PARAMS : AC_DOC_TOPIC_UNKNOWN;
}

AcShape *
ac_doc_shape_of_value(const char *value)
{
	const char *digits = value;

	if (value == NULL || value[0] == '\0')
		return ac_shape_new(AC_SHAPE_STRING);
	if (strcmp(value, "true") == 0 || strcmp(value, "false") == 0)
		return ac_shape_new(AC_SHAPE_BOOLEAN);
	/* "007" and "20260101" may be codes; what pages are counted by is short. */
	if (digits[strspn(digits, "0123456789")] == '\0' && strlen(digits) <= 5 &&
		!(digits[0] == '0' && digits[1] != '\0'))
		return ac_shape_new(AC_SHAPE_INTEGER);
	return ac_shape_new(AC_SHAPE_STRING);
}

static AcShape *
shape_of_type(const char *type)
{
	static const struct
	{
		const char *word;
		AcShapeKind kind;
	} kinds[] = {
		{"array", AC_SHAPE_ARRAY},
		{"list", AC_SHAPE_ARRAY},
		{"[]", AC_SHAPE_ARRAY},
		{"bool", AC_SHAPE_BOOLEAN},
		{"string", AC_SHAPE_STRING},
		{"int", AC_SHAPE_INTEGER},
		{"long", AC_SHAPE_INTEGER},
		{"number", AC_SHAPE_NUMBER},
		{"float", AC_SHAPE_NUMBER},
		{"double", AC_SHAPE_NUMBER},
		{"decimal", AC_SHAPE_NUMBER},
	};
	int i;

	for (i = 0; i < (int) lengthof(kinds); i++)
	{
		AcShape *shape;

		if (!ac_text_has(type, kinds[i].word))
			continue;
		shape = ac_shape_new(kinds[i].kind);
		if (kinds[i].kind == AC_SHAPE_ARRAY)
			shape->items = ac_shape_new(AC_SHAPE_STRING);
		return shape;
	}
	return ac_shape_new(AC_SHAPE_STRING);
}

static bool
is_required(const char *text)
{
	return (ac_text_has(text, "required") && !ac_text_has(text, "not required") && !ac_text_has(text, "optional")) ||
		   ac_text_has(text, "mandatory");
}

/* The name that a text begins with; NULL if it begins with none. */
static char *
leading_name(const char *text, const char **behind)
{
	const char *start = text + strspn(text, "`*\"':? -");
	size_t n = 0;

	if (!isalpha((unsigned char) start[0]) && start[0] != '_' && start[0] != '$')
		return NULL;
	while (isalnum((unsigned char) start[n]) || (start[n] != '\0' && strchr("_-.[]$", start[n]) != NULL))
		n++;
	while (n > 0 && strchr(".-", start[n - 1]) != NULL)
		n--;
	if (n == 0 || n > PARAM_MAX_NAME)
		return NULL;
	if (behind != NULL)
		*behind = start + n + strspn(start + n, "`*\"'?");
	return pnstrdup(start, n);
}

AcParam *
ac_doc_param(AcDocMention *mention, AcParamPlace place, const char *name)
{
	AcParam *param;
	int i;

	for (i = 0; i < mention->n_params; i++)
	{
		param = &mention->params[i];
		if (param->place == place && strcmp(param->name, name) == 0)
			return param;
	}
	if (mention->n_params >= AC_DOC_MAX_PARAMS)
		return NULL;
	if (mention->n_params == 0)
		mention->params = palloc(4 * sizeof(AcParam));
	else if (mention->n_params >= 4 && (mention->n_params & (mention->n_params - 1)) == 0)
		mention->params = repalloc(mention->params, 2 * mention->n_params * sizeof(AcParam));
	param = &mention->params[mention->n_params++];
	memset(param, 0, sizeof(*param));
	param->name = name;
	param->place = place;
	param->required = place == AC_PARAM_PATH;
	param->style = place == AC_PARAM_PATH || place == AC_PARAM_HEADER ? "simple" : "form";
	param->explode = place == AC_PARAM_QUERY || place == AC_PARAM_COOKIE;
	param->shape = ac_shape_new(AC_SHAPE_STRING);
	return param;
}

/* Is there a variable of that name in the path? */
static bool
is_variable(const AcDocMention *mention, const char *name)
{
	size_t len = strlen(name);
	const char *at = strchr(mention->call.path, '{');

	for (; at != NULL; at = strchr(at + 1, '{'))
		if (strncmp(at + 1, name, len) == 0 && at[len + 1] == '}')
			return true;
	return false;
}

/* Where a parameter goes; false if nowhere that a table needs it. */
static bool
place_of(const AcDocMention *mention, const char *name, AcDocTopic topic,
		 AcParamPlace *place)
{
	*place = AC_PARAM_QUERY;
	if (topic == AC_DOC_TOPIC_NONE || topic == AC_DOC_TOPIC_BODY)
		return false;
	if (topic == AC_DOC_TOPIC_HEADER)
	{
		*place = AC_PARAM_HEADER;
		return pg_strcasecmp(name, "Authorization") != 0 && pg_strcasecmp(name, "Accept") != 0 &&
			   pg_strcasecmp(name, "Content-Type") != 0 && ac_doc_scheme_of_field(name, "") == NULL;
	}
	if (is_variable(mention, name))
	{
		*place = AC_PARAM_PATH;
		return true;
	}
	/* What is said to be in the path and is not there, cannot be sent. */
	if (topic == AC_DOC_TOPIC_PATH || ac_doc_scheme_of_query(name) != NULL)
		return false;
	return topic == AC_DOC_TOPIC_QUERY || strcmp(mention->call.method, "GET") == 0;
}

static void
add_param(AcDocMention *mention, const char *name, AcDocTopic topic,
		  const char *about, const char *description)
{
	AcParamPlace place;
	AcParam *param;

	if (!place_of(mention, name, topic, &place))
		return;
	param = ac_doc_param(mention, place, name);
	if (param == NULL)
		return;
	param->required |= is_required(about);
	param->deprecated |= ac_text_has(about, "deprecated");
	param->shape = shape_of_type(about);
	if (description != NULL && description[0] != '\0')
		param->description = description;
}

/* Tables. */

static const char *
cell(const AcJson *row, int column)
{
	const char *text = column >= 0 ? ac_json_string(ac_json_at(row, column), NULL) : NULL;

	return text != NULL ? text : "";
}

/* The first column but the name's whose head has one of the words; or -1. */
static int
column_of(const AcJson *head, const char *const *words, int other)
{
	int i;

	for (i = 0; i < ac_json_length(head); i++)
		if (i != other && ac_text_has_any(cell(head, i), words))
			return i;
	return -1;
}

static bool
find_columns(const AcJson *head, Columns *columns)
{
	static const char *const names[] = {"parameter", "name", "param", "argument", "field",
										"key", "variable", "option", "query", "filter", "property", NULL};
	static const char *const types[] = {"type", "format", "data type", NULL};
	static const char *const required[] = {"required", "mandatory", "optional", NULL};
	static const char *const descriptions[] = {"desc", "meaning", "detail", "note", "comment", NULL};
	int i;

	columns->name = column_of(head, names, -1);
	if (columns->name < 0)
		return false;
	columns->type = column_of(head, types, columns->name);
	columns->required = column_of(head, required, columns->name);
	columns->description = column_of(head, descriptions, columns->name);
	columns->place = -1;
	for (i = 0; i < ac_json_length(head); i++)
		if (pg_strcasecmp(cell(head, i), "in") == 0 || (i != columns->name && ac_text_has(cell(head, i), "locat")))
			columns->place = i;
	return true;
}

static AcDocTopic
topic_of_place(const char *place, AcDocTopic otherwise)
{
	static const char *const bodies[] = {"body", "form", NULL};

	if (ac_text_has(place, "path") || ac_text_has(place, "uri"))
		return AC_DOC_TOPIC_PATH;
	if (ac_text_has(place, "query") || ac_text_has(place, "url"))
		return AC_DOC_TOPIC_QUERY;
	if (ac_text_has(place, "header"))
		return AC_DOC_TOPIC_HEADER;
	return ac_text_has_any(place, bodies) ? AC_DOC_TOPIC_BODY : otherwise;
}

/* "yes", "true", "required", a tick. */
static bool
says_yes(const char *text)
{
	static const char *const words[] = {"yes", "true", "required", "mandatory",
										"\xE2\x9C\x93", "\xE2\x9C\x94", "\xE2\x9C\x85", NULL};

	return ac_text_has_any(text, words) && !ac_text_has(text, "optional") && !ac_text_has(text, "not ");
}

/* An unknown table is one of parameters only if its head says so. */
void
ac_doc_params_of_table(AcDocMention *mention, const AcJson *table, AcDocTopic topic)
{
	static const char *const sure[] = {"param", "argument", "query", "filter", NULL};
	const AcJson *head = ac_json_get(table, "head");
	const AcJson *rows = ac_json_get(table, "rows");
	Columns columns;
	int i;

	if (head == NULL)
	{
		head = ac_json_at(rows, 0);
		if (!ac_text_has_any(cell(head, 0), sure) && topic == AC_DOC_TOPIC_UNKNOWN)
			return;
	}
	if (!find_columns(head, &columns))
		return;
	if (topic == AC_DOC_TOPIC_UNKNOWN && columns.place < 0 &&
		!ac_text_has_any(cell(head, columns.name), sure))
		return;
	for (i = 0; i < ac_json_length(rows); i++)
	{
		const AcJson *row = ac_json_at(rows, i);
		AcDocTopic own = topic_of_place(cell(row, columns.place), topic);
		const char *rest;
		char *name = leading_name(cell(row, columns.name), &rest);

		char *about;

		if (name == NULL || row == head)
			continue;
		about = psprintf("%s %s %s", rest, cell(row, columns.type),
						 says_yes(cell(row, columns.required)) ? "required" : "");
		add_param(mention, name, own, about,
				  columns.description >= 0 ? cell(row, columns.description) : NULL);
		pfree(about);
	}
}

/*
 * Lists: "limit (integer, optional) - how many", "limit: how many",
 * "limit integer How many".  Only where the text above says that they are.
 */
bool
ac_doc_params_of_item(AcDocMention *mention, const char *text, AcDocTopic topic)
{
	static const char *const types[] = {"string", "int", "number", "bool", "array",
										"float", "date", "optional", "required", NULL};
	const char *behind;
	const char *about;
	char *name;
	char *note = NULL;

	if (topic == AC_DOC_TOPIC_UNKNOWN || topic == AC_DOC_TOPIC_NONE)
		return false;
	name = leading_name(text, &behind);
	if (name == NULL)
		return false;
	about = behind + strspn(behind, " ");
	if (about[0] == '(')
	{
		size_t n = strcspn(about, ")");

		note = pnstrdup(about, n);
		about += n + (about[n] == ')');
	}
	else if (about[0] != ':' && about[0] != '=' && about[0] != '\0' && strncmp(about, "- ", 2) != 0 &&
			 strncmp(about, "\xE2\x80\x93", 3) != 0 && strncmp(about, "\xE2\x80\x94", 3) != 0)
	{
		note = pnstrdup(about, strcspn(about, " "));
		if (!ac_text_has_any(note, types))
			return false;
		note = pnstrdup(about, Min(strlen(about), 24));
	}
	about += strspn(about, " :-=\n");
	while (strncmp(about, "\xE2\x80\x93", 3) == 0 || strncmp(about, "\xE2\x80\x94", 3) == 0)
		about += 3 + strspn(about + 3, " ");
	add_param(mention, name, topic, note != NULL ? note : "", about);
	return true;
}
