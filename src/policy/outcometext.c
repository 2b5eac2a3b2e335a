/*
 * outcometext.c
 *		What does an answer say in words, and what may be repeated of it?
 *
 * Facts from bodies, texts of errors, and the scrubbing of secrets.  Whatever
 * an API sends is hostile: it is bounded, cleaned and scrubbed before it gets
 * into a message.  See outcome.h.
 */
#include "ac.h"

#include "api/errorbody.h"
#include "core/bodylimit.h"
#include "core/hex.h"
#include "core/url.h"
#include "core/utf8.h"
#include "policy/outcome.h"

/* Bytes of a body that are searched for words: errors are short. */
#define WORDS_MAX 4096

/* Bytes of a URL that a detail repeats. */
#define URL_MAX 600

/* ---- facts ---- */

/* Is one of the words in text (lower case already)? */
static bool
has_word(const char *text, const char *const *words, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strstr(text, words[i]) != NULL)
			return true;
	return false;
}

static void
find_words(AcBodyFacts *facts, const char *body, size_t len)
{
	static const char *const page_words[] = {
		"page",
		"cursor",
		"offset",
		"out of range",
		"continuation",
		"starting_after",
		"next_token",
		"skip",
	};
	static const char *const limit_words[] = {
		"rate limit",
		"rate-limit",
		"rate_limit",
		"ratelimit",
		"too many requests",
		"abuse detection",
		"throttl",
		"quota exceeded",
	};
	static const char *const no_count_words[] = {
		"secondary rate limit",
		"abuse detection",
	};
	size_t n = Min(len, WORDS_MAX);
	char *text = palloc(n + 1);
	size_t i;

	for (i = 0; i < n; i++)
		text[i] = body[i] == '\0' ? ' '
								  : (char) pg_ascii_tolower((unsigned char) body[i]);
	text[n] = '\0';
	/* "Page not found" in an HTML page is not about our page parameter. */
	facts->names_page = facts->kind != AC_BODY_HTML &&
						has_word(text, page_words, lengthof(page_words));
	facts->secondary_limit = has_word(text, limit_words, lengthof(limit_words));
	facts->no_count = has_word(text, no_count_words, lengthof(no_count_words));
	pfree(text);
}

/* The kind by Content-Type, unless the first bytes say that it is HTML. */
static AcBodyKind
body_kind(const char *content_type, const char *body, size_t len)
{
	AcBodyKind sniffed = ac_media_sniff(body, Min(len, 512));

	if (sniffed == AC_BODY_EMPTY || sniffed == AC_BODY_HTML)
		return sniffed;
	if (ac_media_is_json(content_type))
		return AC_BODY_JSON;
	if (ac_media_is_html(content_type))
		return AC_BODY_HTML;
	return sniffed;
}

/*
 * Does the character at p, of two bytes or more, steer a terminal instead of
 * being shown?  The controls of ISO 6429 (C1: "\u009B" begins an escape
 * sequence) and the marks that turn the direction of writing (UAX 9).
 */
static bool
is_steering(const char *p, int len)
{
	static const char *const marks[] = {
		"\xE2\x80\x8E", "\xE2\x80\x8F", "\xE2\x80\xA8", "\xE2\x80\xA9", "\xE2\x80\xAA", "\xE2\x80\xAB", "\xE2\x80\xAC",
		"\xE2\x80\xAD", "\xE2\x80\xAE", "\xE2\x81\xA6", "\xE2\x81\xA7", "\xE2\x81\xA8", "\xE2\x81\xA9"};

	if (len == 2)
		return p[0] == '\xC2' && (unsigned char) p[1] < 0xA0;
	for (int i = 0; i < (int) lengthof(marks); i++)
		if (len == 3 && memcmp(p, marks[i], 3) == 0)
			return true;
	return false;
}

/*
 * Appends text with control characters and line ends as spaces and bytes that
 * are no UTF-8 as '?', at most max bytes and never half a character.
 */
