/*
 * fuzz_innerlist.c
 *		Is what is found of a list in any object really in it?
 *
 * Input: the list's pointer, or nothing, a line end, and a page of rows, each
 * of which is taken for such an object.
 */
#include "fuzz.h"

#include "api/innerlist.h"
#include "core/buf.h"
#include "core/json.h"
#include "core/rowscan.h"

/* The slice as it stands in the text, with the quotes of a string. */
static bool
is_within(const AcField *field, const AcField *object)
{
	int quote = field->kind == AC_FIELD_STRING ? 1 : 0;

	return field->text - quote >= object->text &&
		   field->text + field->len + quote <= object->text + object->len;
}

/* Is the list what the tree has at its pointer? */
static void
check_list(const AcInnerList *inner, const AcField *object)
{
	AcJson *doc;
	AcJson *list;
	AcJson *found;

	if (!ac_json_parse(inner->list.text, inner->list.len, AC_JSON_MAX_DEPTH,
					   &list, NULL))
		abort();
	if (!ac_json_parse(object->text, object->len, AC_JSON_MAX_DEPTH, &doc,
					   NULL))
		abort();
	if (memchr(object->text, '\\', object->len) == NULL &&
		(!ac_json_pointer(doc, inner->list_path, &found) ||
		 ac_json_kind(found) != AC_JSON_ARRAY ||
		 !ac_json_equal(found, list)))
		abort();
	ac_json_free(list);
	ac_json_free(doc);
}

static void
check_object(const AcField *object, const char *list_path)
{
	AcInnerList inner;

	ac_innerlist_read(object, list_path, &inner);
	if (inner.way == AC_INNER_WHOLE)
		return;
	if (!ac_innerlist_is_likely(object) || inner.list.kind != AC_FIELD_ARRAY ||
		!is_within(&inner.list, object) ||
		(list_path != NULL && strcmp(list_path, inner.list_path) != 0) ||
		(inner.way == AC_INNER_NEXT && !is_within(&inner.next, object)) ||
		((inner.way == AC_INNER_KEYSET || inner.way == AC_INNER_OFFSET) && !is_within(&inner.url, object)))
		abort();
	for (int i = 0; i < inner.n_marks; i++)
		if (!is_within(&inner.marks[i], object))
			abort();
	check_list(&inner, object);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const whole[] = {""};
	const char *end = memchr(data, '\n', size);
	size_t head = end != NULL ? (size_t) (end - (const char *) data) : size;
	size_t len = end != NULL ? size - head - 1 : 0;
	char *list_path = pnstrdup((const char *) data, head);
	char *body = malloc(len + AC_BUF_PADDING);
	AcRowSource source = {.rows_path = ""};
	AcRowScan scan;
	AcField row;

	if (len > 0)
		memcpy(body, end + 1, len);
	memset(body + len, 0, AC_BUF_PADDING);
	if (ac_rowscan_begin(&scan,
						 ac_rowplan_create(&source, (AcPointers){whole, 1},
										   NULL, (AcPointers){NULL, 0}, NULL),
						 (AcSlice){body, len}, NULL, NULL))
		while (ac_rowscan_next(&scan, &row, NULL) == AC_ROW_FOUND)
			check_object(&row, list_path[0] != '\0' ? list_path : NULL);
	free(body);
	ac_alloc_reset();
	return 0;
}
