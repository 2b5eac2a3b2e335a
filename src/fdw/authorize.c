/*
 * authorize.c
 *		autoconn.authorize, autoconn.authorize_complete
 *
 * Both are for users of a server, with a user mapping of their own; they are
 * revoked from PUBLIC in the install script.
 */
#include "ac.h"

#include "fmgr.h"
#include "foreign/foreign.h"
#include "miscadmin.h"
#include "net/authorize.h"
#include "pg/catalog.h"
#include "pg/compat.h"
#include "tcop/utility.h"
#include "utils/acl.h"
#include "utils/builtins.h"

/* The named server, if it is ours and the current user may use it. */
static ForeignServer *
usable_server(const char *name)
{
	ForeignServer *server = GetForeignServerByName(name, false);
	AclResult result = ac_foreign_server_aclcheck(server->serverid, GetUserId(),
												  ACL_USAGE);

	if (result != ACLCHECK_OK)
		aclcheck_error(result, OBJECT_FOREIGN_SERVER, name);
	if (!ac_catalog_is_ours(server))
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("server \"%s\" is not one of autoconn", name)));
	return server;
}

PG_FUNCTION_INFO_V1(autoconn_authorize);

/* autoconn.authorize(server name) -> text: the URL to open, or null. */
Datum
autoconn_authorize(PG_FUNCTION_ARGS)
{
	ForeignServer *server = usable_server(NameStr(*PG_GETARG_NAME(0)));
	char *url;

	PreventCommandIfReadOnly("autoconn.authorize()");
	url = ac_authorize(server, GetUserId());
	if (url == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(url));
}

PG_FUNCTION_INFO_V1(autoconn_authorize_complete);

/* autoconn.authorize_complete(server name, code text) */
Datum
autoconn_authorize_complete(PG_FUNCTION_ARGS)
{
	ForeignServer *server = usable_server(NameStr(*PG_GETARG_NAME(0)));

	PreventCommandIfReadOnly("autoconn.authorize_complete()");
	ac_authorize_complete(server, GetUserId(),
						  text_to_cstring(PG_GETARG_TEXT_PP(1)));
	PG_RETURN_VOID();
}
