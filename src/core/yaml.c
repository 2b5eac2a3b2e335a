/*
 * yaml.c
 *		What does a YAML document say?  See yaml.h.
 *
 * libyaml's events, of which this is the one reader, are put together to a
 * tree of core/json.  Nothing here pallocs: an error thrown would leak what
 * libyaml and json-c hold.
 *
 * libyaml reads in linear time but for directives, which it compares with
 * each other; those are counted before it sees the text.
 */
#include "ac.h"

#include <limits.h>
#include <yaml.h>

#include "core/hash.h"
#include "core/jsonsize.h"
#include "core/yaml.h"

/*
 * Nodes met through aliases and merge keys when the whole tree is walked.  The
 * largest descriptions have 250,000 nodes in all, so that a million by
 * reference is a bomb; a walk of them still takes well below a second.
 */
#define YAML_MAX_EXPANDED 1000000

/* A document has one %YAML and a few %TAG, if any at all. */
#define YAML_MAX_DIRECTIVES 32

/* Bytes of input between two looks at the interrupt flag. */
#define YAML_INTERRUPT_BYTES 65536

#define YAML_TAG "tag:yaml.org,2002:"

typedef struct Anchor
{
	char *name;
	char *text;	  /* of a scalar, as it was written */
	AcJson *node; /* a reference of ours */
	int64 size;	  /* nodes when walked */
	bool open;	  /* its end was not met yet */
	uint64 hash;
	int next; /* of the same bucket, -1: last */
} Anchor;

/* A collection whose end was not met yet. */
typedef struct Level
{
	AcJson *node;
	AcJson *merges; /* array of what "<<" led to, NULL if none */
	char *key;		/* waits for its value, NULL if none */
	bool merging;	/* the key is "<<" */
	int64 size;		/* nodes when walked */
	int anchor;		/* index, -1 if none */
} Level;

/* A node that is complete. */
typedef struct Value
{
	AcJson *node;	  /* a reference that the receiver takes over */
	const char *text; /* of a scalar, as it was written */
	size_t len;
	bool is_merge; /* a plain "<<" */
	int64 size;
} Value;

typedef struct YamlReader
{
	yaml_parser_t parser;
	yaml_event_t event;
	const AcJsonText *input;
	AcError *err;
	AcJson *root;
	Level *levels;
	int depth;
	Anchor *anchors;
	int n_anchors;
	int max_anchors;
	int *buckets; /* 2 * max_anchors indexes, -1: none */
	int64 expanded;
	int64 memory;
	size_t asked; /* offset at the last look at the interrupt flag */
	bool ended;	  /* the first document */
	bool done;	  /* and what follows it is another one, or nothing */
} YamlReader;

static bool
fail_memory(YamlReader *reader)
{
	return ac_error_set(reader->err, AC_ERR_NO_MEMORY, "out of memory");
}

/* Something is wrong with the node that the current event is of. */
static bool
fail_node(YamlReader *reader, AcErrorCode code, const char *what)
{
	const yaml_mark_t *mark = &reader->event.start_mark;

	return ac_error_set(reader->err, code, "YAML document %s at line %zu, column %zu",
						what, mark->line + 1, mark->column + 1);
}

/* libyaml gave up. */
static bool
fail_parser(YamlReader *reader)
{
	const yaml_parser_t *parser = &reader->parser;

	if (parser->error == YAML_MEMORY_ERROR)
		return fail_memory(reader);
	if (parser->error == YAML_READER_ERROR)
		return ac_error_set(reader->err, AC_ERR_MALFORMED,
							"YAML document is malformed: %s at byte %zu",
							parser->problem, parser->problem_offset);
	return ac_error_set(reader->err, AC_ERR_MALFORMED,
						"YAML document is malformed: %s at line %zu, column %zu",
						parser->problem != NULL ? parser->problem : "not understood",
						parser->problem_mark.line + 1,
						parser->problem_mark.column + 1);
}

static bool
spend(YamlReader *reader, int64 bytes)
{
	reader->memory += bytes;
	if (reader->memory > ac_jsonsize_limit(reader->input->len))
		return fail_node(reader, AC_ERR_TOO_LARGE, "has too many nodes");
	return true;
}

