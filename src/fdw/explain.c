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
#include "fdw/refusal.h"
#include "fdw/scan.h"
#include "fdw/sendvalue.h"
#include "fdw/valuelist.h"
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

/* A constant as it is sent, NULL if it is not. */
static char *
constant_sent(const AcScanQual *qual, const Const *value,
			  const AcReading *reading)
{
	AcBoundValue wide;

	if (qual->bound == AC_BOUND_NONE)
		return ac_sendvalue_text(value->constvalue, value->consttype, reading);
	return ac_bound_text(qual->column, qual->bound, value->constvalue,
						 value->consttype, &wide);
}

/* A value of a filter. */
static void
set_text(AcQueryFilter *filter, const char *text)
{
	const char **texts = palloc(sizeof(char *));

	texts[0] = text;
	filter->texts = texts;
	filter->n = 1;
}

/*
 * Why no value of the qual was sent, or, where nothing was read, would be;
 * NULL: that is not so, or not known.
 */
static const char *
why_left(const AcScanState *state, int i)
{
	const AcScanQual *qual = &state->quals[i];
	const Node *value = list_nth(ac_plan_values(state->plan), i);

	if (qual->was_sent || qual->left_why != NULL)
		return qual->was_sent ? NULL : qual->left_why;
	return IsA(value, Const)
			   ? ac_valuelist_why_left(qual, (const Const *) value)
			   : NULL;
}

/*
 * The query of the first pass: constants as they are sent, anything else as a
 * place holder.
 */
static void
sent_query(const AcScanState *state, AcQuery *query)
{
	List *exprs = ac_plan_values(state->plan);
	int n_walked = state->parent != NULL ? state->parent->n : 0;

	*query = state->query;
	query->filters = palloc0(sizeof(AcQueryFilter) *
							 (state->n_quals + n_walked + 1));
	for (int i = 0; i < state->n_quals; i++)
	{
		const Const *value = list_nth(exprs, i);
		AcReading reading = ac_reading_of(state->quals[i].column->options);
		char *text = NULL;

		query->filters[i] = state->query.filters[i];
		if (why_left(state, i) != NULL)
			query->filters[i].via = AC_SEND_NOT;
		if (IsA(value, Const) && !value->constisnull &&
			!state->quals[i].is_list)
			text = constant_sent(&state->quals[i], value, &reading);
		/* not known yet, or there is no way to write it */
		set_text(&query->filters[i], text != NULL ? text : place_holder(i));
	}
	for (int i = 0; i < n_walked; i++)
	{
		AcQueryFilter *filter = &query->filters[query->n_filters];
		const AcColumn *column = ac_table_column(state->table,
												 state->parent->own[i]);

		ac_request_filter(state->table, column, AC_BOUND_NONE, filter);
		filter->via = column->is_path_var ? AC_SEND_PATH : AC_SEND_QUERY;
		set_text(filter, place_holder(query->n_filters++));
	}
	if (ac_series_in_force(&state->series, query))
		ac_series_filter(&state->series,
						 (const char *const *) &state->series.values[0],
						 &query->filters[query->n_filters++]);
}

/*
 * Adds the parameters of the first page to the URL, and to a POST's body or
 * the headers.
 */
static void
add_first_page(const AcScanState *state, char **url, char **body,
			   StringInfo headers)
{
	const AcPaging *paging = &state->table->options->paging;
	AcPagerConfig config = {.paging = *paging, .max_pages = 1};
	const char *lines[AC_FETCH_HEADERS] = {NULL};
	const char *changed;
	AcPageRequest request;
	AcUrl parts;

	config.page_size = ac_scan_page_size(state);
	if (!ac_url_parse(*url, &parts, NULL) ||
		ac_pager_next(ac_pager_create(&config), &request) != AC_PAGER_REQUEST)
		return;
	parts.query = ac_pageparams_query(parts.query, *body, &request);
	if (ac_pageparams_body(*body, &request, &changed, NULL))
		*body = unconstify(char *, changed);
	if (ac_pageparams_headers(&request, lines, AC_FETCH_HEADERS, NULL))
		for (int i = 0; i < AC_FETCH_HEADERS && lines[i] != NULL; i++)
			appendStringInfo(headers, " %s", lines[i]);
	*url = ac_url_text(&parts);
}

