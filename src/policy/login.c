/*
 * login.c
 *		What is said to an API that gives out a token for a name and a
 *		password, and what did it answer?  See login.h.
 */
#include "ac.h"

#include "common/base64.h"
#include "core/json.h"
#include "core/url.h"
#include "lib/stringinfo.h"
#include "policy/login.h"
#include "policy/pager.h"

/* Nesting of a body and of an answer. */
#define AC_LOGIN_DEPTH 16

/* Longest token: some servers take no more than 8 kB of headers, many 16. */
#define AC_LOGIN_MAX_TOKEN 8192

/* Numbers below are seconds from now, above moments: in ms beyond the second. */
#define AC_LOGIN_EPOCH_S INT64CONST(1000000000)
#define AC_LOGIN_EPOCH_MS INT64CONST(100000000000)

/* ---- requests ---- */

/* The text that a placeholder stands for; any other text for itself. */
static const char *
filled_text(const AcLogin *login, const char *text)
{
	if (strcmp(text, AC_LOGIN_USERNAME) == 0)
		return login->username;
	if (strcmp(text, AC_LOGIN_PASSWORD) == 0)
		return login->password;
	return text;
}

/* A copy of the node with its places filled in; the parser bounds its depth. */
static AcJson *
fill(const AcLogin *login, AcJson *node)
{
	AcJson *copy;
	AcJsonIter it;

	switch (ac_json_kind(node))
	{
		case AC_JSON_OBJECT:
			copy = ac_json_new_object();
			ac_json_iter_init(&it, node);
			while (ac_json_iter_next(&it))
				ac_json_set(copy, it.key, fill(login, it.value));
			return copy;
		case AC_JSON_ARRAY:
			copy = ac_json_new_array();
			for (int i = 0; i < ac_json_length(node); i++)
				ac_json_append(copy, fill(login, ac_json_at(node, i)));
			return copy;
		case AC_JSON_STRING:
			return ac_json_new_string(filled_text(login, ac_json_string(node, NULL)));
		default:
			return ac_json_ref(node);
	}
}

/* Members of an object as a form; NULL with err if they are not texts. */
static char *
form_of(const AcJson *object, AcError *err)
{
	StringInfoData out;
	AcJsonIter it;

	initStringInfo(&out);
	ac_json_iter_init(&it, object);
	while (ac_json_iter_next(&it))
	{
		char *value = ac_json_text_of(it.value);

		if (value == NULL)
		{
			ac_error_set(err, AC_ERR_OPTION_VALUE,
						 "option \"session_body\" is no form");
			ac_error_detail(err, "Members of a form are texts and numbers.");
			return NULL;
		}
		if (out.len > 0)
			appendStringInfoChar(&out, '&');
		ac_url_encode_query(it.key, strlen(it.key), &out);
		appendStringInfoChar(&out, '=');
		ac_url_encode_query(value, strlen(value), &out);
	}
	return out.data;
}

char *
ac_login_body(const AcLogin *login, AcError *err)
{
	const char *text = login->body;
	AcJson *doc;
	AcJson *filled;
	char *body;

	if (text == NULL && login->form == AC_LOGIN_BASIC)
		return pstrdup("");
	if (text == NULL)
		text = AC_LOGIN_DEFAULT_BODY;
	if (!ac_json_parse(text, strlen(text), AC_LOGIN_DEPTH, &doc, err))
		return NULL;
	filled = fill(login, doc);
	ac_json_free(doc);
	if (login->form == AC_LOGIN_FORM)
		body = form_of(filled, err);
	else
		body = ac_json_to_text(filled);
	ac_json_free(filled);
	return body;
}

char *
ac_login_authorization(const AcLogin *login)
{
	char *pair;
	char *encoded;
	int len;
	int size;

	if (login->form != AC_LOGIN_BASIC)
		return NULL;
	pair = psprintf("%s:%s", login->username, login->password);
	len = (int) strlen(pair);
	size = pg_b64_enc_len(len);
	encoded = palloc0(size + 1);
	/* The size is its own, so there is nothing that can fail. */
	size = pg_b64_encode((const void *) pair, len, encoded, size);
	Assert(size >= 0);
	return psprintf("Basic %s", encoded);
}

/* ---- answers ---- */

/*
 * All cookies that are set, as they are sent back (RFC 6265 5.4); NULL if there
 * are none.
 */
