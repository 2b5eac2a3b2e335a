/*
 * paging_fields.c
 *		Which fields of an answer stand outside of its rows?
 *
 * Of a described answer their kinds, of a page their values too.  What they
 * say of paging is paging.c's business.
 */
#include "ac.h"

#include "api/names.h"
#include "api/paging_int.h"
#include "core/pointer.h"

/* Fields of an answer looked at; what pages is never deep in a big answer. */
#define MAX_FIELDS 400

/* Levels at which fields that page were seen: response/meta/cursors/next. */
#define MAX_DEPTH 4

typedef struct FieldList
{
	AcPagingField *fields;
	int n;
	const char *rows_path;
} FieldList;

/* Does the field belong to an object that the way to the rows leads through? */
static bool
stands_beside(const char *pointer, const char *rows_path)
{
	size_t len = strrchr(pointer, '/') - pointer;

	return strncmp(pointer, rows_path, len) == 0 &&
		   (rows_path[len] == '/' || rows_path[len] == '\0');
}

static AcPagingField *
add_field(FieldList *list, const char *pointer, const char *name)
{
	AcPagingField *field = &list->fields[list->n++];

	Assert(list->n <= MAX_FIELDS);
	memset(field, 0, sizeof(AcPagingField));
	field->pointer = pointer;
	field->name = name;
	field->beside = stands_beside(pointer, list->rows_path);
	field->value = -1;
	return field;
}

/* An object that may hold the parameters of the next request. */
static void
add_object(FieldList *list, const char *pointer, const char *name, int members)
{
	AcPagingField *field;

	if (members <= 0 || list->n == MAX_FIELDS)
		return;
	field = add_field(list, pointer, name);
	field->kind = AC_SHAPE_OBJECT;
	field->value = members;
}

/* The number of members, 0 if one of them is no scalar. */
static int
scalars_of_shape(const AcShape *shape)
{
	int i;

	for (i = 0; i < shape->n_properties; i++)
	{
		const AcShape *inner = shape->properties[i].shape;

		if (inner->kind == AC_SHAPE_ARRAY || inner->kind == AC_SHAPE_OBJECT ||
			inner->kind == AC_SHAPE_MAP)
			return 0;
	}
	return shape->n_properties;
}

static int
scalars_of(const AcJson *object)
{
	int n = 0;
	AcJsonIter it;

	ac_json_iter_init(&it, object);
	while (ac_json_iter_next(&it))
	{
		AcJsonKind kind = ac_json_kind(it.value);

		if (kind == AC_JSON_ARRAY || kind == AC_JSON_OBJECT)
			return 0;
		n++;
	}
	return n;
}

/* An array that may be a token, by its name. */
static void
add_array(FieldList *list, const char *pointer, const char *name)
{
	static const char *const names[] = {
		"after", "searchafter", "nextafter", "cursor", "nextcursor",
		"position", NULL};

	if (list->n < MAX_FIELDS && ac_names_in(name, names))
		add_field(list, pointer, name)->kind = AC_SHAPE_ARRAY;
}

static void
collect_shape(FieldList *list, const AcShape *shape, const char *pointer,
			  int depth)
{
	int i;

	for (i = 0; i < shape->n_properties && list->n < MAX_FIELDS; i++)
	{
		const AcProperty *property = &shape->properties[i];
		const AcShape *inner = property->shape;
		char *path = ac_pointer_child(pointer, property->name);
		AcPagingField *field;

		if (strcmp(path, list->rows_path) == 0)
			continue;
		if (inner->kind == AC_SHAPE_ARRAY)
		{
			add_array(list, path, property->name);
			continue;
		}
		if (inner->n_properties > 0)
		{
			add_object(list, path, property->name, scalars_of_shape(inner));
			if (depth < MAX_DEPTH)
				collect_shape(list, inner, path, depth + 1);
			continue;
		}
		field = add_field(list, path, property->name);
		field->kind = inner->kind;
		field->is_url = inner->format != NULL &&
						(strncmp(inner->format, "ur", 2) == 0 ||
						 strcmp(inner->format, "link") == 0);
	}
}