/* How much of a list's value one request has. */
static char *
share_text(const AcScanQual *qual)
{
	if (!qual->is_list)
		return "";
	if (qual->list == AC_LIST_NONE)
		return "each of ";
	return psprintf("up to %d of ", qual->column->options->param_list_max);
}

/* Expressions in the place of what stands for their values. */
static char *
with_expressions(char *text, int n, ForeignScanState *scan, ExplainState *es)
{
	const AcScanState *state = scan->fdw_state;
	List *exprs = ac_plan_values(state->plan);

	for (int i = 0; text != NULL && i < n; i++)
		text = substitute(text, place_holder(i),
						  psprintf("<%s%s>", share_text(&state->quals[i]),
								   expression_text(list_nth(exprs, i), scan,
												   es)));
	return text;
}

/* Of how many rows of the parent one request has the values. */
static char *
walked_share(const AcScanState *state)
{
	const AcParent *parent = state->parent;
	const AcColumn *column = ac_table_column(state->table, parent->own[0]);

	if (parent->n > 1 || column->is_path_var ||
		ac_column_list(state->table, column) == AC_LIST_NONE)
		return "each";
	return psprintf("up to %d", column->options->param_list_max);
}

/* The columns of the parent in the place of what stands for their values. */
static char *
with_walked(char *text, const AcScanState *state)
{
	const AcParent *parent = state->parent;

	for (int i = 0; parent != NULL && i < parent->n; i++)
		text = substitute(text, place_holder(state->n_quals + i),
						  psprintf("<%s %s>",
								   walked_share(state),
								   get_attname(parent->relid, parent->theirs[i],
											   false)));
	return text;
}

static char *
request_text(ForeignScanState *scan, ExplainState *es)
{
	AcScanState *state = scan->fdw_state;
	Oid userid = ac_scan_check_user(state->plan, scan->ss.ps.state);
	AcConnection *conn = state->conn;
	AcQuery query;
	AcRestForm form;
	AcRestRequest request;
	StringInfoData headers;
	char *url;
	char *body = NULL;

	initStringInfo(&headers);
	if (conn == NULL)
		conn = ac_connection_get(state->table->serverid,
								 OidIsValid(userid) ? userid : GetUserId());
	form = ac_request_form(state->table, ac_connection_base(conn));
	sent_query(state, &query);
	if (query.item && !ac_rest_render(&form, &query, &request, NULL))
		query.item = false;
	if (ac_rest_render(&form, &query, &request, NULL))
	{
		url = request.url;
		body = request.body;
		if (!query.item)
			add_first_page(state, &url, &body, &headers);
	}
	else
		url = ac_url_join(form.base, state->table->options->path);
	url = with_expressions(ac_url_redact(url), state->n_quals, scan, es);
	url = with_walked(url, state);
	body = with_expressions(body, state->n_quals, scan, es);
	return body == NULL ? psprintf("GET %s%s", url, headers.data)
						: psprintf("POST %s%s %s", url, headers.data, body);
}

/* ---- the lines ---- */

/* The values that all is asked for with, one after the other. */
static void
show_series(const AcScanState *state, ExplainState *es)
{
	const AcSeries *series = &state->series;
	AcQuery query;
	StringInfoData out;

	sent_query(state, &query);
	if (!ac_series_in_force(series, &query))
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
	const char *param = ac_request_param(qual->column, qual->bound);
	bool in_body = table->options->body != NULL && param != NULL &&
				   param[0] == '/';

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
					param);
}

/* How the qual travels, and where it did not. */
static char *
sent_how(const AcScanState *state, const AcScanQual *qual)
{
	char *way = way_text(state->table, qual);

	return qual->left_why != NULL
			   ? psprintf("%s, but not always: %s", way, qual->left_why)
			   : way;
}

