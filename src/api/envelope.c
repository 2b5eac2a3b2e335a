/*
 * envelope.c
 *		Where in an answer do the rows stand?  See envelope.h.
 */
#include "ac.h"

#include "api/envelope_int.h"
#include "api/keys.h"
#include "api/names.h"
#include "core/pointer.h"

/*
 * Objects of an answer looked into.  Descriptions may be graphs in which
 * every level has hundreds of objects; rows stand near the top.
 */
#define MAX_VISITS 2000

/* Arrays of names of columns in one answer; tables in one answer are few. */
#define MAX_NAMES 8

/* Arrays that evidence tells of: records in records have hundreds. */
#define SCORES_TOLD 16

typedef struct Walk
{
	const AcEnvelopeInput *input;
	const char *noun; /* what the path asks for, or NULL */
	AcRows *found;
	int n;
	int capacity;
	int visits;
	int max_len;  /* longest array of the sample */
	char **names; /* pointers of arrays that name columns */
	int n_names;
} Walk;

static bool
is_object(const AcShape *shape)
{
	return shape != NULL && shape->kind == AC_SHAPE_OBJECT;
}

/* Rows that are arrays or unknown may still be objects: half the points. */
static int
items_score(const AcShape *items)
{
	if (items == NULL)
		return 0;
	if (items->kind == AC_SHAPE_OBJECT || items->n_properties > 0)
		return 4;
	if (items->kind == AC_SHAPE_MAP)
		return 3;
	return items->kind == AC_SHAPE_UNKNOWN || items->kind == AC_SHAPE_MIXED ||
				   items->kind == AC_SHAPE_ARRAY
			   ? 2
			   : 0;
}

/* The points that a key earns by its name. */
static int
key_score(const Walk *walk, const char *path, const char *key)
{
	int score = 0;

	if (ac_envelope_names_noun(walk->input->path, key))
		score += 3;
	if (ac_envelope_is_row_key(key) || strstr(path, "/_embedded/") != NULL)
		score += 2;
	if (ac_envelope_names_segment(walk->input->path, key) ||
		ac_envelope_ends_noun(walk->input->path, key))
		score += 1;
	return score;
}

/* Is some key of the pointer but the last in the list? */
static bool
passes_decoy(const char *path)
{
	char *copy = pstrdup(path);
	char *last = strrchr(copy, '/');
	char *part;
	bool found = false;

	*last = '\0';
	for (part = copy; part != NULL && !found;)
	{
		char *next = strchr(part, '/');

		if (next != NULL)
			*next++ = '\0';
		found = ac_envelope_is_decoy(part) && strcmp(part, "") != 0;
		part = next;
	}
	pfree(copy);
	return found;
}

/* Rows that the sample has at path: elements, or members of a map. */
static int
sample_length(const Walk *walk, const char *path, AcRowsForm form)
{
	AcJson *rows;
	AcJsonIter it;
	int n = 0;

	if (!ac_json_pointer(walk->input->sample, path, &rows))
		return 0;
	if (form != AC_ROWS_MAP && form != AC_ROWS_LISTS)
		return ac_json_length(rows);
	ac_json_iter_init(&it, rows);
	while (ac_json_iter_next(&it))
		n = form == AC_ROWS_MAP ? n + 1 : Max(n, ac_json_length(it.value));
	return n;
}

/* The points that the sample adds: lengths on the page (S3). */
static int
sample_score(const Walk *walk, const char *path, AcRowsForm form)
{
	int score = 0;
	int length;

	if (walk->input->sample == NULL)
		return 0;
	length = sample_length(walk, path, form);
	if (length > 0 && length == walk->max_len)
		score += 1;
	if (length > 0 &&
		(length == walk->input->asked_size ||
		 ac_envelope_is_counted(walk->input->sample, path, length)))
		score += 2;
	return score;
}

static void
add_candidate(Walk *walk, AcRows rows)
{
	if (walk->n == walk->capacity)
	{
		walk->capacity = walk->capacity * 2 + 8;
		walk->found = walk->found == NULL
						  ? palloc(walk->capacity * sizeof(AcRows))
						  : repalloc(walk->found,
									 walk->capacity * sizeof(AcRows));
	}
	walk->found[walk->n++] = rows;
}

