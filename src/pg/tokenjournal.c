/*
 * tokenjournal.c
 *		How does a token outlive the process that got it, before it is
 *		committed?  See tokenjournal.h.
 */
#include "ac.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/file_perm.h"
#include "common/file_utils.h"
#include "core/json.h"
#include "miscadmin.h"
#include "pg/resource.h"
#include "pg/tokenjournal.h"
#include "pg/watch.h"
#include "pg/xactlist.h"
#include "storage/fd.h"
#include "utils/builtins.h"
#include "utils/syscache.h"

/* Relative to the data directory, which is where backends run. */
#define DIRECTORY PG_TEMP_FILE_PREFIX "_autoconn"

/* Two tokens of 16 kB each, and what stands around them. */
#define MAX_BYTES (64 * 1024)

/* An object of texts. */
#define DEPTH 2

static void
set_path(Oid mapping, bool scratch, char path[MAXPGPATH])
{
	snprintf(path, MAXPGPATH, "%s/%u.%u%s", DIRECTORY, MyDatabaseId, mapping,
			 scratch ? ".tmp" : "");
}

/* ---- writing ---- */

static char *
journal_text(const AcTokenRow *row)
{
	AcJson *object = ac_json_new_object();

	ac_json_set_string(object, "home", ac_watch_home());
	ac_json_set_string(object, "seed", row->seed);
	ac_json_set_string(object, "asked", row->asked);
	ac_json_set(object, "generation", ac_json_new_int(row->generation));
	ac_json_set(object, "renew_at", ac_json_new_int(row->renew_at));
	ac_json_set_string(object, "access_token", row->access_token);
	if (row->refresh_token != NULL)
		ac_json_set_string(object, "refresh_token", row->refresh_token);
	return ac_json_into_text(object);
}

/* A file of that content that only the server's user can read. */
static bool
write_file(const char *path, const char *text)
{
	size_t len = strlen(text);
	int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY | PG_BINARY, S_IRUSR | S_IWUSR);
	bool good = fd >= 0 && write(fd, text, len) == (ssize_t) len &&
				pg_fsync(fd) == 0;

	if (fd >= 0 && close(fd) != 0)
		good = false;
	return good;
}

/* There it is, and there it stays. */
static bool
make_directory(void)
{
	if (mkdir(DIRECTORY, S_IRWXU) == 0)
		return fsync_fname_ext(".", true, true, LOG) == 0;
	if (errno == EEXIST)
		return true;
	ereport(LOG,
			(errcode_for_file_access(),
			 errmsg("could not create directory \"%s\": %m", DIRECTORY)));
	return false;
}

bool
ac_tokenjournal_write(const AcTokenRow *row)
{
	char path[MAXPGPATH];
	char scratch[MAXPGPATH];

	set_path(row->mapping, false, path);
	set_path(row->mapping, true, scratch);
	if (!make_directory())
		return false;
	if (!write_file(scratch, journal_text(row)))
	{
		ereport(LOG,
				(errcode_for_file_access(),
				 errmsg("could not write file \"%s\": %m", scratch)));
		(void) unlink(scratch);
		return false;
	}
	return durable_rename(scratch, path, LOG) == 0;
}

/* ---- reading ---- */

/* The file's text, palloc'd; NULL if there is none that can be read. */
static char *
read_file(const char *path)
{
	int fd = open(path, O_RDONLY | PG_BINARY, 0);
	char *text;
	ssize_t len;

	if (fd < 0)
		return NULL;
	text = palloc(MAX_BYTES + 1);
	len = read(fd, text, MAX_BYTES);
	(void) close(fd);
	text[Max(len, 0)] = '\0';
	return len > 0 ? text : NULL;
}

static char *
member(const AcJson *object, const char *name)
{
	const char *text = ac_json_get_string(object, name);

	return text != NULL ? pstrdup(text) : NULL;
}

bool
ac_tokenjournal_read(Oid mapping, AcTokenRow *row)
{
	char path[MAXPGPATH];
	char *text;
	AcJson *object;

	memset(row, 0, sizeof(*row));
	set_path(mapping, false, path);
	text = read_file(path);
	if (text == NULL ||
		!ac_json_parse(text, strlen(text), DEPTH, &object, NULL))
		return false;
	ac_resource_json(object);
	row->mapping = mapping;
	row->home = member(object, "home");
	row->seed = member(object, "seed");
	row->asked = member(object, "asked");
	row->generation = ac_json_int(ac_json_get(object, "generation"), 0);
	row->renew_at = ac_json_int(ac_json_get(object, "renew_at"), DT_NOEND);
	row->access_token = member(object, "access_token");
	row->refresh_token = member(object, "refresh_token");
	return row->seed != NULL && row->access_token != NULL &&
		   ac_tokenstore_at_home(row);
}

void
ac_tokenjournal_remove(Oid mapping)
{
	char path[MAXPGPATH];

	set_path(mapping, false, path);
	(void) unlink(path);
}

/* ---- what is left of mappings that were dropped ---- */

/* Mappings whose journals go if the transaction commits. */
static List *doomed = NIL;

static void
on_xact_event(XactEvent event, void *arg)
{
	ListCell *lc;

	if (event == XACT_EVENT_COMMIT)
	{
		foreach (lc, doomed)
			ac_tokenjournal_remove(((const AcXactItem *) lfirst(lc))->object);
	}
	if (event == XACT_EVENT_COMMIT || event == XACT_EVENT_ABORT ||
		event == XACT_EVENT_PREPARE)
		ac_xactlist_clear(&doomed);
}

static void
on_subxact_event(SubXactEvent event, SubTransactionId sub,
				 SubTransactionId parent, void *arg)
{
	if (event == SUBXACT_EVENT_ABORT_SUB)
		ac_xactlist_abort(&doomed, sub);
}

static void
doom(Oid mapping)
{
	static bool registered = false;

	if (!registered)
	{
		RegisterXactCallback(on_xact_event, NULL);
		RegisterSubXactCallback(on_subxact_event, NULL);
	}
	registered = true;
	ac_xactlist_add(&doomed, mapping, InvalidAttrNumber);
}

/* A mapping that only another transaction sees has no journal yet. */
void
ac_tokenjournal_sweep(void)
{
	DIR *directory = AllocateDir(DIRECTORY);
	const struct dirent *entry;
	Oid database;
	Oid mapping;

	if (directory == NULL)
		return;
	while ((entry = ReadDirExtended(directory, DIRECTORY, LOG)) != NULL)
	{
		char end;

		if (sscanf(entry->d_name, "%u.%u%c", &database, &mapping, &end) == 2 &&
			database == MyDatabaseId &&
			!SearchSysCacheExists1(USERMAPPINGOID, ObjectIdGetDatum(mapping)))
			doom(mapping);
	}
	FreeDir(directory);
}