static bool
expand(YamlReader *reader, int64 nodes)
{
	reader->expanded += nodes;
	if (reader->expanded > YAML_MAX_EXPANDED)
		return fail_node(reader, AC_ERR_TOO_LARGE, "expands aliases to too many nodes");
	return true;
}

static size_t
count_digits(const char *text, const char *digits)
{
	return strspn(text, digits);
}

/* Does the rest of a core schema float, behind its sign, follow? */
static bool
is_decimal(const char *text)
{
	size_t whole = count_digits(text, "0123456789");
	size_t fraction = 0;

	text += whole;
	if (*text == '.')
	{
		fraction = count_digits(text + 1, "0123456789");
		text += 1 + fraction;
	}
	if (whole + fraction == 0)
		return false;
	if (*text == 'e' || *text == 'E')
	{
		text++;
		if (*text == '+' || *text == '-')
			text++;
		if (count_digits(text, "0123456789") == 0)
			return false;
		text += count_digits(text, "0123456789");
	}
	return *text == '\0';
}

/*
 * A number of the core schema as JSON spells it: no '+', no leading zeros, a
 * digit on both sides of the point.
 */
static AcJson *
decimal(const char *text)
{
	AcJson *node;
	char *spelled = malloc(strlen(text) + 3);
	char *out = spelled;

	if (spelled == NULL)
		return NULL;
	if (*text == '-')
		*out++ = '-';
	if (*text == '-' || *text == '+')
		text++;
	while (text[0] == '0' && text[1] >= '0' && text[1] <= '9')
		text++;
	if (*text == '.')
		*out++ = '0';
	while (*text != '\0')
	{
		*out++ = *text++;
		if (text[-1] == '.' && !(*text >= '0' && *text <= '9'))
			*out++ = '0';
	}
	*out = '\0';
	node = ac_json_new_number(spelled);
	free(spelled);
	return node;
}

/* 0o17 and 0x1F, if 64 bits hold it; else NULL. */
static AcJson *
by_radix(const char *text)
{
	bool hex = text[1] == 'x';
	const char *digits = hex ? "0123456789abcdefABCDEF" : "01234567";
	size_t n = count_digits(text + 2, digits);
	unsigned long long value;
	char spelled[32];

	if (n == 0 || text[2 + n] != '\0')
		return NULL;
	errno = 0;
	value = strtoull(text + 2, NULL, hex ? 16 : 8);
	if (errno != 0)
		return NULL;
	snprintf(spelled, sizeof(spelled), "%llu", value);
	return ac_json_new_number(spelled);
}

static bool
is_one_of(const char *text, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strcmp(text, *words) == 0)
			return true;
	return false;
}

/*
 * Tag resolution of the core schema (YAML 1.2.2, 10.3.2).  False if a plain
 * scalar is a string; null is a node that is NULL.
 */
static bool
resolve(const char *text, AcJson **node)
{
	static const char *const nulls[] = {"", "~", "null", "Null", "NULL", NULL};
	static const char *const trues[] = {"true", "True", "TRUE", NULL};
	static const char *const falses[] = {"false", "False", "FALSE", NULL};
	const char *unsigned_text = text;

	*node = NULL;
	if (is_one_of(text, nulls))
		return true;
	if (is_one_of(text, trues) || is_one_of(text, falses))
		*node = ac_json_new_bool(*text == 't' || *text == 'T');
	else if (text[0] == '0' && (text[1] == 'x' || text[1] == 'o'))
		*node = by_radix(text);
	else
	{
		if (*text == '-' || *text == '+')
			unsigned_text++;
		if (is_decimal(unsigned_text))
			*node = decimal(text);
	}
	return *node != NULL;
}

/* Is this scalar's type to be found out from its text? */
static bool
is_resolved(const yaml_event_t *event)
{
	const char *tag = (const char *) event->data.scalar.tag;

	if (event->data.scalar.length != strlen((const char *) event->data.scalar.value))
		return false;
	if (tag == NULL)
		return event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	if (strcmp(tag, "!") == 0)
		return false;
	if (strncmp(tag, YAML_TAG, strlen(YAML_TAG)) != 0)
		return event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	tag += strlen(YAML_TAG);
	return strcmp(tag, "null") == 0 || strcmp(tag, "bool") == 0 ||
		   strcmp(tag, "int") == 0 || strcmp(tag, "float") == 0;
}