int
ac_paging_shape_fields(const AcShape *response, const char *rows_path,
					   AcPagingField **fields)
{
	FieldList list;

	*fields = NULL;
	if (response == NULL || response->kind != AC_SHAPE_OBJECT)
		return 0;
	list.fields = palloc(MAX_FIELDS * sizeof(AcPagingField));
	list.n = 0;
	list.rows_path = rows_path;
	collect_shape(&list, response, "", 1);
	/* a copy, since what was once large stays so in repalloc's hands */
	if (list.n > 0)
	{
		*fields = palloc(list.n * sizeof(AcPagingField));
		memcpy(*fields, list.fields, list.n * sizeof(AcPagingField));
	}
	pfree(list.fields);
	return list.n;
}

/* A value that can only be a URL or a reference to one. */
static bool
looks_like_url(const char *text)
{
	return strncmp(text, "http://", 7) == 0 ||
		   strncmp(text, "https://", 8) == 0 ||
		   ((text[0] == '/' || text[0] == '?') && strlen(text) > 1 &&
			strpbrk(text, " \t\r\n") == NULL &&
			(text[0] == '?' || strchr(text, '?') != NULL));
}

static void
read_value(AcPagingField *field, const AcJson *value)
{
	const char *text;

	switch (ac_json_kind(value))
	{
		case AC_JSON_BOOL:
			field->kind = AC_SHAPE_BOOLEAN;
			break;
		case AC_JSON_INT:
		case AC_JSON_DOUBLE:
			field->kind = AC_SHAPE_INTEGER;
			field->value = ac_json_int(value, -1);
			break;
		case AC_JSON_STRING:
			text = ac_json_string(value, NULL);
			field->kind = AC_SHAPE_STRING;
			field->is_null = text[0] == '\0';
			/* "137", and "1,234", of which some digits do */
			if (text[strspn(text, "0123456789,")] == '\0')
				field->value = ac_paging_number(text);
			field->is_url = looks_like_url(text);
			break;
		default:
			field->kind = AC_SHAPE_UNKNOWN;
			field->is_null = true;
			break;
	}
}

static void
collect_page(FieldList *list, const AcJson *body, const char *pointer,
			 int depth)
{
	AcJsonIter it;

	ac_json_iter_init(&it, body);
	while (ac_json_iter_next(&it) && list->n < MAX_FIELDS)
	{
		char *path = ac_pointer_child(pointer, it.key);

		if (strcmp(path, list->rows_path) == 0)
			continue;
		if (ac_json_kind(it.value) == AC_JSON_ARRAY)
		{
			if (ac_json_length(it.value) > 0)
				add_array(list, path, pstrdup(it.key));
			continue;
		}
		if (ac_json_kind(it.value) == AC_JSON_OBJECT)
		{
			add_object(list, path, pstrdup(it.key), scalars_of(it.value));
			if (depth < MAX_DEPTH)
				collect_page(list, it.value, path, depth + 1);
			continue;
		}
		read_value(add_field(list, path, pstrdup(it.key)), it.value);
	}
}

int
ac_paging_page_fields(const AcJson *body, const char *rows_path,
					  AcPagingField **fields)
{
	FieldList list;

	list.fields = palloc(MAX_FIELDS * sizeof(AcPagingField));
	list.n = 0;
	list.rows_path = rows_path;
	/* the facts of a page in front of its rows: [{"page": 1}, [...]] */
	if (ac_json_kind(body) == AC_JSON_ARRAY && strcmp(rows_path, "/1") == 0)
		collect_page(&list, ac_json_at(body, 0), "/0", 2);
	else
		collect_page(&list, body, "", 1);
	*fields = repalloc(list.fields, Max(list.n, 1) * sizeof(AcPagingField));
	return list.n;
}
