/*
 * fuzz_oauth.c
 *		Does any answer of an authorization server break its readers?
 *
 * The input is the answer's body.
 */
#include "fuzz.h"

#include "policy/oauth.h"

static void
check(bool holds)
{
	if (!holds)
		abort();
}

static void
read_token(const AcOauthAnswer *answer)
{
	AcOauthToken token;
	AcError err;
	AcOauthResult result = ac_oauth_read_token(answer, &token, &err);

	if (result == AC_OAUTH_GRANTED)
	{
		check(answer->status == 200);
		check(token.access_token != NULL && token.access_token[0] != '\0');
		for (const char *p = token.access_token; *p != '\0'; p++)
			check(*p > ' ' && *p <= '~');
		check(token.expires_in_s >= -1);
		check(ac_oauth_renew_after_ms(token.expires_in_s) >= -1);
	}
	else
	{
		check(err.message[0] != '\0');
		check(strpbrk(err.detail, "\r\n\033") == NULL);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int statuses[] = {200, 400, 503};
	AcOauthAnswer answer = {0, (const char *) data, size};
	AcOauthDevice device;
	AcError err;

	for (int i = 0; i < (int) lengthof(statuses); i++)
	{
		answer.status = statuses[i];
		read_token(&answer);
		if (ac_oauth_read_device(&answer, &device, &err))
			check(device.interval_s >= 0 && device.device_code[0] != '\0');
	}
	ac_alloc_reset();
	return 0;
}
