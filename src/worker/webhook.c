/*
 * webhook.c
 *		How do people who do not look at the database hear of alerts?
 *		See webhook.h.
 *
 * A message is taken for failed before it is sent: when to try again is stored
 * first, and the row goes when the webhook has taken it.  So a worker that
 * dies in between sends a message twice, never not at all, and none is
 * waiting and under way at once.  Nothing is in a transaction while it is
 * sent.
 */
#include "ac.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "core/json.h"
#include "foreign/foreign.h"
#include "miscadmin.h"
#include "net/connection.h"
#include "net/engine.h"
#include "net/fetch.h"
#include "pg/compat.h"
#include "pg/guc.h"
#include "pg/option.h"
#include "pg/scope.h"
#include "pg/watch.h"
#include "policy/outcome.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"
#include "worker/step.h"
#include "worker/webhook.h"

/* Messages under way at once. */
#define AT_ONCE 8

/* A chat tool answers within a second or is out of order. */
#define TIMEOUT_MS 10000

/* Bytes of a part of the text; chat tools cut it at 2000 or more. */
#define MAX_TEXT 600

/* Waits of 1, 2, 4, ... minutes: the last try is four hours after the first. */
#define MAX_TRIES 9

/* A message that is under way. */
typedef struct Message
{
	MemoryContext cxt; /* with all of it */
	int64 alert;
	int tries; /* with this one */
	char *server;
	char *json;
	const char *url;
	AcConnection *conn;
	AcFetch *fetch;
} Message;

struct AcWebhooks
{
	MemoryContext cxt;
	Message *sent[AT_ONCE]; /* NULL: a free place */
	bool closed;			/* no more is begun */
};

void
ac_webhook_queue(List *alerts)
{
	AcScope scope;
	ListCell *lc;

	if (alerts == NIL)
		return;
	ac_scope_begin(&scope);
	foreach (lc, alerts)
	{
		AcArgs args = {0};

		ac_arg_int8(&args, *(int64 *) lfirst(lc));
		ac_scope_run("INSERT INTO autoconn.webhook (alert) VALUES ($1)"
					 " ON CONFLICT DO NOTHING",
					 &args, false);
	}
	ac_scope_end(&scope);
}

/*
 * A text without the marks that chat tools read: <!channel>, <url|words>,
 * [words](url), @all.  What an API calls its things must not call people.
 */
static char *
plain_text(const char *text)
{
	StringInfoData out;

	initStringInfo(&out);
	for (; *text != '\0'; text++)
	{
		if (*text == '<' || *text == '[')
			appendStringInfoChar(&out, '(');
		else if (*text == '>' || *text == ']')
			appendStringInfoChar(&out, ')');
		else if (*text == '@')
			appendStringInfoString(&out, "(at)");
		else
			appendStringInfoChar(&out, *text);
	}
	return ac_outcome_clean(out.data, MAX_TEXT);
}

/* The text for people, and the parts for programs. */
static char *
message_json(const AcScope *scope, uint64 row)
{
	AcJson *message = ac_json_new_object();
	AcJson *alert = ac_json_new_object();
	static const char *const names[] = {"server", "kind", "severity",
										"relation", "table_name",
										"column_name", "status", "summary"};
	char *text;

	text = psprintf("[%s] %s: %s", ac_scope_text(scope, row, 5),
					plain_text(ac_scope_text(scope, row, 3)),
					plain_text(ac_scope_text(scope, row, 10)));
	ac_json_set_string(message, "text", text);
	ac_json_set_string(message, "content", text);
	ac_json_set(alert, "id", ac_json_new_int(ac_scope_int8(row, 1, 0)));
	for (int i = 0; i < (int) lengthof(names); i++)
	{
		char *value = ac_scope_text(scope, row, i + 3);

		if (value != NULL)
			ac_json_set_string(alert, names[i], value);
	}
	ac_json_set(message, "alert", alert);
	return ac_json_into_text(message);
}

static void
drop_message(int64 alert)
{
	AcScope scope;
	AcArgs args = {0};

	ac_scope_begin(&scope);
	ac_arg_int8(&args, alert);
	ac_scope_run("DELETE FROM autoconn.webhook WHERE alert = $1", &args, false);
	ac_scope_end(&scope);
}

