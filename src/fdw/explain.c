/*
 * explain.c
 *		What does EXPLAIN say about a foreign scan?
 *
 * VERBOSE: the request, what was sent and what not and why, the pagination.
 * ANALYZE: what it took, and whether the scan is complete.  Values in the
 * request are the query's own; the mapping's secrets are put on requests by
 * net/ later and never seen here.
 */
#include "ac.h"

#include "catalog/pg_type.h"
#include "commands/explain.h"
#include "core/url.h"
#include "fdw/fdw.h"
#include "fdw/plan.h"
#include "fdw/scan.h"
#include "fdw/sendvalue.h"
#include "miscadmin.h"
#include "net/pageparams.h"
#include "nodes/nodeFuncs.h"
#include "pg/compat.h"
#include "policy/pager.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/ruleutils.h"

/* ---- expressions ---- */

/* A constant as a user would write it in a condition. */
static char *
constant_text(const Const *constant)
{
	Oid output;
	bool varlena;
	char *text;

	if (constant->constisnull)
		return pstrdup("NULL");
	if (constant->consttype == BOOLOID)
		return pstrdup(DatumGetBool(constant->constvalue) ? "true" : "false");
	getTypeOutputInfo(constant->consttype, &output, &varlena);
	text = OidOutputFunctionCall(output, constant->constvalue);
	switch (constant->consttype)
	{
		case INT2OID:
		case INT4OID:
		case INT8OID:
		case NUMERICOID:
		case FLOAT4OID:
		case FLOAT8OID:
			return text;
		default:
			return quote_literal_cstr(text);
	}
}

/* Does the parenthesis that begins the text end it? */
static bool
is_wrapped(const char *text)
{
	int depth = 0;
	char quote = '\0';

	if (text[0] != '(')
		return false;
	for (; *text != '\0'; text++)
	{
		if (quote != '\0')
			quote = *text == quote ? '\0' : quote;
		else if (*text == '\'' || *text == '"')
			quote = *text;
		else if (*text == '(')
			depth++;
		else if (*text == ')' && --depth == 0)
			return text[1] == '\0';
	}
	return false;
}

/* Any expression of the plan, without outer parentheses. */
static char *
expression_text(Node *node, ForeignScanState *scan, ExplainState *es)
{
	List *context;
	char *text;
	size_t len;

	if (IsA(node, Const))
		return constant_text((Const *) node);
	context = set_deparse_context_plan(es->deparse_cxt, scan->ss.ps.plan, NIL);
	text = deparse_expression(node, context, false, false);
	len = strlen(text);
	if (is_wrapped(text))
		text = pnstrdup(text + 1, len - 2);
	return text;
}

/* A column and a constant read better without the casts. */
static char *
qual_text(Node *clause, ForeignScanState *scan, ExplainState *es)
{
	const AcScanState *state = scan->fdw_state;
	Index relid = state->plan->scan.scanrelid;
	const OpExpr *op = (const OpExpr *) clause;
	AttrNumber attnum;
	char *name;

	if (!IsA(clause, OpExpr) || list_length(op->args) != 2 ||
		!IsA(lsecond(op->args), Const))
		return expression_text(clause, scan, es);
	attnum = ac_qual_column_of(linitial(op->args), relid);
	name = get_opname(op->opno);
	if (attnum == InvalidAttrNumber || name == NULL)
		return expression_text(clause, scan, es);
	return psprintf("%s %s %s",
					quote_identifier(ac_table_column(state->table, attnum)->name),
					name, constant_text(lsecond(op->args)));
}

/* ---- the request ---- */

/* Stands in a URL for a value that is not known before the scan runs. */
static char *
place_holder(int i)
{
	return psprintf("autoconn0value%d0", i);
}

static char *
substitute(const char *text, const char *from, const char *to)
{
	StringInfoData out;
	const char *at;

	initStringInfo(&out);
	while ((at = strstr(text, from)) != NULL)
	{
		appendBinaryStringInfo(&out, text, (int) (at - text));
		appendStringInfoString(&out, to);
		text = at + strlen(from);
	}
	appendStringInfoString(&out, text);
	return out.data;
}

