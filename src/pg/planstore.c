/*
 * planstore.c
 *		How are the tables of a server kept, and what outlives a new look?
 *
 * See planstore.h.  Old rows stand below zero while new ones are put beside
 * them; which of both stay is decided for whole operations, because tables of
 * one answer belong together.  Everything runs in the caller's scope.
 */
#include "ac.h"

#include "api/fingerprint.h"
#include "api/increment.h"
#include "api/relations.h"
#include "catalog/pg_type.h"
#include "core/hash.h"
#include "miscadmin.h"
#include "pg/planstore.h"
#include "pg/report.h"
#include "pg/scope.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/memutils.h"

/*
 * Where positions stand while both are there: new ones from 0, old ones below,
 * old ones that stay below this.  No description has as many operations.
 */
#define KEPT "10000000"

/* ---- rows ---- */

/* Key columns of a plan as text[], or NULL. */
static void
arg_key_columns(AcArgs *args, const AcTablePlan *plan)
{
	Datum *names = palloc(sizeof(Datum) * (plan->n_columns + 1));
	int n = 0;

	for (int i = 0; i < plan->n_columns; i++)
		if (plan->columns[i].key)
			names[n++] = CStringGetTextDatum(plan->columns[i].name);
	ac_arg_datum(args, TEXTARRAYOID,
				 n > 0 ? PointerGetDatum(construct_array(names, n, TEXTOID, -1,
														 false, TYPALIGN_INT))
					   : (Datum) 0,
				 n == 0);
}

/* Parameters of a plan's columns as a JSON object: parameter -> column. */
static char *
params_text(const AcTablePlan *plan)
{
	AcJson *object = ac_json_new_object();
	char *text;

	for (int i = 0; i < plan->n_columns; i++)
		if (plan->columns[i].param != NULL)
			ac_json_set_string(object, plan->columns[i].param,
							   plan->columns[i].name);
	text = ac_json_into_text(object);
	return strcmp(text, "{}") == 0 ? NULL : text;
}

/* What tells one operation from all others of its server. */
static char *
operation_of(const AcTablePlan *plan)
{
	uint64 hash = ac_hash_text(plan->path, 1);
	const char *query = plan->endpoint->query;

	hash = ac_hash_combine(hash, ac_hash_text(plan->method, 1));
	hash = ac_hash_combine(hash, ac_hash_text(query != NULL ? query : "", 1));
	return psprintf(UINT64_FORMAT, hash);
}

static void
store_endpoint(SPIPlanPtr *statement, const char *server, int position,
			   const AcTablePlan *plan, AcFingerprints *known)
{
	AcArgs args = {0};
	bool importable = plan->skip_reason == NULL;

	ac_arg_text(&args, server);
	ac_arg_datum(&args, INT4OID, Int32GetDatum(position), false);
	ac_arg_text(&args, plan->name);
	ac_arg_text(&args, plan->group);
	ac_arg_text(&args, plan->method);
	ac_arg_text(&args, plan->path);
	ac_arg_text(&args, plan->item_path);
	ac_arg_text(&args, importable ? plan->rows_path : NULL);
	ac_arg_text(&args, importable ? ac_pager_style_name(plan->paging.style) : NULL);
	ac_arg_datum(&args, INT4OID, Int32GetDatum(plan->paging.page_size),
				 plan->paging.page_size <= 0);
	arg_key_columns(&args, plan);
	ac_arg_text(&args, params_text(plan));
	ac_arg_datum(&args, BOOLOID, BoolGetDatum(importable), false);
	ac_arg_text(&args, plan->skip_reason);
	ac_arg_text(&args, plan->source);
	ac_arg_datum(&args, FLOAT4OID, Float4GetDatum((float4) plan->confidence), false);
	ac_arg_text(&args, plan->evidence != NULL ? ac_json_to_text(plan->evidence) : NULL);
	ac_arg_text(&args, plan->increment != NULL ? plan->increment->column : NULL);
	ac_arg_text(&args, plan->increment != NULL ? plan->increment->param : NULL);
	ac_arg_text(&args, plan->increment != NULL ? plan->increment->format : NULL);
	ac_arg_text(&args, plan->increment != NULL ? ac_increment_mode_name(plan->increment->mode) : NULL);
	ac_arg_text(&args, operation_of(plan));
	ac_arg_text(&args, plan->endpoint->query);
	ac_arg_text(&args, psprintf(UINT64_FORMAT, ac_fingerprint_of(known, plan->endpoint)));
	ac_arg_int4(&args, plan->answered);
	ac_scope_repeat(statement,
					"INSERT INTO autoconn.endpoint (server, position, name, grp, method,"
					" path, item_path, rows_path, pagination, page_size, key_columns,"
					" params, importable, skip_reason, source, confidence, evidence,"
					" cursor_column, cursor_param, cursor_format, cursor_mode,"
					" operation, query, fingerprint, answered)"
					" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::jsonb,"
					" $13, $14, $15, $16, $17::jsonb, $18, $19, $20, $21, $22, $23, $24, $25)",
					&args);
}

