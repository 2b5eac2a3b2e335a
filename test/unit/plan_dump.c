/*
 * plan_dump.c
 *		What tables would a description become?  For people who read.
 *
 *		plan_dump [-c] [-e] [-f] [-s] [-n] FILE...
 *		plan_dump -r FILE...
 *
 * One line per table: name, path, where its rows stand, key, paging, item
 * path.  -c adds the columns, -e the evidence, -f flattens, -s shows what is
 * left out and why, -n what the reader noted.  Ends with counts: paths, tables,
 * collections (tables of many rows without a path variable, as test
 * descriptions count them).
 *
 * -r reports on each file in few lines: how it was read, tables, and the reasons
 * of what was left out, counted.  It ends with "N passed, M failed": a file fails
 * if it cannot be read, has no table, or if an operation is left out although
 * a collection of its answer is described.
 */
#include "ac.h"

#include <unistd.h>

#include "api/api.h"
#include "api/tableplan.h"
#include "core/document.h"

#include "alloc.h"
#include "readfile.h"

/* Different reasons of one file that are counted apart. */
#define MAX_REASONS 200

/* Objects around a list in an answer, as envelopes nest. */
#define LIST_DEPTH 2

static bool show_columns;
static bool show_evidence;
static bool show_skipped;
static bool show_notes;
static AcPlanOptions options;

static AcJson *
read_document(const char *name)
{
	AcDocumentText text = {0};
	AcJson *doc = NULL;
	AcError err;

	text.text = read_file(name, &text.len);
	if (text.text == NULL)
		return NULL;
	if (!ac_document_parse(&text, &doc, &err))
		fprintf(stderr, "%s: %s\n", name, err.message);
	return doc;
}

static void
print_columns(const AcTablePlan *plan)
{
	static const char *const filters[] = {"", " path", " safe", " unproved"};
	int i;

	for (i = 0; i < plan->n_columns; i++)
	{
		const AcColumnPlan *column = &plan->columns[i];

		printf("      %s%s %s", column->key ? "*" : "", column->name,
			   column->type);
		if (column->decode != NULL)
			printf(" decode=%s", column->decode);
		if (column->json_path == NULL)
			printf(" (no field)");
		else if (strcmp(column->json_path + (column->json_path[0] == '/'),
						column->name) != 0)
			printf(" <- %s", column->json_path);
		if (column->param != NULL)
			printf(" param=%s%s", column->param, filters[column->filter]);
		printf("%s\n", column->required ? " required" : "");
	}
}

static void
print_paging(const AcPaging *p)
{
	printf(" %s", ac_pager_style_name(p->style));
	if (p->page_param != NULL)
		printf(" %s", p->page_param);
	if (p->style == AC_PAGER_PAGE)
		printf(" from %d", p->first_page);
	if (p->cursor_param != NULL)
		printf(" %s", p->cursor_param);
	if (p->cursor_path != NULL)
		printf("<-%s", p->cursor_path);
	if (p->size_param != NULL)
		printf(" %s=%d", p->size_param, p->page_size);
	if (p->total_path != NULL)
		printf(" total %s", p->total_path);
	if (p->more_path != NULL)
		printf(" more %s", p->more_path);
}

static void
print_table(const AcTablePlan *plan)
{
	int i;

	printf("%s [%s] %s rows=%s", plan->name, plan->group, plan->path,
		   plan->rows_path);
	if (plan->row != NULL && plan->row->name != NULL)
		printf(" (%s)", plan->row->name);
	printf(" key(");
	for (i = 0; i < plan->n_columns; i++)
		if (plan->columns[i].key)
			printf(" %s%s", plan->columns[i].name,
				   plan->columns[i].json_path == NULL ? "=" : "");
	printf(" )");
	print_paging(&plan->paging);
	if (plan->item_path != NULL)
		printf(" item %s%s%s", plan->item_path,
			   plan->item_rows_path[0] ? "#" : "", plan->item_rows_path);
	if (plan->fixed_params != NULL)
		printf(" ?%s", plan->fixed_params);
	printf("\n");
	if (show_columns)
		print_columns(plan);
	if (show_evidence)
		printf("      %s\n", ac_json_to_text(plan->evidence));
}

/* The plans of a file; NULL if it cannot be read. */
static AcTablePlans *
plan_file(const char *name, AcJson **doc, AcApi **api)
{
	const AcReader *reader;
	AcReadInput input = {.limits = &ac_read_limits_default};
	AcError err;

	*doc = input.doc = read_document(name);
	reader = *doc != NULL ? ac_api_find_reader(*doc) : NULL;
	input.url = psprintf("https://api.example%s%s", name[0] == '/' ? "" : "/",
						 name);
	if (reader != NULL && reader->read(&input, api, &err))
		return ac_tableplan_build(*api, &options);
	fprintf(stderr, "%s: %s\n", name,
			*doc == NULL	 ? "no document"
			: reader == NULL ? "no reader knows it"
							 : err.message);
	return NULL;
}

/* Is the table one that a reader of descriptions would call a collection? */
static bool
is_collection(const AcTablePlan *plan)
{
	return plan->paging.style != AC_PAGER_NONE &&
		   strchr(plan->path, '{') == NULL;
}