/* Constants as they are sent, anything else as a place holder. */
static void
sent_values(const AcScanState *state, AcSentValues *values)
{
	List *exprs = ac_plan_values(state->plan);

	values->n = state->n_quals;
	values->items = palloc0(sizeof(AcSentValue) * Max(1, values->n));
	for (int i = 0; i < values->n; i++)
	{
		const Const *value = list_nth(exprs, i);
		AcReading reading = ac_reading_of(state->quals[i].column->options);

		values->items[i].attnum = state->quals[i].column->attnum;
		values->items[i].via = state->quals[i].via;
		if (IsA(value, Const) && !value->constisnull)
			values->items[i].text = ac_sendvalue_text(value->constvalue,
													  value->consttype,
													  &reading);
		/* not known yet, or there is no way to write it */
		if (values->items[i].text == NULL)
			values->items[i].text = place_holder(i);
	}
}

/* Adds the parameters of the first page to the URL, and to a POST's body. */
static void
add_first_page(const AcScanState *state, char **url, char **body)
{
	const AcPaging *paging = &state->table->options->paging;
	AcPagerConfig config = {.paging = *paging, .max_pages = 1};
	AcPageRequest request;
	AcUrl parts;

	config.page_size = ac_scan_page_size(state);
	if (!ac_url_parse(*url, &parts, NULL) ||
		ac_pager_next(ac_pager_create(&config), &request) != AC_PAGER_REQUEST)
		return;
	parts.query = ac_pageparams_query(parts.query, *body, &request);
	*body = unconstify(char *, ac_pageparams_body(paging, *body, &request));
	*url = ac_url_text(&parts);
}

/* Expressions in the place of what stands for their values. */
static char *
with_expressions(char *text, int n, ForeignScanState *scan, ExplainState *es)
{
	const AcScanState *state = scan->fdw_state;
	List *exprs = ac_plan_values(state->plan);

	for (int i = 0; text != NULL && i < n; i++)
		text = substitute(text, place_holder(i),
						  psprintf("<%s>", expression_text(list_nth(exprs, i),
														   scan, es)));
	return text;
}

static char *
request_text(ForeignScanState *scan, ExplainState *es)
{
	AcScanState *state = scan->fdw_state;
	Oid userid = ac_scan_check_user(state->plan, scan->ss.ps.state);
	AcConnection *conn = state->conn;
	AcSentValues values;
	const AcUrl *base;
	char *url;
	char *body = NULL;

	if (conn == NULL)
		conn = ac_connection_get(state->table->serverid,
								 OidIsValid(userid) ? userid : GetUserId());
	base = ac_connection_base(conn);
	sent_values(state, &values);
	if (state->mode == AC_SCAN_ITEM &&
		ac_request_item_url(state->table, base, &values, &url, NULL))
		;
	else if (ac_request_list_url(state->table, base, &values, &url, NULL) &&
			 ac_request_body(state->table, &values, &body, NULL))
	{
		if (ac_series_in_force(&state->series, &values))
			url = ac_series_url(&state->series, url);
		add_first_page(state, &url, &body);
	}
	else
		url = ac_url_join(base, state->table->options->path);
	url = with_expressions(ac_url_redact(url), values.n, scan, es);
	body = with_expressions(body, values.n, scan, es);
	return body == NULL ? psprintf("GET %s", url)
						: psprintf("POST %s %s", url, body);
}

/* ---- the lines ---- */

/* The values that all is asked for with, one after the other. */
static void
show_series(const AcScanState *state, ExplainState *es)
{
	const AcSeries *series = &state->series;
	AcSentValues values;
	StringInfoData out;

	sent_values(state, &values);
	if (state->mode != AC_SCAN_LIST || !ac_series_in_force(series, &values))
		return;
	initStringInfo(&out);
	for (int i = 0; i < series->n; i++)
		appendStringInfo(&out, "%s%s", i > 0 ? ", " : "", series->values[i]);
	ExplainPropertyText(psprintf("Once for each %s", series->param), out.data, es);
}

/* One line for each in text format, else one list. */
static void
show_list(const char *label, List *texts, ExplainState *es)
{
	ListCell *lc;

	if (es->format != EXPLAIN_FORMAT_TEXT)
		ExplainPropertyList(label, texts, es);
	else
		foreach (lc, texts)
			ExplainPropertyText(label, lfirst(lc), es);
}

