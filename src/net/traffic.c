/*
 * traffic.c
 *		How many requests to an API are under way, and at which addresses was it
 *		met?  See connection.h.
 *
 * Both outlive the options and credentials of the moment.
 */
#include "ac.h"

#include "miscadmin.h"
#include "net/connection_int.h"
#include "utils/memutils.h"

typedef struct AcPin
{
	char *host;
	AcAddressClass met_class;
} AcPin;

AcTraffic *
ac_traffic_create(MemoryContext cxt)
{
	static uint32 lines = 0;
	AcTraffic *traffic = MemoryContextAllocZero(cxt, sizeof(AcTraffic));

	traffic->line = ++lines;
	return traffic;
}

void
ac_traffic_follow(AcTraffic *traffic, const AcConnection *conn)
{
	traffic->owner.dbid = MyDatabaseId;
	traffic->owner.serverid = conn->serverid;
	traffic->owner.userid = conn->mapping_userid;
	traffic->payer = conn->owner;
	ac_limits_configure(traffic->own_limits, &traffic->owner,
						conn->options->rate_limit);
}

bool
ac_connection_take_slot(AcConnection *conn, AcTrafficSlot *slot)
{
	AcTraffic *traffic = conn->traffic;
	AcPlaceWish wish = {
		.owner = traffic->owner,
		.payer = traffic->payer,
		.line = traffic->line,
		.most = conn->options->max_concurrency,
	};

	Assert(!slot->taken);
	if (traffic->n_sending >= wish.most)
		return false;
	/* An anonymous one shares nothing. */
	if (traffic->own_limits == NULL && !ac_places_take(&slot->place, &wish))
		return false;
	slot->taken = traffic;
	traffic->n_sending++;
	return true;
}

void
ac_connection_return_slot(AcTrafficSlot *slot)
{
	if (slot->taken == NULL)
		return;
	slot->taken->n_sending--;
	slot->taken = NULL;
	ac_places_return(&slot->place);
}

AcTraffic *
ac_traffic_pinboard(AcTraffic *traffic)
{
	return traffic->api != NULL ? traffic->api : traffic;
}

static AcPin *
find_pin(const AcTraffic *traffic, const char *host)
{
	ListCell *cell;

	foreach (cell, traffic->pins)
	{
		AcPin *pin = (AcPin *) lfirst(cell);

		if (strcmp(pin->host, host) == 0)
			return pin;
	}
	return NULL;
}

void
ac_connection_pin(AcConnection *conn, const char *host,
				  AcAddressClass address_class)
{
	AcTraffic *traffic = ac_traffic_pinboard(conn->traffic);
	MemoryContext old;
	AcPin *pin;

	if (find_pin(traffic, host) != NULL)
		return;
	old = MemoryContextSwitchTo(GetMemoryChunkContext(traffic));
	pin = palloc(sizeof(AcPin));
	pin->host = pstrdup(host);
	pin->met_class = address_class;
	traffic->pins = lappend(traffic->pins, pin);
	MemoryContextSwitchTo(old);
}

static bool
is_pinned_public(const AcConnection *conn, const char *host)
{
	const AcPin *pin = find_pin(ac_traffic_pinboard(conn->traffic), host);

	return pin != NULL && pin->met_class == AC_ADDRESS_PUBLIC;
}

/* Is it on the origin of an option's URL, which may be NULL? */
static bool
is_named(const AcUrl *url, const char *option)
{
	AcUrl named;

	return option != NULL && ac_url_parse(option, &named, NULL) &&
		   ac_url_same_origin(url, &named);
}

/*
 * Is it the API that leads to url, and no option of the server?  Requests
 * other than those for descriptions are stopped by their origin before.
 */
static bool
is_led(const AcConnection *conn, const AcUrl *url)
{
	const AcServerOptions *options = conn->options;

	return !ac_origin_allowed(url, &conn->base, options->allowed_origins, NULL) &&
		   !is_named(url, options->url) && !is_named(url, options->spec_url);
}

AcOriginGuard
ac_connection_guard(const AcConnection *conn, const AcUrl *url,
					bool credentials)
{
	AcOriginGuard guard;

	if (conn->detached)
		guard.policy = ac_origin_fixed_policy(conn->owner_is_superuser,
											  url->host);
	else
		guard.policy = ac_origin_policy(conn->serverid, url->host);
	guard.pinned_public = is_pinned_public(conn, url->host);
	guard.led_by_public = is_led(conn, url) &&
						  is_pinned_public(conn, conn->base.host);
	guard.plain_credentials = credentials && strcmp(url->scheme, "http") == 0;
	guard.proxied = conn->options->proxy != NULL;
	return guard;
}