static void
dump(const char *name)
{
	AcJson *doc;
	AcApi *api;
	AcTablePlans *plans = plan_file(name, &doc, &api);
	int tables = 0;
	int collections = 0;
	int items = 0;
	int i;

	for (i = 0; plans != NULL && i < plans->n_tables; i++)
	{
		const AcTablePlan *plan = &plans->tables[i];

		if (plan->skip_reason != NULL)
		{
			if (show_skipped)
				printf("- %s %s: %s\n", plan->method, plan->path,
					   plan->skip_reason);
			items += strncmp(plan->skip_reason, "serves", 6) == 0;
			continue;
		}
		tables++;
		collections += is_collection(plan);
		print_table(plan);
	}
	for (i = 0; show_notes && plans != NULL && i < api->n_notes; i++)
		printf("note: %s\n", api->notes[i]);
	if (plans != NULL)
	{
		printf("# %s: %d rows, %d tables, %d item paths, %d collections\n",
			   name, plans->n_tables, tables, items, collections);
		ac_json_free(plans->evidence);
	}
	ac_json_free(doc);
}

/* Skip reasons of one file and how often each occurs. */
typedef struct Reasons
{
	const char *reason[MAX_REASONS];
	int count[MAX_REASONS];
	int n;
} Reasons;

/* The reason without what is particular to one path. */
static const char *
general_reason(const AcTablePlan *plan)
{
	if (strncmp(plan->skip_reason, "serves", 6) == 0)
		return "serves look-ups of another table";
	if (strncmp(plan->skip_reason, "another operation", 17) == 0)
		return "another operation has the same path";
	if (strstr(plan->skip_reason, " is read instead: ") != NULL)
		return "another version of it is read instead";
	if (strncmp(plan->skip_reason, "it is served at", 15) == 0)
		return "it is served elsewhere than the rest of the API";
	return plan->skip_reason;
}

static void
count_reason(Reasons *reasons, const char *reason)
{
	int i;

	for (i = 0; i < reasons->n && strcmp(reasons->reason[i], reason) != 0; i++)
		;
	if (i == MAX_REASONS)
		return;
	if (i == reasons->n)
	{
		reasons->reason[reasons->n++] = reason;
		reasons->count[i] = 0;
	}
	reasons->count[i]++;
}

/* Is there an array of objects in the shape, an envelope's depth down? */
static bool
has_list(const AcShape *shape, int depth)
{
	int i;

	if (shape == NULL || depth < 0)
		return false;
	if (shape->kind == AC_SHAPE_ARRAY)
		return shape->items != NULL &&
			   shape->items->kind == AC_SHAPE_OBJECT;
	for (i = 0; i < shape->n_properties; i++)
	{
		if (has_list(shape->properties[i].shape, depth - 1))
			return true;
	}
	return false;
}

/*
 * Is something left out that could be rows, for want of code?  What serves
 * look-ups is in use, an action must not be called, what lies on another host
 * is somebody else's, two operations that differ in a fragment are one, and of
 * several versions of a resource one is read.
 */
static bool
is_lost(const AcTablePlan *plan)
{
	static const char *const right[] = {
		"serves", "path smells of an action", "it is served at",
		"another operation has the path", NULL};
	int i;

	if (strcmp(plan->method, "GET") != 0 || plan->endpoint == NULL ||
		!has_list(plan->endpoint->response, LIST_DEPTH))
		return false;
	for (i = 0; right[i] != NULL; i++)
	{
		if (strncmp(plan->skip_reason, right[i], strlen(right[i])) == 0)
			return false;
	}
	return strstr(plan->skip_reason, " is read instead: ") == NULL;
}

static const char *
base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

/* One file's report; false if it fails. */
static bool
report(const char *name)
{
	AcJson *doc;
	AcApi *api;
	AcTablePlans *plans = plan_file(name, &doc, &api);
	Reasons reasons = {.n = 0};
	int tables = 0;
	int collections = 0;
	int lost = 0;
	int i;

	for (i = 0; plans != NULL && i < plans->n_tables; i++)
	{
		const AcTablePlan *plan = &plans->tables[i];

		if (plan->skip_reason == NULL)
		{
			tables++;
			collections += is_collection(plan);
			continue;
		}
		count_reason(&reasons, general_reason(plan));
		if (is_lost(plan))
		{
			printf("  lost: %s: %s\n", plan->path, plan->skip_reason);
			lost++;
		}
	}
	if (plans != NULL)
	{
		printf("%s: %s %s, %d paths, %d tables, %d of them collections, "
			   "%d notes\n",
			   base_name(name), api->kind, api->spec_version, plans->n_tables,
			   tables, collections, api->n_notes);
		for (i = 0; i < reasons.n; i++)
			printf("  %5d skipped: %s\n", reasons.count[i], reasons.reason[i]);
		ac_json_free(plans->evidence);
	}
	ac_json_free(doc);
	return plans != NULL && tables > 0 && lost == 0;
}

int
main(int argc, char **argv)
{
	bool reports = false;
	int passed = 0;
	int n;
	int option;

	while ((option = getopt(argc, argv, "cefnrs")) != -1)
	{
		show_columns = show_columns || option == 'c';
		show_evidence = show_evidence || option == 'e';
		show_skipped = show_skipped || option == 's';
		show_notes = show_notes || option == 'n';
		reports = reports || option == 'r';
		if (option == 'f')
			options.nested = AC_NESTED_FLATTEN;
	}
	for (n = optind; n < argc; n++)
	{
		if (!reports)
			dump(argv[n]);
		else
			passed += report(argv[n]);
		ac_alloc_reset();
	}
	if (reports)
		printf("%d passed, %d failed\n", passed, argc - optind - passed);
	return reports && passed < argc - optind;
}
