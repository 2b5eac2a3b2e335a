/*
 * events.c
 *		What is in the event ring?
 *
 * autoconn.take_events() and events_lost() are for tests and for the curious:
 * what they take, the worker does not get.
 */
#include "ac.h"

#include "core/error.h"
#include "fmgr.h"
#include "foreign/foreign.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "pg/ring.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

/* Events that are taken at a time. */
#define BATCH 64

/* Columns of autoconn.take_events(). */
typedef enum EventColumn
{
	COLUMN_KIND,
	COLUMN_SERVER,
	COLUMN_RELATION,
	COLUMN_ROWS,
	COLUMN_COMPLETE,
	COLUMN_OWNER,
	COLUMN_STATUS,
	COLUMN_CODE,
	COLUMN_TEXT,
	COLUMN_AT,
	N_COLUMNS
} EventColumn;

static const char *
kind_name(AcEventKind kind)
{
	switch (kind)
	{
		case AC_EVENT_SCAN:
			return "scan";
		case AC_EVENT_FIELD_UNKNOWN:
			return "field_unknown";
		case AC_EVENT_FIELD_ABSENT:
			return "field_absent";
		case AC_EVENT_MISFIT:
			return "misfit";
		case AC_EVENT_OUTCOME:
			return "outcome";
		case AC_EVENT_FILTER_IGNORED:
			return "filter_ignored";
	}
	return "unknown";
}

static void
check_superuser(void)
{
	if (!superuser())
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("must be superuser to read what scans saw")));
}

static void
put_event(ReturnSetInfo *rsinfo, const AcEvent *event)
{
	ForeignServer *server = GetForeignServerExtended(event->serverid,
													 FSV_MISSING_OK);
	Datum values[N_COLUMNS];
	bool nulls[N_COLUMNS] = {false};
	bool is_scan = event->kind == AC_EVENT_SCAN;
	bool is_outcome = event->kind == AC_EVENT_OUTCOME;

	values[COLUMN_KIND] = CStringGetTextDatum(kind_name(event->kind));
	nulls[COLUMN_SERVER] = server == NULL;
	if (server != NULL)
		values[COLUMN_SERVER] = CStringGetTextDatum(server->servername);
	values[COLUMN_RELATION] = ObjectIdGetDatum(event->relid);
	nulls[COLUMN_ROWS] = is_outcome;
	values[COLUMN_ROWS] = Int64GetDatum(event->rows);
	nulls[COLUMN_COMPLETE] = !is_scan;
	values[COLUMN_COMPLETE] = BoolGetDatum(event->complete);
	values[COLUMN_OWNER] = BoolGetDatum(event->owner);
	nulls[COLUMN_STATUS] = !is_outcome;
	values[COLUMN_STATUS] = Int32GetDatum(event->status);
	nulls[COLUMN_CODE] = !is_outcome;
	values[COLUMN_CODE] =
		CStringGetTextDatum(ac_error_code_name((AcErrorCode) event->code));
	nulls[COLUMN_TEXT] = is_scan || is_outcome;
	values[COLUMN_TEXT] = CStringGetTextDatum(event->text);
	values[COLUMN_AT] = TimestampTzGetDatum(event->at);
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}

PG_FUNCTION_INFO_V1(autoconn_take_events);

/*
 * autoconn.take_events() -> setof (kind, server, relation, rows, complete,
 * owner, status, code, text, at)
 */
Datum
autoconn_take_events(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	AcEvent events[BATCH];
	int n;

	check_superuser();
	InitMaterializedSRF(fcinfo, 0);
	do
	{
		CHECK_FOR_INTERRUPTS();
		n = ac_ring_take(events, BATCH, NULL);
		for (int i = 0; i < n; i++)
			put_event(rsinfo, &events[i]);
	}
	while (n == BATCH);
	return (Datum) 0;
}

PG_FUNCTION_INFO_V1(autoconn_events_lost);

/* autoconn.events_lost() -> bigint */
Datum
autoconn_events_lost(PG_FUNCTION_ARGS)
{
	uint64 lost;

	check_superuser();
	(void) ac_ring_take(NULL, 0, &lost);
	PG_RETURN_INT64((int64) lost);
}
