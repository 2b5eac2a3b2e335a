/*
 * token.c
 *		Who spends what is good for one use?  See token.h.
 *
 * A worker for each renewal.  It waits for its turn (the second lock of the
 * credential), commits what an earlier one left in the journal, looks whether
 * there is anything left to do, presents the refresh token, and commits what
 * it gets for it.
 *
 * From the moment when the request may be sent until its answer is in the
 * journal nothing ends this process but SIGKILL: neither a shutdown, nor the
 * postmaster's SIGQUIT after some backend was killed, nor the postmaster's
 * death.  So it waits for nothing there that throws or exits, takes no lock
 * that is shared, and looks at the exchange at short intervals instead of
 * waiting on a latch.  After SIGQUIT the postmaster sends SIGKILL within five
 * seconds.  After SIGTERM, which is how a server is shut down, the answer is
 * waited for as long; where nothing was sent yet, not at all.  Only an answer
 * that takes longer is lost with the process.
 */
#include "ac.h"

#include <signal.h>

#include "access/xact.h"
#include "libpq/pqsignal.h"
#include "miscadmin.h"
#include "net/connection.h"
#include "net/engine.h"
#include "net/token.h"
#include "pg/compat.h"
#include "pg/tokenjournal.h"
#include "pg/tokenstore.h"
#include "pgstat.h"
#include "postmaster/interrupt.h"
#include "storage/ipc.h"
#include "tcop/tcopprot.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "worker/step.h"
#include "worker/token.h"

/* How often the exchange is looked at; a local answer takes as long. */
#define EXCHANGE_POLL_US 2000

/*
 * After SIGTERM: as long as the postmaster gives after SIGQUIT, and less than
 * who shuts a server down takes for hanging.
 */
#define END_GRACE_MS 4500

/*
 * A row that is locked for longer is that of somebody who is dropping the
 * mapping, or at work on the private tables; the journal keeps what was got.
 */
#define LOCK_TIMEOUT "5s"

static volatile sig_atomic_t quit_wanted = 0;
static volatile sig_atomic_t end_wanted = 0;

/* What one renewal knows. */
typedef struct Renewal
{
	MemoryContext cxt;
	AcTokenTask task;
	const AcTokenRecipe *recipe;
	AcConnection *endpoint;
	AcTokenRow row;		/* before */
	AcTokenRow granted; /* after */
	AcOauthResult result;
	AcError error;
} Renewal;

/* ---- signals during the exchange ---- */

static void
note_quit(SIGNAL_ARGS)
{
	quit_wanted = 1;
}

static void
note_end(SIGNAL_ARGS)
{
	end_wanted = 1;
}

/* HOLD_INTERRUPTS, because memory may be asked for in between. */
static void
protect(void)
{
	HOLD_INTERRUPTS();
	pqsignal(SIGQUIT, note_quit);
	pqsignal(SIGTERM, note_end);
	pqsignal(SIGINT, SIG_IGN);
}

/* What was kept from us meanwhile holds now. */
static void
unprotect(void)
{
	pqsignal(SIGQUIT, SignalHandlerForCrashExit);
	pqsignal(SIGTERM, die);
	pqsignal(SIGINT, StatementCancelHandler); /* lock_timeout comes by it */
	RESUME_INTERRUPTS();
	if (quit_wanted)
		raise(SIGQUIT);
	if (end_wanted)
		raise(SIGTERM);
}

/* ---- the exchange ---- */

/* Is the authorization server doing something for us, or may be? */
static bool
is_spending(const AcFetch *fetch)
{
	AcPhase phase = ac_fetch_phase(fetch);

	return phase == AC_PHASE_ANSWER || phase == AC_PHASE_RECEIVING;
}

/* Until it has ended, or we have to; false: there is no answer. */
static bool
await_answer(AcFetch *fetch)
{
	int64 until_ms = 0;

	while (ac_fetch_drive(fetch) == AC_FETCH_RUNNING)
	{
		if (end_wanted && until_ms == 0)
			until_ms = ac_engine_now_ms() + END_GRACE_MS;
		if (end_wanted && (!is_spending(fetch) || ac_engine_now_ms() >= until_ms))
			return false;
		pg_usleep(EXCHANGE_POLL_US);
	}
	return true;
}

