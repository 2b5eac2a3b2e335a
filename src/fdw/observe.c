/*
 * observe.c
 *		What does a scan see of changes, and how does the watch hear of it?
 *		See observe.h.
 *
 * What can be noted in passing is counted where the scan finds it anyway.
 * Unknown members are not found anyway: they need a second walk over a row's
 * text.  So only a few rows of each page are looked at, and no more of their
 * bytes than an allowance permits, which grows with what the scan reads: the
 * watch costs a small share of any scan, whatever the sizes of its pages and
 * rows.
 *
 * Publishing is a reset callback of the scan's memory context, and so happens
 * after an error as well.  It must not throw: it allocates nothing and looks
 * nothing up.
 */
#include "ac.h"

#include "access/htup_details.h"
#include "catalog/pg_foreign_server.h"
#include "core/utf8.h"
#include "fdw/observe.h"
#include "net/judge.h"
#include "pg/convert.h"
#include "pg/guc.h"
#include "pg/option.h"
#include "pg/ring.h"
#include "pg/shmem.h"
#include "utils/memutils.h"
#include "utils/syscache.h"

/* Unknown names kept; an API that adds more at once is told by these. */
#define MAX_UNKNOWN 64

/*
 * Bytes of rows that may be walked over: as many as cost less than a scan's
 * first request does, for each page a hundredth of what a request on loopback
 * costs, and a share of the page's bytes.  The limit bounds what is saved up
 * for one large row, and so how long it is walked without an interrupt.
 */
#define ALLOWANCE_FIRST (16 * 1024)
#define ALLOWANCE_PAGE 256
#define ALLOWANCE_SHARE 128
#define ALLOWANCE_MAX (1024 * 1024)

/* Bytes behind a name that ac_rowplan_hash() may read. */
#define NAME_PADDING 8

/* The first bytes of a name: enough for an event's text. */
#define NAME_START (AC_EVENT_TEXT + AC_UTF8_MAX)

/* A member of rows, known or not.  Names are decoded. */
typedef struct Member
{
	uint64 hash;
	size_t len;
	const char *start; /* Min(len, NAME_START) bytes */
	bool known;
	int64 rows;		/* with it, of those looked at */
	int64 last_row; /* the last one of these */
} Member;

/* What happened to one column. */
typedef struct ColumnCounts
{
	int64 absent;	  /* rows without the field */
	int64 misfits;	  /* values that did not fit */
	int64 violations; /* rows with another value than was sent */
	int ignored;	  /* 1 << AcQualBound: the API does not look at it */
} ColumnCounts;

struct AcObservation
{
	/* what is observed */
	const AcTable *table;
	const char *const *known; /* members, NULL-terminated */
	const AcConnection *conn;
	AcReaderStats *stats;
	bool owner; /* see AcEvent */

	/* the reading */
	bool opened; /* since something was published last */
	bool whole;
	bool to_end;
	int64 rows_before; /* stats->rows when it began */
	int64 rows_lost;   /* rows of which not all columns were looked at */
	int64 strange;	   /* rows that are no objects */
	ColumnCounts *columns;
	const AcColumn *thrown; /* an error left this one's conversion */

	/* members */
	bool all_known;	  /* some column takes the row as it is */
	Member **members; /* open addressing by hash, at most half full */
	uint64 members_mask;
	int room;		 /* for members not met before */
	int64 allowance; /* bytes */
	int64 row;		 /* looked at, in all */
	StringInfoData decoded;

	MemoryContext cxt;
	MemoryContextCallback at_end;
};

/* ---- publishing ---- */

/* Copies what fits of a text, whole characters only. */
static void
copy_text(char *to, const char *text)
{
	size_t len = 0;

	while (text[len] != '\0')
	{
		int bytes = Max(1, ac_utf8_length(text + len));

		if (len + bytes >= AC_EVENT_TEXT)
			break;
		len += bytes;
	}
	memcpy(to, text, len);
	to[len] = '\0';
}