static void
append_clean(StringInfo out, const char *text, size_t max)
{
	size_t start = (size_t) out->len;

	while (*text != '\0')
	{
		int len = ac_utf8_length(text);
		unsigned char c = (unsigned char) *text;

		if (out->len - start + Max(len, 1) > max)
			break;
		if (len == 0)
			appendStringInfoChar(out, '?');
		else if (len == 1)
			appendStringInfoChar(out, (c < 0x20 || c == 0x7F) ? ' ' : (char) c);
		else if (is_steering(text, len))
			appendStringInfoChar(out, ' ');
		else
			appendBinaryStringInfo(out, text, len);
		text += Max(len, 1);
	}
}

char *
ac_outcome_clean(const char *text, size_t max)
{
	StringInfoData out;

	initStringInfo(&out);
	append_clean(&out, text, max);
	return out.data;
}

/* The text of the first member of these names that is a string. */
static const char *
first_text(const AcJson *node, const char *const *names, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
	{
		const char *text = ac_json_get_string(node, names[i]);

		if (text != NULL && *text != '\0')
			return text;
	}
	return NULL;
}

/*
 * The API's own words: in "error" or the first of "errors" (an object or a
 * text), in "fault", or at the top (RFC 9457 and many others).
 */
static const char *
find_summary(const AcJson *doc)
{
	static const char *const holders[] = {
		"error",
		"errors",
		"fault",
		"odata.error",
	};
	static const char *const names[] = {
		"message",
		"detail",
		"error_description",
		"description",
		"title",
		"faultstring",
		"reason",
		"msg",
		"error",
		"code",
	};
	size_t i;

	for (i = 0; i < (int) lengthof(holders); i++)
	{
		const AcJson *holder = ac_json_get(doc, holders[i]);
		const char *text;

		if (ac_json_kind(holder) == AC_JSON_ARRAY)
			holder = ac_json_at(holder, 0);
		text = first_text(holder, names, lengthof(names));
		if (text != NULL)
			return text;
	}
	return first_text(doc, names, lengthof(names));
}

void
ac_outcome_body_facts(AcBodyFacts *facts, const char *content_type,
					  const char *body, size_t len, const AcJson *doc)
{
	const char *summary;

	memset(facts, 0, sizeof(*facts));
	facts->kind = body_kind(content_type, body, len);
	facts->has_error = ac_errorbody_tells(doc);
	find_words(facts, body, len);
	facts->tells_wait = ac_body_retry_after(doc, &facts->wait_ms);
	summary = find_summary(doc);
	if (summary != NULL)
	{
		StringInfoData clean;

		initStringInfo(&clean);
		append_clean(&clean, summary, sizeof(facts->summary) - 1);
		strlcpy(facts->summary, clean.data, sizeof(facts->summary));
		pfree(clean.data);
	}
}

/* ---- scrubbing ---- */

/* The byte that "%XX" or "\u00XX" at p stands for, in two hex digits; or -1. */
static int
hex_byte(const char *p)
{
	if (ac_hex_value(p[0]) < 0 || ac_hex_value(p[1]) < 0)
		return -1;
	return ac_hex_value(p[0]) * 16 + ac_hex_value(p[1]);
}

/* A JSON escape at p (behind the backslash): its byte and length, or 0. */
static size_t
json_escape(const char *p, char *byte)
{
	static const char from[] = "\"\\/bfnrt";
	static const char to[] = "\"\\/\b\f\n\r\t";
	const char *found = *p == '\0' ? NULL : strchr(from, *p);

	if (found != NULL)
	{
		*byte = to[found - from];
		return 1;
	}
	if (p[0] == 'u' && p[1] == '0' && p[2] == '0' && hex_byte(p + 3) >= 0 &&
		hex_byte(p + 3) < 0x80)
	{
		*byte = (char) hex_byte(p + 3);
		return 5;
	}
	return 0;
}