static void
exchange(Renewal *renewal)
{
	const AcTokenRecipe *recipe = renewal->recipe;
	AcTokenPresented presented = {
		.grant = AC_OAUTH_REFRESH_TOKEN,
		.refresh_token = renewal->row.refresh_token != NULL
							 ? renewal->row.refresh_token
							 : recipe->refresh_token,
	};
	AcFetch *fetch = ac_token_ask_start(recipe, renewal->endpoint, &presented,
										&renewal->error);
	AcOauthToken token;

	renewal->result = AC_OAUTH_UNUSABLE;
	if (fetch == NULL)
		return;
	if (!await_answer(fetch))
		return;
	renewal->result = ac_token_ask_read(fetch, renewal->endpoint, &token,
										&renewal->error);
	if (renewal->result != AC_OAUTH_GRANTED)
		return;
	renewal->granted = ac_token_row(recipe, &renewal->row, &token);
	(void) ac_tokenjournal_write(&renewal->granted);
}

/* ---- before and after ---- */

/* Commits what an earlier worker, or autoconn.authorize(), left behind. */
static void
settle_journal(const Renewal *renewal)
{
	AcTokenRow left;
	AcTokenRow row;

	if (!ac_tokenjournal_read(renewal->task.mapping, &left))
		return;
	ac_step_begin(renewal->cxt);
	if (ac_step_has_extension())
	{
		bool exists = ac_tokenstore_read(left.mapping, &row);

		/* One that was committed, but not removed, is no news. */
		if (!exists || row.seed == NULL || strcmp(row.seed, left.seed) != 0 ||
			row.generation < left.generation)
		{
			ac_tokenstore_save(&left);
			/* It may be another grant's, and that of another account. */
			ac_tokenstore_announce(left.mapping);
		}
	}
	ac_step_end();
	ac_tokenjournal_remove(left.mapping);
}

/* Is there anything to be renewed, by what is committed now? */
static bool
is_due(Renewal *renewal)
{
	const AcTokenTask *task = &renewal->task;
	const AcTokenRecipe *recipe;
	AcConnection *conn;
	bool exists = ac_tokenstore_read(task->mapping, &renewal->row);

	if (!exists || !ac_tokenstore_at_home(&renewal->row))
		return false;
	if (ac_option_mapping_oid(task->mapping_userid, task->serverid) != task->mapping)
		return false;
	conn = ac_connection_detached(task->serverid, task->mapping_userid);
	recipe = ac_connection_recipe(conn);
	if (recipe == NULL || strcmp(recipe->seed, task->seed) != 0)
		return false;
	renewal->recipe = recipe;
	renewal->endpoint = ac_connection_endpoint(conn, recipe->token_url);
	if (renewal->row.seed == NULL || strcmp(renewal->row.seed, task->seed) != 0)
	{
		/* What stands there grew from something else. */
		renewal->row.refresh_token = NULL;
		return recipe->refresh_token != NULL;
	}
	return renewal->row.generation <= task->generation && !renewal->row.dead &&
		   (renewal->row.refresh_token != NULL || recipe->refresh_token != NULL);
}

/* The mapping's own refresh token is about to be spent: false if it was. */
static bool
seed_is_free(const Renewal *renewal)
{
	AcError err;

	if (renewal->row.refresh_token != NULL ||
		!ac_tokenstore_seed_is_taken(renewal->task.mapping, renewal->task.seed))
		return true;
	ac_error_set(&err, AC_ERR_NOT_READY,
				 "refresh token of server \"%s\" is in use for another user mapping",
				 renewal->recipe->server_name);
	ac_error_detail(&err, "It may be good for one use: presented again, it would cost the other one its access.");
	ac_error_hint(&err, "Use one user mapping, for public if need be, or a refresh token of its own.");
	ac_tokenstore_fail(renewal->task.mapping, renewal->task.seed, &err, false);
	return false;
}

