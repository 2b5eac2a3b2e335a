/*
 * token.c
 *		Which access token goes with a request, and how is a new one got?
 *		See token.h.
 *
 * One function for each transition.  Whatever is under way hangs on the source
 * and not on the fetch that began it; when the last fetch that waits for it has
 * gone, be it by an error, it is given up, the lock included.  A worker that was
 * started goes on: what it spends, it stores.
 */
#include "ac.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "access/xlog.h"
#include "catalog/pg_foreign_server.h"
#include "catalog/pg_user_mapping.h"
#include "miscadmin.h"
#include "net/connection.h"
#include "net/engine.h"
#include "net/login.h"
#include "net/token.h"
#include "pg/launch.h"
#include "pg/tokenjournal.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"

/* How often it is looked whether somebody else has come to an end. */
#define QUEUED_POLL_MS 25
#define WORKER_POLL_MS 100

/* Sources that are kept although nobody uses them: they may hold a token. */
#define MAX_UNUSED 32

typedef enum SourceStep
{
	IDLE,
	QUEUED, /* another session renews, or is about to; or no seat is free */
	WORKER, /* a worker of ours does; we have the lock */
	ASKING	/* a request of ours is under way */
} SourceStep;

struct AcTokenSource
{
	dlist_node node;
	MemoryContext cxt;
	int refs;

	/* whose */
	Oid mapping;
	uint8 fingerprint[AC_TOKEN_FINGERPRINT];

	/* what there is */
	char *access_token; /* NULL: none yet */
	int64 serial;		/* of a stored one the generation */
	int64 rejected;		/* by the API */
	int64 renew_at_ms;	/* -1: nobody said */
	bool unsure;		/* another may be stored by now */

	/* what is under way */
	SourceStep step;
	dlist_head waiting; /* AcTokenWaits */
	bool locked;
	AcTokenSeat seat;	   /* of a worker */
	int64 failures_before; /* by the row, when that began */
	AcEngineTimer timer;
	BackgroundWorkerHandle *worker;
	MemoryContext ask_cxt;
	AcConnection *endpoint;
	AcFetch *fetch;

	/* how it ended */
	int64 failures;
	AcError error;
};

static dlist_head sources = DLIST_STATIC_INIT(sources);

/* ---- life of sources ---- */

static AcTokenSource *
create_source(const AcTokenRecipe *recipe)
{
	MemoryContext cxt = AllocSetContextCreate(TopMemoryContext,
											  "autoconn token source",
											  ALLOCSET_SMALL_SIZES);
	AcTokenSource *source = MemoryContextAllocZero(cxt, sizeof(AcTokenSource));

	source->cxt = cxt;
	source->mapping = recipe->mapping;
	memcpy(source->fingerprint, recipe->fingerprint, AC_TOKEN_FINGERPRINT);
	source->rejected = -1;
	source->renew_at_ms = -1;
	dlist_init(&source->waiting);
	dlist_push_head(&sources, &source->node);
	return source;
}

/* Ends the unused ones that were used longest ago. */
static void
prune_sources(void)
{
	dlist_mutable_iter iter;
	int unused = 0;

	dlist_foreach_modify(iter, &sources)
	{
		AcTokenSource *source = dlist_container(AcTokenSource, node, iter.cur);

		if (source->refs > 0 || ++unused <= MAX_UNUSED)
			continue;
		dlist_delete(&source->node);
		MemoryContextDelete(source->cxt);
	}
}

AcTokenSource *
ac_token_source_get(const AcTokenRecipe *recipe)
{
	AcTokenSource *found = NULL;
	dlist_iter iter;

	dlist_foreach (iter, &sources)
	{
		AcTokenSource *source = dlist_container(AcTokenSource, node, iter.cur);

		if (source->mapping == recipe->mapping &&
			memcmp(source->fingerprint, recipe->fingerprint,
				   AC_TOKEN_FINGERPRINT) == 0)
			found = source;
	}
	if (found == NULL)
		found = create_source(recipe);
	found->unsure = recipe->rotating;
	dlist_move_head(&sources, &found->node);
	found->refs++;
	prune_sources();
	return found;
}

