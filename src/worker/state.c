/*
 * state.c
 *		What does the launcher know of each database?
 *
 * The function autoconn.worker_state(), for tests and for who looks why
 * nothing is watched.
 */
#include "ac.h"

#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "pg/shmem.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"

#define STATE_COLUMNS 6

static void
put_database(ReturnSetInfo *rsinfo, const AcSharedDatabase *database)
{
	Datum values[STATE_COLUMNS];
	bool nulls[STATE_COLUMNS] = {false};

	values[0] = ObjectIdGetDatum(database->dbid);
	values[1] = BoolGetDatum(database->has_extension);
	values[2] = Int32GetDatum(database->worker_pid);
	nulls[2] = database->worker_pid == 0;
	values[3] = TimestampTzGetDatum(database->looked_at);
	nulls[3] = database->looked_at == 0;
	values[4] = TimestampTzGetDatum(database->due_at);
	nulls[4] = database->due_at == 0;
	values[5] = Int32GetDatum(database->failures);
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}

PG_FUNCTION_INFO_V1(autoconn_worker_state);

/* autoconn.worker_state() -> setof record */
Datum
autoconn_worker_state(PG_FUNCTION_ARGS)
{
	AcShared *shared = ac_shmem();
	AcSharedDatabase *databases;

	InitMaterializedSRF(fcinfo, 0);
	if (shared == NULL)
		return (Datum) 0;
	databases = palloc(sizeof(shared->databases));
	LWLockAcquire(&shared->lock, LW_SHARED);
	memcpy(databases, shared->databases, sizeof(shared->databases));
	LWLockRelease(&shared->lock);
	for (int i = 0; i < AC_SHMEM_DATABASES; i++)
	{
		if (OidIsValid(databases[i].dbid))
			put_database((ReturnSetInfo *) fcinfo->resultinfo, &databases[i]);
	}
	pfree(databases);
	return (Datum) 0;
}
