/*
 * guc.c
 *		Which settings does the extension have?  See guc.h.
 */
#include "ac.h"

#include "pg/guc.h"
#include "utils/guc.h"

char *ac_guc_allowed_hosts = NULL;

void
ac_guc_define(void)
{
	DefineCustomStringVariable("autoconn.allowed_hosts",
							   "Hosts that servers of ordinary owners may reach although their addresses are not public.",
							   "Comma-separated host names and addresses, as in \"localhost, 10.0.0.7\".",
							   &ac_guc_allowed_hosts,
							   "",
							   PGC_SUSET,
							   0,
							   NULL, NULL, NULL);
	MarkGUCPrefixReserved("autoconn");
}

bool
ac_guc_host_allowed(const char *host)
{
	size_t len = strlen(host);
	const char *at = ac_guc_allowed_hosts;

	while (at != NULL && *at != '\0')
	{
		size_t item;

		at += strspn(at, ", \t");
		item = strcspn(at, ", \t");
		if (item == len && pg_strncasecmp(at, host, len) == 0)
			return true;
		at += item;
	}
	return false;
}
