/*
 * rest.c
 *		Which URL, and which body, asks a REST API for a query?  See rest.h.
 *
 * Encoding and the rules of templates are core/url's, members of a body
 * core/jsonset's.
 */
#include "ac.h"

#include "core/jsonset.h"
#include "lib/stringinfo.h"
#include "policy/rest.h"

/* ---- paths ---- */

typedef struct Lookup
{
	const AcTemplate *template;
	const AcQuery *query;
} Lookup;

/* AcUrlLookup: the value of a template's variable. */
static bool
look_up(void *arg, const char *name, const char **value, size_t *len)
{
	const Lookup *lookup = arg;
	const AcTemplate *template = lookup->template;

	for (int i = 0; i < template->n_vars; i++)
	{
		const AcQueryFilter *filter;

		if (strcmp(template->vars[i], name) != 0)
			continue;
		filter = ac_query_equality(lookup->query, template->attnums[i]);
		if (filter == NULL)
			return false;
		*value = filter->texts[0];
		*len = strlen(*value);
		return true;
	}
	return false;
}

/* Its values, "1,2,3" (RFC 6570 3.2.2), each encoded by itself. */
static bool
append_listed(const AcQueryFilter *filter, StringInfo out, AcError *err)
{
	for (int i = 0; i < filter->n; i++)
	{
		if (i > 0)
			appendStringInfoChar(out, ac_list_separator(filter->list));
		if (!ac_url_encode_segment(filter->texts[i], strlen(filter->texts[i]),
								   out, err))
			return false;
	}
	return true;
}

/* The template with the values of variables that take several. */
static bool
expand_lists(const AcTemplate *template, const AcQuery *query, char **text,
			 AcError *err)
{
	*text = pstrdup(template->text);
	for (int i = 0; i < template->n_vars; i++)
	{
		const AcQueryFilter *filter = ac_query_equality(query,
														template->attnums[i]);
		const char *variable = psprintf("{%s}", template->vars[i]);
		StringInfoData out;
		char *at = strstr(*text, variable);

		if (filter == NULL || filter->list == AC_LIST_NONE || at == NULL)
			continue;
		initStringInfo(&out);
		appendBinaryStringInfo(&out, *text, (int) (at - *text));
		if (!append_listed(filter, &out, err))
			return false;
		appendStringInfoString(&out, at + strlen(variable));
		*text = out.data;
	}
	return true;
}

static bool
expand_below(const AcRestForm *form, const AcTemplate *template,
			 const AcQuery *query, AcUrl *url, AcError *err)
{
	Lookup lookup = {template, query};
	StringInfoData path;
	char *text;

	initStringInfo(&path);
	if (!expand_lists(template, query, &text, err) ||
		!ac_url_expand(text, look_up, &lookup, &path, err) ||
		!ac_url_parse(ac_url_join(form->base, path.data), url, err))
		return false;
	if (!ac_url_is_below(form->base, url))
		return ac_error_set(err, AC_ERR_CANNOT_EXPRESS,
							"path \"%s\" leads out of the server's base URL",
							template->text);
	return true;
}

/* ---- parameters ---- */

/* Does its value stand in the body of the request? */
static bool
goes_into_body(const AcRestForm *form, const AcQueryFilter *filter)
{
	return filter->via == AC_SEND_QUERY && form->body != NULL &&
		   filter->param[0] == '/';
}

static void
append_name(StringInfo out, const char *name, AcListForm form)
{
	if (out->len > 0)
		appendStringInfoChar(out, '&');
	ac_url_encode_query(name, strlen(name), out);
	if (form == AC_LIST_BRACKETS)
		ac_url_encode_query("[]", 2, out);
	appendStringInfoChar(out, '=');
}

static void
append_separator(StringInfo out, char separator)
{
	/* a comma may stand in a query as it is, and some APIs split before they
	 * decode (RFC 6570 3.2.8) */
	if (separator == ',')
		appendStringInfoChar(out, separator);
	else
		ac_url_encode_query(&separator, 1, out);
}