static AcJson *
scalar_node(const yaml_event_t *event)
{
	const char *text = (const char *) event->data.scalar.value;
	AcJson *node;

	if (is_resolved(event) && resolve(text, &node))
		return node;
	return ac_json_new_string_len(text, event->data.scalar.length);
}

/* Index of the anchor met last under that name, -1 if none. */
static int
find_anchor(YamlReader *reader, const char *name)
{
	uint64 hash = ac_hash_text(name, 0);
	int i;

	if (reader->max_anchors == 0)
		return -1;
	i = reader->buckets[hash % (2 * reader->max_anchors)];
	while (i >= 0 && (reader->anchors[i].hash != hash ||
					  strcmp(reader->anchors[i].name, name) != 0))
		i = reader->anchors[i].next;
	return i;
}

/* Puts an anchor in front of its bucket, where it hides an elder namesake. */
static void
file_anchor(YamlReader *reader, int index)
{
	Anchor *anchor = &reader->anchors[index];
	int *bucket = &reader->buckets[anchor->hash % (2 * reader->max_anchors)];

	anchor->next = *bucket;
	*bucket = index;
}

static bool
grow_anchors(YamlReader *reader)
{
	int max = reader->max_anchors == 0 ? 64 : reader->max_anchors * 2;
	Anchor *anchors = realloc(reader->anchors, max * sizeof(Anchor));
	int *buckets;
	int i;

	if (anchors == NULL)
		return fail_memory(reader);
	reader->anchors = anchors;
	buckets = realloc(reader->buckets, 2 * max * sizeof(int));
	if (buckets == NULL)
		return fail_memory(reader);
	reader->buckets = buckets;
	reader->max_anchors = max;
	for (i = 0; i < 2 * max; i++)
		buckets[i] = -1;
	for (i = 0; i < reader->n_anchors; i++)
		file_anchor(reader, i);
	return true;
}

/* Makes an anchor, if the node has one; *index is -1 if not. */
static bool
open_anchor(YamlReader *reader, const yaml_char_t *name, int *index)
{
	Anchor *anchor;

	*index = -1;
	if (name == NULL)
		return true;
	if (!spend(reader, (int64) sizeof(Anchor) + strlen((const char *) name)))
		return false;
	if (reader->n_anchors == reader->max_anchors && !grow_anchors(reader))
		return false;
	anchor = &reader->anchors[reader->n_anchors];
	memset(anchor, 0, sizeof(*anchor));
	anchor->name = strdup((const char *) name);
	if (anchor->name == NULL)
		return fail_memory(reader);
	anchor->hash = ac_hash_text(anchor->name, 0);
	anchor->open = true;
	*index = reader->n_anchors++;
	file_anchor(reader, *index);
	return true;
}

static bool
close_anchor(YamlReader *reader, int index, const Value *value)
{
	Anchor *anchor;

	if (index < 0)
		return true;
	Assert(index < reader->n_anchors);
	anchor = &reader->anchors[index];
	anchor->node = ac_json_ref(value->node);
	anchor->size = value->size;
	anchor->open = false;
	if (value->text == NULL)
		return true;
	if (!spend(reader, value->len))
		return false;
	anchor->text = strdup(value->text);
	return anchor->text != NULL || fail_memory(reader);
}

/* An array that holds objects only, or an object. */
static bool
is_mergeable(const AcJson *node)
{
	int i;

	for (i = 0; i < ac_json_length(node); i++)
		if (ac_json_kind(ac_json_at(node, i)) != AC_JSON_OBJECT)
			return false;
	return ac_json_kind(node) == AC_JSON_OBJECT || ac_json_length(node) > 0;
}

static bool
take_key(YamlReader *reader, Level *level, Value *value)
{
	ac_json_free(value->node);
	if (value->text == NULL)
		return fail_node(reader, AC_ERR_MALFORMED, "has a key that is no scalar");
	level->key = strdup(value->text);
	level->merging = value->is_merge;
	if (level->key == NULL)
		return fail_memory(reader);
	return spend(reader, AC_JSONSIZE_MEMBER + value->len);
}

static void
take_member(Level *level, Value *value)
{
	if (level->merging && is_mergeable(value->node))
	{
		if (level->merges == NULL)
			level->merges = ac_json_new_array();
		ac_json_append(level->merges, value->node);
	}
	else
		ac_json_set(level->node, level->key, value->node);
	free(level->key);
	level->key = NULL;
}

