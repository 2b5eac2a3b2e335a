/*
 * test_outcometext.c
 *		Do error texts say what happened, and nothing that is secret?
 */
#include "ac.h"

#include "policy/outcome.h"
#include "tap.h"

static void
test_scrub(void)
{
	static const struct
	{
		const char *secret;
		const char *text;
		const char *shown;
	} cases[] = {
		{"hunter2", "pw=hunter2!", "pw=*******!"},
		{"hunter2", "hunter2hunter2", "**************"},
		{"hunter2", "Hunter2", "Hunter2"},
		{"hunter2", "hunter", "hunter"},
		{"a/b c&d", "x=a%2Fb%20c%26d&y", "x=*************&y"},
		{"a/b c&d", "x=a%2fb+c%26d&y", "x=***********&y"},
		{"a/b c&d", "x=a/b c&d&y", "x=*******&y"},
		{"%41bcd", "x=%41bcd&y", "x=******&y"},
		{"%41bcd", "x=%2541bcd&y", "x=********&y"},
		{"ab\"cd", "{\"k\":\"ab\\\"cd\"}", "{\"k\":\"******\"}"},
		{"ab\"cd", "{\"k\":\"ab\\u0022cd\"}", "{\"k\":\"**********\"}"},
		{"ab/cd", "{\"k\":\"ab\\/cd\"}", "{\"k\":\"******\"}"},
		/* base64: "user:hunter2", "hunter2", "xhunter2", "xxhunter2y" */
		{"hunter2", "Basic dXNlcjpodW50ZXIy", "Basic dXNlcj**********"},
		{"hunter2", "aHVudGVyMg==", "************"},
		{"hunter2", "eGh1bnRlcjI=", "e***********"},
		{"hunter2", "eHhodW50ZXIyeQ==", "eH***********Q=="},
		{"abc", "abc", "abc"}, /* too short to look for */
		{"", "abc", "abc"},
		{"hunter2", "", ""},
		{"hunter2", "%", "%"},
		{"hunter2", "\\", "\\"},
		{"hunter2", "hunter%3", "hunter%3"},
	};
	static const char *const two[] = {"token", "tokentoken-long"};
	char *text;
	size_t i;

	for (i = 0; i < lengthof(cases); i++)
	{
		const char *secrets[] = {cases[i].secret};

		text = pstrdup(cases[i].text);
		ac_outcome_scrub(text, secrets, 1);
		is_int((int64) strlen(text), (int64) strlen(cases[i].text), "scrub %d: length", (int) i);
		is_str(text, cases[i].shown, "scrub %d", (int) i);
	}
	text = pstrdup("x tokentoken-long y token");
	ac_outcome_scrub(text, two, 2);
	is_str(text, "x *************** y *****", "longer secrets first");
	text = pstrdup("x");
	ac_outcome_scrub(text, NULL, 0);
	is_str(text, "x", "no secrets");
}