/* Of the names that an answer has, those beside path, or the only ones. */
static const char *
names_for(const Walk *walk, const char *path)
{
	const char *slash = strrchr(path, '/');
	size_t len = slash == NULL ? 0 : (size_t) (slash - path);
	int i;

	for (i = 0; slash != NULL && i < walk->n_names; i++)
		if (strncmp(walk->names[i], path, len) == 0 &&
			strrchr(walk->names[i], '/') == walk->names[i] + len)
			return walk->names[i];
	return walk->n_names == 1 ? walk->names[0] : NULL;
}

/* Are the array's arrays rows of values whose names are known? */
static bool
find_names(const Walk *walk, AcRows *rows)
{
	AcJson *sample = walk->input->sample;
	AcShape *unnamed = rows->row;
	AcJson *array;

	rows->form = AC_ROWS_COLUMNS;
	rows->columns_path = names_for(walk, rows->path);
	rows->row = ac_shape_new(AC_SHAPE_UNKNOWN);
	if (rows->columns_path != NULL &&
		(sample == NULL || ac_envelope_bind_values(sample, rows)))
		return true;
	if (sample != NULL && ac_json_pointer(sample, rows->path, &array) &&
		ac_envelope_has_header(array))
	{
		rows->columns_path = ac_pointer_child_index(rows->path, 0);
		if (ac_envelope_bind_values(sample, rows))
			return true;
	}
	rows->form = AC_ROWS_ARRAY;
	rows->columns_path = NULL;
	rows->row = unnamed;
	return false;
}

/*
 * Scores the rows that items, at path, would be.  strays: steps through
 * objects that are no wrappers.
 */
static void
score_rows(Walk *walk, AcRows rows, AcShape *items, int strays)
{
	const char *path = rows.path;
	const char *slash = strrchr(path, '/');
	int depth = ac_envelope_depth(path);

	rows.key = slash == NULL ? "" : pstrdup(slash + 1);
	rows.row = items != NULL ? items : ac_shape_new(AC_SHAPE_UNKNOWN);
	if (rows.form == AC_ROWS_ARRAY && items != NULL &&
		items->kind == AC_SHAPE_ARRAY && find_names(walk, &rows))
		/* lists with their names beside them are nothing else, wherever */
		rows.score = 4 - depth;
	else
		rows.score = items_score(items) - depth - 3 * strays;
	rows.score += sample_score(walk, path, rows.form);
	if (depth > 0)
		rows.score += key_score(walk, path, rows.key);
	if (rows.form == AC_ROWS_ARRAY && ac_envelope_is_row_singular(rows.key))
		rows.score += 2;
	if (ac_envelope_is_reporting(rows.row))
		rows.score -= 2;
	/* that one is called by its rows' name must not part lists that tie */
	if (ac_envelope_has_key(rows.row,
							walk->input->from_sample ? rows.key : NULL))
		rows.score += 1;
	/* values are rows where the answer has nothing else to tell */
	if (depth > 0 && items != NULL && items_score(items) == 0 &&
		walk->input->from_sample && ac_envelope_is_all(walk->input, path))
		rows.score += 2;
	if (depth > 0 && (rows.key[0] == '_' || passes_decoy(path) ||
					  ac_envelope_is_decoy(rows.key)))
		rows.score -= 5;
	add_candidate(walk, rows);
}

/* The values of an object whose members are rows; NULL if it is none. */
static AcShape *
map_values(const Walk *walk, AcShape *shape, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *key = slash == NULL ? "" : slash + 1;

	if (walk->input->from_sample)
	{
		AcJson *object;

		return ac_envelope_is_map(shape, walk->input->path, key) ||
					   (ac_json_pointer(walk->input->sample, path, &object) &&
						ac_envelope_is_self_named(object))
				   ? ac_envelope_map_values(shape)
				   : NULL;
	}
	/* a map of scalars is one value: its keys are often fields (S6) */
	return shape->kind == AC_SHAPE_MAP && shape->items != NULL &&
				   is_object(shape->items) && shape->items->n_properties > 0
			   ? shape->items
			   : NULL;
}

/* Is the object one of rows by identifiers, in a sample? */
static bool
is_id_map(const Walk *walk, AcShape *shape, const char *path)
{
	return walk->input->from_sample && is_object(shape) &&
		   ac_envelope_has_id_keys(shape) &&
		   map_values(walk, shape, path) != NULL;
}

/* Does the sample have lists at path that are columns? */
static bool
is_lists(const Walk *walk, const char *path)
{
	AcJson *object;

	return walk->input->from_sample &&
		   ac_json_pointer(walk->input->sample, path, &object) &&
		   ac_json_kind(object) == AC_JSON_OBJECT &&
		   ac_envelope_is_lists(object);
}

