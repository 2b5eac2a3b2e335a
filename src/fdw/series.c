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
				const AcQuery *query)
{
	if (series->param == NULL || series->column != NULL)
		return;
	for (int i = 0; i < query->n_filters; i++)
	{
		const AcQueryFilter *filter = &query->filters[i];

		if (filter->via == AC_SEND_QUERY && filter->param != NULL &&
			strcmp(filter->param, series->param) == 0)
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
ac_series_in_force(const AcSeries *series, const AcQuery *query)
{
	const AcQueryFilter *filter;

	if (series->param == NULL || series->column == NULL || query->item)
		return false;
	filter = ac_query_equality(query, series->column->attnum);
	return filter == NULL || filter->via != AC_SEND_QUERY;
}

void
ac_series_filter(const AcSeries *series, const char *const *value,
				 AcQueryFilter *filter)
{
	memset(filter, 0, sizeof(*filter));
	filter->column = -1; /* no path has a variable for it */
	filter->field = series->column->options->json_path;
	filter->param = series->param;
	filter->via = AC_SEND_QUERY;
	filter->texts = value;
	filter->n = 1;
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

bool
ac_series_came_before(AcSeries *series, int at, const AcRowScan *scan)
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
		untold->at = at;
	return found && untold->at < at;
}

void
ac_series_restart(AcSeries *series)
{
	if (series->untold != NULL)
		hash_destroy(series->untold);
	series->untold = NULL;
}
