/*
 * fuzz_url.c
 *		Does any text break URL parsing, resolution or redaction?
 *
 * The input is a base URL, a NUL byte and a reference.
 */
#include "fuzz.h"

#include "core/url.h"

/* What must hold, also where assertions are off. */
static void
check(bool holds)
{
	if (!holds)
		abort();
}

/* A text that was parsed once comes out of parsing unchanged. */
static void
check_fixpoint(const AcUrl *url)
{
	char *text = ac_url_text(url);
	AcUrl again;

	/* Encoding may lengthen a text beyond what is parsed. */
	if (strlen(text) > AC_URL_MAX_LENGTH)
		return;
	check(ac_url_parse(text, &again, NULL));
	check(strcmp(ac_url_text(&again), text) == 0);
	check(ac_url_same_origin(url, &again));
	check(url->path[0] == '/' && url->host[0] != '\0');
	check(url->port > 0 && url->port <= 65535);
}

/* Whatever is shown holds no userinfo, neither as it stands nor as it is read. */
static void
check_redacted(const char *text)
{
	char *shown = ac_url_redact(text);
	AcUrl url;

	if (ac_url_parse(shown, &url, NULL) && url.userinfo != NULL)
		check(strcmp(url.userinfo, AC_URL_REDACTED) == 0);
	if (ac_url_parse(text, &url, NULL) && url.userinfo != NULL)
		check(strstr(shown, "://" AC_URL_REDACTED "@") != NULL);
}

static bool
lookup(void *arg, const char *name, const char **value, size_t *len)
{
	*value = arg;
	*len = strlen(arg);
	return name[0] != 'x';
}

/* A value in a template never leaves its segment. */
static void
check_expanded(const AcUrl *base, const char *value)
{
	StringInfoData path;
	AcUrl url;

	initStringInfo(&path);
	if (!ac_url_expand("/items/{id}/rows", lookup, unconstify(char *, value),
					   &path, NULL))
		return;
	check(strchr(path.data + 7, '/') == strrchr(path.data, '/'));
	if (ac_url_parse(ac_url_join(base, path.data), &url, NULL) &&
		strstr(value, "..") == NULL)
		check(ac_url_is_below(base, &url) || strpbrk(base->path, ".%;\\") != NULL);
}

static void
run(const char *base_text, const char *reference)
{
	AcUrl base;
	AcUrl out;
	char **names;

	check_redacted(base_text);
	check_redacted(reference);
	(void) ac_url_template_vars(reference, &names);
	(void) ac_url_get_query(reference, base_text);
	check(ac_url_get_query(ac_url_set_query(reference, "n", base_text), "n") != NULL);
	check(strcmp(ac_url_get_query(ac_url_set_query(reference, "n", base_text), "n"),
				 base_text) == 0);

	if (!ac_url_parse(base_text, &base, NULL))
		return;
	check_fixpoint(&base);
	check(ac_url_is_below(&base, &base) || strpbrk(base.path, ".%;\\/") != NULL);
	check_expanded(&base, reference);
	if (!ac_url_resolve(&base, reference, &out, NULL))
		return;
	check(strcmp(out.scheme, "http") == 0 || strcmp(out.scheme, "https") == 0);
	check(strstr(out.path, "/../") == NULL && strstr(out.path, "/./") == NULL);
	check_fixpoint(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 2);
	char *reference;

	if (text == NULL)
		return 0;
	if (size > 0)
		memcpy(text, data, size);
	text[size] = text[size + 1] = '\0';
	reference = text + strlen(text) + 1;
	run(text, reference > text + size ? "" : reference);
	free(text);
	ac_alloc_reset();
	return 0;
}
