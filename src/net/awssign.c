/*
 * awssign.c
 *		How is a request signed with the AWS key of a user mapping?
 *		See awssign.h.
 */
#include "ac.h"

#include "net/awssign.h"
#include "net/sign.h"
#include "utils/timestamp.h"

/* The next of the three texts that are missing or cannot stand in a header. */
static const char *
bad_option(const AcMappingOptions *mapping)
{
	if (mapping->aws_access_key == NULL ||
		strpbrk(mapping->aws_access_key, " ,/=") != NULL)
		return "aws_access_key";
	return mapping->aws_secret_key == NULL ? "aws_secret_key" : NULL;
}

/* Region and service: options, else what the host's name says. */
static bool
find_scope(const AcAuthSource *source, AcSigv4Key *key, AcError *err)
{
	char *region = NULL;
	char *service = NULL;

	if (source->aws_region == NULL || source->aws_service == NULL)
		(void) ac_sigv4_guess(source->host, &region, &service);
	key->region = source->aws_region ? source->aws_region : region;
	key->service = source->aws_service ? source->aws_service : service;
	if (key->region != NULL && key->service != NULL)
		return true;
	ac_error_set(err, AC_ERR_OPTION_VALUE,
				 "requests cannot be signed without a region and a service");
	ac_error_detail(err, "The name of the host \"%s\" does not tell them.",
					source->host);
	return ac_error_hint(err, "Set the server options aws_region and aws_service.");
}

bool
ac_awssign_build(const AcAuthSource *source, AcCredentials *credentials,
				 AcError *err)
{
	const AcMappingOptions *mapping = source->mapping;
	AcSigv4Key *key;
	const char *bad;

	if (mapping->aws_access_key == NULL && mapping->aws_secret_key == NULL &&
		mapping->aws_session_token == NULL)
		return true;
	bad = bad_option(mapping);
	if (bad != NULL)
	{
		ac_error_set(err, AC_ERR_OPTION_VALUE,
					 "user mapping has no usable \"%s\"", bad);
		return ac_error_hint(err, "Signatures need aws_access_key and aws_secret_key, temporary keys aws_session_token, too.");
	}
	if (ac_auth_has_header(credentials, "Authorization"))
	{
		ac_error_set(err, AC_ERR_OPTION_VALUE,
					 "user mapping has more than one value for header \"Authorization\"");
		return ac_error_hint(err, "Use only one of token, username with password, aws_access_key and headers for it.");
	}
	key = palloc0(sizeof(AcSigv4Key));
	key->access_key = mapping->aws_access_key;
	key->secret_key = mapping->aws_secret_key;
	key->session_token = mapping->aws_session_token;
	if (!find_scope(source, key, err))
		return false;
	credentials->aws = key;
	return true;
}

/* Seconds since 1970, by the wall clock: AWS allows it to be minutes wrong. */
static int64
unix_now_s(void)
{
	return GetCurrentTimestamp() / USECS_PER_SEC +
		   (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * INT64CONST(86400);
}

bool
ac_awssign_apply(const AcCredentials *credentials, AcSigv4Request *request,
				 List **headers, AcError *err)
{
	AcSigv4Headers made;

	if (credentials->aws == NULL)
		return true;
	request->now_s = unix_now_s();
	if (!ac_sigv4_sign(request, credentials->aws, &ac_sign_hash, &made, err))
		return false;
	*headers = lappend(*headers, made.authorization);
	*headers = lappend(*headers, made.date);
	*headers = lappend(*headers, made.hash);
	if (made.token != NULL)
		*headers = lappend(*headers, made.token);
	return true;
}