/* The message of a row as claim() reads it, in a context of its own. */
static Message *
read_message(AcScope *scope, MemoryContext parent)
{
	MemoryContext cxt = AllocSetContextCreate(parent, "autoconn webhook",
											  ALLOCSET_SMALL_SIZES);
	MemoryContext old = MemoryContextSwitchTo(cxt);
	Message *message = palloc0(sizeof(Message));

	scope->caller = cxt;
	message->cxt = cxt;
	message->alert = ac_scope_int8(0, 1, 0);
	message->tries = (int) ac_scope_int8(0, 2, 0);
	message->server = ac_scope_text(scope, 0, 3);
	message->json = message_json(scope, 0);
	MemoryContextSwitchTo(old);
	return message;
}

/*
 * Takes the first message that is due and notes when it is to be tried again;
 * NULL if there is none.  Those of a copy of a database wait until somebody
 * adopts the server.
 */
static Message *
claim(AcWebhooks *webhooks)
{
	Message *message = NULL;
	AcScope scope;
	AcArgs args = {0};

	ac_scope_begin(&scope);
	ac_arg_datum(&args, TIMESTAMPTZOID, TimestampTzGetDatum(ac_guc_now()), false);
	ac_arg_text(&args, ac_watch_home());
	if (ac_scope_run("UPDATE autoconn.webhook w SET tries = w.tries + 1,"
					 " next_try = $1 + interval '1 minute' * (2 ^ w.tries)"
					 " FROM autoconn.alert a WHERE a.id = w.alert AND a.id ="
					 "  (SELECT d.alert FROM autoconn.webhook d"
					 "   JOIN autoconn.alert b ON b.id = d.alert"
					 "   JOIN autoconn.server_state s ON s.server = b.server"
					 "   WHERE s.home = $2"
					 "    AND (d.next_try IS NULL OR d.next_try <= $1)"
					 "   ORDER BY d.alert LIMIT 1 FOR UPDATE OF d SKIP LOCKED)"
					 " RETURNING a.id, w.tries, a.server, a.kind, a.severity,"
					 " a.relation, a.table_name, a.column_name, a.status,"
					 " a.summary",
					 &args, false) == 1)
		message = read_message(&scope, webhooks->cxt);
	ac_scope_end(&scope);
	return message;
}

static Message *
next_message(AcWebhooks *webhooks)
{
	Message *message = NULL;

	ac_step_begin(webhooks->cxt);
	if (ac_step_has_extension())
		message = claim(webhooks);
	ac_step_end();
	return message;
}

/*
 * Address and connection of the server's webhook; without one the message is
 * dropped, and false.
 */
static bool
find_webhook(Message *message)
{
	ForeignServer *server = GetForeignServerByName(message->server, true);
	AcMappingOptions *mapping = NULL;
	bool found;

	if (server != NULL)
		mapping = ac_option_mapping(server->owner, server->serverid, &found);
	if (mapping == NULL || mapping->webhook == NULL)
	{
		drop_message(message->alert);
		return false;
	}
	message->url = mapping->webhook;
	message->conn = ac_connection_aside(ac_connection_detached(server->serverid,
															   server->owner),
										mapping->webhook);
	return true;
}

static void
start_request(Message *message)
{
	AcFetchRequest request = {
		.method = "POST",
		.url = message->url,
		.json = message->json,
		.kind = AC_FETCH_PROBE,
		.timeout_ms = TIMEOUT_MS,
	};

	message->fetch = ac_fetch_start(message->conn, &request, message->cxt);
}

/* ac_step_try: begins to send a message that has somewhere to go. */
static void
begin_message(void *arg)
{
	Message *message = arg;
	bool found;

	ac_step_begin(message->cxt);
	found = ac_step_has_extension() && find_webhook(message);
	ac_step_end();
	if (found)
		start_request(message);
}

/*
 * Sends a message; false if it is not to be sent.  What is thrown is logged:
 * one owner's mapping that makes no credentials keeps nobody else from being
 * told.
 */