/* Length of secret in text, which may be encoded byte by byte; 0: no match. */
static size_t
match_encoded(const char *text, const char *secret)
{
	const char *p = text;

	for (; *secret != '\0'; secret++)
	{
		char byte = *p;
		size_t len = 1;

		if (*p == '%' && hex_byte(p + 1) >= 0)
		{
			byte = (char) hex_byte(p + 1);
			len = 3;
		}
		else if (*p == '\\')
			len += json_escape(p + 1, &byte);
		else if (*p == '+' && *secret == ' ')
			byte = ' ';
		if (*p == '\0' || byte != *secret)
			return 0;
		p += len;
	}
	return (size_t) (p - text);
}

static void
scrub_plain(char *text, const char *secret)
{
	size_t len = strlen(secret);

	while (*text != '\0')
	{
		size_t match = strncmp(text, secret, len) == 0 ? len
													   : match_encoded(text, secret);

		memset(text, '*', match);
		text += Max(match, 1);
	}
}

/* 0 .. 63 for a character of either base64 alphabet, else -1. */
static int
base64_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+' || c == '-')
		return 62;
	if (c == '/' || c == '_')
		return 63;
	return -1;
}

/*
 * The sextets of a base64 text that depend on secret alone, where shift (0 to
 * 2) bytes stand before it in its first group of three.  Returns their
 * number; values must have room for 4/3 of the length.
 */
static size_t
base64_core(const char *secret, int shift, uint8 *values)
{
	static const int skipped[] = {0, 2, 3}; /* sextets with bits of others */
	size_t bits = (strlen(secret) + shift) * 8;
	size_t n = 0;
	size_t i;

	for (i = skipped[shift]; (i + 1) * 6 <= bits; i++)
	{
		size_t at = i * 6 - shift * 8; /* first bit in secret */
		uint32 pair = (uint8) secret[at / 8] << 8;

		if (at % 8 > 2)
			pair |= (uint8) secret[at / 8 + 1];
		values[n++] = (pair >> (10 - at % 8)) & 0x3F;
	}
	return n;
}

/* Hides a core at text[0..len), and the sextets at its edges. */
static void
hide_base64(char *start, char *text, size_t len)
{
	memset(text, '*', len);
	if (text > start && base64_value(text[-1]) >= 0)
		text[-1] = '*';
	text += len;
	if (base64_value(*text) >= 0)
		*text++ = '*';
	while (*text == '=')
		*text++ = '*';
}

static void
scrub_base64(char *text, const char *secret)
{
	uint8 *core = palloc(strlen(secret) * 2);
	int shift;

	for (shift = 0; shift < 3; shift++)
	{
		size_t n = base64_core(secret, shift, core);
		char *p;

		for (p = text; n > 0 && *p != '\0'; p++)
		{
			size_t i;

			for (i = 0; i < n && base64_value(p[i]) == core[i]; i++)
				;
			if (i == n)
				hide_base64(text, p, n);
		}
	}
	pfree(core);
}

static int
longer_first(const void *a, const void *b)
{
	size_t la = strlen(*(const char *const *) a);
	size_t lb = strlen(*(const char *const *) b);

	return (la < lb) - (la > lb);
}

void
ac_outcome_scrub(char *text, const char *const *secrets, int nsecrets)
{
	const char **sorted;
	int i;

	if (nsecrets <= 0)
		return;
	sorted = palloc(sizeof(char *) * nsecrets);
	memcpy(sorted, secrets, sizeof(char *) * nsecrets);
	qsort(sorted, nsecrets, sizeof(char *), longer_first);
	for (i = 0; i < nsecrets; i++)
	{
		if (strlen(sorted[i]) < AC_OUTCOME_SECRET_MIN)
			break;
		scrub_plain(text, sorted[i]);
		scrub_base64(text, sorted[i]);
	}
	pfree(sorted);
}

/* ---- errors ---- */