char *
ac_rest_set_list(const char *query, const char *name, AcListForm form,
				 const char *const *texts, int n)
{
	char separator = ac_list_separator(form);
	StringInfoData out;
	char *rest;

	if (form == AC_LIST_NONE || (n == 1 && form == AC_LIST_REPEAT))
		return ac_url_set_query(query, name, texts[0]);
	rest = ac_url_set_query(query, name, NULL);
	initStringInfo(&out);
	if (rest != NULL)
		appendStringInfoString(&out, rest);
	for (int i = 0; i < n; i++)
	{
		if (i == 0 || separator == '\0')
			append_name(&out, name, form);
		else
			append_separator(&out, separator);
		ac_url_encode_query(texts[i], strlen(texts[i]), &out);
	}
	return out.data;
}

/* The query string with what makes the API sort, "name=value&name=value". */
static char *
add_sort(char *query, const char *text)
{
	while (*text != '\0')
	{
		size_t len = strcspn(text, "&");
		size_t name = strcspn(text, "=&");
		size_t value = name < len ? name + 1 : len;

		query = ac_url_set_query(query, ac_url_decode(text, name, true, NULL),
								 ac_url_decode(text + value, len - value, true,
											   NULL));
		text += len + (text[len] == '&');
	}
	return query;
}

static char *
add_fields(const AcRestForm *form, const AcQuery *query, char *text)
{
	if (form->fields_param == NULL || query->fields == NULL)
		return text;
	return ac_rest_set_list(text, form->fields_param,
							form->fields_list == AC_LIST_NONE
								? AC_LIST_COMMA
								: form->fields_list,
							query->fields, query->n_fields);
}

static char *
list_query(const AcRestForm *form, const AcQuery *query, char *text)
{
	if (form->params != NULL)
		text = pstrdup(form->params);
	for (int i = 0; i < query->n_filters; i++)
	{
		const AcQueryFilter *filter = &query->filters[i];

		if (filter->via == AC_SEND_QUERY && !goes_into_body(form, filter))
			text = ac_rest_set_list(text, filter->param, filter->list,
									filter->texts, filter->n);
	}
	if (query->sort.field != NULL)
		text = add_sort(text, query->sort.text);
	return add_fields(form, query, text);
}

/* ---- body ---- */

static bool
make_body(const AcRestForm *form, const AcQuery *query, char **body,
		  AcError *err)
{
	AcJsonSet *sets = palloc(sizeof(AcJsonSet) * Max(query->n_filters, 1));
	int n = 0;

	*body = NULL;
	if (form->body == NULL)
		return true;
	for (int i = 0; i < query->n_filters; i++)
	{
		const AcQueryFilter *filter = &query->filters[i];

		if (!goes_into_body(form, filter))
			continue;
		sets[n].pointer = filter->param;
		sets[n].value = filter->texts[0];
		sets[n].values = filter->texts;
		sets[n].n_values = filter->list == AC_LIST_ARRAY ? filter->n : 0;
		sets[n].plain = filter->plain;
		n++;
	}
	*body = ac_jsonset_apply(form->body, sets, n);
	if (*body == NULL)
		return ac_error_set(err, AC_ERR_CANNOT_EXPRESS,
							"values cannot be put into the body of the request");
	return true;
}

bool
ac_rest_render(const AcRestForm *form, const AcQuery *query,
			   AcRestRequest *request, AcError *err)
{
	AcUrl url;

	memset(request, 0, sizeof(*request));
	if (!expand_below(form, query->item ? form->item : form->path, query, &url,
					  err))
		return false;
	if (query->item)
		url.query = add_fields(form, query, url.query);
	else
	{
		if (!make_body(form, query, &request->body, err))
			return false;
		url.query = list_query(form, query, url.query);
	}
	request->url = ac_url_text(&url);
	return true;
}
