/*
 * fuzz_login.c
 *		Does any answer to a login break its reader, or get into a header what
 *		must not stand there?
 *
 * The input is the header's lines, an empty line, and the body.
 */
#include "fuzz.h"

#include "policy/login.h"

static void
check(bool holds)
{
	if (!holds)
		abort();
}

static void
read_answer(const AcLogin *login, const AcLoginAnswer *answer)
{
	AcError err;
	int64 life_ms;
	char *token = ac_login_read(login, answer, &life_ms, &err);

	if (token == NULL)
	{
		check(err.message[0] != '\0');
		return;
	}
	check(token[0] != '\0' && life_ms >= -1);
	check(strpbrk(ac_login_header(login, token), "\r\n") == NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AcHeaders *headers = ac_headers_create();
	AcLoginAnswer answer = {headers, "", 0, INT64CONST(1700000000000)};
	AcLogin login = {.token_path = "/token", .expiry_path = "/end"};
	const char *text = (const char *) data;

	while (size > 0)
	{
		const char *end = memchr(text, '\n', size);
		size_t len = end != NULL ? (size_t) (end - text) : size;

		size -= len + (end != NULL ? 1 : 0);
		if (len > 0)
			ac_headers_add_line(headers, text, len);
		text += len + (end != NULL ? 1 : 0);
		if (len == 0)
			break;
	}
	answer.body = text;
	answer.len = size;
	read_answer(&login, &answer);
	login.token_path = "Set-Cookie:";
	login.carrier = AC_LOGIN_COOKIE;
	read_answer(&login, &answer);
	login.token_path = "X-Token:";
	read_answer(&login, &answer);
	ac_alloc_reset();
	return 0;
}
