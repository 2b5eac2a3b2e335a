/*
 * plan_dump.c
 *		What tables would an OpenAPI document become?  For people who read.
 *
 *		plan_dump [-c] [-e] [-f] [-s] FILE...
 *
 * One line per table: name, path, where its rows stand, key, paging, item
 * path.  -c adds the columns, -e the evidence, -f flattens, -s shows what is
 * left out and why.  Ends with counts: paths, tables, collections (tables of
 * many rows without a path variable, as test descriptions count them).
 */
#include "ac.h"

#include <unistd.h>

#include "api/openapi.h"
#include "api/tableplan.h"
#include "core/json.h"

#include "alloc.h"

static bool show_columns;
static bool show_evidence;
static bool show_skipped;
static AcPlanOptions options;

static AcJson *
read_document(const char *name)
{
	FILE *file = fopen(name, "rb");
	StringInfoData text;
	char piece[65536];
	size_t got;
	AcJson *doc = NULL;
	AcError err;

	if (file == NULL)
		return NULL;
	initStringInfo(&text);
	while ((got = fread(piece, 1, sizeof(piece), file)) > 0)
		appendBinaryStringInfo(&text, piece, (int) got);
	fclose(file);
	if (!ac_json_parse(text.data, text.len, AC_JSON_MAX_DEPTH, &doc, &err))
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

static void
dump(const char *name)
{
	AcJson *doc = read_document(name);
	AcTablePlans *plans;
	AcApi *api;
	AcError err;
	int tables = 0;
	int collections = 0;
	int items = 0;
	int i;

	if (doc == NULL || !ac_openapi_read(&(AcReadInput){.doc = doc, .limits = &ac_read_limits_default}, &api, &err))
	{
		fprintf(stderr, "%s: %s\n", name, doc ? err.message : "no document");
		ac_json_free(doc);
		return;
	}
	plans = ac_tableplan_build(api, &options);
	for (i = 0; i < plans->n_tables; i++)
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
		collections += plan->paging.style != AC_PAGER_NONE &&
					   strchr(plan->path, '{') == NULL;
		print_table(plan);
	}
	printf("# %s: %d rows, %d tables, %d item paths, %d collections\n", name,
		   plans->n_tables, tables, items, collections);
	ac_json_free(plans->evidence);
	ac_json_free(doc);
}

int
main(int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "cefs")) != -1)
	{
		show_columns = show_columns || option == 'c';
		show_evidence = show_evidence || option == 'e';
		show_skipped = show_skipped || option == 's';
		if (option == 'f')
			options.nested = AC_NESTED_FLATTEN;
	}
	for (; optind < argc; optind++)
	{
		dump(argv[optind]);
		ac_alloc_reset();
	}
	return 0;
}
