/*
 * envelope.c
 *		Where in an answer do the rows stand?  See envelope.h.
 */
#include "ac.h"

#include "api/envelope.h"
#include "api/keys.h"
#include "api/names.h"
#include "core/pointer.h"

/*
 * Objects of an answer looked into.  Descriptions may be graphs in which
 * every level has hundreds of objects; rows stand near the top.
 */
#define MAX_VISITS 2000

/* S3's R: keys under which rows usually stand, normalised. */
static const char *const row_keys[] = {
	"data", "items", "results", "result", "entries", "records", "rows",
	"values", "value", "objects", "content", "documents", "hits", "elements",
	"list", "members", "features", "resources", NULL};

/* S3's D: keys under which arrays stand that are not the rows. */
static const char *const decoy_keys[] = {
	"errors", "warnings", "links", "meta", "metadata", "included",
	"includes", "facets", "aggregations", "order", "sort", "filters",
	"breadcrumbs", "schema", "columns", "pagination", "paging", "extras",
	"headers", "responsemetadata", NULL};

/* D only where another candidate exists. */
static const char *const weak_decoy_keys[] = {"messages", "fields", NULL};

/* Fields that speak of the answer. */
static const char *const control_keys[] = {
	"count", "total", "totalcount", "totalitems", "totalresults", "totalsize",
	"totalrecords", "totalentries", "totalpages", "totalelements",
	"numresults", "resultcount", "matches", "next", "previous", "prev",
	"first", "last", "current", "page", "pages", "pageno", "pagenumber",
	"pagesize", "perpage", "pagecount", "size", "limit", "offset", "start",
	"skip", "from", "to", "hasmore", "hasnext", "hasprevious", "hasprev",
	"hasnextpage", "hasadditional", "more", "moreavailable", "nextpage",
	"prevpage", "previouspage", "nextlink", "nexturl", "previousurl",
	"nextpageurl", "prevpageurl", "nextpageuri", "previouspageuri",
	"firstpageuri", "lastpageuri", "nextpagetoken", "prevpagetoken",
	"nextcursor", "prevcursor", "previouscursor", "nexttoken", "nextmarker",
	"prevmarker", "nextstreamposition", "continue", "cursor", "cursors",
	"startingafter", "endingbefore", "scrollid", "object", "kind",
	"apiversion", "metadata", "meta", "links", "link", "paging", "pagination",
	"responsemetadata", "status", "statuscode", "success", "ok", "error",
	"errors", "message", "messages", "code", "warnings", "warning",
	"requestid", "traceid", "url", "uri", "href", "self", "etag", "truncated",
	"incompleteresults", "incomplete", "jsonapi", "included", "order",
	"orderby", "sort", "sortby", "query", "filters", "took", "timedout",
	"cachets", "odatacontext", "odatacount", "odatanextlink", "facets",
	"aggregations", "version", "timestamp", "needed", "provided",
	"responsetime", "callstack", NULL};

/* Those beside which a lone object is the payload of a wrapper. */
static const char *const status_keys[] = {
	"status", "statuscode", "success", "ok", "error", "errors", "message",
	"messages", "code", "warnings", "warning", "meta", "links", "requestid",
	"traceid", "jsonapi", "included", "timestamp", "callstack",
	"responsemetadata", "responsetime", NULL};

typedef struct Walk
{
	const AcEnvelopeInput *input;
	const AcSegment *last; /* last static segment, or NULL */
	AcRows *found;
	int n;
	int capacity;
	int visits;
	int max_len; /* longest array of the sample */
} Walk;

bool
ac_envelope_is_control(const char *name)
{
	return ac_names_in(name, control_keys);
}

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

/* Is key like some static segment of the path? */
static bool
names_a_segment(const AcPath *path, const char *key)
{
	int i;

	for (i = 0; i < path->count; i++)
		if (!path->segments[i].variable &&
			ac_names_alike(path->segments[i].text, key))
			return true;
	return false;
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

	if (walk->last != NULL && ac_names_alike(walk->last->text, key))
		score += 3;
	if (ac_names_in(key, row_keys) || strstr(path, "/_embedded/") != NULL)
		score += 2;
	if (names_a_segment(walk->input->path, key) ||
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
		found = ac_names_in(part, decoy_keys) && strcmp(part, "") != 0;
		part = next;
	}
	return found;
}

