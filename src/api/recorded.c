/*
 * recorded.c
 *		How is a record of requests kept without the secrets in it?
 *		See recorded.h.
 */
#include "ac.h"

#include "api/endpoints.h"
#include "api/har.h"
#include "api/postman.h"
#include "api/recorded.h"
#include "core/url.h"

/* Folders in folders, as api/postman reads them; deeper ones are emptied. */
#define MAX_FOLDERS 50

static void
mask_url(AcJson *object, const char *key)
{
	const char *url = ac_json_get_string(object, key);

	if (url != NULL)
		ac_json_set_string(object, key, ac_url_redact(url));
}

/* A value that keeps no more than the scheme of credentials. */
static void
mask_value(AcJson *pair)
{
	const char *value = ac_json_get_string(pair, "value");

	if (value == NULL)
		return;
	if (pg_strncasecmp(value, "bearer ", 7) == 0)
		ac_json_set_string(pair, "value", "Bearer " AC_URL_REDACTED);
	else if (pg_strncasecmp(value, "basic ", 6) == 0)
		ac_json_set_string(pair, "value", "Basic " AC_URL_REDACTED);
	else
		ac_json_set_string(pair, "value", AC_URL_REDACTED);
}

/* Pairs of a name (under this key) and a value: all, or the secret ones. */
static void
mask_pairs(AcJson *pairs, const char *key, bool all)
{
	int i;

	for (i = 0; i < ac_json_length(pairs); i++)
	{
		AcJson *pair = ac_json_at(pairs, i);
		const char *name = ac_json_get_string(pair, key);

		if (all || name == NULL || ac_url_name_is_secret(name))
			mask_value(pair);
	}
}

static void
drop(AcJson *object, const char *key)
{
	if (ac_json_has(object, key))
		ac_json_set(object, key, NULL);
}

/* A body as a text: its JSON without secrets, or nothing. */
static void
mask_body(AcEndpoints *list, AcJson *object, const char *key)
{
	size_t len;
	const char *text = ac_json_string(ac_json_get(object, key), &len);
	AcJson *tree = text == NULL ? NULL : ac_endpoints_parse(list, text, len);

	/* out of budget, masking may have stopped half-way */
	if (tree == NULL || list->failed)
		drop(object, key);
	else
		ac_json_set_string(object, key, ac_json_to_text(tree));
}

static void
mask_entry(AcEndpoints *list, AcJson *entry)
{
	AcJson *request = ac_json_get(entry, "request");
	AcJson *response = ac_json_get(entry, "response");

	mask_url(request, "url");
	mask_pairs(ac_json_get(request, "headers"), "name", true);
	mask_pairs(ac_json_get(request, "queryString"), "name", false);
	drop(request, "cookies");
	drop(request, "postData");
	drop(response, "cookies");
	drop(response, "headers");
	drop(response, "redirectURL");
	mask_body(list, ac_json_get(response, "content"), "text");
}

static void
mask_archive(AcEndpoints *list, AcJson *log)
{
	AcJson *entries = ac_json_get(log, "entries");
	int i;

	drop(log, "pages");
	for (i = 0; i < ac_json_length(entries); i++)
		mask_entry(list, ac_json_at(entries, i));
}

/* What an auth holds, whatever its type, but for where a key is sent. */
static void
mask_auth(AcJson *auth)
{
	AcJsonIter it;
	int i;

	ac_json_iter_init(&it, auth);
	while (ac_json_iter_next(&it))
	{
		AcJsonIter old;

		for (i = 0; i < ac_json_length(it.value); i++)
		{
			AcJson *pair = ac_json_at(it.value, i);
			const char *key = ac_json_get_string(pair, "key");

			if (key == NULL || (strcmp(key, "key") != 0 && strcmp(key, "in") != 0))
				mask_value(pair);
		}
		ac_json_iter_init(&old, it.value);
		while (ac_json_iter_next(&old))
			if (strcmp(old.key, "key") != 0 && strcmp(old.key, "in") != 0)
				ac_json_set_string(it.value, old.key, AC_URL_REDACTED);
	}
}

static void
mask_request(AcEndpoints *list, AcJson *item)
{
	AcJson *request = ac_json_get(item, "request");
	AcJson *url = ac_json_get(request, "url");
	AcJson *responses = ac_json_get(item, "response");
	int i;

	mask_url(item, "request");
	mask_url(request, "url");
	mask_url(url, "raw");
	mask_pairs(ac_json_get(url, "query"), "key", false);
	mask_pairs(ac_json_get(request, "header"), "key", true);
	mask_auth(ac_json_get(request, "auth"));
	mask_body(list, ac_json_get(request, "body"), "raw");
	drop(ac_json_get(request, "body"), "urlencoded");
	drop(ac_json_get(request, "body"), "formdata");
	for (i = 0; i < ac_json_length(responses); i++)
	{
		AcJson *response = ac_json_at(responses, i);

		drop(response, "originalRequest");
		drop(response, "header");
		drop(response, "cookie");
		mask_body(list, response, "body");
	}
}

static void
mask_items(AcEndpoints *list, AcJson *folder, int depth)
{
	AcJson *items = ac_json_get(folder, "item");
	int i;

	drop(folder, "event");
	mask_auth(ac_json_get(folder, "auth"));
	if (depth > MAX_FOLDERS)
		drop(folder, "item");
	else if (ac_json_kind(items) != AC_JSON_ARRAY)
		mask_request(list, folder);
	else
		for (i = 0; i < ac_json_length(items); i++)
			mask_items(list, ac_json_at(items, i), depth + 1);
}

bool
ac_recorded_mask(AcJson *doc, const AcReadLimits *limits)
{
	AcReadInput input = {.doc = doc, .limits = limits};
	AcJson *collection = ac_json_get(doc, "collection");
	AcEndpoints list;

	ac_endpoints_init(&list, &input, "", NULL);
	if (ac_har_sniff(doc))
		mask_archive(&list, ac_json_get(doc, "log"));
	else if (ac_postman_sniff(doc))
	{
		collection = ac_json_has(collection, "item") ? collection : doc;
		mask_pairs(ac_json_get(collection, "variable"), "key", false);
		mask_items(&list, collection, 0);
	}
	else
		return false;
	ac_json_free(list.api->owned);
	return true;
}