/* Message and hint of a transport failure. */
static const struct
{
	const char *message;
	const char *hint;
} transport_texts[] = {
	[AC_TRANSPORT_OK] = {"request failed", ""},
	[AC_TRANSPORT_DNS] = {"could not resolve the host name of the API",
						  "Check the server option \"url\" and the name service."},
	[AC_TRANSPORT_CONNECT] = {"could not connect to the API",
							  "Check that the API is running and that no firewall stands between."},
	[AC_TRANSPORT_TLS] = {"could not establish a TLS connection to the API",
						  "Check that the API speaks TLS on this port."},
	[AC_TRANSPORT_TLS_CERT] = {"certificate of the API is not trusted",
							   "Install the system's certificate authorities, or name the API's in the server option \"ca_file\"."},
	[AC_TRANSPORT_SEND] = {"connection to the API was lost while sending the request", ""},
	[AC_TRANSPORT_RESET] = {"connection to the API was lost", ""},
	[AC_TRANSPORT_TIMEOUT_CONNECT] = {"timeout while connecting to the API",
									  "The server option \"connect_timeout\" sets the limit."},
	[AC_TRANSPORT_TIMEOUT_FIRST_BYTE] = {"timeout while waiting for the answer of the API",
										 "The server option \"timeout\" sets the limit."},
	[AC_TRANSPORT_TIMEOUT_BODY] = {"timeout while reading the answer of the API",
								   "The server option \"timeout\" sets the limit."},
	[AC_TRANSPORT_TIMEOUT_TOTAL] = {"request took too long",
									"The server option \"timeout\" sets the limit."},
	[AC_TRANSPORT_TRUNCATED] = {"answer of the API ended early", ""},
	[AC_TRANSPORT_PROTOCOL] = {"answer of the API is not valid HTTP",
							   "Check that the server option \"url\" leads to an HTTP API."},
	[AC_TRANSPORT_TOO_LARGE] = {"answer of the API is too large",
								"The server option \"max_response_size\" sets the limit; a smaller \"page_size\" makes answers smaller."},
	[AC_TRANSPORT_DECODE] = {"compressed answer of the API is damaged", ""},
	[AC_TRANSPORT_REDIRECT_LIMIT] = {"API redirects too often",
									 "Set the server option \"url\" to where the API is now."},
	[AC_TRANSPORT_FORBIDDEN] = {"connection to this address is not allowed",
								"A superuser can add the host to \"autoconn.allowed_hosts\"."},
	[AC_TRANSPORT_CANCELLED] = {"request was cancelled", ""},
	[AC_TRANSPORT_NO_MEMORY] = {"out of memory while reading the answer of the API", ""},
};

/* Message of a status that is not one of ours to explain better. */
static void
set_status_message(const AcOutcome *outcome, const AcOutcomeInput *in,
				   AcError *err)
{
	if (in->status >= 200 && in->status <= 299)
	{
		if (in->body != NULL && in->body->kind == AC_BODY_HTML)
			ac_error_set(err, outcome->code, "API answered with an HTML page instead of rows");
		else if (in->body != NULL && in->body->has_error)
			ac_error_set(err, outcome->code, "API answered with an error instead of rows");
		else
			ac_error_set(err, outcome->code, "API's answer holds no rows");
	}
	else
		ac_error_set(err, outcome->code, "API answered with status %d", in->status);
}

static void
set_message(const AcOutcome *outcome, const AcOutcomeInput *in, AcError *err)
{
	if (in->transport != AC_TRANSPORT_OK)
	{
		Assert((size_t) in->transport < lengthof(transport_texts));
		ac_error_set(err, outcome->code, "%s",
					 transport_texts[in->transport].message);
		return;
	}
	switch (outcome->code)
	{
		case AC_ERR_AUTH:
			ac_error_set(err, outcome->code,
						 in->status == 403	 ? "API denied access"
						 : in->status == 407 ? "proxy refused the credentials"
											 : "API did not accept the credentials");
			break;
		case AC_ERR_NOT_FOUND:
			ac_error_set(err, outcome->code, "API has no such resource");
			break;
		case AC_ERR_THROTTLED:
			ac_error_set(err, outcome->code, "API's rate limit is exceeded");
			break;
		case AC_ERR_INCOMPLETE:
			ac_error_set(err, outcome->code,
						 "API refused a page before the collection was complete");
			break;
		default:
			set_status_message(outcome, in, err);
	}
}