/* The points that the sample adds: lengths on the page (S3). */
static int
sample_score(const Walk *walk, const char *path)
{
	AcJson *array;
	AcJson *parent;
	AcJsonIter it;
	int score = 0;
	int length;
	char *above;

	if (walk->input->sample == NULL ||
		!ac_json_pointer(walk->input->sample, path, &array))
		return 0;
	length = ac_json_length(array);
	if (length > 0 && length == walk->max_len)
		score += 1;
	if (length > 0 && length == walk->input->asked_size)
		return score + 2;
	if (path[0] == '\0' || length == 0)
		return score;
	above = pstrdup(path);
	*strrchr(above, '/') = '\0';
	if (!ac_json_pointer(walk->input->sample, above, &parent))
		return score;
	ac_json_iter_init(&it, parent);
	while (ac_json_iter_next(&it))
		if (ac_json_kind(it.value) == AC_JSON_INT &&
			ac_envelope_is_control(it.key) &&
			ac_json_int(it.value, -1) == length)
			return score + 2;
	return score;
}

/* Has the row a property whose name could be a key's? */
static bool
has_key(const AcShape *row)
{
	int i;

	for (i = 0; row != NULL && i < row->n_properties; i++)
		if (ac_keys_name_rank(row->properties[i].name, NULL) >= 0)
			return true;
	return false;
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

/* Scores the array at path.  strays: steps through objects that are no wrappers. */
static void
score_array(Walk *walk, AcShape *array, const char *path, int strays)
{
	AcRows rows = {0};
	const char *slash = strrchr(path, '/');
	int depth = 0;
	const char *s;

	for (s = path; *s != '\0'; s++)
		if (*s == '/')
			depth++;
	rows.path = pstrdup(path);
	rows.key = slash == NULL ? "" : pstrdup(slash + 1);
	rows.row = array->items != NULL ? array->items
									: ac_shape_new(AC_SHAPE_UNKNOWN);
	rows.score = items_score(array->items) - depth - 3 * strays;
	rows.score += sample_score(walk, path);
	if (depth > 0)
		rows.score += key_score(walk, path, rows.key);
	if (has_key(array->items))
		rows.score += 1;
	if (depth > 0 && (rows.key[0] == '_' || passes_decoy(path) ||
					  ac_names_in(rows.key, decoy_keys)))
		rows.score -= 5;
	add_candidate(walk, rows);
}

/* May rows stand below this key without its owner being a thing of its own? */
static bool
is_wrapper(const AcShape *owner, const AcProperty *property)
{
	int others = 0;
	int i;

	if (ac_names_in(property->name, row_keys) ||
		strcmp(property->name, "_embedded") == 0 ||
		ac_names_equal(property->name, "response") ||
		ac_names_equal(property->name, "payload"))
		return true;
	for (i = 0; i < owner->n_properties; i++)
		if (&owner->properties[i] != property &&
			!ac_envelope_is_control(owner->properties[i].name))
			others++;
	return others == 0;
}

/* Collects the arrays at and below shape. */
static void
collect(Walk *walk, AcShape *shape, const char *path, int depth, int strays)
{
	int i;

	if (shape == NULL || walk->visits++ > MAX_VISITS)
		return;
	if (shape->kind == AC_SHAPE_ARRAY)
	{
		score_array(walk, shape, path, strays);
		return;
	}
	if (!is_object(shape) || depth >= AC_ENVELOPE_MAX_DEPTH)
		return;
	for (i = 0; i < shape->n_properties; i++)
	{
		AcProperty *property = &shape->properties[i];
		int stray = is_wrapper(shape, property) ? 0 : 1;

		if (property->write_only)
			continue;
		if (property->shape->kind == AC_SHAPE_ARRAY)
			stray = 0;
		collect(walk, property->shape,
				ac_pointer_child(path, property->name), depth + 1,
				strays + stray);
	}
}

/* Weak decoys count against an array only where there is a better one. */
static void
apply_weak_decoys(Walk *walk)
{
	int others = PG_INT32_MIN;
	int i;

	for (i = 0; i < walk->n; i++)
		if (!ac_names_in(walk->found[i].key, weak_decoy_keys))
			others = Max(others, walk->found[i].score);
	for (i = 0; i < walk->n; i++)
		if (ac_names_in(walk->found[i].key, weak_decoy_keys) &&
			others >= Max(walk->found[i].score, 1) &&
			(walk->last == NULL ||
			 !ac_names_alike(walk->last->text, walk->found[i].key)))
			walk->found[i].score -= 5;
}

/* The one property that a wrapper object holds, NULL if it is no wrapper. */
static AcProperty *
wrapped_property(const AcShape *shape, const AcPath *path)
{
	static const char *const payload_keys[] = {
		"data", "result", "results", "response", "payload", "item", "object",
		"entity", "record", NULL};
	const AcSegment *last = ac_path_last_static(path);
	AcProperty *payload = NULL;
	bool named;
	int objects = 0;
	int i;

	for (i = 0; i < shape->n_properties; i++)
	{
		AcProperty *property = &shape->properties[i];

		if (shape->n_properties > 1 &&
			ac_names_in(property->name, status_keys))
			continue;
		if (!is_object(property->shape) || property->shape->n_properties == 0)
			return NULL;
		payload = property;
		objects++;
	}
	if (objects != 1)
		return NULL;
	named = last != NULL && ac_names_alike(last->text, payload->name);
	if (ac_names_in(payload->name, decoy_keys) && !named)
		return NULL;
	if (shape->n_properties == 1 || named ||
		ac_names_in(payload->name, payload_keys) ||
		(payload->shape->name != NULL &&
		 ac_names_alike(payload->shape->name, payload->name)))
		return payload;
	/* {"ok": true, "channel": {...}}: all others only report */
	return ac_shape_property(shape, "ok") != NULL ||
				   ac_shape_property(shape, "success") != NULL
			   ? payload
			   : NULL;
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

		if (!is_object(rows.row))
			break;
		inner = wrapped_property(rows.row, path);
		if (inner == NULL)
			break;
		rows.path = ac_pointer_child(rows.path, inner->name);
		rows.key = inner->name;
		rows.row = inner->shape;
	}
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
			!ac_envelope_is_control(property->name))
			own++;
	}
	score += Min(own, 4);
	if (has_key(row))
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
		!ac_path_ends_in_variable(input->path))
		return true;
	for (i = 0; i < root->n_properties; i++)
		if (!ac_envelope_is_control(root->properties[i].name) &&
			strcmp(root->properties[i].name, best->key) != 0)
			return false;
	return ac_names_in(best->key, row_keys) ||
		   names_a_segment(input->path, best->key);
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
	for (i = 0; i < walk->n; i++)
		ac_json_set(arrays, walk->found[i].path,
					ac_json_new_int(walk->found[i].score));
	ac_json_set_string(envelope, "rows_path", chosen->path);
	ac_json_set(envelope, "one_row", ac_json_new_bool(chosen->one));
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

