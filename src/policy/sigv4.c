/*
 * sigv4.c
 *		What does AWS want signed of a request, and how?  See sigv4.h.
 */
#include "ac.h"

#include <time.h>

#include "lib/stringinfo.h"
#include "policy/sigv4.h"

#define AC_SIGV4_ALGORITHM "AWS4-HMAC-SHA256"

/* "20150830T123600Z", the day being the first eight characters. */
#define AC_SIGV4_TIME_CHARS 16
#define AC_SIGV4_DAY_CHARS 8

/* Parameters of a query: no URL that we take has more. */
#define AC_SIGV4_MAX_PARAMS (AC_URL_MAX_LENGTH / 2)

/* ---- canonical forms ---- */

/* Unreserved of RFC 3986 2.3: what AWS leaves as it is. */
static bool
is_unreserved(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		   (c >= '0' && c <= '9') || (c != '\0' && strchr("-._~", c) != NULL);
}

/* Appends text encoded; kept is a character that stays, too. */
static void
append_encoded(StringInfo out, const char *text, size_t len, char kept)
{
	for (size_t i = 0; i < len; i++)
	{
		if (is_unreserved(text[i]) || (kept != '\0' && text[i] == kept))
			appendStringInfoChar(out, text[i]);
		else
			appendStringInfo(out, "%%%02X", (unsigned char) text[i]);
	}
}

/*
 * S3 takes the path as it was meant, so that what was encoded is encoded once.
 * The others take it as it was sent, encode that once more, and see no
 * segment between two slashes.
 */
static void
append_path(StringInfo out, const char *path, bool s3)
{
	size_t len = strlen(path);

	if (s3)
		path = ac_url_decode(path, len, false, &len);
	for (size_t i = 0; i < len; i++)
	{
		if (!s3 && path[i] == '/' && i > 0 && path[i - 1] == '/')
			continue;
		append_encoded(out, path + i, 1, '/');
	}
}

/* A parameter in its canonical form. */
typedef struct Param
{
	char *name;
	char *value;
} Param;

static int
compare_params(const void *a, const void *b)
{
	const Param *left = a;
	const Param *right = b;
	int order = strcmp(left->name, right->name);

	return order != 0 ? order : strcmp(left->value, right->value);
}

static char *
canonical_text(const char *text, size_t len)
{
	StringInfoData out;
	size_t plain_len;
	char *plain = ac_url_decode(text, len, true, &plain_len);

	initStringInfo(&out);
	append_encoded(&out, plain, plain_len, '\0');
	pfree(plain);
	return out.data;
}

/* Sorted by name and value, each encoded; the result is palloc'd. */
static char *
canonical_query(const char *query)
{
	StringInfoData out;
	Param *params;
	int n = 0;
	int most = 1;

	initStringInfo(&out);
	for (const char *p = query; *p != '\0'; p++)
		most += *p == '&';
	params = palloc(sizeof(Param) * Min(most, AC_SIGV4_MAX_PARAMS));
	while (*query != '\0' && n < AC_SIGV4_MAX_PARAMS)
	{
		size_t len = strcspn(query, "&");
		size_t name_len = Min(strcspn(query, "="), len);

		if (len > 0)
		{
			params[n].name = canonical_text(query, name_len);
			params[n++].value = name_len < len ? canonical_text(query + name_len + 1, len - name_len - 1)
											   : pstrdup("");
		}
		query += len + (query[len] == '&' ? 1 : 0);
	}
	qsort(params, n, sizeof(Param), compare_params);
	for (int i = 0; i < n; i++)
		appendStringInfo(&out, "%s%s=%s", i > 0 ? "&" : "", params[i].name,
						 params[i].value);
	return out.data;
}

/* The Host header as libcurl sends it. */
static char *
host_header(const AcUrl *url)
{
	const char *origin = ac_url_origin(url);

	return pstrdup(strstr(origin, "://") + 3);
}

/* ---- hashes ---- */

static char *
hex(const uint8 hash[AC_SIGV4_HASH_BYTES])
{
	char *text = palloc(2 * AC_SIGV4_HASH_BYTES + 1);

	for (int i = 0; i < AC_SIGV4_HASH_BYTES; i++)
		snprintf(text + 2 * i, 3, "%02x", hash[i]);
	return text;
}

static AcSigv4Bytes
bytes_of(const char *text)
{
	AcSigv4Bytes bytes = {text, strlen(text)};

	return bytes;
}

/* Hash of text in hexadecimal, NULL with err. */
static char *
hash_text(const AcSigv4Hash *hash, const char *text, AcError *err)
{
	uint8 result[AC_SIGV4_HASH_BYTES];

	if (!hash->sha256(bytes_of(text), result, err))
		return NULL;
	return hex(result);
}

/*
 * The secret with which requests of a day, region and service are signed, and
 * the signature of text by it.
 */
