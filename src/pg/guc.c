/*
 * guc.c
 *		Which settings does the extension have?  See guc.h.
 */
#include "ac.h"

#include "common/int.h"
#include "pg/guc.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/guc.h"
#include "utils/timestamp.h"
#include "utils/varlena.h"

/*
 * Largest shift of the clock, either way: what is shifted stays in the range
 * of timestamps, so that nothing needs to be checked when the clock is read.
 */
#define MAX_OFFSET_DAYS 36525 /* a century */

bool ac_guc_observe = true;
int ac_guc_cache_size_kb = 16 * 1024;
bool ac_guc_watch = true;
int ac_guc_naptime_s = 60;
int ac_guc_max_workers = 2;

static char *allowed_hosts = NULL;
static char *databases = NULL;
static char *clock_offset_text = NULL;
static Interval clock_offset;

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

/* A list of identifiers: folded to lower case unless quoted. */
static bool
check_databases(char **newval, void **extra, GucSource source)
{
	char *copy = pstrdup(*newval);
	List *names;
	bool good = SplitIdentifierString(copy, ',', &names);

	if (!good)
		GUC_check_errdetail("List syntax is invalid.");
	list_free(names);
	pfree(copy);
	return good;
}

/*
 * The interval of a text; false if it is none.  Does not throw, as the type's
 * input function does: the postmaster must survive a bad configuration file.
 */
static bool
parse_interval(const char *text, Interval *interval)
{
	char work[256];
	char iso[256];
	char *field[MAXDATEFIELDS];
	int ftype[MAXDATEFIELDS];
	int nf;
	int dtype;
	struct pg_itm_in itm;
	int error;

	memset(&itm, 0, sizeof(itm));
	if (strlen(text) >= sizeof(iso))
		return false;
	error = ParseDateTime(text, work, sizeof(work), field, ftype,
						  MAXDATEFIELDS, &nf);
	if (error == 0)
		error = DecodeInterval(field, ftype, nf, INTERVAL_FULL_RANGE, &dtype,
							   &itm);
	if (error == DTERR_BAD_FORMAT)
	{
		strlcpy(iso, text, sizeof(iso));
		error = DecodeISO8601Interval(iso, &dtype, &itm);
	}
	return error == 0 && dtype == DTK_DELTA &&
		   itmin2interval(&itm, interval) == 0;
}

static bool
check_clock_offset(char **newval, void **extra, GucSource source)
{
	Interval interval;
	double days;

	if (!parse_interval(*newval, &interval))
	{
		GUC_check_errdetail("It is no interval, as in \"3 days\" or \"-01:30\".");
		return false;
	}
	days = interval.month * (DAYS_PER_YEAR / MONTHS_PER_YEAR) + interval.day +
		   (double) interval.time / USECS_PER_DAY;
	if (days < -MAX_OFFSET_DAYS || days > MAX_OFFSET_DAYS)
	{
		GUC_check_errdetail("It must not be longer than %d days.",
							MAX_OFFSET_DAYS);
		return false;
	}
	return true;
}

/* It was checked; what cannot be read all the same shifts nothing. */
static void
assign_clock_offset(const char *newval, void *extra)
{
	if (!parse_interval(newval, &clock_offset))
		memset(&clock_offset, 0, sizeof(clock_offset));
}

static void
define_watch(void)
{
	DefineCustomBoolVariable("autoconn.watch",
							 "Lets background workers look after APIs.",
							 NULL,
							 &ac_guc_watch,
							 true,
							 PGC_SIGHUP,
							 0,
							 NULL, NULL, NULL);
	DefineCustomIntVariable("autoconn.naptime",
							"How often the launcher looks for databases to visit, and how often it visits one at most unless somebody asks.",
							NULL,
							&ac_guc_naptime_s,
							60,
							1,
							24 * 60 * 60,
							PGC_SIGHUP,
							GUC_UNIT_S,
							NULL, NULL, NULL);
	DefineCustomIntVariable("autoconn.max_workers",
							"How many databases are visited at the same time.",
							"Each takes one of max_worker_processes.",
							&ac_guc_max_workers,
							2,
							1,
							AC_GUC_MAX_WORKERS,
							PGC_SIGHUP,
							0,
							NULL, NULL, NULL);
	DefineCustomStringVariable("autoconn.databases",
							   "Databases that workers visit; empty for all that have the extension.",
							   "Comma-separated names.",
							   &databases,
							   "",
							   PGC_SIGHUP,
							   GUC_LIST_INPUT,
							   check_databases, NULL, NULL);
	DefineCustomStringVariable("autoconn.clock_offset",
							   "What rules of drift and schedules add to the clock.",
							   "An interval; for tests.",
							   &clock_offset_text,
							   "0",
							   PGC_SUSET,
							   0,
							   check_clock_offset, assign_clock_offset, NULL);
}

void
ac_guc_define(void)
{
	DefineCustomStringVariable("autoconn.allowed_hosts",
							   "Hosts that servers of ordinary owners may reach although their addresses are not public.",
							   "Comma-separated host names and addresses, as in \"localhost, 10.0.0.7\".",
							   &allowed_hosts,
							   "",
							   PGC_SUSET,
							   0,
							   check_allowed_hosts, NULL, NULL);
	DefineCustomBoolVariable("autoconn.observe",
							 "Lets scans tell the watch what they see of changes.",
							 NULL,
							 &ac_guc_observe,
							 true,
							 PGC_SUSET,
							 0,
							 NULL, NULL, NULL);
	DefineCustomIntVariable("autoconn.cache_size",
							"Memory in which a session keeps answers, where cache_ttl says so; 0 for none.",
							NULL,
							&ac_guc_cache_size_kb,
							16 * 1024,
							0,
							AC_GUC_MAX_CACHE_KB,
							PGC_USERSET,
							GUC_UNIT_KB,
							NULL, NULL, NULL);
	define_watch();
	MarkGUCPrefixReserved("autoconn");
}

bool
ac_guc_host_allowed(const char *host)
{
	size_t len = strlen(host);
	const char *at = allowed_hosts;

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

bool
ac_guc_database_listed(const char *name)
{
	char *copy;
	List *names;
	ListCell *lc;
	bool found = false;

	if (databases == NULL || databases[0] == '\0')
		return true;
	copy = pstrdup(databases);
	if (SplitIdentifierString(copy, ',', &names))
	{
		/* Only blanks are no list, either. */
		found = names == NIL;
		foreach (lc, names)
			found = found || strcmp(lfirst(lc), name) == 0;
	}
	list_free(names);
	pfree(copy);
	return found;
}

TimestampTz
ac_guc_now(void)
{
	Datum now = TimestampTzGetDatum(GetCurrentTimestamp());

	return DatumGetTimestampTz(
		DirectFunctionCall2(timestamptz_pl_interval, now,
							IntervalPGetDatum(&clock_offset)));
}

TimestampTz
ac_guc_clock(TimestampTz at)
{
	int64 offset_us = ac_guc_now() - GetCurrentTimestamp();
	TimestampTz clock;

	if (TIMESTAMP_NOT_FINITE(at) || pg_sub_s64_overflow(at, offset_us, &clock))
		return at;
	return clock;
}