void
ac_token_source_release(AcTokenSource *source)
{
	Assert(source->refs > 0);
	source->refs--;
}

/* ---- what there is ---- */

static bool
is_usable(const AcTokenSource *source)
{
	return source->access_token != NULL && !source->unsure &&
		   source->serial != source->rejected &&
		   (source->renew_at_ms < 0 ||
			ac_engine_now_ms() < source->renew_at_ms);
}

static void
set_token(AcTokenSource *source, const char *access_token, int64 serial,
		  int64 life_ms)
{
	char *copy = MemoryContextStrdup(source->cxt, access_token);

	if (source->access_token != NULL)
		pfree(source->access_token);
	source->access_token = copy;
	source->serial = serial;
	source->unsure = false;
	source->renew_at_ms = life_ms < 0 ? -1 : ac_engine_now_ms() + life_ms;
}

bool
ac_token_usable(AcConnection *conn)
{
	const AcTokenSource *source = ac_connection_token_source(conn);

	return source == NULL || is_usable(source);
}

const char *
ac_token_current(AcConnection *conn, int64 *serial)
{
	const AcTokenSource *source = ac_connection_token_source(conn);

	if (source == NULL)
		return NULL;
	*serial = source->serial;
	ac_connection_learn_secret(conn, source->access_token);
	if (ac_connection_recipe(conn)->login != NULL)
		ac_login_learn(conn, source->access_token);
	return source->access_token;
}

bool
ac_token_reject(AcConnection *conn, int64 serial)
{
	AcTokenSource *source = ac_connection_token_source(conn);

	if (source == NULL)
		return false;
	if (source->serial == serial)
		source->rejected = serial;
	return true;
}

/* ---- ends ---- */

/* IDLE again, whatever was under way.  Never throws. */
static void
give_up(AcTokenSource *source)
{
	ac_engine_timer_clear(&source->timer);
	if (source->locked)
		ac_tokenstore_unlock(source->mapping, AC_TOKEN_ASK);
	source->locked = false;
	ac_tokenseat_leave(&source->seat);
	if (source->worker != NULL)
		pfree(source->worker);
	source->worker = NULL;
	source->fetch = NULL;
	source->endpoint = NULL;
	if (source->ask_cxt != NULL)
		MemoryContextDelete(source->ask_cxt);
	source->ask_cxt = NULL;
	source->step = IDLE;
}

/* All who wait are told err. */
static void
fail(AcTokenSource *source, const AcError *err)
{
	Assert(err->code != AC_ERR_NONE);
	source->error = *err;
	source->failures++;
	give_up(source);
}

void
ac_token_leave(AcTokenWait *wait)
{
	AcTokenSource *source = wait->source;

	if (source == NULL)
		return;
	wait->source = NULL;
	dlist_delete(&wait->node);
	if (dlist_is_empty(&source->waiting) && source->step != IDLE)
		give_up(source);
}

static void
join(AcTokenSource *source, AcTokenWait *wait)
{
	wait->source = source;
	wait->failures = source->failures;
	dlist_push_tail(&source->waiting, &wait->node);
}

/* ---- may it be spent? ---- */

/* Was the row that this tuple is made by the transaction that is open? */
static bool
is_ours(int cacheid, Oid oid)
{
	HeapTuple tuple = SearchSysCache1(cacheid, ObjectIdGetDatum(oid));
	bool ours;

	if (!HeapTupleIsValid(tuple))
		return false;
	ours = TransactionIdIsCurrentTransactionId(HeapTupleHeaderGetXmin(tuple->t_data));
	ReleaseSysCache(tuple);
	return ours;
}

/* A worker would not see it, or something else. */
static bool
is_uncommitted(const AcTokenRecipe *recipe)
{
	return IsTransactionState() &&
		   (is_ours(USERMAPPINGOID, recipe->mapping) ||
			is_ours(FOREIGNSERVEROID, recipe->serverid));
}