/* An event of this scan. */
static AcEvent
make_event(const AcObservation *observation, AcEventKind kind,
		   const char *text, int64 rows)
{
	AcEvent event = {0};

	event.serverid = observation->table->serverid;
	event.relid = observation->table->relid;
	event.kind = kind;
	event.owner = observation->owner;
	event.rows = rows;
	copy_text(event.text, text);
	return event;
}

static void
put(const AcObservation *observation, AcEventKind kind, const char *text,
	int64 rows)
{
	AcEvent event = make_event(observation, kind, text, rows);

	ac_ring_put(&event);
}

static void
put_outcome(AcObservation *observation)
{
	AcReaderStats *stats = observation->stats;
	AcEvent event = make_event(observation, AC_EVENT_OUTCOME, "", 0);

	event.code = stats->failure;
	event.status = stats->failure_status;
	ac_ring_put(&event);
	stats->failure = AC_ERR_NONE;
}

/* One event for each parameter of the column that is ignored, or just one. */
static void
put_violations(const AcObservation *observation, const char *path,
			   const ColumnCounts *counts)
{
	AcEvent event = make_event(observation, AC_EVENT_FILTER_IGNORED, path,
							   counts->violations);

	if (counts->ignored == 0)
		ac_ring_put(&event);
	for (int bound = AC_BOUND_NONE; bound <= AC_BOUND_TO; bound++)
	{
		if ((counts->ignored & (1 << bound)) == 0)
			continue;
		event.code = bound + 1;
		ac_ring_put(&event);
	}
}

/* rows: of a complete reading; -1: it was not. */
static void
put_column(const AcObservation *observation, int i, int64 rows)
{
	ColumnCounts *counts = &observation->columns[i];
	const char *path = observation->table->columns[i].options->json_path;

	if (counts->misfits > 0)
		put(observation, AC_EVENT_MISFIT, path, counts->misfits);
	if (counts->violations > 0)
		put_violations(observation, path, counts);
	/* A filter may choose those rows that never had the field. */
	if (counts->absent > 0 && counts->absent + observation->rows_lost >= rows &&
		rows >= 0)
		put(observation, AC_EVENT_FIELD_ABSENT, path, counts->absent);
	memset(counts, 0, sizeof(*counts));
}

/* The JSON Pointer of a row's member: as many of its steps as fit. */
static void
write_json_path(char *to, const Member *member)
{
	char *const last = to + AC_EVENT_TEXT - 1;
	const char *text = member->start;
	const char *const end = text + Min(member->len, NAME_START);

	*to++ = '/';
	while (text < end)
	{
		const char *escape = *text == '~' ? "~0" : *text == '/' ? "~1"
																: NULL;
		int bytes = escape != NULL ? 1 : Max(1, ac_utf8_length(text));
		int written = escape != NULL ? 2 : bytes;

		if (written > last - to)
			break;
		memcpy(to, escape != NULL ? escape : text, written);
		to += written;
		text += bytes;
	}
	*to = '\0';
}

static void
put_unknown(AcObservation *observation)
{
	if (observation->members == NULL || observation->room == MAX_UNKNOWN)
		return;
	for (uint64 i = 0; i <= observation->members_mask; i++)
	{
		Member *member = observation->members[i];
		char json_path[AC_EVENT_TEXT];

		if (member == NULL || member->known || member->rows == 0)
			continue;
		write_json_path(json_path, member);
		put(observation, AC_EVENT_FIELD_UNKNOWN, json_path, member->rows);
		member->rows = 0;
	}
}

/* Tells what was noted since the last time.  Must not throw. */
static void
publish(AcObservation *observation)
{
	int64 rows = observation->stats->rows - observation->rows_before;
	bool complete = observation->whole && observation->to_end;
	AcEvent scan;

	if (!observation->opened)
		return;
	observation->opened = false;
	if (observation->stats->failure != AC_ERR_NONE)
		put_outcome(observation);
	if (observation->strange > 0)
		put(observation, AC_EVENT_MISFIT, "", observation->strange);
	for (int i = 0; i < observation->table->n_columns; i++)
		if (!observation->table->columns[i].dropped)
			put_column(observation, i, complete ? rows : -1);
	put_unknown(observation);
	scan = make_event(observation, AC_EVENT_SCAN, "", rows);
	scan.complete = complete;
	ac_ring_put(&scan);
	observation->rows_before = observation->stats->rows;
	observation->rows_lost = 0;
	observation->strange = 0;
}