static void
set_hint(const AcOutcome *outcome, const AcOutcomeInput *in, AcError *err)
{
	if (in->transport != AC_TRANSPORT_OK)
		ac_error_hint(err, "%s", transport_texts[in->transport].hint);
	else if (outcome->code == AC_ERR_AUTH && in->status == 403)
		ac_error_hint(err, "The credentials of the user mapping need more rights at the API.");
	else if (outcome->code == AC_ERR_AUTH && in->status == 401)
		ac_error_hint(err, "Create or alter the user mapping with the credentials that the API wants.");
	else if (outcome->code == AC_ERR_NOT_FOUND)
		ac_error_hint(err, "Check the table option \"path\", or import the table again.");
	else if (outcome->code == AC_ERR_THROTTLED && outcome->wait_ms >= 0)
		ac_error_hint(err, "Try again in " INT64_FORMAT " s, or lower the server option \"rate_limit\".",
					  (outcome->wait_ms + 999) / 1000);
	else if (outcome->code == AC_ERR_THROTTLED)
		ac_error_hint(err, "Try again later, or lower the server option \"rate_limit\".");
	else if (outcome->code == AC_ERR_INCOMPLETE)
		ac_error_hint(err, "Run the query again; rows may have changed while it read them.");
	else if (in->status >= 300 && in->status <= 399)
		ac_error_hint(err, "Set the server option \"url\" to where the API is now.");
	else if (in->status == 400 || in->status == 422)
		ac_error_hint(err, "If the API refuses a filter, the column option \"operators\" with the value 'none' keeps it from being sent.");
	else if (in->status >= 500)
		ac_error_hint(err, "Try again later.");
}

static size_t
longest_secret(const AcOutcomeRequest *request)
{
	size_t longest = 0;
	int i;

	for (i = 0; i < request->nsecrets; i++)
		longest = Max(longest, strlen(request->secrets[i]));
	return longest;
}

/*
 * The beginning of the answer.  It is scrubbed before it is cut, with enough
 * of what follows that a secret across the cut is seen whole: the longest
 * encoding of a byte, "\u00XX", has six.
 */
static void
append_answer(StringInfo out, const AcOutcomeRequest *request)
{
	size_t len = Min(request->body_len,
					 AC_OUTCOME_BODY_MAX + 6 * longest_secret(request));
	char *copy = palloc(len + 1);
	size_t i;

	for (i = 0; i < len; i++)
		copy[i] = request->body[i] == '\0' ? ' ' : request->body[i];
	copy[len] = '\0';
	ac_outcome_scrub(copy, request->secrets, request->nsecrets);
	append_clean(out, copy, AC_OUTCOME_BODY_MAX);
	pfree(copy);
}

/* A text of ours or of a library, scrubbed and cut. */
static void
append_scrubbed(StringInfo out, const char *text, size_t max,
				const AcOutcomeRequest *request)
{
	char *copy = pstrdup(text);

	ac_outcome_scrub(copy, request->secrets, request->nsecrets);
	append_clean(out, copy, max);
	pfree(copy);
}

bool
ac_outcome_error(const AcOutcome *outcome, const AcOutcomeInput *in,
				 const AcOutcomeRequest *request, AcError *err)
{
	StringInfoData detail;

	Assert(outcome->code != AC_ERR_NONE);
	set_message(outcome, in, err);
	set_hint(outcome, in, err);

	initStringInfo(&detail);
	appendStringInfo(&detail, "%s ", request->method);
	append_scrubbed(&detail, ac_url_redact(request->url), URL_MAX, request);
	if (in->status != 0)
		appendStringInfo(&detail, ", status %d", in->status);
	if (in->transport != AC_TRANSPORT_OK && in->transport_text != NULL)
	{
		appendStringInfoString(&detail, ": ");
		append_scrubbed(&detail, in->transport_text, AC_OUTCOME_BODY_MAX, request);
	}
	else if (request->body != NULL && request->body_len > 0)
	{
		appendStringInfoString(&detail, ": ");
		append_answer(&detail, request);
	}
	ac_error_detail(err, "%s", detail.data);
	pfree(detail.data);
	return false;
}