static char *
read_cookies(const AcLogin *login, const AcHeaders *headers)
{
	StringInfoData out;
	const AcHeaderField *field;
	int pos = 0;

	initStringInfo(&out);
	while ((field = ac_header_next(headers, "Set-Cookie", &pos)) != NULL)
	{
		size_t len = strcspn(field->value, ";");
		const char *equals = memchr(field->value, '=', len);

		while (len > 0 && isspace((unsigned char) field->value[len - 1]))
			len--;
		if (equals == NULL || equals == field->value)
			continue;
		if (login->carrier_name != NULL &&
			((size_t) (equals - field->value) != strlen(login->carrier_name) ||
			 strncmp(field->value, login->carrier_name, equals - field->value) != 0))
			continue;
		appendStringInfo(&out, "%s%.*s", out.len > 0 ? "; " : "", (int) len,
						 field->value);
	}
	return out.len > 0 ? out.data : NULL;
}

/* What stands at a place of the answer, palloc'd; NULL if nothing does. */
static char *
read_place(const AcLogin *login, const AcLoginAnswer *answer, AcJson *doc,
		   const char *place)
{
	AcJson *found;
	const char *text;
	size_t len;

	if (pg_strcasecmp(place, AC_LOGIN_COOKIES) == 0)
		return read_cookies(login, answer->headers);
	if (ac_page_place(place) == AC_PLACE_HEADER)
	{
		text = ac_header_get(answer->headers, pnstrdup(place, strlen(place) - 1));
		return text != NULL ? pstrdup(text) : NULL;
	}
	if (doc == NULL || !ac_json_pointer(doc, place, &found))
		return NULL;
	text = ac_json_string(found, &len);
	if (text != NULL && strlen(text) != len) /* U+0000 */
		return NULL;
	return ac_json_text_of(found);
}

/* Milliseconds from now until the moment that an API wrote so; -1: unknown. */
static int64
life_of(const char *text, int64 now_ms)
{
	int64 moment_ms;
	char *end;
	double number = strtod(text, &end);

	if (end != text && *end == '\0' && number >= 0 && number < 1e15)
	{
		moment_ms = (int64) number;
		if (moment_ms < AC_LOGIN_EPOCH_S)
			return moment_ms * 1000;
		if (moment_ms < AC_LOGIN_EPOCH_MS)
			moment_ms *= 1000;
	}
	else if (!ac_header_parse_rfc3339(text, &moment_ms) &&
			 !ac_header_parse_date(text, now_ms, &moment_ms))
		return -1;
	return Max(moment_ms - now_ms, 0);
}

/*
 * Can it stand in a header (RFC 9110 5.5), and as the value of a cookie (RFC
 * 6265 4.1.1) where it is to be one?
 */
static bool
is_token(const AcLogin *login, const char *text)
{
	size_t len = strlen(text);
	bool cookie = login->carrier == AC_LOGIN_COOKIE &&
				  pg_strcasecmp(login->token_path, AC_LOGIN_COOKIES) != 0;

	if (len == 0 || len > AC_LOGIN_MAX_TOKEN)
		return false;
	for (size_t i = 0; i < len; i++)
	{
		unsigned char c = (unsigned char) text[i];

		if (c < 0x20 || c == 0x7F ||
			(cookie && (c == ' ' || c > 0x7F || strchr("\",;\\", c) != NULL)))
			return false;
	}
	return true;
}

char *
ac_login_read(const AcLogin *login, const AcLoginAnswer *answer,
			  int64 *life_ms, AcError *err)
{
	AcJson *doc = NULL;
	AcError ignored;
	char *token;
	char *expiry = NULL;

	if (!ac_json_parse(answer->body, answer->len, AC_LOGIN_DEPTH, &doc, &ignored))
		doc = NULL;
	token = read_place(login, answer, doc, login->token_path);
	if (login->expiry_path != NULL)
		expiry = read_place(login, answer, doc, login->expiry_path);
	if (doc != NULL)
		ac_json_free(doc);
	*life_ms = expiry != NULL ? life_of(expiry, answer->now_ms) : -1;
	if (*life_ms < 0 && login->lifetime_ms > 0)
		*life_ms = login->lifetime_ms;
	if (token != NULL && is_token(login, token))
		return token;
	ac_error_set(err, AC_ERR_AUTH, token == NULL ? "answer to the login has no token at \"%s\"" : "answer to the login has no usable token at \"%s\"",
				 login->token_path);
	ac_error_hint(err, "Set the server option session_token_path to where it stands.");
	return NULL;
}

char *
ac_login_header(const AcLogin *login, const char *token)
{
	switch (login->carrier)
	{
		case AC_LOGIN_HEADER:
			return psprintf("%s: %s", login->carrier_name ? login->carrier_name : "X-Auth-Token",
							token);
		case AC_LOGIN_COOKIE:
			if (pg_strcasecmp(login->token_path, AC_LOGIN_COOKIES) == 0)
				return psprintf("Cookie: %s", token);
			return psprintf("Cookie: %s=%s", login->carrier_name ? login->carrier_name : "session",
							token);
		case AC_LOGIN_BEARER:
			break;
	}
	return psprintf("Authorization: Bearer %s", token);
}