static bool
prepare(Renewal *renewal)
{
	bool due = false;

	ac_step_begin(renewal->cxt);
	if (ac_step_has_extension() &&
		OidIsValid(ac_option_mapping_oid(renewal->task.mapping_userid,
										 renewal->task.serverid)))
		due = is_due(renewal) && seed_is_free(renewal);
	ac_step_end();
	return due;
}

static void
store(const Renewal *renewal)
{
	ac_step_begin(renewal->cxt);
	if (ac_step_has_extension())
	{
		if (renewal->result == AC_OAUTH_GRANTED)
			ac_tokenstore_save(&renewal->granted);
		else
			ac_tokenstore_fail(renewal->task.mapping, renewal->task.seed,
							   &renewal->error,
							   renewal->result == AC_OAUTH_DEAD);
	}
	ac_step_end();
	if (renewal->result == AC_OAUTH_GRANTED)
		ac_tokenjournal_remove(renewal->task.mapping);
}

/* ---- life ---- */

/*
 * Settings of the database are made for people's sessions.  A commit that a
 * crash may take back would take the token with it.
 */
static void
settle(void)
{
	static const char *const settings[][2] = {
		{"search_path", "pg_catalog, pg_temp"},
		{"statement_timeout", "0"},
		{"lock_timeout", "0"},
		{"transaction_timeout", "0"},
		{"idle_in_transaction_session_timeout", "0"},
		{"default_transaction_isolation", "read committed"},
		{"default_transaction_read_only", "off"},
		{"synchronous_commit", "local"},
	};

	for (size_t i = 0; i < lengthof(settings); i++)
		if (GetConfigOption(settings[i][0], true, false) != NULL)
			SetConfigOption(settings[i][0], settings[i][1], PGC_SUSET,
							PGC_S_OVERRIDE);
}

/*
 * Waits for a worker that renews the same, as long as its exchange takes; no
 * other wait for a lock is to last.
 */
static void
await_turn(Oid mapping)
{
	StartTransactionCommand();
	(void) ac_tokenstore_lock(mapping, AC_TOKEN_SPEND, true);
	CommitTransactionCommand();
	SetConfigOption("lock_timeout", LOCK_TIMEOUT, PGC_SUSET, PGC_S_OVERRIDE);
}

/*
 * The seat of who wanted it.  If that one has gone meanwhile, and there is none
 * for us, nobody waits for a renewal; what stands in the journal is committed
 * all the same.
 */
static bool
sit_down(const AcTokenTask *task, AcTokenSeat *seat)
{
	return ac_tokenseat_take_over(seat, &task->seat) ||
		   ac_tokenseat_take(seat, task->owner) ||
		   task->errand == AC_TOKEN_SETTLE;
}

void
autoconn_token_main(Datum arg)
{
	Renewal renewal = {0};
	AcTokenSeat seat = {0};

	memcpy(&renewal.task, MyBgworkerEntry->bgw_extra, sizeof(renewal.task));
	pqsignal(SIGHUP, SignalHandlerForConfigReload);
	pqsignal(SIGTERM, die);
	BackgroundWorkerUnblockSignals();
	BackgroundWorkerInitializeConnectionByOid(renewal.task.dbid, InvalidOid, 0);
	pgstat_report_appname("autoconn token");
	settle();
	renewal.cxt = AllocSetContextCreate(TopMemoryContext, "autoconn token",
										ALLOCSET_DEFAULT_SIZES);
	MemoryContextSwitchTo(renewal.cxt);
	pgstat_report_activity(STATE_RUNNING, "renewing an access token");

	if (!sit_down(&renewal.task, &seat))
		proc_exit(0);
	await_turn(renewal.task.mapping);
	MemoryContextSwitchTo(renewal.cxt);
	settle_journal(&renewal);
	if (renewal.task.errand == AC_TOKEN_RENEW && prepare(&renewal))
	{
		protect();
		exchange(&renewal);
		unprotect();
		CHECK_FOR_INTERRUPTS();
		store(&renewal);
	}
	proc_exit(0);
}
