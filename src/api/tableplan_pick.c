/*
 * tableplan_pick.c
 *		Which operations are read, and in which version?
 *
 * What is left out gets a reason.  An operation by POST is read only where
 * its name says that it reads and the user has opted in: nothing else tells a
 * search from a change.  Of a resource in several versions the newest that is
 * neither deprecated nor a preview is read.
 */
#include "ac.h"

#include "api/action.h"
#include "api/names.h"
#include "api/tableplan_int.h"

/* Nothing is known of the answer but that it is JSON. */
static bool
is_undescribed(const AcShape *response)
{
	return response == NULL || response->kind == AC_SHAPE_UNKNOWN ||
		   response->kind == AC_SHAPE_NULL ||
		   (response->kind == AC_SHAPE_OBJECT && response->n_properties == 0);
}

/* One value is no row, and a scan could not read it as one. */
static bool
is_one_value(const AcShape *response)
{
	return response != NULL &&
		   (response->kind == AC_SHAPE_BOOLEAN ||
			response->kind == AC_SHAPE_INTEGER ||
			response->kind == AC_SHAPE_NUMBER ||
			response->kind == AC_SHAPE_STRING);
}

static bool
is_json(const char *media_type)
{
	return media_type == NULL || strstr(media_type, "json") != NULL ||
		   strcmp(media_type, "*/*") == 0;
}

/* A URL without scheme and trailing slash: "//host" may be either scheme. */
static char *
bare_url(const char *url)
{
	const char *start = strstr(url, "//");
	size_t len;

	url = start == NULL ? url : start + 2;
	len = strlen(url);
	while (len > 0 && url[len - 1] == '/')
		len--;
	return pnstrdup(url, len);
}

/* Is the operation served where the rest of the API is? */
static bool
is_at_base(const AcApi *api, const AcEndpoint *endpoint)
{
	return endpoint->base_url == NULL ||
		   (api->n_server_urls > 0 &&
			strcmp(bare_url(endpoint->base_url),
				   bare_url(api->server_urls[0])) == 0);
}

/* ---- reads by POST ---- */

static bool
is_read_verb(const char *word)
{
	static const char *const verbs[] = {
		"get", "list", "search", "query", "find", "lookup", NULL};

	return ac_names_in(word, verbs);
}

static bool
is_write_verb(const char *word)
{
	static const char *const verbs[] = {
		"create", "add", "new", "update", "set", "put", "patch", "post",
		"delete", "remove", "save", "store", "insert", "upsert", "replace",
		"start", "run", "execute", "exec", "send", "submit", "import",
		"upload", "enable", "disable", "cancel", "register", "reset",
		"archive", "move", "copy", "join", "leave", "invite", NULL};

	return ac_names_in(word, verbs);
}

/*
 * The verb is all of a segment ("/accounts/get", "/_search"), or stands
 * behind a dot or colon ("users.list", "jobs:search"), or leads a name in
 * camel case ("listUsers").  "/wish_list" and "/search_terms" are things.
 */
static bool
segment_reads(const char *text)
{
	const char *last = strpbrk(text, ".:") != NULL
						   ? text + strlen(text)
						   : NULL;
	size_t lower = strspn(text, "abcdefghijklmnopqrstuvwxyz");

	if (is_read_verb(text))
		return true;
	while (last != NULL && last > text && last[-1] != '.' && last[-1] != ':')
		last--;
	if (last != NULL)
		text = last, lower = strspn(text, "abcdefghijklmnopqrstuvwxyz");
	return is_read_verb(text) ||
		   (lower > 0 && text[lower] >= 'A' && text[lower] <= 'Z' &&
			is_read_verb(pnstrdup(text, lower)));
}

/* "searchOrders", "orders_search", but not "create_list". */
static bool
operation_reads(const char *operation_id)
{
	char *snake = ac_names_snake(operation_id == NULL ? "" : operation_id);
	const char *last = strrchr(snake, '_');
	char *first = pnstrdup(snake, strcspn(snake, "_"));

	return is_read_verb(first) ||
		   (last != NULL && is_read_verb(last + 1) && !is_write_verb(first));
}

static bool
is_post_read(const AcEndpoint *endpoint, const AcPath *path)
{
	const AcSegment *last = ac_path_last_static(path);

	return strcmp(endpoint->method, "POST") == 0 &&
		   ((last != NULL && !ac_path_ends_in_variable(path) &&
			 segment_reads(last->text)) ||
			operation_reads(endpoint->operation_id));
}

/* Why the method is none that reads, NULL if it does. */
static const char *
method_problem(const AcEndpoint *endpoint, const AcPath *path,
			   const AcPlanOptions *options)
{
	AcBody body;

	if (strcmp(endpoint->method, "GET") == 0)
		return NULL;
	if (!is_post_read(endpoint, path))
		return psprintf("method %s is not read", endpoint->method);
	if (!options->post_reads)
		return AC_PLAN_WANTS_POST_READS;
	(void) ac_body_params(endpoint, &body);
	ac_json_free(body.constants);
	return body.problem;
}

const char *
ac_plan_skip_reason(const AcApi *api, AcDraft *draft,
					const AcPlanOptions *options)
{
	const AcEndpoint *e = draft->endpoint;
	const char *problem = method_problem(e, draft->path, options);

	if (problem != NULL)
		return problem;
	if (e->problem != NULL)
		return e->problem;
	if (ac_action_smells(e->path, e->query))
		return "path smells of an action";
	if (ac_params_path_problem(e->path) != NULL)
		return ac_params_path_problem(e->path);
	if (!is_at_base(api, e))
		return psprintf("it is served at %s, not at the API's base URL",
						e->base_url);
	if (e->undescribed)
	{
		draft->nameable = draft->plan.undescribed = true;
		return NULL;
	}
	if (e->response_status == -1)
		return "no successful answer is described";
	if (e->response == NULL && !is_json(e->media_type))
		return psprintf("the answer is no JSON (%s)", e->media_type);
	if (is_one_value(e->response))
		return psprintf("its answer is one %s, no row",
						ac_shape_kind_name(e->response->kind));
	draft->nameable = true;
	draft->plan.undescribed = is_undescribed(e->response);
	return NULL;
}