/* Reset callback of the scan's memory context. */
static void
publish_rest(void *arg)
{
	AcObservation *observation = arg;

	if (observation->thrown != NULL)
		ac_observe_misfit(observation, observation->thrown, true);
	publish(observation);
}

/* ---- members ---- */

/*
 * Where a member is, or where there is a free place for it.  The name is
 * followed by NAME_PADDING bytes.
 */
static Member **
find_member(const AcObservation *observation, uint64 hash, const char *name,
			size_t len)
{
	uint64 slot = hash & observation->members_mask;
	const Member *member;

	while ((member = observation->members[slot]) != NULL)
	{
		if (member->hash == hash && member->len == len &&
			memcmp(member->start, name, Min(len, NAME_START)) == 0)
			break;
		slot = (slot + 1) & observation->members_mask;
	}
	return &observation->members[slot];
}

/*
 * Is the name of a row's member one that repeats a secret?  Others than who
 * scans may be told of it.
 */
static bool
is_secret(const AcObservation *observation, const char *name, size_t len)
{
	char *copy;
	bool secret;

	if (observation->row == 0)
		return false; /* a name that the table has */
	copy = pnstrdup(name, len);
	secret = ac_judge_holds_secret(observation->conn, copy);
	pfree(copy);
	return secret;
}

/* A member that the row at hand has. */
static void
note_member(AcObservation *observation, const char *name, size_t len)
{
	uint64 hash = ac_rowplan_hash(name, len);
	Member **place = find_member(observation, hash, name, len);
	Member *member = *place;

	if (member == NULL)
	{
		char *start;

		if (observation->room == 0)
			return;
		start = MemoryContextAllocZero(observation->cxt, NAME_START);
		memcpy(start, name, Min(len, NAME_START));
		member = MemoryContextAllocZero(observation->cxt, sizeof(Member));
		member->hash = hash;
		member->len = len;
		member->start = start;
		member->known = is_secret(observation, name, len);
		*place = member;
		observation->room--;
	}
	if (member->known || member->last_row == observation->row)
		return;
	member->last_row = observation->row;
	member->rows++;
}

/* The same, for a name with escapes or without room behind it. */
static void
note_field(AcObservation *observation, const AcField *name)
{
	StringInfo decoded = &observation->decoded;

	resetStringInfo(decoded);
	/* One that text cannot hold is no name of a column either. */
	if (!ac_field_decode(name, decoded, NULL))
		return;
	enlargeStringInfo(decoded, NAME_PADDING);
	note_member(observation, decoded->data, decoded->len);
}

/* The members that the table knows. */
static void
load_members(AcObservation *observation)
{
	MemoryContext old = MemoryContextSwitchTo(observation->cxt);
	const char *const *names = observation->known;
	uint64 size = 16;
	size_t n = 0;

	while (names[n] != NULL)
		n++;
	while (size < 2 * (n + MAX_UNKNOWN))
		size *= 2;
	observation->members_mask = size - 1;
	observation->members = palloc0(size * sizeof(Member *));
	initStringInfo(&observation->decoded);
	observation->room = (int) n;
	for (size_t i = 0; i < n; i++)
	{
		AcField name = {AC_FIELD_STRING, false, names[i], strlen(names[i])};

		note_field(observation, &name);
	}
	/* What is there so far is known. */
	for (uint64 i = 0; i < size; i++)
		if (observation->members[i] != NULL)
			observation->members[i]->known = true;
	observation->room = MAX_UNKNOWN;
	MemoryContextSwitchTo(old);
}

