/*
 * subject.c
 *		Which foreign tables does a poll look after?  See subject.h.
 */
#include "ac.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "api/action.h"
#include "catalog/pg_attribute.h"
#include "catalog/pg_class.h"
#include "catalog/pg_foreign_table.h"
#include "core/url.h"
#include "policy/pager.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/syscache.h"
#include "worker/subject.h"

/*
 * Rows that a probe asks for.  Two polls must show 30 rows of a table before
 * a column counts as gone (doc/drift.md), and a page of any size is one
 * request.
 */
#define PROBE_ROWS 20

/* OIDs of the server's foreign tables. */
static List *
foreign_tables(Oid serverid)
{
	Relation relation = table_open(ForeignTableRelationId, AccessShareLock);
	SysScanDesc scan = systable_beginscan(relation, InvalidOid, false, NULL, 0,
										  NULL);
	List *relids = NIL;
	HeapTuple tuple;

	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Form_pg_foreign_table form = (Form_pg_foreign_table) GETSTRUCT(tuple);

		if (form->ftserver == serverid)
			relids = lappend_oid(relids, form->ftrelid);
	}
	systable_endscan(scan);
	table_close(relation, AccessShareLock);
	return relids;
}

/* Does the table belong to somebody who may act as the server's owner? */
static bool
is_owners(const AcCheck *check, const AcCheckTable *table)
{
	return has_privs_of_role(table->owner, check->server->owner);
}

/*
 * Whoever may use the server may make a table of any path.  The credentials of
 * the server's owner go only where the table's owner could send them: else a
 * table would be a way to have others' data fetched and told of in alerts.
 */
static bool
may_be_probed(const AcCheck *check, const AcCheckTable *table)
{
	return is_owners(check, table) ||
		   ac_option_same_mapping(table->owner, check->server->owner,
								  check->server->serverid);
}

/*
 * A table without variables in its path can be read without a value.  What
 * logs out or deletes is not asked for every quarter of an hour.
 */
static const char *
probe_url(const AcCheck *check, const AcTableOptions *options)
{
	const AcUrl *base = ac_connection_base(check->conn);
	const AcPaging *paging = &options->paging;
	char **vars;
	AcUrl url;

	/* nobody asks for a POST but who reads the table */
	if (options->body != NULL ||
		ac_url_template_vars(options->path, &vars) != 0 ||
		!ac_url_parse(ac_url_join(base, options->path), &url, NULL) ||
		!ac_url_is_below(base, &url) ||
		ac_action_smells(options->path, options->params))
		return NULL;
	if (options->params != NULL)
		url.query = options->params;
	if (paging->size_param != NULL &&
		ac_page_place(paging->size_param) == AC_PLACE_QUERY)
		url.query = ac_url_set_query(url.query, paging->size_param,
									 psprintf("%d", paging->page_size > 0
														? Min(paging->page_size, PROBE_ROWS)
														: PROBE_ROWS));
	return ac_url_text(&url);
}

/* Adds a column, if it is one with a field. */
static void
add_column(AcCheckTable *table, AttrNumber attnum)
{
	HeapTuple tuple = SearchSysCache2(ATTNUM, ObjectIdGetDatum(table->relid),
									  Int16GetDatum(attnum));
	Form_pg_attribute form;
	AcColumnOptions *options;
	AcPayloadColumn *column;

	if (!HeapTupleIsValid(tuple))
		return;
	form = (Form_pg_attribute) GETSTRUCT(tuple);
	if (!form->attisdropped)
	{
		options = ac_option_column(table->relid, attnum);
		/* names, ordinals and fields of parents are no members of the row */
		if (options->json_path != NULL && options->origin == AC_ORIGIN_ROW)
		{
			column = &table->columns[table->n_columns++];
			column->name = pstrdup(NameStr(form->attname));
			column->json_path = options->json_path;
			column->type = format_type_be(form->atttypid);
			column->decode = options->decode;
			column->missing_is_error = options->missing_is_error;
		}
	}
	ReleaseSysCache(tuple);
}

/* Reads one table; false if it is gone or not to be watched. */
static bool
load_table(AcCheck *check, Oid relid, AcCheckTable *table)
{
	HeapTuple tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
	Form_pg_class form;
	AcTableOptions *options;
	int n_attributes;

	if (!HeapTupleIsValid(tuple))
		return false;
	form = (Form_pg_class) GETSTRUCT(tuple);
	memset(table, 0, sizeof(*table));
	table->relid = relid;
	table->name = pstrdup(NameStr(form->relname));
	table->schema = get_namespace_name(form->relnamespace);
	table->owner = form->relowner;
	n_attributes = form->relnatts;
	ReleaseSysCache(tuple);

	options = ac_option_table(relid);
	if (options->path == NULL || table->schema == NULL)
		return false;
	table->path = options->path;
	table->params = options->params;
	table->rows = ac_option_rows(options);
	if (may_be_probed(check, table))
		table->probe_url = probe_url(check, options);
	table->columns = palloc0(sizeof(AcPayloadColumn) * Max(n_attributes, 1));
	for (int i = 1; i <= n_attributes; i++)
		add_column(table, (AttrNumber) i);
	return true;
}

