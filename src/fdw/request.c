/*
 * request.c
 *		Which URL, and which body, asks for these rows?
 *
 * See request.h.  Encoding and the rules of templates are core/url's.
 */
#include "ac.h"

#include "core/jsonset.h"
#include "fdw/request.h"

typedef struct Lookup
{
	const AcTemplate *template;
	const AcSentValues *values;
} Lookup;

static const AcSentValue *
value_of(const AcSentValues *values, AttrNumber attnum)
{
	for (int i = 0; i < values->n; i++)
		if (values->items[i].attnum == attnum &&
			values->items[i].via != AC_SEND_NOT)
			return &values->items[i];
	return NULL;
}

/* AcUrlLookup: the value of a template's variable. */
static bool
look_up(void *arg, const char *name, const char **value, size_t *len)
{
	const Lookup *lookup = arg;
	const AcTemplate *template = lookup->template;

	for (int i = 0; i < template->n_vars; i++)
	{
		const AcSentValue *sent;

		if (strcmp(template->vars[i], name) != 0)
			continue;
		sent = value_of(lookup->values, template->attnums[i]);
		if (sent == NULL)
			return false;
		*value = sent->text;
		*len = strlen(sent->text);
		return true;
	}
	return false;
}

static bool
expand_below(const AcTemplate *template, const AcUrl *base,
			 const AcSentValues *values, AcUrl *url, AcError *err)
{
	Lookup lookup = {template, values};
	StringInfoData path;

	initStringInfo(&path);
	if (!ac_url_expand(template->text, look_up, &lookup, &path, err) ||
		!ac_url_parse(ac_url_join(base, path.data), url, err))
		return false;
	if (!ac_url_is_below(base, url))
		return ac_error_set(err, AC_ERR_CANNOT_EXPRESS,
							"path \"%s\" leads out of the server's base URL",
							template->text);
	return true;
}

/* Does the column's value stand in the body of the request? */
static bool
goes_into_body(const AcTable *table, const AcSentValue *sent)
{
	const AcColumn *column = ac_table_column(table, sent->attnum);

	return sent->via == AC_SEND_QUERY && table->options->body != NULL &&
		   column->options->param[0] == '/';
}

bool
ac_request_list_url(const AcTable *table, const AcUrl *base,
					const AcSentValues *values, char **url, AcError *err)
{
	AcUrl target;

	if (!expand_below(&table->path, base, values, &target, err))
		return false;
	if (table->options->params != NULL)
		target.query = table->options->params;
	for (int i = 0; i < values->n; i++)
	{
		const AcSentValue *sent = &values->items[i];

		if (sent->via == AC_SEND_QUERY && !goes_into_body(table, sent))
			target.query = ac_url_set_query(target.query,
											ac_table_column(table, sent->attnum)->options->param,
											sent->text);
	}
	*url = ac_url_text(&target);
	return true;
}

bool
ac_request_body(const AcTable *table, const AcSentValues *values,
				char **body, AcError *err)
{
	AcJsonSet *sets = palloc(sizeof(AcJsonSet) * Max(values->n, 1));
	int n = 0;

	*body = NULL;
	if (table->options->body == NULL)
		return true;
	for (int i = 0; i < values->n; i++)
	{
		const AcSentValue *sent = &values->items[i];
		const AcColumn *column;

		if (!goes_into_body(table, sent))
			continue;
		column = ac_table_column(table, sent->attnum);
		sets[n].pointer = column->options->param;
		sets[n].value = sent->text;
		sets[n].plain = column->type_class == AC_TYPE_INTEGER ||
						column->type_class == AC_TYPE_NUMERIC ||
						column->type_class == AC_TYPE_FLOAT ||
						column->type_class == AC_TYPE_BOOLEAN;
		n++;
	}
	*body = ac_jsonset_apply(table->options->body, sets, n);
	if (*body == NULL)
		return ac_error_set(err, AC_ERR_CANNOT_EXPRESS,
							"values cannot be put into the body of the request");
	return true;
}

bool
ac_request_item_url(const AcTable *table, const AcUrl *base,
					const AcSentValues *values, char **url, AcError *err)
{
	AcUrl target;

	Assert(table->item.text != NULL);
	if (!expand_below(&table->item, base, values, &target, err))
		return false;
	*url = ac_url_text(&target);
	return true;
}