/* The qual number i that is sent, and how. */
static char *
sent_text(ForeignScanState *scan, int i, ExplainState *es)
{
	const AcScanState *state = scan->fdw_state;
	const AcScanQual *qual = &state->quals[i];
	Node *clause = list_nth(ac_plan_sent_quals(state->plan), i);
	Node *value = list_nth(ac_plan_values(state->plan), i);
	const char *name = quote_identifier(qual->column->name);
	const char *way = sent_how(state, qual);

	if (qual->bound != AC_BOUND_NONE)
		return psprintf("%s (%s)", qual_text(clause, scan, es), way);
	if (!qual->is_list)
		return psprintf("%s = %s (%s)", name,
						expression_text(value, scan, es), way);
	return psprintf("%s = ANY (%s) (%s, %s)", name,
					expression_text(value, scan, es), way,
					qual->list == AC_LIST_NONE
						? "a request for each"
						: psprintf("up to %d values a request",
								   qual->column->options->param_list_max));
}

static void
show_quals(ForeignScanState *scan, ExplainState *es)
{
	const AcScanState *state = scan->fdw_state;
	List *others = ac_plan_other_quals(state->plan);
	List *reasons = list_nth(state->plan->fdw_private, AC_PLAN_REASONS);
	List *sent = NIL;
	List *not_sent = NIL;
	ListCell *lc1,
		*lc2;

	for (int i = 0; i < state->n_quals; i++)
	{
		const char *why = why_left(state, i);
		Node *clause = list_nth(ac_plan_sent_quals(state->plan), i);

		if (why == NULL)
			sent = lappend(sent, sent_text(scan, i, es));
		else
			not_sent = lappend(not_sent,
							   psprintf("%s (%s)", qual_text(clause, scan, es),
										why));
	}
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
	if (state->counts)
		return pstrdup("none (a request for the total)");
	switch (paging->style)
	{
		case AC_PAGER_CURSOR:
		case AC_PAGER_KEYSET:
			by = paging->cursor_param;
			break;
		case AC_PAGER_PAGE:
		case AC_PAGER_OFFSET:
		case AC_PAGER_RANGE:
			by = paging->page_param;
			break;
		case AC_PAGER_NEXT_URL:
		case AC_PAGER_CONTINUE:
			by = paging->cursor_path;
			break;
		default:
			break;
	}
	return by != NULL ? psprintf("%s (%s)", name, by) : pstrdup(name);
}

static char *
sort_text(const AcScanState *state)
{
	AcSortKey key = state->sort.key;
	const AcColumn *column = ac_table_column(state->table,
											 (AttrNumber) abs(key));

	return psprintf("%s%s", quote_identifier(column->name),
					key < 0 ? " DESC" : "");
}

/* Are there several passes, which may be under way together? */
static bool
has_passes(const AcScanState *state)
{
	AcQuery query;

	if (state->parent != NULL)
		return true;
	for (int i = 0; i < state->n_quals; i++)
		if (state->quals[i].is_list)
			return true;
	sent_query(state, &query);
	return ac_series_in_force(&state->series, &query);
}

/* How many requests may be under way at once. */
static char *
concurrency_text(const AcScanState *state)
{
	const AcPaging *paging = &state->table->options->paging;
	int max = ac_option_server(GetForeignServer(state->table->serverid))->max_concurrency;
	bool several = has_passes(state) || ac_scan_shows_items(state);

	if (several && state->wanted > 0)
		max = Min(max, state->wanted);
	if (several && max > 1)
		return psprintf("up to %d requests at once", max);
	if (state->mode == AC_SCAN_ITEM || state->counts ||
		paging->style == AC_PAGER_NONE)
		return pstrdup("1 request");
	if (max > 1 && (paging->style == AC_PAGER_PAGE ||
					paging->style == AC_PAGER_OFFSET ||
					paging->style == AC_PAGER_RANGE))
		return psprintf("up to %d pages ahead", max);
	return pstrdup("1 page ahead");
}