static char *
way_text(const AcTable *table, const AcScanQual *qual)
{
	bool in_body = table->options->body != NULL &&
				   qual->column->options->param != NULL &&
				   qual->column->options->param[0] == '/';

	switch (qual->via)
	{
		case AC_SEND_PATH:
			return psprintf("path variable %s",
							qual->column->options->param != NULL
								? qual->column->options->param
								: qual->column->name);
		case AC_SEND_ITEM:
			return pstrdup("item path");
		case AC_SEND_QUERY:
		case AC_SEND_NOT:
			break;
	}
	return psprintf(in_body ? "member %s of the body" : "query parameter %s",
					qual->column->options->param);
}

static void
show_quals(ForeignScanState *scan, ExplainState *es)
{
	const AcScanState *state = scan->fdw_state;
	List *values = ac_plan_values(state->plan);
	List *others = ac_plan_other_quals(state->plan);
	List *reasons = list_nth(state->plan->fdw_private, AC_PLAN_REASONS);
	List *sent = NIL;
	List *not_sent = NIL;
	ListCell *lc1,
		*lc2;

	for (int i = 0; i < state->n_quals; i++)
		sent = lappend(sent,
					   psprintf("%s = %s (%s)",
								quote_identifier(state->quals[i].column->name),
								expression_text(list_nth(values, i), scan, es),
								way_text(state->table, &state->quals[i])));
	forboth (lc1, others, lc2, reasons)
		not_sent = lappend(not_sent, psprintf("%s (%s)",
											  qual_text(lfirst(lc1), scan, es),
											  strVal(lfirst(lc2))));
	show_list("Sent", sent, es);
	show_list("Not sent", not_sent, es);
}

static char *
pagination_text(const AcScanState *state)
{
	const AcPaging *paging = &state->table->options->paging;
	const char *name = ac_pager_style_name(paging->style);
	const char *by = NULL;

	if (state->mode == AC_SCAN_ITEM)
		return pstrdup("none (look-up by key)");
	if (paging->style == AC_PAGER_CURSOR)
		by = paging->cursor_param;
	else if (paging->style == AC_PAGER_PAGE || paging->style == AC_PAGER_OFFSET)
		by = paging->page_param;
	else if (paging->style == AC_PAGER_NEXT_URL)
		by = paging->cursor_path;
	return by != NULL ? psprintf("%s (%s)", name, by) : pstrdup(name);
}

static void
show_plan(ForeignScanState *scan, ExplainState *es)
{
	const AcScanState *state = scan->fdw_state;
	bool one = state->mode == AC_SCAN_ITEM ||
			   state->table->options->paging.style == AC_PAGER_NONE;

	ExplainPropertyText("Request", request_text(scan, es), es);
	show_quals(scan, es);
	ExplainPropertyText("Pagination", pagination_text(state), es);
	show_series(state, es);
	ExplainPropertyText("Concurrency", one ? "1 request" : "1 page ahead", es);
	if (state->problem[0] != '\0')
		ExplainPropertyText("Missing values", state->problem, es);
}

static void
show_run(const AcScanState *state, ExplainState *es)
{
	AcReaderStats stats = ac_scan_stats(state);

	ExplainPropertyInteger("Requests", NULL, stats.fetch.requests, es);
	ExplainPropertyInteger("Pages", NULL, stats.pages, es);
	ExplainPropertyInteger("Rows Received", NULL, stats.rows, es);
	ExplainPropertyInteger("Bytes", NULL, stats.fetch.bytes, es);
	ExplainPropertyInteger("Retries", NULL, stats.fetch.retries, es);
	if (es->timing)
		ExplainPropertyInteger("Wait", "ms", stats.fetch.wait_ms, es);
	ExplainPropertyInteger("Rows Rejected", NULL, state->rejected, es);
	ExplainPropertyText("Completeness", ac_scan_verdict(state), es);
}

void
autoconnExplainForeignScan(ForeignScanState *node, ExplainState *es)
{
	const AcScanState *state = node->fdw_state;

	if (es->verbose)
		show_plan(node, es);
	if (es->analyze && state->conn != NULL)
		show_run(state, es);
}
