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
	const AcSegment *last; /* last static segment, or NULL */
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

/* Are key's words the last words of text ("line_items" and "items")? */
static bool
is_suffix_of(const char *key, const char *text)
{
	char *k = ac_names_singular(ac_names_snake(key));
	char *t = ac_names_singular(ac_names_snake(text));
	size_t k_len = strlen(k);
	size_t t_len = strlen(t);

	return k_len > 0 && t_len > k_len && t[t_len - k_len - 1] == '_' &&
		   strcmp(t + t_len - k_len, k) == 0;
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
		(walk->last != NULL && is_suffix_of(key, walk->last->text)))
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
	return found;
}

/* The points that the sample adds: lengths on the page (S3). */
static int
sample_score(const Walk *walk, const char *path)
{
	AcJson *array;
	int score = 0;
	int length;

	if (walk->input->sample == NULL ||
		!ac_json_pointer(walk->input->sample, path, &array))
		return 0;
	length = ac_json_length(array);
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
		rows.score = 4 - depth - 3 * strays;
	else
		rows.score = items_score(items) - depth - 3 * strays;
	rows.score += sample_score(walk, path);
	if (depth > 0)
		rows.score += key_score(walk, path, rows.key);
	if (ac_envelope_has_key(rows.row))
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
		return ac_envelope_is_map(shape, walk->input->path, key)
				   ? ac_envelope_map_values(shape)
				   : NULL;
	/* a map of scalars is one value: its keys are often fields (S6) */
	return shape->kind == AC_SHAPE_MAP && shape->items != NULL &&
				   is_object(shape->items) && shape->items->n_properties > 0
			   ? shape->items
			   : NULL;
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
	rows.path = pstrdup(path);
	if (depth == 0 && walk->input->from_sample &&
		ac_envelope_follows_facts(walk->input->sample, &values))
	{
		rows.path = "/1";
		score_rows(walk, rows, values, 0);
		return;
	}
	if (shape->kind == AC_SHAPE_ARRAY)
	{
		score_rows(walk, rows, shape->items, strays);
		return;
	}
	values = map_values(walk, shape, path);
	if (values != NULL)
	{
		rows.form = AC_ROWS_MAP;
		score_rows(walk, rows, values, strays);
		return;
	}
	if (!is_object(shape) || depth >= AC_ENVELOPE_MAX_DEPTH)
		return;
	for (i = 0; i < shape->n_properties; i++)
	{
		AcProperty *property = &shape->properties[i];
		int stray = 0;

		/* most are scalars, below which there is nothing */
		if (property->write_only || (property->shape->kind != AC_SHAPE_ARRAY &&
									 property->shape->kind != AC_SHAPE_MAP &&
									 !is_object(property->shape)))
			continue;
		if (property->shape->kind != AC_SHAPE_ARRAY &&
			!ac_envelope_is_wrapper(walk->input, shape, property, path, &own))
			stray = 1;
		collect(walk, property->shape,
				ac_pointer_child(path, property->name), depth + 1,
				strays + stray);
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
			collect_names(walk, property->shape, below, depth + 1);
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
			(walk->last == NULL ||
			 !ac_names_alike(walk->last->text, walk->found[i].key)))
			walk->found[i].score -= 5;
}

/* The one property that a wrapper object holds, NULL if it is no wrapper. */
static AcProperty *
wrapped_property(const AcShape *shape, const AcPath *path)
{
	const AcSegment *last = ac_path_last_static(path);
	AcProperty *payload = NULL;
	bool named;
	int objects = 0;
	int i;

	for (i = 0; i < shape->n_properties; i++)
	{
		AcProperty *property = &shape->properties[i];

		if (shape->n_properties > 1 &&
			ac_envelope_is_status(property->name))
			continue;
		if (!is_object(property->shape) || property->shape->n_properties == 0)
			return NULL;
		payload = property;
		objects++;
	}
	if (objects != 1)
		return NULL;
	named = last != NULL && ac_names_alike(last->text, payload->name);
	if (ac_envelope_is_decoy(payload->name) && !named)
		return NULL;
	if (shape->n_properties == 1 || named ||
		ac_envelope_is_payload(payload->name) ||
		(payload->shape->name != NULL &&
		 ac_names_alike(payload->shape->name, payload->name)))
		return payload;
	/* {"ok": true, "channel": {...}}: all others only report */
	return ac_shape_property(shape, "ok") != NULL ||
				   ac_shape_property(shape, "success") != NULL
			   ? payload
			   : NULL;
}

