/*
 * test_innerlist.c
 *		Is it seen whether a list in an object is all of it, and how the rest is
 *		asked for?
 */
#include "tap.h"

#include "api/innerlist.h"

#include "rowpage.h"

/* "way path next more marks url", of which what is not there is "-". */
static char *
show(const char *text, const char *list_path)
{
	static const char *const ways[] = {"whole", "cut", "keyset", "offset",
									   "next"};
	AcPointers none = {NULL, 0};
	AcPointers whole = split_pointers("");
	AcSlice body = make_body(text, strlen(text));
	AcInnerList inner;
	AcRowScan scan;
	AcField row;
	AcError err;
	char *shown;

	if (!ac_rowscan_begin(&scan, array_plan(whole, "", none, &err), body, NULL,
						  &err) ||
		ac_rowscan_next(&scan, &row, &err) != AC_ROW_FOUND)
		return "no row";
	ac_innerlist_read(&row, list_path, &inner);
	if (inner.way != AC_INNER_WHOLE && !ac_innerlist_is_likely(&row))
		diag("not likely");
	shown = psprintf("%s %s %s %s %d %.*s%s", ways[inner.way],
					 inner.list_path[0] ? inner.list_path : "-",
					 inner.next_path ? inner.next_path : "-",
					 inner.more_path ? inner.more_path : "-", inner.n_marks,
					 (int) inner.url.len, inner.url.text ? inner.url.text : "",
					 inner.is_list_object		 ? " list"
					 : inner.start_param != NULL ? inner.start_param
												 : "");
	ac_rowscan_end(&scan);
	free_body(body);
	return shown;
}

typedef struct Case
{
	const char *text;
	const char *list_path;
	const char *expected;
} Case;