/* The parent, and how many of its rows one request has the values of. */
static void
show_parent(const AcScanState *state, ExplainState *es)
{
	const AcParent *parent = state->parent;
	const AcColumn *column;

	if (parent == NULL)
		return;
	column = ac_table_column(state->table, parent->own[0]);
	if (parent->n > 1 || ac_column_list(state->table, column) == AC_LIST_NONE)
		ExplainPropertyText("Once for each row of", parent->name, es);
	else
		ExplainPropertyText(psprintf("Once for up to %d rows of",
									 column->options->param_list_max),
							parent->name, es);
}

/* The fields that are asked for, where not all are. */
static void
show_fields(const AcScanState *state, ExplainState *es)
{
	List *names = NIL;
	StringInfoData out;

	if (state->query.fields == NULL)
		return;
	initStringInfo(&out);
	for (int i = 0; i < state->query.n_fields; i++)
	{
		names = lappend(names, unconstify(char *, state->query.fields[i]));
		appendStringInfo(&out, "%s%s", i > 0 ? ", " : "",
						 state->query.fields[i]);
	}
	if (es->format == EXPLAIN_FORMAT_TEXT)
		ExplainPropertyText("Fields", out.data, es);
	else
		ExplainPropertyList("Fields", names, es);
}

static void
show_limit(const AcScanState *state, ExplainState *es)
{
	if (state->query.limit > 0)
		ExplainPropertyText("Rows wanted", psprintf("%d", state->wanted), es);
	else if (state->wanted != -1 && !state->counts)
		ExplainPropertyText("Rows wanted", "some", es);
}

static void
show_plan(ForeignScanState *scan, ExplainState *es)
{
	const AcScanState *state = scan->fdw_state;

	if (state->counts)
		ExplainPropertyText("Counted by", psprintf("the total at %s", state->table->options->paging.total_path),
							es);
	ExplainPropertyText("Request", request_text(scan, es), es);
	show_quals(scan, es);
	if (state->sort.key != 0)
		ExplainPropertyText("Sorted by the API", sort_text(state), es);
	show_fields(state, es);
	show_limit(state, es);
	ExplainPropertyText("Pagination", pagination_text(state), es);
	show_series(state, es);
	show_parent(state, es);
	if (ac_scan_shows_items(state))
		ExplainPropertyText("Item of each row", state->table->item.text, es);
	ExplainPropertyText("Concurrency", concurrency_text(state), es);
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
	if (stats.lists > 0)
		ExplainPropertyInteger("Lists Read On", NULL, stats.lists, es);
	ExplainPropertyInteger("Bytes", NULL, stats.fetch.bytes, es);
	ExplainPropertyInteger("Retries", NULL, stats.fetch.retries, es);
	if (es->timing)
		ExplainPropertyInteger("Wait", "ms", stats.fetch.wait_ms, es);
	if (es->format != EXPLAIN_FORMAT_TEXT ||
		state->table->options->cache_ttl_ms > 0 || stats.fetch.cache_hits > 0)
		ExplainPropertyInteger("Cache Hits", NULL, stats.fetch.cache_hits, es);
	ExplainPropertyInteger("Rows Rejected", NULL, state->rejected, es);
	if (ac_refusal_columns(state) != NULL)
		ExplainPropertyText("Refused Values", ac_refusal_columns(state), es);
	if (stats.no_parents > 0)
		ExplainPropertyInteger("Parents Not Found", NULL, stats.no_parents, es);
	ExplainPropertyText("Completeness", ac_scan_verdict(state), es);
}

void
autoconnExplainForeignScan(ForeignScanState *node, ExplainState *es)
{
	AcScanState *state = node->fdw_state;

	/* where rows were counted after all, the plan was another */
	state->query.count = state->counts;
	if (es->verbose)
		show_plan(node, es);
	if (es->analyze && state->conn != NULL)
		show_run(state, es);
}
