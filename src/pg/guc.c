/*
 * guc.c
 *		Which settings does the extension have?  See guc.h.
 */
#include "ac.h"

#include "pg/guc.h"
#include "utils/guc.h"

char *ac_guc_allowed_hosts = NULL;

/*
 * Refuses what would never equal a host: "https://a.example", "10.0.0.0/8",
 * "a.example:8080", "[::1]", "*.example".  Two colons are an IPv6 address.
 */
static bool
check_allowed_hosts(char **newval, void **extra, GucSource source)
{
	const char *at = *newval;

	while (at != NULL && *at != '\0')
	{
		size_t item;
		int colons = 0;

		at += strspn(at, ", \t");
		item = strcspn(at, ", \t");
		for (size_t i = 0; i < item; i++)
			colons += at[i] == ':';
		if (strcspn(at, "/[]*") < item || colons == 1)
		{
			GUC_check_errdetail("\"%.*s\" is no host name or address; schemes, ports, brackets, networks and wildcards have no place here.",
								(int) item, at);
			return false;
		}
		at += item;
	}
	return true;
}

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
							   check_allowed_hosts, NULL, NULL);
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