bool
ac_token_may_spend(const AcTokenRecipe *recipe, AcError *err)
{
	if (RecoveryInProgress())
	{
		ac_error_set(err, AC_ERR_READ_ONLY,
					 "cannot renew the access token of server \"%s\" during recovery",
					 recipe->server_name);
		return ac_error_hint(err, "Run a query on the primary server, which renews it for both.");
	}
	if (!OidIsValid(recipe->mapping))
	{
		ac_error_set(err, AC_ERR_NOT_READY,
					 "a token that may be good for one use is spent only for a user mapping");
		return ac_error_hint(err, "Create a server and a user mapping, or give an access token as \"token\".");
	}
	if (is_uncommitted(recipe))
	{
		ac_error_set(err, AC_ERR_NOT_READY,
					 "user mapping of server \"%s\" is not committed yet",
					 recipe->server_name);
		ac_error_detail(err, "Its refresh token may be good for one use, and what is given for it must outlive this transaction.");
		return ac_error_hint(err, "Commit first.");
	}
	return true;
}

/* Has the row what may be spent here? */
static bool
row_may_be_spent(const AcTokenRecipe *recipe, const AcTokenRow *row,
				 bool exists, AcError *err)
{
	bool grown = exists && row->seed != NULL && strcmp(row->seed, recipe->seed) == 0;
	AcTokenRow left;

	/* A worker begins with what an earlier one left behind. */
	if (ac_tokenjournal_read(recipe->mapping, &left))
		return true;

	if (!exists || !ac_tokenstore_at_home(row))
	{
		ac_error_set(err, AC_ERR_NOT_READY,
					 "database seems to be a copy: the token of server \"%s\" is not renewed in it",
					 recipe->server_name);
		ac_error_detail(err, "To spend the refresh token here would take it from the database that it was copied from.");
		return ac_error_hint(err, "If it is this database's to use: SELECT autoconn.adopt(%s);",
							 quote_literal_cstr(recipe->server_name));
	}
	if (grown && row->dead)
	{
		*err = row->failure;
		return false;
	}
	if (recipe->refresh_token == NULL && !(grown && row->refresh_token != NULL))
	{
		ac_error_set(err, AC_ERR_AUTH, "server \"%s\" has yet to be authorized",
					 recipe->server_name);
		if (recipe->grant == AC_OAUTH_REFRESH_TOKEN)
			return ac_error_hint(err, "Put a refresh_token into the user mapping.");
		return ac_error_hint(err, "SELECT autoconn.authorize(%s);",
							 quote_literal_cstr(recipe->server_name));
	}
	return true;
}

/* ---- out of IDLE and QUEUED: what may be good for one use ---- */

/* Takes over what is stored, if that is new and good; false if not. */
static bool
take_row(AcTokenSource *source, const AcTokenRecipe *recipe,
		 const AcTokenRow *row)
{
	int64 life_ms = -1;

	if (row->access_token == NULL || row->generation == source->rejected ||
		row->seed == NULL || strcmp(row->seed, recipe->seed) != 0 ||
		row->asked == NULL || strcmp(row->asked, recipe->asked) != 0)
		return false;
	if (!TIMESTAMP_IS_NOEND(row->renew_at))
	{
		TimestampTz now = GetCurrentTimestamp();

		if (row->renew_at <= now)
			return false;
		life_ms = (row->renew_at - now) / 1000;
	}
	set_token(source, row->access_token, row->generation, life_ms);
	give_up(source);
	return true;
}

AcTokenTask
ac_token_task(const AcTokenRecipe *recipe, AcTokenErrand errand,
			  int64 generation)
{
	AcTokenTask task = {
		.errand = errand,
		.dbid = MyDatabaseId,
		.serverid = recipe->serverid,
		.mapping = recipe->mapping,
		.mapping_userid = recipe->mapping_userid,
		.owner = recipe->owner,
		.generation = generation,
	};

	strlcpy(task.seed, recipe->seed, sizeof(task.seed));
	return task;
}