/* ---- versions ---- */

/* What orders versions: "v1beta2" is 1, stage 1, 2; "2024-01-31" three numbers. */
typedef struct Version
{
	int stage; /* 0 alpha, 1 beta, 2 candidate, 3 what is for use */
	int numbers[4];
	int n;
} Version;

static void
parse_version(const char *text, Version *version)
{
	static const char *const stages[] = {"alpha", "beta", "rc"};

	memset(version, 0, sizeof(*version));
	version->stage = (int) lengthof(stages);
	while (*text != '\0')
	{
		int i;

		if (*text >= '0' && *text <= '9')
		{
			int value = 0;

			for (; *text >= '0' && *text <= '9'; text++)
				if (value < 1000000)
					value = value * 10 + (*text - '0');
			if (version->n < (int) lengthof(version->numbers))
				version->numbers[version->n++] = value;
			continue;
		}
		for (i = 0; i < (int) lengthof(stages); i++)
			if (strncmp(text, stages[i], strlen(stages[i])) == 0)
				version->stage = i;
		text++;
	}
}

/* The first version segment of a path, NULL if it has none. */
static const char *
version_of(const AcPath *path)
{
	int i;

	for (i = 0; i < path->count; i++)
		if (path->segments[i].version)
			return path->segments[i].text;
	return NULL;
}

/* A path with a version and what is left of it without. */
typedef struct Versioned
{
	AcDraft *draft;
	const char *resource; /* with "{}" for variables and without versions */
	Version version;
} Versioned;

static char *
resource_of(const AcPath *path)
{
	StringInfoData out;
	int i;

	initStringInfo(&out);
	for (i = 0; i < path->count; i++)
	{
		const AcSegment *segment = &path->segments[i];

		if (!segment->version)
			appendStringInfo(&out, "/%s%s",
							 segment->variable ? "{}" : segment->text,
							 segment->json ? ".json" : "");
	}
	return out.data;
}

static int
compare_versions(const Version *a, const Version *b)
{
	int i;

	if (a->stage != b->stage &&
		(a->stage == 3 || b->stage == 3))
		return a->stage - b->stage;
	for (i = 0; i < (int) lengthof(a->numbers); i++)
	{
		if (i == 1 && a->stage != b->stage)
			return a->stage - b->stage;
		if (a->numbers[i] != b->numbers[i])
			return a->numbers[i] < b->numbers[i] ? -1 : 1;
	}
	return 0;
}

/* Resources together; within one the version to be read first. */
static int
compare_versioned(const void *a, const void *b)
{
	const Versioned *x = a;
	const Versioned *y = b;
	int order = strcmp(x->resource, y->resource);

	if (order == 0)
		order = strcmp(x->draft->plan.method, y->draft->plan.method);
	if (order == 0)
		order = (int) x->draft->plan.deprecated - (int) y->draft->plan.deprecated;
	if (order == 0)
		order = compare_versions(&y->version, &x->version);
	return order != 0 ? order : ac_draft_compare(x->draft, y->draft);
}

/* Leaves loser out in favour of winner. */
static void
supersede(const AcDraft *winner, AcDraft *loser)
{
	AcJson *others = ac_json_get(winner->plan.evidence, "other_versions");

	if (strcmp(winner->plan.path, loser->plan.path) == 0)
		return;
	loser->plan.skip_reason = psprintf("%s is read instead: %s of the same resource",
									   winner->plan.path,
									   loser->plan.deprecated && !winner->plan.deprecated
										   ? "the version in force"
										   : "the newest version");
	loser->nameable = false;
	loser->plan.undescribed = false;
	ac_json_set_string(loser->plan.evidence, "superseded_by", winner->plan.path);
	if (others == NULL)
	{
		others = ac_json_new_array();
		ac_json_set(winner->plan.evidence, "other_versions", others);
	}
	if (loser->suffix[0] == '\0')
		ac_json_append(others, ac_json_new_string(loser->plan.path));
}

void
ac_plan_pick_versions(AcDrafts *drafts)
{
	Versioned *found = palloc(Max(drafts->n, 1) * sizeof(Versioned));
	int n = 0;
	int i;
	int first = 0;

	for (i = 0; i < drafts->n; i++)
	{
		AcDraft *draft = &drafts->drafts[i];
		const char *version = version_of(draft->path);

		if (version == NULL || draft->plan.skip_reason != NULL)
			continue;
		found[n].draft = draft;
		found[n].resource = resource_of(draft->path);
		parse_version(version, &found[n].version);
		n++;
	}
	qsort(found, n, sizeof(Versioned), compare_versioned);
	for (i = 1; i < n; i++)
	{
		if (strcmp(found[i].resource, found[first].resource) == 0 &&
			strcmp(found[i].draft->plan.method,
				   found[first].draft->plan.method) == 0)
			supersede(found[first].draft, found[i].draft);
		else
			first = i;
	}
	pfree(found);
}

int
ac_tableplan_count_post_reads(const AcTablePlans *plans)
{
	int n = 0;
	int i;

	for (i = 0; i < plans->n_tables; i++)
		if (plans->tables[i].skip_reason != NULL &&
			strcmp(plans->tables[i].skip_reason, AC_PLAN_WANTS_POST_READS) == 0)
			n++;
	return n;
}