int
ac_envelope_choose(const AcEnvelopeInput *input, AcRows **rows)
{
	Walk walk = {0};
	AcRows item = ac_envelope_item(input->response, input->path);
	int best;
	int ties;
	int object;

	walk.input = input;
	walk.last = ac_path_last_static(input->path);
	collect(&walk, input->response, "", 0, 0);
	if (input->sample != NULL)
	{
		/* a second walk, now that the longest array is known */
		walk.max_len = longest(&walk);
		walk.n = walk.visits = 0;
		collect(&walk, input->response, "", 0, 0);
	}
	apply_weak_decoys(&walk);
	best = best_candidate(&walk);
	ties = best < 0 ? 0 : count_score(&walk, walk.found[best].score);
	object = object_score(input, item.row, ties);
	item.score = object;
	if (best < 0 ||
		(walk.found[best].path[0] != '\0' &&
		 (object >= walk.found[best].score || ties > AC_ENVELOPE_MAX_TIES ||
		  !list_expected(input, &walk.found[best]))))
	{
		*rows = palloc(sizeof(AcRows));
		**rows = item;
		note_evidence(&walk, &item, object);
		return 1;
	}
	note_evidence(&walk, &walk.found[best], object);
	return take_winners(&walk, walk.found[best].score, rows);
}