/* Collects the arrays and maps at and below shape. */
static void
collect(Walk *walk, AcShape *shape, const char *path, int depth, int strays)
{
	AcRows rows = {0};
	AcShape *values;
	int own = -1;
	int i;

	if (shape == NULL || walk->visits++ > MAX_VISITS)
		return;
	if (depth == 0 && walk->input->from_sample &&
		ac_envelope_follows_facts(walk->input->sample, &values))
	{
		rows.path = "/1";
		score_rows(walk, rows, values, 0);
		return;
	}
	if (shape->kind == AC_SHAPE_ARRAY)
	{
		rows.path = pstrdup(path);
		score_rows(walk, rows, shape->items, strays);
		return;
	}
	if (is_lists(walk, path))
	{
		rows.path = pstrdup(path);
		rows.form = AC_ROWS_LISTS;
		rows.row = ac_shape_new(AC_SHAPE_UNKNOWN);
		if (ac_envelope_bind_values(walk->input->sample, &rows))
		{
			score_rows(walk, rows, rows.row, 0);
			/* so many agree on it that it is no chance */
			walk->found[walk->n - 1].score += 2;
			return;
		}
		rows.form = AC_ROWS_ARRAY;
	}
	values = map_values(walk, shape, path);
	if (values != NULL)
	{
		rows.path = pstrdup(path);
		rows.form = AC_ROWS_MAP;
		score_rows(walk, rows, values, strays);
		/* keys that are identifiers are of rows, whatever they are called */
		if (is_id_map(walk, shape, path))
			walk->found[walk->n - 1].score++;
		return;
	}
	if (!is_object(shape) || depth >= AC_ENVELOPE_MAX_DEPTH)
		return;
	for (i = 0; i < shape->n_properties; i++)
	{
		AcProperty *property = &shape->properties[i];
		char *below;
		int stray = 0;

		/* most are scalars, below which there is nothing */
		if (property->write_only || (property->shape->kind != AC_SHAPE_ARRAY &&
									 property->shape->kind != AC_SHAPE_MAP &&
									 !is_object(property->shape)))
			continue;
		below = ac_pointer_child(path, property->name);
		if (property->shape->kind != AC_SHAPE_ARRAY &&
			!is_id_map(walk, property->shape, below) &&
			!ac_envelope_is_wrapper(walk->input, shape, property, path, &own))
			stray = 1;
		collect(walk, property->shape, below, depth + 1, strays + stray);
		pfree(below);
	}
}

/* Collects the arrays that name columns. */
static void
collect_names(Walk *walk, const AcShape *shape, const char *path, int depth)
{
	int i;

	if (!is_object(shape) || depth >= AC_ENVELOPE_MAX_DEPTH ||
		walk->visits++ > MAX_VISITS)
		return;
	for (i = 0; i < shape->n_properties; i++)
	{
		const AcProperty *property = &shape->properties[i];
		char *below;

		if (property->shape->kind != AC_SHAPE_ARRAY && !is_object(property->shape))
			continue;
		below = ac_pointer_child(path, property->name);
		if (ac_envelope_is_names(property->shape, property->name))
		{
			walk->names = walk->names == NULL
							  ? palloc(MAX_NAMES * sizeof(char *))
							  : walk->names;
			if (walk->n_names < MAX_NAMES)
				walk->names[walk->n_names++] = below;
		}
		else
		{
			collect_names(walk, property->shape, below, depth + 1);
			pfree(below);
		}
	}
}

/* What names the columns of rows is no rows itself. */
static void
drop_names(Walk *walk)
{
	int i;
	int j;

	for (i = 0; i < walk->n; i++)
		for (j = 0; walk->found[i].columns_path != NULL && j < walk->n; j++)
			if (j != i && strcmp(walk->found[j].path,
								 walk->found[i].columns_path) == 0)
				walk->found[j].score = PG_INT16_MIN;
}

/* Weak decoys count against an array only where there is a better one. */
static void
apply_weak_decoys(Walk *walk)
{
	int others = PG_INT32_MIN;
	int i;

	for (i = 0; i < walk->n; i++)
		if (!ac_envelope_is_weak_decoy(walk->found[i].key))
			others = Max(others, walk->found[i].score);
	for (i = 0; i < walk->n; i++)
		if (ac_envelope_is_weak_decoy(walk->found[i].key) &&
			others >= Max(walk->found[i].score, 1) &&
			(walk->noun == NULL ||
			 !ac_names_alike(walk->noun, walk->found[i].key)))
			walk->found[i].score -= 5;
}