/* No base64 text of a secret, at any alignment, keeps six characters of it. */
static void
test_scrub_base64(void)
{
	static const char alphabet[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	uint64 seed = 42;
	int leaks = 0;
	int round;

	for (round = 0; round < 300; round++)
	{
		char secret[32];
		char plain[80];
		char encoded[128];
		char *clear;
		const char *secrets[] = {secret};
		int len = 4 + tap_random(&seed) % 20;
		int before = tap_random(&seed) % 7;
		int after = tap_random(&seed) % 7;
		int n;
		int i;
		int k = 0;

		for (i = 0; i < len; i++)
			secret[i] = (char) (33 + tap_random(&seed) % 90);
		secret[len] = '\0';
		memset(plain, ':', sizeof(plain));
		memcpy(plain + before, secret, len);
		n = before + len + after;
		for (i = 0; i < n; i += 3)
		{
			uint32 group = ((uint8) plain[i] << 16) |
						   ((i + 1 < n ? (uint8) plain[i + 1] : 0) << 8) |
						   (i + 2 < n ? (uint8) plain[i + 2] : 0);

			encoded[k++] = alphabet[group >> 18];
			encoded[k++] = alphabet[(group >> 12) & 63];
			encoded[k++] = i + 1 < n ? alphabet[(group >> 6) & 63] : '=';
			encoded[k++] = i + 2 < n ? alphabet[group & 63] : '=';
		}
		encoded[k] = '\0';
		clear = pstrdup(encoded);
		ac_outcome_scrub(encoded, secrets, 1);
		/* Sextets that hold a bit of the secret are hidden, all of them. */
		for (i = before * 8 / 6; i < (before + len) * 8 / 6; i++)
			if (encoded[i] == clear[i] && clear[i] != '*')
				leaks++;
	}
	is_int(leaks, 0, "no sextet of a secret is left");
}

static void
test_messages(void)
{
	static const char *const secrets[] = {"S3cretT0ken"};
	static const char body[] = "{\"error\": \"bad token S3cretT0ken\",\n\"x\": \"\xFF\"}";
	AcBodyFacts facts = {.kind = AC_BODY_JSON, .has_error = true};
	AcOutcomeRequest request = {"GET", "https://u:p@h/v1/x?api_key=S3cretT0ken&a=S3cretT0ken",
								body, sizeof(body) - 1, secrets, 1};
	AcOutcomeInput in = {.status = 401, .idempotent = true, .credential_renewed = true};
	AcOutcome outcome = ac_outcome_classify(&in);
	AcError err;

	ok(!ac_outcome_error(&outcome, &in, &request, &err), "returns false");
	is_int(err.code, AC_ERR_AUTH, "code");
	is_str(err.message, "API did not accept the credentials", "message");
	is_str(err.detail, "GET https://***@h/v1/x?api_key=***&a=***********, status 401:"
					   " {\"error\": \"bad token ***********\", \"x\": \"?\"}",
		   "detail");
	ok(strstr(err.hint, "user mapping") != NULL, "hint names the user mapping");

	in.status = 200;
	in.body = &facts;
	in.html_retried = true;
	outcome = ac_outcome_classify(&in);
	ac_outcome_error(&outcome, &in, &request, &err);
	is_str(err.message, "API answered with an error instead of rows", "200 with an error");
	facts.kind = AC_BODY_HTML;
	ac_outcome_error(&outcome, &in, &request, &err);
	is_str(err.message, "API answered with an HTML page instead of rows", "200 with HTML");

	in.status = 429;
	outcome = ac_outcome_classify(&in);
	outcome.wait_ms = 90001;
	ac_outcome_error(&outcome, &in, &request, &err);
	is_int(err.code, AC_ERR_THROTTLED, "429: code");
	ok(strstr(err.hint, "91 s") != NULL, "429: hint says when");

	in.status = 0;
	in.transport = AC_TRANSPORT_TIMEOUT_BODY;
	in.transport_text = "no byte of S3cretT0ken for 30 s";
	outcome = ac_outcome_classify(&in);
	ac_outcome_error(&outcome, &in, &request, &err);
	is_str(err.message, "timeout while reading the answer of the API", "timeout");
	ok(strstr(err.detail, "no byte of *********** for 30 s") != NULL, "the library's words, scrubbed");
}

/* A secret across the cut is not half shown; the whole answer is bounded. */
static void
test_cut(void)
{
	static const char *const secrets[] = {"ABCDEFGHIJKLMNOPQRSTUVWXYZ"};
	AcOutcomeInput in = {.status = 400, .idempotent = true};
	AcOutcome outcome = ac_outcome_classify(&in);
	char body[700];
	AcOutcomeRequest request = {"GET", "https://h/", body, sizeof(body), secrets, 1};
	AcError err;
	int at;
	int shown = 0;

	for (at = AC_OUTCOME_BODY_MAX - 30; at < AC_OUTCOME_BODY_MAX + 5; at++)
	{
		memset(body, '.', sizeof(body));
		memcpy(body + at, secrets[0], 26);
		ac_outcome_error(&outcome, &in, &request, &err);
		shown += strpbrk(strstr(err.detail, ": "), "ABC") != NULL;
	}
	is_int(shown, 0, "no part of a secret at the cut");
	is_int((int64) strlen(strstr(err.detail, ": ") + 2), AC_OUTCOME_BODY_MAX, "512 bytes of the answer");

	memset(body, '.', sizeof(body));
	memcpy(body + AC_OUTCOME_BODY_MAX - 1, "\xE2\x82\xAC", 3);
	ac_outcome_error(&outcome, &in, &request, &err);
	is_int((int64) strlen(strstr(err.detail, ": ") + 2), AC_OUTCOME_BODY_MAX - 1, "no half character");
}

/* Every failure has a code and a message; those a user can mend have a hint. */
static void
test_all_have_texts(void)
{
	AcOutcomeRequest request = {"GET", "https://h/", NULL, 0, NULL, 0};
	int missing = 0;
	int i;

	for (i = AC_TRANSPORT_DNS; i <= AC_TRANSPORT_NO_MEMORY; i++)
	{
		AcOutcomeInput in = {.transport = (AcTransportOutcome) i};
		AcOutcome outcome = ac_outcome_classify(&in);
		AcError err;

		ac_outcome_error(&outcome, &in, &request, &err);
		missing += err.message[0] == '\0' || err.detail[0] == '\0';
	}
	is_int(missing, 0, "every transport outcome has a text");
}

int
main(void)
{
	test_scrub();
	test_scrub_base64();
	test_messages();
	test_cut();
	test_all_have_texts();
	return done_testing();
}