static char *
sign_text(const AcSigv4Key *key, const AcSigv4Hash *hash, const char *day,
		  const char *text, AcError *err)
{
	const char *const steps[] = {day, key->region, key->service,
								 "aws4_request", text};
	uint8 buf[AC_SIGV4_HASH_BYTES];
	AcSigv4Bytes secret = bytes_of(psprintf("AWS4%s", key->secret_key));

	for (int i = 0; i < (int) lengthof(steps); i++)
	{
		uint8 next[AC_SIGV4_HASH_BYTES];

		if (!hash->hmac(secret, bytes_of(steps[i]), next, err))
			return NULL;
		memcpy(buf, next, sizeof(buf));
		secret.data = buf;
		secret.len = sizeof(buf);
	}
	return hex(buf);
}

/* ---- together ---- */

/* What is signed of the headers: names in order, one line each. */
static const char *
append_headers(StringInfo out, const AcUrl *url, const AcSigv4Key *key,
			   const char *time, const char *body_hash)
{
	appendStringInfo(out, "host:%s\n", host_header(url));
	appendStringInfo(out, "x-amz-content-sha256:%s\n", body_hash);
	appendStringInfo(out, "x-amz-date:%s\n", time);
	if (key->session_token == NULL)
		return "host;x-amz-content-sha256;x-amz-date";
	appendStringInfo(out, "x-amz-security-token:%s\n", key->session_token);
	return "host;x-amz-content-sha256;x-amz-date;x-amz-security-token";
}

/* "20150830T123600Z" */
static char *
time_text(int64 now_s)
{
	char *text = palloc(AC_SIGV4_TIME_CHARS + 1);
	time_t now = (time_t) now_s;
	struct tm parts;

	gmtime_r(&now, &parts);
	strftime(text, AC_SIGV4_TIME_CHARS + 1, "%Y%m%dT%H%M%SZ", &parts);
	return text;
}

bool
ac_sigv4_sign(const AcSigv4Request *request, const AcSigv4Key *key,
			  const AcSigv4Hash *hash, AcSigv4Headers *headers, AcError *err)
{
	AcUrl *url = request->url;
	char *time = time_text(request->now_s);
	char *day = pnstrdup(time, AC_SIGV4_DAY_CHARS);
	char *scope = psprintf("%s/%s/%s/aws4_request", day, key->region,
						   key->service);
	char *body_hash = hash_text(hash, request->body ? request->body : "", err);
	const char *signed_names;
	const char *request_hash;
	const char *signature;
	StringInfoData text;

	if (body_hash == NULL)
		return false;
	if (url->query != NULL)
		url->query = canonical_query(url->query);
	initStringInfo(&text);
	appendStringInfo(&text, "%s\n", request->method);
	append_path(&text, url->path, strcmp(key->service, "s3") == 0);
	appendStringInfo(&text, "\n%s\n", url->query ? url->query : "");
	signed_names = append_headers(&text, url, key, time, body_hash);
	appendStringInfo(&text, "\n%s\n%s", signed_names, body_hash);
	request_hash = hash_text(hash, text.data, err);
	if (request_hash == NULL)
		return false;
	signature = sign_text(key, hash, day,
						  psprintf(AC_SIGV4_ALGORITHM "\n%s\n%s\n%s", time,
								   scope, request_hash),
						  err);
	if (signature == NULL)
		return false;
	headers->authorization =
		psprintf("Authorization: " AC_SIGV4_ALGORITHM " Credential=%s/%s, SignedHeaders=%s, Signature=%s",
				 key->access_key, scope, signed_names, signature);
	headers->date = psprintf("X-Amz-Date: %s", time);
	headers->hash = psprintf("X-Amz-Content-Sha256: %s", body_hash);
	headers->token = key->session_token ? psprintf("X-Amz-Security-Token: %s", key->session_token)
										: NULL;
	return true;
}

/* ---- AWS's own hosts ---- */

/* "eu-west-1", "us-gov-east-1": words between hyphens, a number at the end. */
static bool
is_region(const char *label)
{
	size_t len = strlen(label);
	const char *number = strrchr(label, '-');

	return len >= 7 && number != NULL && strchr(label, '-') != number &&
		   strchr(label, '-') == label + 2 &&
		   strspn(number + 1, "0123456789") == strlen(number + 1) &&
		   number[1] != '\0' &&
		   strspn(label, "abcdefghijklmnopqrstuvwxyz-") == (size_t) (number + 1 - label);
}

bool
ac_sigv4_guess(const char *host, char **region, char **service)
{
	static const char *const ends[] = {".amazonaws.com", ".amazonaws.com.cn"};
	size_t len = strlen(host);
	char *last;
	char *before;

	for (int i = 0; i < (int) lengthof(ends); i++)
	{
		size_t end_len = strlen(ends[i]);
		char *name;

		if (len <= end_len || strcmp(host + len - end_len, ends[i]) != 0)
			continue;
		name = pnstrdup(host, len - end_len);
		last = strrchr(name, '.');
		if (last == NULL)
			return false;
		*last++ = '\0';
		before = strrchr(name, '.');
		before = before == NULL ? name : before + 1;
		*region = is_region(last) ? last : before;
		*service = is_region(last) ? before : last;
		return is_region(*region) && **service != '\0';
	}
	return false;
}