void
ac_observe_members(AcObservation *observation, const AcRowScan *scan)
{
	AcRowMembers members;
	AcField name;

	if (scan->row_number == 1)
		observation->allowance =
			Min(observation->allowance + ALLOWANCE_PAGE +
					(int64) (scan->rows.len / ALLOWANCE_SHARE),
				ALLOWANCE_MAX);
	if (observation->all_known || !scan->row_is_object ||
		(int64) scan->row.len > observation->allowance)
		return;
	observation->allowance -= scan->row.len;
	observation->row++;
	if (observation->members == NULL)
		load_members(observation);
	ac_rowscan_members(scan, &members);
	while (ac_rowscan_next_member(&members, &name))
		if (name.escaped)
			note_field(observation, &name);
		else
			note_member(observation, name.text, name.len);
}

/* ---- the rest of what happens ---- */

/* The watch uses the credentials of the server's owner. */
static bool
has_credentials_of_owner(Oid serverid, Oid userid)
{
	HeapTuple server = SearchSysCache1(FOREIGNSERVEROID,
									   ObjectIdGetDatum(serverid));
	Oid owner;

	if (!HeapTupleIsValid(server))
		return false;
	owner = ((Form_pg_foreign_server) GETSTRUCT(server))->srvowner;
	ReleaseSysCache(server);
	return ac_option_same_mapping(userid, owner, serverid);
}

AcObservation *
ac_observe_begin(const AcTable *table, const char *const *members,
				 AcConnection *conn, Oid userid, AcReaderStats *stats)
{
	AcObservation *observation;

	if (!ac_guc_observe || ac_shmem_ring() == NULL)
		return NULL;
	observation = palloc0(sizeof(AcObservation));
	observation->table = table;
	observation->known = members;
	observation->conn = conn;
	observation->stats = stats;
	observation->owner = has_credentials_of_owner(table->serverid, userid);
	observation->columns = palloc0(sizeof(ColumnCounts) *
								   Max(1, table->n_columns));
	for (int i = 0; i < table->n_columns; i++)
	{
		const AcColumn *column = &table->columns[i];

		if (!column->dropped && column->options->json_path != NULL &&
			column->options->json_path[0] == '\0' &&
			column->options->origin == AC_ORIGIN_ROW)
			observation->all_known = true;
	}
	observation->allowance = ALLOWANCE_FIRST;
	observation->cxt = CurrentMemoryContext;
	observation->at_end.func = publish_rest;
	observation->at_end.arg = observation;
	MemoryContextRegisterResetCallback(observation->cxt, &observation->at_end);
	return observation;
}

void
ac_observe_opened(AcObservation *observation, bool whole)
{
	if (observation == NULL)
		return;
	observation->opened = true;
	observation->whole = whole;
	observation->to_end = false;
}

void
ac_observe_closed(AcObservation *observation, bool to_end)
{
	if (observation == NULL)
		return;
	observation->to_end = to_end;
	observation->thrown = NULL;
	if (observation->whole)
		publish(observation);
}

void
ac_observe_abandoned(AcObservation *observation)
{
	if (observation == NULL)
		return;
	observation->rows_before = observation->stats->rows;
	observation->rows_lost = 0;
	for (int i = 0; i < observation->table->n_columns; i++)
		observation->columns[i].absent = 0;
}

void
ac_observe_absent(AcObservation *observation, const AcColumn *column)
{
	if (observation != NULL)
		observation->columns[column->attnum - 1].absent++;
}

void
ac_observe_misfit(AcObservation *observation, const AcColumn *column,
				  bool row_lost)
{
	if (observation == NULL)
		return;
	observation->thrown = NULL;
	if (row_lost)
		observation->rows_lost++;
	if (column == NULL)
		observation->strange++;
	else
		observation->columns[column->attnum - 1].misfits++;
}

void
ac_observe_thrown(AcObservation *observation, const AcColumn *column)
{
	if (observation != NULL && ac_convert_is_misfit(geterrcode()))
		observation->thrown = column;
}

void
ac_observe_violation(AcObservation *observation, const AcColumn *column)
{
	if (observation != NULL)
		observation->columns[column->attnum - 1].violations++;
}

void
ac_observe_ignored(AcObservation *observation, const AcColumn *column,
				   AcQualBound bound)
{
	if (observation != NULL)
		observation->columns[column->attnum - 1].ignored |= 1 << bound;
}
