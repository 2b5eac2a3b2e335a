/*
 * postread.c
 *		Who may have tables that are read by POST?  See postread.h.
 *
 * Asked when a table is made or changed (fdw/ddltrigger) and again before it
 * is read: event triggers can be kept from running, and owners change.
 */
#include "ac.h"

#include "access/htup_details.h"
#include "catalog/pg_class.h"
#include "fdw/postread.h"
#include "foreign/foreign.h"
#include "pg/compat.h"
#include "pg/option.h"
#include "utils/acl.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

static Oid
owner_of(Oid relid)
{
	HeapTuple tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
	Oid owner = InvalidOid;

	if (HeapTupleIsValid(tuple))
	{
		owner = ((Form_pg_class) GETSTRUCT(tuple))->relowner;
		ReleaseSysCache(tuple);
	}
	return owner;
}

void
ac_postread_check(Oid relid)
{
	ForeignTable *table = GetForeignTable(relid);
	const char *method = ac_option_given(table->options, "method");
	Oid owner;

	if (method == NULL || strcmp(method, "POST") != 0)
		return;
	owner = owner_of(relid);
	if (OidIsValid(owner) &&
		ac_foreign_server_ownercheck(table->serverid, owner))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
			 errmsg("foreign table \"%s\" may not be read by POST",
					get_rel_name(relid)),
			 errdetail("Its owner does not own the server \"%s\".",
					   GetForeignServer(table->serverid)->servername),
			 errhint("Let the owner of the server own the table, or drop its options \"method\" and \"body\".")));
}