/* To WORKER.  Others wait for the lock meanwhile. */
static void
start_worker(AcTokenSource *source, const AcTokenRecipe *recipe,
			 const AcTokenRow *row)
{
	AcTokenTask task = ac_token_task(recipe, AC_TOKEN_RENEW, row->generation);
	MemoryContext old = MemoryContextSwitchTo(source->cxt);
	AcError err;

	task.seat = ac_tokenseat_names(&source->seat);
	source->worker = ac_launch_token(&task, sizeof(task));
	MemoryContextSwitchTo(old);
	if (source->worker != NULL)
	{
		source->step = WORKER;
		ac_engine_timer_set(&source->timer, ac_engine_now_ms() + WORKER_POLL_MS);
		return;
	}
	ac_error_set(&err, AC_ERR_NOT_READY,
				 "could not renew the access token of server \"%s\": no background worker is free",
				 recipe->server_name);
	ac_error_hint(&err, "Increase max_worker_processes.");
	fail(source, &err);
}

/* Somebody else has tried meanwhile, in vain, and nobody with success since. */
static bool
has_failed(const AcTokenSource *source, const AcTokenRow *row)
{
	return row->failures > source->failures_before &&
		   row->failure.code != AC_ERR_NONE;
}

/* To QUEUED, or stays there. */
static void
queue(AcTokenSource *source, int64 poll_ms)
{
	source->step = QUEUED;
	ac_engine_timer_set(&source->timer, ac_engine_now_ms() + poll_ms);
}

/*
 * With the lock: reads once more, because before it was had somebody may have
 * renewed, and starts a worker, if one may be.
 */
static void
renew(AcTokenSource *source, const AcTokenRecipe *recipe, AcTokenRow *row)
{
	(void) ac_tokenstore_read(recipe->mapping, row);
	if (take_row(source, recipe, row))
		return;
	if (has_failed(source, row))
		fail(source, &row->failure);
	else if (!ac_tokenseat_take(&source->seat, recipe->owner))
		queue(source, AC_PLACES_POLL_MS);
	else
		start_worker(source, recipe, row);
}

/* Looks at what is stored; if that is of no use, has it renewed. */
static void
look(AcTokenSource *source, const AcTokenRecipe *recipe)
{
	AcTokenRow row;
	AcError err;
	bool exists = ac_tokenstore_read(recipe->mapping, &row);

	if (take_row(source, recipe, &row))
		return;
	if (source->step == IDLE)
		source->failures_before = row.failures;
	if (has_failed(source, &row))
		fail(source, &row.failure);
	else if (!ac_token_may_spend(recipe, &err) ||
			 !row_may_be_spent(recipe, &row, exists, &err))
		fail(source, &err);
	else if (!source->locked &&
			 !ac_tokenstore_lock(recipe->mapping, AC_TOKEN_ASK, false))
		queue(source, QUEUED_POLL_MS);
	else
	{
		source->locked = true;
		source->step = QUEUED;
		renew(source, recipe, &row);
	}
}

/* ---- out of WORKER ---- */

static void
end_worker(AcTokenSource *source, const AcTokenRecipe *recipe)
{
	AcTokenRow row;
	AcError err;

	(void) ac_tokenstore_read(recipe->mapping, &row);
	if (take_row(source, recipe, &row))
		return;
	if (has_failed(source, &row))
	{
		fail(source, &row.failure);
		return;
	}
	ac_error_set(&err, AC_ERR_NOT_READY,
				 "access token of server \"%s\" was not renewed",
				 recipe->server_name);
	ac_error_detail(&err, "The worker that was to do so has stopped; the server's log may say why.");
	fail(source, &err);
}

static void
look_at_worker(AcTokenSource *source, const AcTokenRecipe *recipe)
{
	pid_t pid;

	Assert(source->step == WORKER);
	if (GetBackgroundWorkerPid(source->worker, &pid) == BGWH_STOPPED)
		end_worker(source, recipe);
	else
		ac_engine_timer_set(&source->timer, ac_engine_now_ms() + WORKER_POLL_MS);
}

