/*
 * pagewords.c
 *		Under which names do pages speak of other pages, and how are counts
 *		written?
 *
 * Names are those that the APIs of doc/inference.md's survey use, and those
 * that search engines and map servers write.
 */
#include "ac.h"

#include "net/pagewords.h"

static const char *const next_names[] = {
	"/next", "/next_url", "/nextUrl", "/next_page_url", "/nextPageUrl",
	"/next_page", "/nextPage", "/nextLink", "/@odata.nextLink",
	"/next_cursor", "/nextCursor", "/next_page_token", "/nextPageToken",
	"/next_token", "/nextToken", "/links/next", "/links/next/href",
	"/_links/next", "/_links/next/href", "/paging/next", "/paging/next/link",
	"/paging/cursors/after", "/pagination/next", "/pagination/next_url",
	"/pagination/next_page", "/pagination/next_cursor", "/meta/next",
	"/meta/next_url", "/meta/next_page", "/meta/next_cursor",
	"/meta/next_token", "/response_metadata/next_cursor", "/nextPageUri",
	"/next_uri", "/nextUri", "/next_marker", "/nextMarker", "/NextMarker",
	"/NextToken", "/continuationToken", "/continuation_token",
	"/nextRecordsUrl", "/paging/next/after", "/paging/next_cursor",
	"/meta/pagination/next", "/meta/pagination/links/next"};

static const char *const total_names[] = {
	"/total", "/total_count", "/totalCount", "/total_results",
	"/totalResults", "/total_items", "/totalItems", "/count",
	"/@odata.count", "/meta/total", "/meta/total_count", "/meta/totalCount",
	"/pagination/total", "/pagination/total_count", "/page/totalElements",
	"/totalElements", "/total_records", "/totalRecords", "/total_entries",
	"/recordsTotal", "/totalSize", "/numFound", "/response/numFound",
	"/total/value", "/paging/total",
	"/pagination/totalCount", "/pagination/total_items", "/meta/total_items",
	"/meta/totalItems", "/meta/pagination/total", "/pageInfo/totalResults"};

static const char *const pages_names[] = {
	"/total_pages", "/totalPages", "/page_count", "/pageCount", "/last_page",
	"/meta/total_pages", "/meta/totalPages", "/meta/last_page",
	"/pagination/total_pages", "/pagination/totalPages", "/page/totalPages",
	"/paging/total_pages", "/meta/pagination/total_pages",
	"/meta/pagination/pageCount"};

static const char *const more_names[] = {
	"/has_more", "/hasMore", "/has_next", "/hasNext", "/more",
	"/has_next_page", "/hasNextPage", "/has_more_items", "/hasMoreItems",
	"/has_more_results", "/hasMoreResults", "/more_available",
	"/moreAvailable", "/meta/has_more", "/meta/hasMore", "/meta/has_next",
	"/meta/hasNext", "/meta/has_next_page", "/meta/hasNextPage",
	"/pagination/has_more", "/pagination/hasMore", "/pagination/has_next",
	"/pagination/hasNext", "/pagination/has_next_page",
	"/pagination/hasNextPage", "/paging/has_more", "/paging/hasMore",
	"/paging/has_next", "/paging/hasNext", "/page_info/has_next_page",
	"/pageInfo/hasNextPage"};

/* Whatever the style: these say that the answer is not whole. */
static const char *const truncated_names[] = {
	"/truncated", "/is_truncated", "/isTruncated", "/IsTruncated",
	"/incomplete_results", "/incompleteResults", "/incomplete",
	"/partial_results", "/partialResults", "/timed_out",
	"/exceededTransferLimit", "/properties/exceededTransferLimit",
	"/meta/truncated", "/meta/is_truncated", "/meta/isTruncated",
	"/meta/incomplete_results", "/meta/incomplete", "/pagination/truncated",
	"/paging/truncated"};

const AcPageWords ac_pagewords_next = {next_names, lengthof(next_names)};
const AcPageWords ac_pagewords_total = {total_names, lengthof(total_names)};
const AcPageWords ac_pagewords_pages = {pages_names, lengthof(pages_names)};
const AcPageWords ac_pagewords_more = {more_names, lengthof(more_names)};
const AcPageWords ac_pagewords_truncated = {truncated_names,
											lengthof(truncated_names)};

int64
ac_pagewords_count(const char *text)
{
	size_t digits = text != NULL ? strspn(text, "0123456789") : 0;
	int64 count = 0;
	int places = 0;

	if (digits == 0 || strlen(text) > 20)
		return -1;
	if (text[digits] == ',' && digits > 3)
		return -1;
	for (; places <= 15; text += 1 + digits, digits = strspn(text, "0123456789"))
	{
		for (size_t i = 0; i < digits && places <= 15; i++, places++)
			count = count * 10 + (text[i] - '0');
		if (text[digits] != ',')
			break;
		if (strspn(text + digits + 1, "0123456789") != 3)
			return -1;
	}
	text += digits;
	if (text[0] == '.' && text[1] == '0')
		text += 1 + strspn(text + 1, "0");
	return places > 15 || text[0] != '\0' ? -1 : count;
}