static void
store_endpoints(const char *server, const AcTablePlans *plans)
{
	MemoryContext row = AllocSetContextCreate(CurrentMemoryContext,
											  "autoconn endpoint row",
											  ALLOCSET_DEFAULT_SIZES);
	AcFingerprints *known = ac_fingerprints_create();
	SPIPlanPtr statement = NULL;
	MemoryContext old = MemoryContextSwitchTo(row);

	for (int i = 0; i < plans->n_tables; i++)
	{
		store_endpoint(&statement, server, i, &plans->tables[i], known);
		MemoryContextReset(row);
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(row);
}

/* ---- which rows stay ---- */

static void
run_for(const char *server, const char *sql)
{
	AcArgs args = {0};

	ac_arg_text(&args, server);
	ac_scope_run(sql, &args, false);
}

/*
 * Marks the old rows that stay: of the import option "paths" those that were
 * not named again; of what was found again those that a sample said more of
 * than one did now, if their description is the same; of somebody who does not
 * own the server all.
 */
static void
mark_kept(const char *server, bool by_owner)
{
	run_for(server,
			by_owner
				? "UPDATE autoconn.endpoint e SET position = e.position - " KEPT
				  " FROM (SELECT o.operation, o.answered, n.answered AS now, n.least, n.most"
				  "   FROM (SELECT operation, max(answered) AS answered FROM autoconn.endpoint"
				  "     WHERE server = $1 AND position < 0 GROUP BY operation) o"
				  "   LEFT JOIN (SELECT operation, max(answered) AS answered,"
				  "       min(fingerprint) AS least, max(fingerprint) AS most"
				  "     FROM autoconn.endpoint"
				  "     WHERE server = $1 AND position >= 0 GROUP BY operation) n"
				  "   USING (operation)) s"
				  " WHERE e.server = $1 AND e.position < 0 AND e.operation = s.operation"
				  " AND CASE WHEN s.now IS NULL THEN e.source = 'paths'"
				  "   ELSE s.answered > s.now AND s.least = e.fingerprint"
				  "     AND s.most = e.fingerprint END"
				: "UPDATE autoconn.endpoint SET position = position - " KEPT
				  " WHERE server = $1 AND position < 0");
}

/* What a trial says of itself that neither proved nor refuted anything. */
#define UNTRIED " LIKE 'not tried%'"

/* New rows m and the old ones p of the same table, of which the same is said. */
#define SAMPLED_AGAIN                                                                                 \
	" FROM autoconn.endpoint m JOIN autoconn.endpoint p USING (server, operation, fingerprint, name)" \
	" WHERE m.server = $1 AND m.position >= 0 AND m.answered > 0 AND m.importable"                    \
	" AND p.position < 0 AND p.position > -" KEPT                                                     \
	" AND p.rows_path IS NOT DISTINCT FROM m.rows_path"

/*
 * A table that was sampled again keeps what was proved of it before and could
 * not be tried this time, if the same is said of it.
 */
static void
keep_untried(const char *server)
{
	run_for(server,
			"UPDATE autoconn.endpoint n SET"
			" evidence = n.evidence"
			"   || CASE WHEN o.item THEN jsonb_build_object('item', o.evidence -> 'item') ELSE '{}' END"
			"   || CASE WHEN o.pages THEN jsonb_build_object('pages', o.evidence -> 'pages') ELSE '{}' END,"
			" key_columns = CASE WHEN o.item THEN o.key_columns ELSE n.key_columns END,"
			" params = CASE WHEN o.item THEN o.params ELSE n.params END,"
			" pagination = CASE WHEN o.pages THEN o.pagination ELSE n.pagination END"
			" FROM (SELECT p.*, COALESCE(m.evidence ->> 'item' " UNTRIED
			"         AND p.evidence ->> 'item' LIKE 'proved%', false) AS item,"
			"       COALESCE(m.evidence ->> 'pages' " UNTRIED
			"         AND p.evidence ->> 'pages' LIKE 'proved%', false) AS pages,"
			"       m.position AS at" SAMPLED_AGAIN ") o"
			" WHERE n.server = $1 AND n.position = o.at AND (o.item OR o.pages)");
	run_for(server,
			"UPDATE autoconn.endpoint n SET cursor_column = o.cursor_column,"
			" cursor_param = o.cursor_param, cursor_format = o.cursor_format,"
			" cursor_mode = o.cursor_mode,"
			" evidence = n.evidence || jsonb_build_object('increment', o.evidence -> 'increment')"
			" FROM (SELECT p.*, m.position AS at" SAMPLED_AGAIN
			"       AND p.cursor_mode = 'parameter' AND NOT m.evidence ? 'increment') o"
			" WHERE n.server = $1 AND n.position = o.at");
	run_for(server,
			"UPDATE autoconn.endpoint n SET evidence = n.evidence || o.kept"
			" FROM (SELECT m.position AS at,"
			"         (SELECT jsonb_object_agg(k, p.evidence -> k)"
			"          FROM unnest('{filters,lists,bounds,orders,fields}'::text[]) k"
			"          WHERE p.evidence ? k AND NOT m.evidence ? k) AS kept" SAMPLED_AGAIN ") o"
			" WHERE n.server = $1 AND n.position = o.at AND o.kept IS NOT NULL");
}

/* Of each operation the old rows or the new ones. */
static void
drop_others(const char *server, AcTablePlans *plans)
{
	AcArgs args = {0};
	uint64 n;

	run_for(server,
			"DELETE FROM autoconn.endpoint"
			" WHERE server = $1 AND position < 0 AND position > -" KEPT);
	ac_arg_text(&args, server);
	n = ac_scope_run("DELETE FROM autoconn.endpoint n"
					 " WHERE n.server = $1 AND n.position >= 0"
					 "   AND EXISTS (SELECT FROM autoconn.endpoint k WHERE k.server = $1"
					 "     AND k.position < 0 AND k.operation = n.operation)"
					 " RETURNING position",
					 &args, false);
	for (uint64 i = 0; i < n; i++)
		plans->tables[ac_scope_int8(i, 1, 0)].outdone = true;
}

/* In the order of paths again, from 0. */
static void
renumber(const char *server)
{
	run_for(server,
			"UPDATE autoconn.endpoint e SET position = 2 * " KEPT " + r.n"
			" FROM (SELECT position, row_number() OVER (ORDER BY path, query NULLS FIRST,"
			"         operation, CASE WHEN position < 0 THEN -position ELSE position END) AS n"
			"       FROM autoconn.endpoint WHERE server = $1) r"
			" WHERE e.server = $1 AND e.position = r.position");
	run_for(server,
			"UPDATE autoconn.endpoint SET position = position - 2 * " KEPT " - 1"
			" WHERE server = $1");
}

/* ---- edges ---- */

/* Names of tables that stay as they were, sorted. */
typedef struct Kept
{
	const char **names;
	int n;
} Kept;

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *) a, *(const char *const *) b);
}