/*
 * A decoy that nothing else competes with, and whose elements the answer
 * counts, is what was asked for.
 */
static void
forgive_decoy(Walk *walk)
{
	AcRows *only = NULL;
	int i;

	for (i = 0; i < walk->n; i++)
		if (is_object(walk->found[i].row))
		{
			if (only != NULL)
				return;
			only = &walk->found[i];
		}
	if (only != NULL && walk->input->sample != NULL &&
		only->form == AC_ROWS_ARRAY && ac_envelope_is_decoy(only->key) &&
		!ac_envelope_is_failure(only->key) &&
		ac_envelope_is_counted(walk->input->sample, only->path,
							   sample_length(walk, only->path, only->form)))
		only->score += 5;
}

/* Best score first; the description's order among equals. */
static int
best_candidate(const Walk *walk)
{
	int best = -1;
	int i;

	for (i = 0; i < walk->n; i++)
		if (best < 0 || walk->found[i].score > walk->found[best].score)
			best = i;
	return best;
}

static int
count_score(const Walk *walk, int score)
{
	int n = 0;
	int i;

	for (i = 0; i < walk->n; i++)
		if (walk->found[i].score == score)
			n++;
	return n;
}

/* Is the answer itself more like the thing asked for than these rows? */
static bool
is_outweighed(const Walk *walk, const AcRows *best, int object)
{
	if (object < best->score)
		return false;
	return best->score <= 0 || !walk->input->from_sample ||
		   !ac_envelope_is_all(walk->input, best->path);
}

static void
note_evidence(const Walk *walk, const AcRows *chosen, int object)
{
	AcJson *envelope;
	AcJson *arrays;
	int i;

	if (walk->input->evidence == NULL)
		return;
	envelope = ac_json_new_object();
	arrays = ac_json_new_object();
	if (!chosen->one)
		ac_json_set(arrays, chosen->path, ac_json_new_int(chosen->score));
	for (i = 0; i < walk->n && i < SCORES_TOLD; i++)
		if (walk->found[i].score > PG_INT16_MIN)
			ac_json_set(arrays, walk->found[i].path,
						ac_json_new_int(walk->found[i].score));
	ac_json_set_string(envelope, "rows_path", chosen->path);
	ac_json_set(envelope, "one_row", ac_json_new_bool(chosen->one));
	if (chosen->form != AC_ROWS_ARRAY)
		ac_json_set_string(envelope, "rows_form",
						   ac_rows_form_name(chosen->form));
	if (chosen->row->inner != NULL)
		ac_json_set_string(envelope, "fields_in", chosen->row->inner);
	ac_json_set(envelope, "array_scores", arrays);
	ac_json_set(envelope, "object_score", ac_json_new_int(object));
	ac_json_set(walk->input->evidence, "envelope", envelope);
}

/* The tied candidates, in the description's order. */
static int
take_winners(const Walk *walk, int score, AcRows **rows)
{
	int n = 0;
	int i;

	*rows = palloc0(AC_ENVELOPE_MAX_TIES * sizeof(AcRows));
	for (i = 0; i < walk->n && n < AC_ENVELOPE_MAX_TIES; i++)
		if (walk->found[i].score == score)
		{
			(*rows)[n] = walk->found[i];
			(*rows)[n].confidence = score >= 5 ? 0.95 : score >= 4 ? 0.85
																   : 0.6;
			n++;
		}
	return n;
}

/* Most rows that the sample has for one of the candidates. */
static int
longest(const Walk *walk)
{
	int max = 0;
	int i;

	for (i = 0; i < walk->n; i++)
		max = Max(max, sample_length(walk, walk->found[i].path,
									 walk->found[i].form));
	return max;
}

/* What follows once it is known where the rows stand: what is in them. */
static void
finish_rows(const AcEnvelopeInput *input, AcRows *rows)
{
	const char *entity = ac_envelope_entity(input->path, rows->key);
	int i;

	rows->row = ac_envelope_open_row(rows->row, entity);
	if (rows->form != AC_ROWS_MAP)
		return;
	rows->key_name = "key";
	for (i = 0; i < rows->row->n_properties; i++)
		if (strcmp(ac_names_column(rows->row->properties[i].name), "key") == 0)
			rows->key_name = psprintf("%s_key", entity);
}