/* Is it a row whose fields stand in a wrapper, with more beside that? */
static bool
has_wrapper(AcShape *row)
{
	return row->n_properties > 1 &&
		   ac_envelope_open_row(row, "row")->inner != NULL;
}

AcRows
ac_envelope_item(AcShape *response, const AcPath *path)
{
	AcRows rows = {0};
	int depth;

	rows.path = "";
	rows.key = "";
	rows.row = response;
	rows.one = true;
	rows.confidence = 0.9;
	for (depth = 0; depth < AC_ENVELOPE_MAX_DEPTH; depth++)
	{
		AcProperty *inner;

		if (!is_object(rows.row) || has_wrapper(rows.row))
			break;
		inner = wrapped_property(rows.row, path);
		if (inner == NULL)
			break;
		rows.path = ac_pointer_child(rows.path, inner->name);
		rows.key = inner->name;
		rows.row = inner->shape;
	}
	rows.row = ac_envelope_open_row(rows.row,
									ac_envelope_entity(path, rows.key));
	return rows;
}

/* How much the answer itself looks like the thing asked for. */
static int
object_score(const AcEnvelopeInput *input, const AcShape *row, int n_arrays)
{
	int own = 0;
	int score = 0;
	int i;

	for (i = 0; i < row->n_properties; i++)
	{
		const AcProperty *property = &row->properties[i];

		if (property->shape->kind != AC_SHAPE_ARRAY &&
			property->shape->kind != AC_SHAPE_MAP &&
			!ac_envelope_is_control(property->name))
			own++;
	}
	score += Min(own, 4);
	if (ac_envelope_has_key(row))
		score += 3;
	if (ac_path_ends_in_variable(input->path))
		score += 3;
	if (input->paged)
		score -= 3;
	if (input->says_list)
		score -= 2;
	/* several equal lists side by side are details of one thing */
	if (n_arrays > 1 && own > 0)
		score += 2;
	return score;
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

/*
 * Are rows expected in an array at all?  A path that ends in a variable asks
 * for one thing, unless everything else in the answer only reports on it.
 */
static bool
list_expected(const AcEnvelopeInput *input, const AcRows *best)
{
	const AcShape *root = input->response;
	int i;

	if (input->paged || best->path[0] == '\0' ||
		root->kind == AC_SHAPE_ARRAY || !ac_path_ends_in_variable(input->path))
		return true;
	for (i = 0; i < root->n_properties; i++)
		if (!ac_envelope_is_control(root->properties[i].name) &&
			strcmp(root->properties[i].name, best->key) != 0)
			return false;
	return ac_envelope_is_row_key(best->key) ||
		   ac_envelope_names_segment(input->path, best->key);
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

/* Length of the sample's longest array among the candidates. */
static int
longest(const Walk *walk)
{
	int max = 0;
	int i;

	for (i = 0; i < walk->n; i++)
	{
		AcJson *array;

		if (ac_json_pointer(walk->input->sample, walk->found[i].path, &array))
			max = Max(max, ac_json_length(array));
	}
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
	drop_names(walk);
}

/*
 * The answer as one row; *asked: it is a thing that stands in the answer
 * under the path's own name, whatever is listed beside it.
 */
static AcRows
asked_item(const AcEnvelopeInput *input, bool *asked)
{
	AcRows rows = ac_envelope_item(input->response, input->path);
	AcProperty *thing = ac_envelope_asked_thing(input);

	*asked = thing != NULL;
	if (thing == NULL || rows.path[0] != '\0')
		return rows;
	rows.path = ac_pointer_child("", thing->name);
	rows.key = thing->name;
	rows.row = ac_envelope_open_row(thing->shape,
									ac_envelope_entity(input->path, rows.key));
	return rows;
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
	walk.last = ac_path_last_static(input->path);
	item = asked_item(input, &asked);
	score_all(&walk);
	best = best_candidate(&walk);
	ties = best < 0 ? 0 : count_score(&walk, walk.found[best].score);
	item.score = object_score(input, item.row, ties);
	if (best < 0 ||
		(walk.found[best].path[0] != '\0' &&
		 (is_outweighed(&walk, &walk.found[best], item.score) ||
		  (asked && !ac_envelope_names_noun(input->path, walk.found[best].key)) ||
		  ties > AC_ENVELOPE_MAX_TIES ||
		  !list_expected(input, &walk.found[best]))))
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
