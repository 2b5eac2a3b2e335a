/*
 * origin.c
 *		May a request go to this URL and to the address behind it?
 *		See origin.h.
 *
 * The owner is looked up for each request, because REASSIGN OWNED and ALTER
 * ROLE change his standing without touching the server.  It is the owner who
 * counts, not the current user: a superuser may be running somebody else's
 * SECURITY DEFINER function or view.  A statement may wait for minutes between
 * two requests, and learns of what others have changed meanwhile only if it
 * asks.
 */
#include "ac.h"

#include "foreign/foreign.h"
#include "miscadmin.h"
#include "net/origin.h"
#include "pg/guc.h"
#include "utils/inval.h"

/* A name that lately led to the internet now leads inside: DNS rebinding. */
static bool
refuse_rebound(AcAddressClass address_class, AcError *err)
{
	ac_error_set(err, AC_ERR_FORBIDDEN,
				 "host has moved from a public to a %s address",
				 ac_address_class_name(address_class));
	return ac_error_hint(err, "If that is intended, add the host to autoconn.allowed_hosts, or start a new session.");
}

/*
 * An API on the internet must not make the server's owner, who may reach
 * inside, ask there on its behalf.
 */
static bool
refuse_led(AcAddressClass address_class, AcError *err)
{
	ac_error_set(err, AC_ERR_FORBIDDEN,
				 "API at a public address leads to a %s address",
				 ac_address_class_name(address_class));
	return ac_error_hint(err, "If its description is to be read there, name it in the server option \"spec_url\".");
}

static bool
refuse_plain(AcError *err)
{
	ac_error_set(err, AC_ERR_FORBIDDEN,
				 "credentials are not sent over plain http to a public address");
	return ac_error_hint(err, "Use https in the server's URL, or drop the credentials from the user mapping.");
}

bool
ac_origin_check(const AcOriginGuard *guard, AcAddressClass address_class,
				AcError *err)
{
	if (!ac_address_allowed(address_class, guard->policy, err))
		return false;
	if (guard->pinned_public && !guard->policy.host_listed &&
		address_class != AC_ADDRESS_PUBLIC)
		return refuse_rebound(address_class, err);
	if (guard->led_by_public && !guard->policy.host_listed &&
		address_class != AC_ADDRESS_PUBLIC)
		return refuse_led(address_class, err);
	if (guard->plain_credentials &&
		!ac_address_plain_credentials(address_class))
		return refuse_plain(err);
	return true;
}

AcAddressPolicy
ac_origin_fixed_policy(bool owner_is_superuser, const char *host)
{
	AcAddressPolicy policy = {owner_is_superuser, ac_guc_host_allowed(host)};

	return policy;
}

AcAddressPolicy
ac_origin_policy(Oid serverid, const char *host)
{
	AcAddressPolicy policy = ac_origin_fixed_policy(false, host);

	if (!OidIsValid(serverid))
		policy.owner_is_superuser = superuser_arg(GetUserId());
	else
	{
		ForeignServer *server;

		AcceptInvalidationMessages();
		server = GetForeignServerExtended(serverid, FSV_MISSING_OK);
		policy.owner_is_superuser =
			server != NULL && superuser_arg(server->owner);
	}
	return policy;
}

bool
ac_origin_check_host(const AcOriginGuard *guard, const char *host,
					 AcError *err)
{
	if (!guard->proxied || !guard->plain_credentials ||
		ac_address_plain_credentials(ac_address_classify_text(host)))
		return true;
	ac_error_set(err, AC_ERR_FORBIDDEN,
				 "credentials are not sent over plain http through a proxy");
	return ac_error_hint(err, "Use https in the server's URL.");
}

static bool
is_listed(const AcUrl *url, List *allowed_origins)
{
	ListCell *cell;

	foreach (cell, allowed_origins)
	{
		AcUrl allowed;

		if (ac_url_parse((const char *) lfirst(cell), &allowed, NULL) &&
			ac_url_same_origin(&allowed, url))
			return true;
	}
	return false;
}

bool
ac_origin_allowed(const AcUrl *url, const AcUrl *base, List *allowed_origins,
				  AcError *err)
{
	if (ac_url_same_origin(url, base) || is_listed(url, allowed_origins))
		return true;
	ac_error_set(err, AC_ERR_FORBIDDEN,
				 "API leads to another origin, \"%s\"", ac_url_origin(url));
	ac_error_detail(err, "The origin of the server's base URL is %s.",
					ac_url_origin(base));
	return ac_error_hint(err, "If that origin is to be trusted, list it in the server option allowed_origins. It gets no credentials.");
}