static void
load_kept(const AcScope *scope, const char *server, Kept *kept)
{
	AcArgs args = {0};

	ac_arg_text(&args, server);
	kept->n = (int) ac_scope_run("SELECT name FROM autoconn.endpoint"
								 " WHERE server = $1 AND name IS NOT NULL"
								 " GROUP BY name HAVING max(position) < 0",
								 &args, false);
	kept->names = palloc_extended(sizeof(char *) * Max(kept->n, 1), MCXT_ALLOC_HUGE);
	for (int i = 0; i < kept->n; i++)
		kept->names[i] = ac_scope_text(scope, i, 1);
	qsort(kept->names, kept->n, sizeof(char *), compare_names);
}

static bool
is_kept(const Kept *kept, const char *name)
{
	return bsearch(&name, kept->names, kept->n, sizeof(char *), compare_names) != NULL;
}

/* Edges stay of tables that stay, to tables that are still there. */
static void
drop_edges(const char *server)
{
	run_for(server,
			"DELETE FROM autoconn.relationship r WHERE r.server = $1"
			" AND (r.child NOT IN (SELECT name FROM autoconn.endpoint WHERE server = $1"
			"        AND name IS NOT NULL GROUP BY name HAVING max(position) < 0)"
			"   OR r.parent NOT IN (SELECT name FROM autoconn.endpoint"
			"        WHERE server = $1 AND name IS NOT NULL))");
}

static void
arg_names(AcArgs *args, const AcColumnPlan *const *columns, int n)
{
	Datum names[AC_KEYS_MAX];

	for (int i = 0; i < n; i++)
		names[i] = CStringGetTextDatum(columns[i]->name);
	ac_arg_datum(args, TEXTARRAYOID,
				 PointerGetDatum(construct_array(names, n, TEXTOID, -1, false,
												 TYPALIGN_INT)),
				 false);
}

static void
store_relation(const char *server, const AcRelation *relation)
{
	AcArgs args = {0};

	ac_arg_text(&args, server);
	ac_arg_text(&args, relation->child->name);
	arg_names(&args, relation->child_columns, relation->n_columns);
	ac_arg_text(&args, relation->parent->name);
	arg_names(&args, relation->parent_columns, relation->n_columns);
	ac_arg_text(&args, ac_relations_evidence(relation));
	ac_arg_datum(&args, FLOAT4OID,
				 Float4GetDatum((float4) relation->confidence), false);
	ac_scope_run("INSERT INTO autoconn.relationship (server, child, child_columns,"
				 " parent, parent_columns, evidence, confidence)"
				 " VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7)"
				 " ON CONFLICT DO NOTHING",
				 &args, false);
}

