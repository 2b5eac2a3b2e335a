/*
 * test_login.c
 *		Is a login said as the options want it, and its answer understood?
 */
#include "ac.h"

#include "policy/login.h"
#include "tap.h"

#define NOW_MS INT64CONST(1700000000000)

static AcLogin login = {
	.username = "a\"b", .password = "c&d", .token_path = "/token"};

static void
test_bodies(void)
{
	AcError err;

	is_str(ac_login_body(&login, &err),
		   "{\"username\":\"a\\\"b\",\"password\":\"c&d\"}", "by default");
	login.body = "{\"u\": [{\"n\": \"{username}\"}], \"p\": \"{password}\", \"x\": \"is {password}\", \"n\": null}";
	is_str(ac_login_body(&login, &err),
		   "{\"u\":[{\"n\":\"a\\\"b\"}],\"p\":\"c&d\",\"x\":\"is {password}\",\"n\":null}",
		   "whole values at any depth");
	login.form = AC_LOGIN_FORM;
	ok(ac_login_body(&login, &err) == NULL, "an array in a form");
	is_int(err.code, AC_ERR_OPTION_VALUE, "is told");
	login.body = "{\"u=\": \"{username}\", \"p\": \"{password}\", \"n\": 1}";
	is_str(ac_login_body(&login, &err), "u%3D=a%22b&p=c%26d&n=1", "a form");
	ok(ac_login_authorization(&login) == NULL, "has no header");
	login.form = AC_LOGIN_BASIC;
	login.body = NULL;
	is_str(ac_login_body(&login, &err), "", "basic has no body");
	is_str(ac_login_authorization(&login), "Basic YSJiOmMmZA==", "but a header");
	login.form = AC_LOGIN_JSON;
}

/* Reads an answer with these header lines, separated by '\n'. */
static char *
read_answer(const char *lines, const char *body, int64 *life_ms, AcError *err)
{
	AcHeaders *headers = ac_headers_create();
	AcLoginAnswer answer = {headers, body, strlen(body), NOW_MS};

	ac_headers_add_line(headers, "HTTP/1.1 200 OK", 15);
	while (*lines != '\0')
	{
		size_t len = strcspn(lines, "\n");

		ac_headers_add_line(headers, lines, len);
		lines += len + (lines[len] == '\n' ? 1 : 0);
	}
	return ac_login_read(&login, &answer, life_ms, err);
}

static void
holds_for(const char *expiry, int64 expected_ms)
{
	int64 life_ms = 0;
	AcError err;

	ok(read_answer("", psprintf("{\"token\": \"t\", \"end\": %s}", expiry),
				   &life_ms, &err) != NULL,
	   "a token with the end %s", expiry);
	is_int(life_ms, expected_ms, "holds so long");
}

static void
test_ends(void)
{
	login.expiry_path = "/end";
	holds_for("3600", 3600000);
	holds_for("\"60\"", 60000);
	holds_for("1700000010", 10000);
	holds_for("1700000010500", 10500);
	holds_for("1600000000", 0);
	holds_for("\"2023-11-14T22:13:30Z\"", 10000);
	holds_for("\"Tue, 14 Nov 2023 22:13:30 GMT\"", 10000);
	holds_for("-1", -1);
	holds_for("1e300", -1);
	holds_for("\"soon\"", -1);
	holds_for("null", -1);
	login.lifetime_ms = 5000;
	holds_for("\"soon\"", 5000);
	login.lifetime_ms = 0;
	login.expiry_path = NULL;
}

static void
refused(const char *lines, const char *body, const char *why)
{
	int64 life_ms;
	AcError err;

	ok(read_answer(lines, body, &life_ms, &err) == NULL, "%s", why);
	is_int(err.code, AC_ERR_AUTH, "as an error of credentials");
}

static void
test_tokens(void)
{
	int64 life_ms;
	AcError err;
	char *huge = psprintf("{\"token\": \"%*s\"}", 9000, "x");

	is_str(read_answer("", "{\"token\": 7}", &life_ms, &err), "7", "a number");
	is_int(life_ms, -1, "of unknown life");
	refused("", "{\"token\": \"\"}", "an empty one");
	refused("", "{\"token\": \"a\\r\\nX: b\"}", "two lines");
	refused("", "{\"token\": \"a\\u0000b\\u0001\"}", "control characters");
	refused("", huge, "a long one");
	refused("", "token", "no JSON");
	refused("", "", "nothing");
	login.carrier = AC_LOGIN_COOKIE;
	refused("", "{\"token\": \"a; admin=1\"}", "two cookies for one");
	login.carrier = AC_LOGIN_HEADER;
	login.token_path = "X-T:";
	is_str(read_answer("X-T: h", "", &life_ms, &err), "h", "a header");
	is_str(ac_login_header(&login, "h"), "X-Auth-Token: h", "the usual header");
	login.carrier = AC_LOGIN_COOKIE;
	login.token_path = "Set-Cookie:";
	is_str(read_answer("Set-Cookie: a=1; Path=/\nset-cookie: b=2\nSet-Cookie: odd\nSet-Cookie: =x", "", &life_ms, &err),
		   "a=1; b=2", "cookies");
	is_str(ac_login_header(&login, "a=1; b=2"), "Cookie: a=1; b=2", "go back as they are");
	login.carrier_name = "b";
	is_str(read_answer("Set-Cookie: a=1\nSet-Cookie: b=2", "", &life_ms, &err),
		   "b=2", "the one that is named");
	refused("Set-Cookie: bb=1", "", "none of that name");
}

int
main(void)
{
	test_bodies();
	test_ends();
	test_tokens();
	return done_testing();
}