/* Is all that the answer has to say that something is empty? */
static bool
says_nothing(const AcShape *shape)
{
	bool any = false;
	int i;

	for (i = 0; i < shape->n_properties; i++)
	{
		const AcShape *value = shape->properties[i].shape;
		bool empty = value->kind == AC_SHAPE_NULL ||
					 (value->kind == AC_SHAPE_OBJECT &&
					  value->n_properties == 0) ||
					 (value->kind == AC_SHAPE_ARRAY && value->items == NULL);

		if (!empty && !ac_envelope_is_control(shape->properties[i].name))
			return false;
		any = any || empty;
	}
	return any;
}

/* Does an empty array stand where rows would? */
static bool
has_empty_rows(const Walk *walk)
{
	int i;

	for (i = 0; i < walk->n; i++)
	{
		const AcRows *rows = &walk->found[i];
		AcJson *array;

		if (rows->form == AC_ROWS_ARRAY && rows->score > 0 &&
			ac_json_pointer(walk->input->sample, rows->path, &array) &&
			ac_json_length(array) == 0 &&
			(ac_envelope_is_row_key(rows->key) ||
			 ac_envelope_names_segment(walk->input->path, rows->key)))
			return true;
	}
	return false;
}

/* Does the sample leave open what it was a sample of? */
static bool
is_undecided(const Walk *walk, const AcRows *chosen)
{
	const AcShape *response = walk->input->response;
	AcJson *rows;

	if (!walk->input->from_sample)
		return false;
	if (ac_envelope_is_error(walk->input->sample) &&
		!ac_envelope_is_asked_error(walk->input->path, walk->input->sample))
		return true;
	if (!chosen->one)
		return chosen->form == AC_ROWS_ARRAY &&
			   ac_json_pointer(walk->input->sample, chosen->path, &rows) &&
			   ac_json_length(rows) == 0;
	if (response->kind != AC_SHAPE_OBJECT || response->n_properties == 0)
		return true;
	return says_nothing(response) || has_empty_rows(walk);
}

/*
 * Lines: each is a row, or wraps one.  A sample's lines are an array, a
 * description has one or its element.
 */
static int
choose_lines(const AcEnvelopeInput *input, AcRows **rows)
{
	AcShape *line = input->response;
	AcRows item;

	if (line->kind == AC_SHAPE_ARRAY && line->items != NULL)
		line = line->items;
	if (input->from_sample && !is_object(line))
		return 0;
	item = ac_envelope_item(line, input->path);
	item.form = AC_ROWS_LINES;
	item.one = false;
	item.confidence = 0.95;
	*rows = palloc(sizeof(AcRows));
	**rows = item;
	return 1;
}

/* Arrays and maps with their scores. */
static void
score_all(Walk *walk)
{
	AcShape *response = walk->input->response;

	collect_names(walk, response, "", 0);
	walk->visits = 0;
	collect(walk, response, "", 0, 0);
	if (walk->input->sample != NULL)
	{
		/* a second walk, now that the longest array is known */
		walk->max_len = longest(walk);
		walk->n = walk->visits = 0;
		collect(walk, response, "", 0, 0);
	}
	apply_weak_decoys(walk);
	forgive_decoy(walk);
	drop_names(walk);
}

int
ac_envelope_choose(const AcEnvelopeInput *input, AcRows **rows)
{
	Walk walk = {0};
	AcRows item;
	int best;
	int ties;
	int n = 1;
	int i;
	bool asked;

	if (input->lines)
		return choose_lines(input, rows);
	walk.input = input;
	walk.noun = ac_envelope_noun(input->path);
	item = ac_envelope_asked_item(input, &asked);
	score_all(&walk);
	best = best_candidate(&walk);
	ties = best < 0 ? 0 : count_score(&walk, walk.found[best].score);
	item.score = ac_envelope_object_score(input, item.row, ties);
	if (best < 0 ||
		(walk.found[best].path[0] != '\0' &&
		 (is_outweighed(&walk, &walk.found[best], item.score) ||
		  (asked && !ac_envelope_names_noun(input->path, walk.found[best].key)) ||
		  ties > AC_ENVELOPE_MAX_TIES ||
		  !ac_envelope_expects_list(input, &walk.found[best]))))
	{
		*rows = palloc(sizeof(AcRows));
		**rows = item;
	}
	else
	{
		n = take_winners(&walk, walk.found[best].score, rows);
		for (i = 0; i < n; i++)
			finish_rows(input, &(*rows)[i]);
	}
	note_evidence(&walk, &(*rows)[0], item.score);
	n = is_undecided(&walk, &(*rows)[0]) ? 0 : n;
	if (walk.found != NULL)
		pfree(walk.found);
	return n;
}