/*
 * The edges that were proved, or those that the descriptions speak of; between
 * tables that both stay as they were stand those that were found before.
 */
static void
store_relations(const char *server, const AcTablePlans *plans,
				const Kept *kept)
{
	AcRelationInput input = {.plans = plans, .interrupted = ac_report_interrupted};
	AcRelation *relations = plans->relations;
	int n = plans->n_relations;

	if (!plans->related)
	{
		n = ac_relations_find(&input, &relations);
		CHECK_FOR_INTERRUPTS();
	}
	for (int i = 0; i < n; i++)
		if (!is_kept(kept, relations[i].child->name) ||
			!is_kept(kept, relations[i].parent->name))
			store_relation(server, &relations[i]);
}

/* What a nested table has of the key of the table that its rows stand in. */
static void
store_nesting(const char *server, const AcTablePlan *child)
{
	Datum *own = palloc(sizeof(Datum) * (child->n_columns + 1));
	Datum *above = palloc(sizeof(Datum) * (child->n_columns + 1));
	const AcTablePlan *parent = child->nested_in;
	AcArgs args = {0};
	int n = 0;

	for (int i = 0; i < child->n_columns; i++)
		for (int j = 0; child->columns[i].of_parent && j < parent->n_columns; j++)
			if (parent->columns[j].key && parent->columns[j].json_path != NULL &&
				strcmp(parent->columns[j].json_path, child->columns[i].json_path) == 0)
			{
				own[n] = CStringGetTextDatum(child->columns[i].name);
				above[n++] = CStringGetTextDatum(parent->columns[j].name);
				break;
			}
	if (n == 0 || parent->name == NULL)
		return;
	ac_arg_text(&args, server);
	ac_arg_text(&args, child->name);
	ac_arg_datum(&args, TEXTARRAYOID,
				 PointerGetDatum(construct_array(own, n, TEXTOID, -1, false, TYPALIGN_INT)), false);
	ac_arg_text(&args, parent->name);
	ac_arg_datum(&args, TEXTARRAYOID,
				 PointerGetDatum(construct_array(above, n, TEXTOID, -1, false, TYPALIGN_INT)), false);
	ac_arg_text(&args, child->nested_path);
	ac_scope_run("INSERT INTO autoconn.relationship (server, child, child_columns,"
				 " parent, parent_columns, evidence, confidence)"
				 " VALUES ($1, $2, $3, $4, $5, jsonb_build_object('nested_path', $6), 1)"
				 " ON CONFLICT DO NOTHING",
				 &args, false);
}

static void
store_nestings(const char *server, const AcTablePlans *plans, const Kept *kept)
{
	for (int i = 0; i < plans->n_tables; i++)
		if (plans->tables[i].nested_in != NULL &&
			plans->tables[i].skip_reason == NULL &&
			!is_kept(kept, plans->tables[i].name))
			store_nesting(server, &plans->tables[i]);
}

/* ---- the whole ---- */

/* Locks the server's row; false if nothing is known of the server. */
static bool
lock(const char *server)
{
	AcArgs args = {0};

	ac_arg_text(&args, server);
	return ac_scope_run("SELECT 1 FROM autoconn.server_state WHERE server = $1 FOR UPDATE",
						&args, false) > 0;
}

/*
 * Rows that this very transaction has stored are in no statistics, so that a
 * join of ten thousand of them would be planned as one of a few, by a loop in
 * a loop.  Until the scope ends, which resets it.
 */
static void
avoid_loops(void)
{
	(void) set_config_option("enable_nestloop", "off", PGC_USERSET,
							 PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
}

void
ac_planstore_merge(const AcScope *scope, const char *server,
				   AcTablePlans *plans, bool by_owner)
{
	Kept kept;

	if (!lock(server))
		return;
	avoid_loops();
	run_for(server,
			"UPDATE autoconn.endpoint SET position = -1 - position WHERE server = $1");
	store_endpoints(server, plans);
	mark_kept(server, by_owner);
	keep_untried(server);
	drop_others(server, plans);
	drop_edges(server);
	load_kept(scope, server, &kept);
	store_relations(server, plans, &kept);
	store_nestings(server, plans, &kept);
	renumber(server);
}

void
ac_planstore_drop(const char *server)
{
	run_for(server, "DELETE FROM autoconn.endpoint WHERE server = $1");
	run_for(server, "DELETE FROM autoconn.relationship WHERE server = $1");
}