/* Is b's name b's rather than a's?  Tables of the server's owner come first. */
static bool
has_precedence(const AcCheck *check, const AcCheckTable *a,
			   const AcCheckTable *b)
{
	bool a_owners = is_owners(check, a);
	bool b_owners = is_owners(check, b);

	return a_owners == b_owners ? b->relid < a->relid : b_owners;
}

/* The table as the API's description has it, or NULL. */
static const AcModelTable *
find_described(const AcCheck *check, const char *path)
{
	return check->current != NULL ? ac_model_table(check->current, "GET", path)
								  : NULL;
}

static bool
is_described_name(const AcCheck *check, const char *name)
{
	for (int i = 0; check->current != NULL && i < check->current->n_tables; i++)
		if (strcmp(check->current->tables[i].name, name) == 0)
			return true;
	return false;
}

/* Columns go by the names of the description, too. */
static void
name_columns(const AcCheck *check, AcCheckTable *table)
{
	const AcModelTable *described = find_described(check, table->path);

	for (int i = 0; described != NULL && i < table->n_columns; i++)
	{
		const AcModelColumn *column =
			ac_model_column(described, table->columns[i].json_path);

		if (column != NULL)
			table->columns[i].name = column->name;
	}
}

static bool
is_same_text(const char *a, const char *b)
{
	return strcmp(a != NULL ? a : "", b != NULL ? b : "") == 0;
}

/* Do both show the same rows of the API, whatever they are called here? */
static bool
shows_same_rows(const AcCheckTable *a, const AcCheckTable *b)
{
	return strcmp(a->path, b->path) == 0 &&
		   is_same_text(a->params, b->params) &&
		   is_same_text(a->rows.nested_path, b->rows.nested_path);
}

/* Of the tables that show the same rows, the one that names them all. */
static const AcCheckTable *
first_of_rows(const AcCheck *check, const AcCheckTable *table)
{
	const AcCheckTable *first = table;

	for (int i = 0; i < check->n_tables; i++)
		if (shows_same_rows(&check->tables[i], table) &&
			has_precedence(check, first, &check->tables[i]))
			first = &check->tables[i];
	return first;
}

/*
 * What is observed of answers is kept by name: that of the description, which a
 * RENAME here does not change, and which makes one cause one alert.  No two
 * paths may share one: a table that somebody made in a schema of his own would
 * spoil what is known of another.
 */
static const char *
label_of(const AcCheck *check, const AcCheckTable *table)
{
	const AcModelTable *described = find_described(check, table->path);

	if (described != NULL)
		return described->name;
	table = first_of_rows(check, table);
	if (is_described_name(check, table->name))
		return quote_qualified_identifier(table->schema, table->name);
	for (int i = 0; i < check->n_tables; i++)
	{
		const AcCheckTable *other = &check->tables[i];

		if (strcmp(other->name, table->name) == 0 &&
			strcmp(other->path, table->path) != 0 &&
			has_precedence(check, table, other))
			return quote_qualified_identifier(table->schema, table->name);
	}
	return table->name;
}

void
ac_subject_load(AcCheck *check)
{
	List *relids = foreign_tables(check->server->serverid);
	ListCell *lc;

	check->tables = palloc0(sizeof(AcCheckTable) * Max(list_length(relids), 1));
	foreach (lc, relids)
	{
		if (load_table(check, lfirst_oid(lc), &check->tables[check->n_tables]))
			check->n_tables++;
	}
	for (int i = 0; i < check->n_tables; i++)
	{
		check->tables[i].label = label_of(check, &check->tables[i]);
		name_columns(check, &check->tables[i]);
	}
}

AcCheckTable *
ac_subject_find(AcCheck *check, Oid relid)
{
	for (int i = 0; i < check->n_tables; i++)
		if (check->tables[i].relid == relid)
			return &check->tables[i];
	return NULL;
}

AcPayloadTable
ac_subject_payload(const AcCheckTable *table)
{
	AcPayloadTable result = {
		.name = table->label,
		.path = table->path,
		.query = table->params,
		.nested_path = table->rows.nested_path,
		.columns = table->columns,
		.n_columns = table->n_columns,
	};

	return result;
}
