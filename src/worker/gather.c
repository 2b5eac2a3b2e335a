/*
 * gather.c
 *		Which members do the rows of an answer have, and of which kinds?
 *		See gather.h.
 */
#include "ac.h"

#include "api/envelope.h"
#include "core/pointer.h"
#include "core/rowtree.h"
#include "core/url.h"
#include "net/judge.h"
#include "policy/outcome.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"
#include "worker/gather.h"

/* Bytes of an example; longer texts tell nothing more about their kind. */
#define EXAMPLE_BYTES 64

/* Bytes of a path; members with longer names become no columns. */
#define PATH_BYTES 256

typedef struct FieldEntry
{
	char path[PATH_BYTES];
	int index; /* among the gathered fields */
} FieldEntry;

typedef struct Gathering
{
	const AcCheck *check;
	AcGathered *gathered;
	HTAB *by_path;
	int capacity;
	const char *const *dropped; /* members that are no columns on purpose */
} Gathering;

static AcPayloadKind
kind_of(const AcJson *node)
{
	switch (ac_json_kind(node))
	{
		case AC_JSON_BOOL:
			return AC_PAYLOAD_BOOLEAN;
		case AC_JSON_INT:
			return AC_PAYLOAD_INTEGER;
		case AC_JSON_DOUBLE:
			return AC_PAYLOAD_FRACTION;
		case AC_JSON_STRING:
			return AC_PAYLOAD_STRING;
		case AC_JSON_ARRAY:
			return AC_PAYLOAD_ARRAY;
		case AC_JSON_OBJECT:
			return AC_PAYLOAD_OBJECT;
		case AC_JSON_NULL:
		case AC_JSON_ABSENT:
			break;
	}
	return AC_PAYLOAD_NULL;
}

/*
 * The field of a path, made if there is none; NULL if there are too many.  An
 * API may repeat what it was sent, even as a name.
 */
static AcPayloadField *
find_field(Gathering *gathering, const char *path)
{
	AcGathered *gathered = gathering->gathered;
	AcPayloadField *field;
	FieldEntry *entry;
	bool found;

	if (strlen(path) >= PATH_BYTES)
		return NULL;
	entry = hash_search(gathering->by_path, path, HASH_FIND, NULL);
	if (entry != NULL)
		return &gathered->fields[entry->index];
	if (gathered->n_fields == gathering->capacity ||
		ac_judge_holds_secret(gathering->check->conn, path))
		return NULL;
	entry = hash_search(gathering->by_path, path, HASH_ENTER, &found);
	entry->index = gathered->n_fields++;
	field = &gathered->fields[entry->index];
	memset(field, 0, sizeof(*field));
	field->json_path = pstrdup(path);
	return field;
}

/* Keeps the text of a scalar, if it may be shown and more are wanted. */
static void
add_example(const Gathering *gathering, AcPayloadField *field,
			const AcJson *value)
{
	char *text;

	if (field->n_examples == AC_PAYLOAD_EXAMPLES ||
		ac_url_name_is_secret(field->json_path))
		return;
	text = ac_json_text_of(value);
	if (text == NULL)
		return;
	ac_judge_scrub(gathering->check->conn, text);
	field->examples[field->n_examples++] = ac_outcome_clean(text, EXAMPLE_BYTES);
}

static void
take_value(Gathering *gathering, const char *path, const AcJson *value)
{
	AcPayloadField *field = find_field(gathering, path);
	AcPayloadKind kind = kind_of(value);

	if (field == NULL)
		return;
	field->rows_present++;
	field->counts[kind]++;
	if (kind != AC_PAYLOAD_NULL)
		add_example(gathering, field, value);
}

/* Columns that show something below a member. */
static void
take_nested(Gathering *gathering, const AcCheckTable *table, AcJson *row)
{
	for (int i = 0; i < table->n_columns; i++)
	{
		const char *path = table->columns[i].json_path;
		AcJson *value;

		if (path[0] == '/' && strchr(path + 1, '/') != NULL &&
			ac_json_pointer(row, path, &value))
			take_value(gathering, path, value);
	}
}

/* Fields beside a wrapper of which no columns are made, NULL if none. */
static const char *const *
dropped_of(const AcCheckTable *table)
{
	for (int i = 0; i < table->n_columns; i++)
	{
		AcPointer pointer;
		const char *const *dropped;

		if (!ac_pointer_parse(table->columns[i].json_path, &pointer, NULL) ||
			pointer.count < 2)
			continue;
		dropped = ac_envelope_dropped(pointer.tokens[0]);
		if (dropped != NULL)
			return dropped;
	}
	return NULL;
}

static bool
is_dropped(const char *const *dropped, const char *name)
{
	for (; dropped != NULL && *dropped != NULL; dropped++)
		if (strcmp(*dropped, name) == 0)
			return true;
	return false;
}

static void
take_row(Gathering *gathering, const AcCheckTable *table, AcJson *row)
{
	AcJsonIter it;

	gathering->gathered->rows++;
	ac_json_iter_init(&it, row);
	while (ac_json_iter_next(&it))
	{
		char *path;

		if (is_dropped(gathering->dropped, it.key))
			continue;
		path = ac_pointer_child("", it.key);
		take_value(gathering, path, it.value);
		pfree(path);
	}
	take_nested(gathering, table, row);
}

static void
begin(Gathering *gathering, const AcCheck *check, AcGathered *gathered)
{
	HASHCTL control = {0};

	memset(gathered, 0, sizeof(*gathered));
	gathering->check = check;
	gathering->gathered = gathered;
	gathering->capacity = AC_PAYLOAD_MAX_PATHS;
	gathered->fields = palloc(sizeof(AcPayloadField) * gathering->capacity);
	control.keysize = PATH_BYTES;
	control.entrysize = sizeof(FieldEntry);
	control.hcxt = CurrentMemoryContext;
	gathering->by_path = hash_create("autoconn members", 64, &control,
									 HASH_ELEM | HASH_STRINGS | HASH_CONTEXT);
}

bool
ac_gather_rows(const AcCheck *check, const AcCheckTable *table, AcJson *body,
			   AcGathered *gathered)
{
	Gathering gathering;
	AcTreeRows rows;

	if (!ac_rowtree_read(body, &table->rows, &rows))
		return false;
	begin(&gathering, check, gathered);
	gathering.dropped = dropped_of(table);
	for (int i = 0; i < rows.n; i++)
		if (ac_json_kind(rows.rows[i].row) == AC_JSON_OBJECT)
			take_row(&gathering, table, rows.rows[i].row);
	hash_destroy(gathering.by_path);
	ac_rowtree_free(&rows);
	return true;
}