static bool
start_message(Message *message)
{
	MemoryContext old = MemoryContextSwitchTo(message->cxt);
	bool started = ac_step_try(begin_message, message,
							   psprintf("webhook of server \"%s\"",
										message->server)) &&
				   message->fetch != NULL;

	MemoryContextSwitchTo(old);
	return started;
}

/* Stores what became of a message. */
static void
settle(Message *message)
{
	const AcFetch *fetch = message->fetch;
	bool taken = fetch->state == AC_FETCH_ANSWERED && fetch->status / 100 == 2;

	if (!taken && message->tries < MAX_TRIES)
		return;
	ac_step_begin(message->cxt);
	if (ac_step_has_extension())
		drop_message(message->alert);
	ac_step_end();
	if (!taken)
		ereport(LOG,
				(errcode(ERRCODE_CONNECTION_FAILURE),
				 errmsg("autoconn: webhook was not told of alert " INT64_FORMAT " after %d tries",
						message->alert, MAX_TRIES)));
}

/* Settles those that have ended; returns how many are under way. */
static int
settle_all(AcWebhooks *webhooks)
{
	int running = 0;

	for (int i = 0; i < AT_ONCE; i++)
	{
		Message *message = webhooks->sent[i];

		if (message == NULL)
			continue;
		running++;
		if (ac_fetch_drive(message->fetch) == AC_FETCH_RUNNING)
			continue;
		running--;
		webhooks->sent[i] = NULL;
		settle(message);
		MemoryContextSwitchTo(webhooks->cxt);
		ac_fetch_free(message->fetch);
		MemoryContextDelete(message->cxt);
	}
	return running;
}

/* Begins what is due and has a place; returns how many there are. */
static int
start_due(AcWebhooks *webhooks)
{
	int started = 0;

	for (int i = 0; i < AT_ONCE && !webhooks->closed; i++)
	{
		while (webhooks->sent[i] == NULL)
		{
			Message *message = next_message(webhooks);

			if (message == NULL)
				return started;
			if (!start_message(message))
			{
				MemoryContextDelete(message->cxt);
				continue;
			}
			webhooks->sent[i] = message;
			started++;
		}
	}
	return started;
}

AcWebhooks *
ac_webhook_begin(MemoryContext parent)
{
	MemoryContext cxt = AllocSetContextCreate(parent, "autoconn webhooks",
											  ALLOCSET_DEFAULT_SIZES);
	AcWebhooks *webhooks = MemoryContextAllocZero(cxt, sizeof(AcWebhooks));

	webhooks->cxt = cxt;
	return webhooks;
}

bool
ac_webhook_deliver(AcWebhooks *webhooks, TimestampTz until)
{
	static uint32 wait_event = 0;
	MemoryContext old = MemoryContextSwitchTo(webhooks->cxt);
	bool done;

	if (wait_event == 0)
		wait_event = ac_wait_event("AutoconnWebhook");
	for (;;)
	{
		int running = settle_all(webhooks);
		long wait_ms;

		running += start_due(webhooks);
		done = running == 0;
		wait_ms = TimestampDifferenceMilliseconds(ac_guc_now(), until);
		if (done || wait_ms == 0)
			break;
		ac_engine_wait(wait_ms, wait_event);
	}
	/* What comes from now on is the next visit's. */
	webhooks->closed = true;
	MemoryContextSwitchTo(old);
	return done;
}

TimestampTz
ac_webhook_next(void)
{
	AcScope scope;
	AcArgs args = {0};
	TimestampTz next = DT_NOEND;

	ac_scope_begin(&scope);
	ac_arg_text(&args, ac_watch_home());
	if (ac_scope_run("SELECT min(COALESCE(w.next_try, '-infinity'))"
					 " FROM autoconn.webhook w"
					 " JOIN autoconn.alert a ON a.id = w.alert"
					 " JOIN autoconn.server_state s ON s.server = a.server"
					 " WHERE s.home = $1",
					 &args, true) == 1)
	{
		bool isnull;
		Datum value = SPI_getbinval(SPI_tuptable->vals[0],
									SPI_tuptable->tupdesc, 1, &isnull);

		if (!isnull)
			next = DatumGetTimestampTz(value);
	}
	ac_scope_end(&scope);
	return next;
}
