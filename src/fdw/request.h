/*
 * request.h
 *		Which URL asks for these rows?
 */
#ifndef AC_FDW_REQUEST_H
#define AC_FDW_REQUEST_H

#include "ac.h"

#include "core/error.h"
#include "core/url.h"
#include "fdw/table.h"
#include "policy/pushdown.h"

/* A value that is sent for a column. */
typedef struct AcSentValue
{
	AttrNumber attnum;
	AcSendVia via;
	const char *text; /* as the API shall read it, UTF-8, not encoded */
} AcSentValue;

typedef struct AcSentValues
{
	AcSentValue *items;
	int n;
} AcSentValues;

/*
 * URL of the collection's first page without paging parameters, below base:
 * path variables filled in, the table option params and query filters added.
 * False with AC_ERR_CANNOT_EXPRESS if a variable has no value or its value is
 * no path segment, or if the path would leave base.
 */
extern bool ac_request_list_url(const AcTable *table, const AcUrl *base,
								const AcSentValues *values, char **url,
								AcError *err);

/*
 * Body of the collection's first page without paging parameters: the table
 * option body with the values of columns whose parameter is a pointer into it.
 * NULL where the table is asked with GET.
 */
extern bool ac_request_body(const AcTable *table, const AcSentValues *values,
							char **body, AcError *err);

/* URL of the one row at the item path. */
extern bool ac_request_item_url(const AcTable *table, const AcUrl *base,
								const AcSentValues *values, char **url,
								AcError *err);

#endif /* AC_FDW_REQUEST_H */