/* A node is complete: it goes where it stands. */
static bool
take_value(YamlReader *reader, Value *value)
{
	Level *level;

	if (reader->depth == 0)
	{
		reader->root = value->node;
		return true;
	}
	level = &reader->levels[reader->depth - 1];
	level->size += value->size;
	if (ac_json_kind(level->node) == AC_JSON_ARRAY)
		ac_json_append(level->node, value->node);
	else if (level->key == NULL)
		return take_key(reader, level, value);
	else
		take_member(level, value);
	return true;
}

static bool
on_scalar(YamlReader *reader)
{
	const yaml_event_t *event = &reader->event;
	Value value = {.size = 1};
	int anchor;

	if (!open_anchor(reader, event->data.scalar.anchor, &anchor) ||
		!spend(reader, AC_JSONSIZE_SCALAR + event->data.scalar.length))
		return false;
	value.text = (const char *) event->data.scalar.value;
	value.len = event->data.scalar.length;
	value.is_merge = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
					 strcmp(value.text, "<<") == 0;
	value.node = scalar_node(event);
	if (!close_anchor(reader, anchor, &value))
	{
		ac_json_free(value.node);
		return false;
	}
	return take_value(reader, &value);
}

static bool
on_alias(YamlReader *reader)
{
	int index = find_anchor(reader, (const char *) reader->event.data.alias.anchor);
	Anchor *anchor;
	Value value = {0};

	if (index < 0)
		return fail_node(reader, AC_ERR_MALFORMED, "has an alias without its anchor");
	anchor = &reader->anchors[index];
	if (anchor->open)
		return fail_node(reader, AC_ERR_MALFORMED, "has an alias to a node that it stands in");
	if (!expand(reader, anchor->size))
		return false;
	value.node = ac_json_ref(anchor->node);
	value.text = anchor->text;
	value.len = anchor->text != NULL ? strlen(anchor->text) : 0;
	value.size = anchor->size;
	return take_value(reader, &value);
}

static bool
on_start(YamlReader *reader, const yaml_char_t *anchor, bool object)
{
	Level *level;

	if (reader->depth >= reader->input->max_depth)
		return ac_error_set(reader->err, AC_ERR_TOO_LARGE,
							"YAML document nests deeper than %d levels",
							reader->input->max_depth);
	if (!spend(reader, object ? AC_JSONSIZE_OBJECT : AC_JSONSIZE_ARRAY))
		return false;
	level = &reader->levels[reader->depth];
	memset(level, 0, sizeof(*level));
	if (!open_anchor(reader, anchor, &level->anchor))
		return false;
	level->node = object ? ac_json_new_object() : ac_json_new_array();
	level->size = 1;
	reader->depth++;
	return level->node != NULL || fail_memory(reader);
}

/* Members of source that the mapping has not itself. */
static bool
merge(YamlReader *reader, Level *level, AcJson *source)
{
	AcJsonIter it;

	ac_json_iter_init(&it, source);
	while (ac_json_iter_next(&it))
	{
		if (ac_json_has(level->node, it.key))
			continue;
		if (!spend(reader, AC_JSONSIZE_MEMBER + strlen(it.key)))
			return false;
		ac_json_set(level->node, it.key, ac_json_ref(it.value));
	}
	return true;
}

/* Earlier mappings win over later ones (yaml.org/type/merge.html). */
static bool
merge_all(YamlReader *reader, Level *level)
{
	int i;
	int j;

	for (i = 0; i < ac_json_length(level->merges); i++)
	{
		AcJson *source = ac_json_at(level->merges, i);

		if (!merge(reader, level, source))
			return false;
		for (j = 0; j < ac_json_length(source); j++)
			if (!merge(reader, level, ac_json_at(source, j)))
				return false;
	}
	ac_json_free(level->merges);
	level->merges = NULL;
	return true;
}

static bool
on_end(YamlReader *reader)
{
	Level *level = &reader->levels[reader->depth - 1];
	Value value = {0};

	Assert(reader->depth > 0);
	if (!merge_all(reader, level))
		return false;
	value.node = level->node;
	value.size = level->size;
	if (!close_anchor(reader, level->anchor, &value))
		return false;
	reader->depth--;
	return take_value(reader, &value);
}

