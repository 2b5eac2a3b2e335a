/*
 * fetch_redirect.c
 *		Where may an answer lead a fetch?
 *
 * Redirects are followed here and not by libcurl, because the address policy,
 * credentials, limits and the origin are looked at anew for each.
 */
#include "ac.h"

#include "api/action.h"
#include "net/fetch_int.h"
#include "net/origin.h"

/* As FETCHING's table and most browsers' common denominator have it. */
#define AC_FETCH_MAX_REDIRECTS 5

/*
 * May this fetch go to url at all?  Documents may be anywhere, without
 * credentials, and without a key that the API hid in the URL.
 */
bool
ac_fetch_may_go(AcFetchMachine *machine, const AcUrl *url)
{
	const AcUrl *base = ac_connection_base(machine->conn);
	AcError *err = &machine->fetch->error;

	if (ac_url_same_origin(url, base))
		return true;
	if (machine->request.kind != AC_FETCH_DOCUMENT &&
		!ac_origin_allowed(url, base, ac_connection_options(machine->conn)->allowed_origins,
						   err))
		return false;
	return !ac_judge_holds_key(machine->conn, url, err);
}

/* Credentials go to the base URL's origin and nowhere else. */
void
ac_fetch_go_to(AcFetchMachine *machine, const AcUrl *url)
{
	machine->url = *url;
	machine->credentials = machine->request.with_credentials &&
						   ac_connection_has_credentials(machine->conn) &&
						   ac_url_same_origin(url, ac_connection_base(machine->conn));
}

/* Was this URL visited in the current attempt? */
static bool
was_visited(const AcFetchMachine *machine, const char *url)
{
	ListCell *cell;

	foreach (cell, machine->visited)
	{
		if (strcmp((const char *) lfirst(cell), url) == 0)
			return true;
	}
	return false;
}

/* The error of a redirect that is not followed; why is its reason. */
static void
fail_redirect(AcFetchMachine *machine, const char *why)
{
	ac_judge_redirect(&machine->fetch->error, ac_fetch_request_text(machine),
					  machine->fetch->status, why);
	ac_fetch_fail(machine);
}

/*
 * Only 307 and 308 let a POST be sent elsewhere as it is; after the others a
 * GET would follow, without its body (RFC 9110 15.4), which asks for something
 * else.
 */
static bool
drops_body(const AcFetchMachine *machine)
{
	return strcmp(machine->request.method, "POST") == 0 &&
		   machine->fetch->status != 307 && machine->fetch->status != 308;
}

/* SENDING to QUEUED at the place that the answer names.  Methods stay. */
void
ac_fetch_follow(AcFetchMachine *machine, const char *location)
{
	AcUrl url;
	char *text;
	AcError err;

	Assert(machine->step == SENDING);
	if (!ac_url_resolve(&machine->url, location, &url, &err))
	{
		ac_judge_scrub(machine->conn, err.message);
		fail_redirect(machine, err.message);
		if (err.code == AC_ERR_FORBIDDEN)
			machine->fetch->error.code = err.code;
		return;
	}
	url.fragment = NULL;
	ac_auth_strip(ac_connection_credentials(machine->conn), &url);
	text = ac_url_text(&url);
	if (drops_body(machine))
		fail_redirect(machine, "a POST may not be repeated elsewhere");
	else if (was_visited(machine, text))
		fail_redirect(machine, "it leads in a circle");
	else if (list_length(machine->visited) > AC_FETCH_MAX_REDIRECTS)
		fail_redirect(machine, psprintf("there are more than %d in a row",
										AC_FETCH_MAX_REDIRECTS));
	else if (machine->request.harmless && ac_action_smells_of(&url) &&
			 !ac_action_smells_of(&machine->url))
		fail_redirect(machine, "it leads to a path that smells of an action");
	else if (!ac_fetch_may_go(machine, &url))
		ac_fetch_fail(machine);
	else
	{
		machine->visited = lappend(machine->visited, text);
		ac_fetch_go_to(machine, &url);
		ac_fetch_queue(machine);
	}
}