static const Case cases[] = {
	/* Stripe and those after it */
	{"{\"object\":\"list\",\"data\":[{\"id\":1}],\"has_more\":true,\"url\":\"/v1/a\"}", NULL, "keyset /data - /has_more 1 /v1/a list"},
	{"{\"object\":\"list\",\"data\":[{\"id\":1}],\"has_more\":false,\"url\":\"/v1/a\"}", NULL, "whole /data - /has_more 0 /v1/a list"},
	{"{\"data\":[],\"has_more\":true}", NULL, "cut /data - /has_more 1 "},
	{"{\"data\":[],\"hasMore\":true,\"url\":\"a\"}", NULL, "cut /data - /hasMore 1 a"},
	/* links */
	{"{\"items\":[1],\"next\":\"https://h/x?page=2\"}", NULL, "next /items /next - 1 "},
	{"{\"items\":[1],\"next\":\"?page=2\"}", NULL, "next /items /next - 1 "},
	{"{\"items\":[1],\"next\":null}", NULL, "whole /items - - 0 "},
	{"{\"items\":[1],\"next\":\"\"}", NULL, "whole /items - - 1 "},
	{"{\"items\":[1],\"next\":\"step 2/3\"}", NULL, "whole /items - - 1 "},
	{"{\"chapters\":[1],\"next\":\"/chapters/2\"}", NULL, "whole /chapters - - 1 "},
	{"{\"chapters\":[1],\"next\":\"/chapters/2\",\"total\":9}", NULL, "next /chapters /next - 1 "},
	{"{\"chapters\":[1],\"nextLink\":\"/c?p=2\"}", NULL, "next /chapters /nextLink - 1 "},
	{"{\"results\":[1],\"__next\":\"Orders?$skiptoken=1/2\"}", NULL, "next /results /__next - 1 "},
	{"{\"value\":[1],\"@odata.nextLink\":\"http://h/o\"}", NULL, "next /value /@odata.nextLink - 1 "},
	{"{\"data\":[1],\"paging\":{\"cursors\":{\"after\":\"QQ\"}}}", NULL, "whole /data - - 0 "},
	{"{\"data\":[1],\"paging\":{\"cursors\":{\"after\":\"QQ\"},\"next\":\"https://g/1?after=QQ\"}}", NULL, "next /data /paging/next - 1 "},
	{"{\"links\":{\"related\":\"/a\",\"next\":\"/a?p=2\"},\"data\":[]}", NULL, "next /data /links/next - 1 "},
	{"{\"links\":{\"next\":{\"href\":\"/a?p=2\"}},\"data\":[]}", NULL, "next /data /links/next/href - 1 "},
	{"{\"_embedded\":{\"lines\":[1]},\"_links\":{\"next\":{\"href\":\"/l\"}}}", NULL, "next /_embedded/lines /_links/next/href - 1 "},
	{"{\"tags\":[1],\"_links\":{\"next\":{\"href\":\"/post/2\"}}}", NULL, "whole /tags - - 1 "},
	{"{\"data\":[1],\"has_more\":false,\"next\":\"/a?p=2\"}", NULL, "whole /data /next /has_more 1 "},
	{"{\"results\":[1],\"paging\":{\"next\":{\"after\":\"2\",\"link\":\"https://h/a?after=2\"}}}", NULL, "next /results /paging/next/link - 1 "},
	{"{\"totalSize\":3,\"done\":false,\"nextRecordsUrl\":\"/q/01-2\",\"records\":[1]}", NULL, "next /records /nextRecordsUrl - 2 "},
	{"{\"totalSize\":1,\"done\":true,\"records\":[1]}", NULL, "whole /records - - 0 "},
	{"{\"items\":[1],\"total\":3,\"done\":false}", NULL, "whole /items - - 0 "},
	{"{\"totalSize\":3,\"done\":false,\"records\":[1]}", NULL, "cut /records - - 1 "},
	{"{\"data\":[1],\"next_page\":{\"offset\":\"e\",\"uri\":\"https://h/t?offset=e\"}}", NULL, "next /data /next_page/uri - 1 "},
	{"{\"data\":[1],\"next_page\":2}", NULL, "whole /data - - 0 "},
	/* words that tell of no way */
	{"{\"nodes\":[1],\"pageInfo\":{\"hasNextPage\":true,\"endCursor\":\"a\"}}", NULL, "cut /nodes - /pageInfo/hasNextPage 1 "},
	{"{\"items\":[1],\"next_cursor\":\"a\"}", NULL, "cut /items - - 1 "},
	{"{\"items\":[1],\"next_cursor\":\"a\",\"has_more\":false}", NULL, "whole /items - /has_more 1 "},
	{"{\"comments\":[1,2],\"total\":3,\"maxResults\":2,\"startAt\":0}", NULL, "cut /comments - - 0 "},
	{"{\"comments\":[[],{\"a\":[1]}],\"total\":2,\"maxResults\":2}", NULL, "whole /comments - - 0 "},
	{"{\"comments\":[1,2],\"total\":3,\"startAt\":0,\"self\":\"http://h/c\"}", NULL, "offset /comments - - 0 http://h/cstartAt"},
	{"{\"comments\":[1,2],\"total\":2,\"startAt\":0,\"self\":\"http://h/c\"}", NULL, "whole /comments - - 0 "},
	{"{\"comments\":[1,2],\"total\":3,\"startAt\":1,\"self\":\"http://h/c\"}", NULL, "cut /comments - - 0 "},
	{"{\"comments\":[],\"total\":3,\"startAt\":0,\"self\":\"http://h/c\"}", NULL, "cut /comments - - 0 "},
	{"{\"comments\":[1,2],\"total\":3}", NULL, "whole /comments - - 0 "},
	{"{\"comments\":[1,2],\"total\":3.5,\"limit\":2}", NULL, "whole /comments - - 0 "},
	/* which list? */
	{"{\"a\":[1],\"b\":[2],\"has_more\":true}", NULL, "whole - - - 0 "},
	{"{\"a\":[1],\"b\":[2],\"has_more\":true}", "/b", "cut /b - /has_more 1 "},
	{"{\"a\":1,\"has_more\":true}", NULL, "whole - - - 0 "},
	{"{\"a\\u0062\":[1],\"b\":[2],\"has_more\":true}", NULL, "whole - - - 0 "},
	{"{\"a\\u0062\":[1],\"b\":[2],\"has_more\":true}", "/b", "cut /b - /has_more 1 "},
	{"{\"x/y\":[1],\"has_more\":true}", NULL, "whole - - - 0 "},
	{"{\"_embedded\":{\"a\":[1],\"b\":[2]},\"has_more\":true}", NULL, "whole - - - 0 "},
	{"{\"_embedded\":{\"a\":[1],\"b\":[2]},\"has_more\":true}", "/_embedded/a", "cut /_embedded/a - /has_more 1 "},
	{"{\"deep\":{\"a\":[1]},\"b\":[2],\"has_more\":true}", NULL, "cut /b - /has_more 1 "},
	/* of two of one name the last */
	{"{\"a\":[1],\"a\":[1,2],\"has_more\":false,\"has_more\":true}", NULL, "cut /a - /has_more 1 "},
	{"{\"a\":[1],\"a\":3,\"has_more\":true}", NULL, "whole - - - 0 "},
	{"{\"a\":[1],\"pageInfo\":{\"hasNextPage\":true},\"pageInfo\":{}}", NULL, "whole /a - - 0 "},
	{"{\"_embedded\":{\"a\":[1]},\"_embedded\":{\"b\":[1]},\"has_more\":true}", NULL, "cut /_embedded/b - /has_more 1 "},
	/* no object */
	{"{}", NULL, "whole - - - 0 "},
	{"[[{\"has_more\":true}]]", NULL, "whole - - - 0 "},
	{" { \"data\" : [ 1 , 2 ] , \"has_more\" : true } ", NULL, "cut /data - /has_more 1 "},
};

int
main(void)
{
	for (int i = 0; i < (int) lengthof(cases); i++)
		is_str(show(cases[i].text, cases[i].list_path), cases[i].expected,
			   "%s", cases[i].text);
	ac_alloc_reset();
	return done_testing();
}