static bool
on_event(YamlReader *reader)
{
	const yaml_event_t *event = &reader->event;

	switch (event->type)
	{
		case YAML_SCALAR_EVENT:
			return on_scalar(reader);
		case YAML_ALIAS_EVENT:
			return on_alias(reader);
		case YAML_SEQUENCE_START_EVENT:
			return on_start(reader, event->data.sequence_start.anchor, false);
		case YAML_MAPPING_START_EVENT:
			return on_start(reader, event->data.mapping_start.anchor, true);
		case YAML_SEQUENCE_END_EVENT:
		case YAML_MAPPING_END_EVENT:
			return on_end(reader);
		case YAML_DOCUMENT_START_EVENT:
			reader->done = reader->ended;
			return true;
		case YAML_DOCUMENT_END_EVENT:
			reader->ended = true;
			return true;
		case YAML_STREAM_END_EVENT:
			reader->done = true;
			return true;
		default:
			return true;
	}
}

static bool
is_interrupted(YamlReader *reader)
{
	const AcJsonText *input = reader->input;
	size_t at = reader->parser.mark.index;

	if (input->interrupted == NULL || at - reader->asked < YAML_INTERRUPT_BYTES)
		return false;
	reader->asked = at;
	return input->interrupted(NULL);
}

static bool
read_events(YamlReader *reader)
{
	while (!reader->done)
	{
		bool read;

		if (is_interrupted(reader))
			return ac_error_set(reader->err, AC_ERR_INTERRUPTED, "interrupted");
		if (!yaml_parser_parse(&reader->parser, &reader->event))
			return fail_parser(reader);
		read = on_event(reader);
		yaml_event_delete(&reader->event);
		if (!read)
			return false;
	}
	return true;
}

/* Lines that begin with '%' in front of the first that holds anything. */
static int
count_directives(const AcJsonText *input)
{
	const char *at = input->text;
	const char *end = at + input->len;
	int n = 0;

	while (at < end && (*at == '%' || *at == '#' || *at == '\r' ||
						*at == '\n' || *at == ' '))
	{
		const char *next = memchr(at, '\n', end - at);
		const char *other = memchr(at, '\r', (next != NULL ? next : end) - at);

		n += *at == '%';
		if (other != NULL)
			next = other;
		if (next == NULL)
			break;
		at = next + 1;
	}
	return n;
}

static void
free_reader(YamlReader *reader)
{
	int i;

	for (i = 0; i < reader->depth; i++)
	{
		ac_json_free(reader->levels[i].node);
		ac_json_free(reader->levels[i].merges);
		free(reader->levels[i].key);
	}
	for (i = 0; i < reader->n_anchors; i++)
	{
		free(reader->anchors[i].name);
		free(reader->anchors[i].text);
		ac_json_free(reader->anchors[i].node);
	}
	free(reader->levels);
	free(reader->anchors);
	free(reader->buckets);
	yaml_parser_delete(&reader->parser);
}

/* A byte order mark, which libyaml would take for a column. */
static size_t
mark_length(const AcJsonText *input)
{
	return input->len >= 3 && memcmp(input->text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}

bool
ac_yaml_parse(const AcJsonText *input, AcJson **doc, AcError *err)
{
	YamlReader reader;
	size_t mark = mark_length(input);
	bool read;

	*doc = NULL;
	if (input->len > INT_MAX)
		return ac_error_set(err, AC_ERR_TOO_LARGE,
							"YAML document of %zu bytes is too large", input->len);
	if (count_directives(input) > YAML_MAX_DIRECTIVES)
		return ac_error_set(err, AC_ERR_TOO_LARGE,
							"YAML document has more than %d directives",
							YAML_MAX_DIRECTIVES);
	memset(&reader, 0, sizeof(reader));
	reader.input = input;
	reader.err = err;
	if (!yaml_parser_initialize(&reader.parser))
		return ac_error_set(err, AC_ERR_NO_MEMORY, "out of memory");
	yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&reader.parser,
								 (const unsigned char *) input->text + mark,
								 input->len - mark);
	reader.levels = calloc(input->max_depth + 1, sizeof(Level));
	read = reader.levels == NULL ? fail_memory(&reader) : read_events(&reader);
	free_reader(&reader);
	if (read)
		*doc = reader.root;
	else
		ac_json_free(reader.root);
	return read;
}
