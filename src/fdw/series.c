/*
 * series.c
 *		Which values of a parameter are all rows asked for with?
 *
 * See series.h.
 */
#include "ac.h"

#include "core/hash.h"
#include "core/url.h"
#include "fdw/series.h"
#include "utils/builtins.h"

static char *
decoded(const char *text, size_t len)
{
	size_t out_len;

	return ac_url_decode(text, len, true, &out_len);
}

void
ac_series_load(const AcTable *table, AcSeries *series)
{
	const char *text = table->options->params_union;
	size_t len;

	memset(series, 0, sizeof(*series));
	series->cxt = CurrentMemoryContext;
	if (text == NULL)
		return;
	len = strcspn(text, "=");
	series->param = decoded(text, len);
	series->values = palloc(sizeof(char *) * (strlen(text) + 1));
	for (text += len; *text != '\0'; text += len)
	{
		text++;
		len = strcspn(text, "|");
		series->values[series->n++] = decoded(text, len);
	}
	for (int i = 0; i < table->n_columns; i++)
	{
		const AcColumn *column = &table->columns[i];

		if (!column->dropped && column->options->param != NULL &&
			strcmp(column->options->param, series->param) == 0 &&
			!ac_column_is_param_only(column))
			series->column = column;
	}
}

void
ac_series_check(const AcSeries *series, const AcTable *table,
				const AcSentValues *sent)
{
	if (series->param == NULL || series->column != NULL)
		return;
	for (int i = 0; i < sent->n; i++)
	{
		const char *param = ac_table_column(table, sent->items[i].attnum)->options->param;

		if (sent->items[i].via == AC_SEND_QUERY && param != NULL &&
			strcmp(param, series->param) == 0)
			return;
	}
	ereport(ERROR,
			(errcode(ERRCODE_FDW_COLUMN_NAME_NOT_FOUND),
			 errmsg("foreign table \"%s\" has no column that shows the parameter \"%s\"",
					table->name, series->param),
			 errdetail("Its option \"params_union\" reads the rows of each value, which the column tells apart."),
			 errhint("Add the column with OPTIONS (json_path '/...', param %s), or drop the option.",
					 quote_literal_cstr(series->param))));
}

bool
ac_series_in_force(const AcSeries *series, const AcSentValues *sent)
{
	if (series->param == NULL || series->column == NULL)
		return false;
	for (int i = 0; i < sent->n; i++)
		if (sent->items[i].via == AC_SEND_QUERY &&
			sent->items[i].attnum == series->column->attnum)
			return false;
	return true;
}

char *
ac_series_url(const AcSeries *series, const char *url)
{
	AcUrl parts;

	if (!ac_url_parse(url, &parts, NULL))
		return pstrdup(url);
	parts.query = ac_url_set_query(parts.query, series->param,
								   series->values[series->at]);
	return ac_url_text(&parts);
}

/* A row that shows no value, and with which value it came first. */
typedef struct Untold
{
	uint64 hash; /* of its text, the key */
	int at;
} Untold;

/*
 * Rows of one scan that show none of the values: 24 bytes each.  A column of
 * which more rows show none does not tell them apart.
 */
#define MAX_UNTOLD 1000000

static void
make_untold(AcSeries *series)
{
	HASHCTL control = {
		.keysize = sizeof(uint64),
		.entrysize = sizeof(Untold),
		.hcxt = series->cxt,
	};

	series->untold = hash_create("autoconn rows of no value", 128, &control,
								 HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
}

/*
 * Did the same row come with a value before this one?  Two that are the same
 * in one answer are two.
 */
static bool
came_before(AcSeries *series, const AcRowScan *scan)
{
	uint64 hash = ac_hash_bytes(scan->row.text, scan->row.len, 0);
	Untold *untold;
	bool found;

	/* elements and members are not told by their text alone */
	if (!scan->plan->plain)
		return false;
	if (series->untold == NULL)
		make_untold(series);
	if (hash_get_num_entries(series->untold) >= MAX_UNTOLD)
		ereport(ERROR,
				(errcode(ERRCODE_FDW_ERROR),
				 errmsg("more than %d rows show none of the values of parameter \"%s\"",
						MAX_UNTOLD, series->param),
				 errhint("Drop the table option \"params_union\".")));
	untold = hash_search(series->untold, &hash, HASH_ENTER, &found);
	if (!found)
		untold->at = series->at;
	return found && untold->at < series->at;
}

bool
ac_series_comes_again(AcSeries *series, const char *text,
					  const AcRowScan *scan)
{
	if (text != NULL && strcmp(series->values[series->at], text) == 0)
		return false;
	for (int i = 0; text != NULL && i < series->n; i++)
		if (strcmp(series->values[i], text) == 0)
			return true;
	return came_before(series, scan);
}

void
ac_series_restart(AcSeries *series)
{
	if (series->untold != NULL)
		hash_destroy(series->untold);
	series->untold = NULL;
	series->at = 0;
}
