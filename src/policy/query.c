/*
 * query.c
 *		What does a scan want of the API, in no API's language?  See query.h.
 */
#include "ac.h"

#include "policy/query.h"

const AcQueryFilter *
ac_query_equality(const AcQuery *query, int column)
{
	for (int i = 0; i < query->n_filters; i++)
	{
		const AcQueryFilter *filter = &query->filters[i];

		if (filter->column == column && filter->bound == AC_BOUND_NONE &&
			filter->via != AC_SEND_NOT)
			return filter;
	}
	return NULL;
}

bool
ac_query_is_filtered(const AcQuery *query)
{
	for (int i = 0; i < query->n_filters; i++)
		if (query->filters[i].via == AC_SEND_QUERY)
			return true;
	return false;
}

bool
ac_query_is_whole(const AcQuery *query)
{
	for (int i = 0; i < query->n_filters; i++)
		if (query->filters[i].via != AC_SEND_NOT)
			return false;
	return query->fields == NULL;
}

/* ---- lists ---- */

char
ac_list_separator(AcListForm form)
{
	switch (form)
	{
		case AC_LIST_COMMA:
			return ',';
		case AC_LIST_PIPE:
			return '|';
		case AC_LIST_SPACE:
			return ' ';
		case AC_LIST_NONE:
		case AC_LIST_REPEAT:
		case AC_LIST_BRACKETS:
		case AC_LIST_ARRAY:
			break;
	}
	return '\0';
}

bool
ac_list_may_hold(AcListForm form, const char *text)
{
	char separator = ac_list_separator(form);

	/* an empty text would be no value at all in such a list */
	return separator == '\0' ||
		   (text[0] != '\0' && strchr(text, separator) == NULL);
}

int
ac_list_batch(AcListForm form, const char *const *texts, int n, int max)
{
	size_t bytes = 0;
	int taken = 0;

	if (form == AC_LIST_NONE)
		return 1;
	while (taken < n && taken < max)
	{
		/* each byte may become three, and a separator follows */
		bytes += 3 * strlen(texts[taken]) + 3;
		if (taken > 0 && bytes > AC_LIST_BYTES)
			break;
		taken++;
	}
	return Max(taken, 1);
}

/* ---- pages ---- */

int
ac_query_page_size(const AcQuery *query, const AcQueryPage *page)
{
	int64 wanted = query->limit;

	if (query->count)
		return Max(1, page->least);
	if (page->size < 0 || wanted <= 0)
		return page->size;
	wanted = Max(wanted, Max(page->margin, page->least));
	return (int) Min((int64) page->size, wanted);
}