/* ---- IDLE to ASKING, and back: what may be asked for at any time ---- */

static void
start_asking(AcTokenSource *source, AcConnection *conn,
			 const AcTokenRecipe *recipe)
{
	AcTokenPresented presented = {.grant = recipe->grant};
	MemoryContext old;
	AcError err;

	Assert(source->step == IDLE);
	source->ask_cxt = AllocSetContextCreate(source->cxt, "autoconn token request",
											ALLOCSET_SMALL_SIZES);
	source->step = ASKING;
	old = MemoryContextSwitchTo(source->ask_cxt);
	source->endpoint = ac_connection_endpoint(conn, recipe->token_url);
	if (recipe->login != NULL)
		source->fetch = ac_login_start(recipe->login, source->endpoint, &err);
	else
		source->fetch = ac_token_ask_start(recipe, source->endpoint, &presented, &err);
	MemoryContextSwitchTo(old);
	if (source->fetch == NULL)
		fail(source, &err);
}

/* What a request of ours brought; NULL with err. */
static const char *
read_answer(const AcTokenSource *source, const AcTokenRecipe *recipe,
			int64 *life_ms, AcError *err)
{
	AcOauthToken token;

	if (recipe->login != NULL)
		return ac_login_answer(recipe->login, source->fetch, source->endpoint,
							   life_ms, err);
	if (ac_token_ask_read(source->fetch, source->endpoint, &token, err) !=
		AC_OAUTH_GRANTED)
		return NULL;
	*life_ms = ac_token_life_ms(&token);
	return token.access_token;
}

/*
 * The request is driven like all others (net/fetch_live.c): we are in a
 * transition of a fetch that waits for it, and need not be the only one.
 */
static void
look_at_answer(AcTokenSource *source, const AcTokenRecipe *recipe)
{
	MemoryContext old;
	const char *token;
	int64 life_ms;
	AcError err;

	Assert(source->step == ASKING);
	if (source->fetch == NULL || source->fetch->state == AC_FETCH_RUNNING)
		return;
	old = MemoryContextSwitchTo(source->ask_cxt);
	token = read_answer(source, recipe, &life_ms, &err);
	MemoryContextSwitchTo(old);
	if (token != NULL)
	{
		set_token(source, token, source->serial + 1, life_ms);
		give_up(source);
	}
	else
		fail(source, &err);
}

/* ---- polling ---- */

/* One transition, if any is due. */
static void
move(AcTokenSource *source, AcConnection *conn)
{
	const AcTokenRecipe *recipe = ac_connection_recipe(conn);

	switch (source->step)
	{
		case IDLE:
			if (recipe->rotating)
				look(source, recipe);
			else
				start_asking(source, conn, recipe);
			break;
		case QUEUED:
			if (!source->timer.set)
				look(source, recipe);
			break;
		case WORKER:
			look_at_worker(source, recipe);
			break;
		case ASKING:
			look_at_answer(source, recipe);
			break;
	}
}

/*
 * The same.  One that throws leaves nothing half begun: others may wait for the
 * source, be it behind a cursor, and go on with it.
 */
static void
step(AcTokenSource *source, AcConnection *conn)
{
	PG_TRY();
	{
		move(source, conn);
	}
	PG_CATCH();
	{
		give_up(source);
		PG_RE_THROW();
	}
	PG_END_TRY();
}

AcTokenState
ac_token_poll(AcConnection *conn, AcTokenWait *wait, AcError *err)
{
	AcTokenSource *source = ac_connection_token_source(conn);

	if (wait->source == NULL)
		join(source, wait);
	if (!is_usable(source) && source->failures == wait->failures)
		step(source, conn);
	if (is_usable(source))
	{
		ac_token_leave(wait);
		return AC_TOKEN_READY;
	}
	if (source->failures == wait->failures)
		return AC_TOKEN_WAIT;
	*err = source->error;
	ac_token_leave(wait);
	return AC_TOKEN_FAILED;
}
