/*
 * test_document.c
 *		Is the language of a document known, whatever it is served as?
 */
#include "tap.h"

#include "core/document.h"

static const char *const names[] = {"json", "lines", "yaml", "html", "markdown", "other"};

static const struct
{
	const char *media_type;
	const char *text;
	AcDocumentLanguage language;
} cases[] = {
	{"application/json", "{\"a\": 1}", AC_DOCUMENT_JSON},
	{"text/plain; charset=utf-8", " \n{\"openapi\": \"3.0.0\"}", AC_DOCUMENT_JSON},
	{"application/octet-stream", "\xEF\xBB\xBF[{\"id\": 1}]", AC_DOCUMENT_JSON},
	{"text/html", "{\"a\": 1}", AC_DOCUMENT_JSON},
	{"text/html", "[]", AC_DOCUMENT_JSON},
	{NULL, "[true, 1]", AC_DOCUMENT_JSON},
	{"application/vnd.api+json", "\"x\"", AC_DOCUMENT_JSON},
	{"application/json", "", AC_DOCUMENT_JSON},
	{"application/x-ndjson", "{\"a\": 1}\n", AC_DOCUMENT_LINES},
	{"text/plain", "{\"a\": 1}\n{\"a\": 2}\n", AC_DOCUMENT_LINES},
	{"application/json", "{\"a\": 1}\n\n{\"a\": 2}", AC_DOCUMENT_LINES},
	{"application/json", "{\"a\": 1,\n\"b\": 2}", AC_DOCUMENT_JSON},
	{"application/json-seq", "\x1E{\"a\": 1}\n", AC_DOCUMENT_LINES},
	{"application/yaml", "a", AC_DOCUMENT_YAML},
	{"text/plain", "# licence\n\n---\nopenapi: 3.0.0\ninfo: {}\n", AC_DOCUMENT_YAML},
	{"application/octet-stream", "%YAML 1.2\n---\nswagger: '2.0'\n", AC_DOCUMENT_YAML},
	{NULL, "info:\n  title: x\n  version: 1\n", AC_DOCUMENT_YAML},
	{"text/html", "openapi: 3.1.0\n", AC_DOCUMENT_YAML},
	{"text/plain", "\"openapi\": \"3.0.0\"\n", AC_DOCUMENT_YAML},
	{"text/plain", "key: value\nother: value\n", AC_DOCUMENT_YAML},
	{"application/x-yaml", "{openapi: 3.0.0}", AC_DOCUMENT_YAML},
	{"text/html", "<!DOCTYPE html><p>", AC_DOCUMENT_HTML},
	{"text/plain", "\n<!-- x -->\n<html>", AC_DOCUMENT_HTML},
	{"application/xhtml+xml", "<?xml version='1.0'?><html/>", AC_DOCUMENT_HTML},
	{"text/html", "<p>x", AC_DOCUMENT_HTML},
	{"text/html", "Hello", AC_DOCUMENT_HTML},
	{"application/xml", "<?xml version='1.0'?><rss/>", AC_DOCUMENT_OTHER},
	{"text/markdown", "x", AC_DOCUMENT_MARKDOWN},
	{"text/plain", "# API\n\nText\n\n## Users\n\n```\nGET /users\n```\n", AC_DOCUMENT_MARKDOWN},
	{"text/plain", "[![Build](a)](b)\n\n# API\n\n[docs](x)\n", AC_DOCUMENT_MARKDOWN},
	{"text/plain", "API\n===\n\n| a |\n|---|\n\n[x](y)\n", AC_DOCUMENT_MARKDOWN},
	{"text/plain", "<p align=center>x</p>\n\n# A\n", AC_DOCUMENT_MARKDOWN},
	{"text/plain", "---\ntitle: X\n---\n# A\n\ntext here\n\n# B\n\n# C\n\n", AC_DOCUMENT_MARKDOWN},
	{"text/plain", "2026-01-01 12:00:00 INFO: started\n# comment\nERROR: x\n", AC_DOCUMENT_OTHER},
	{"text/plain", "#!/bin/sh\n\n# a\n\n# b\n\n# c\n\n", AC_DOCUMENT_OTHER},
	{"text/plain", "# a\nx = 1\n# b\ny = 2\n", AC_DOCUMENT_OTHER},
	{"text/plain", "Note: this is it\nand more\n", AC_DOCUMENT_OTHER},
	{"text/plain", "OK", AC_DOCUMENT_OTHER},
	{"image/png", "\x89PNG", AC_DOCUMENT_OTHER},
	{NULL, "", AC_DOCUMENT_OTHER},
	{NULL, "[see below]", AC_DOCUMENT_OTHER},
	{NULL, "12345", AC_DOCUMENT_OTHER},
};

static void
test_language(void)
{
	int i;

	for (i = 0; i < (int) lengthof(cases); i++)
	{
		AcDocumentText input = {cases[i].text, strlen(cases[i].text), cases[i].media_type, NULL};

		is_str(names[ac_document_language(&input)], names[cases[i].language],
			   "%s as %s, case %d", names[cases[i].language],
			   cases[i].media_type ? cases[i].media_type : "nothing", i);
	}
}

static const char *
parsed(const char *media_type, const char *text)
{
	AcDocumentText input = {text, strlen(text), media_type, NULL};
	AcJson *doc;
	AcError err;
	const char *written;

	ac_error_clear(&err);
	if (!ac_document_parse(&input, &doc, &err))
		return psprintf("%s: %s %s", ac_error_code_name(err.code), err.message, err.detail);
	written = ac_json_to_text(doc);
	ac_json_free(doc);
	return written;
}

static void
test_parse(void)
{
	is_str(parsed(NULL, "\xEF\xBB\xBF{\"a\":1}"), "{\"a\":1}", "JSON");
	is_str(parsed(NULL, "{\"a\":1}\r\n\n[2]\n"), "{\"lines\":[{\"a\":1},[2]]}", "lines");
	is_str(parsed("application/json-seq", "\x1E{\"a\":1}\n\x1E"
										  "2\n"),
		   "{\"lines\":[{\"a\":1},2]}", "a sequence");
	is_str(parsed(NULL, "\xEF\xBB\xBF"
						"a: 1\nb: 2"),
		   "{\"a\":1,\"b\":2}", "YAML");
	is_str(parsed("text/html", "<p>x"), "{\"html\":{\"blocks\":[{\"kind\":\"text\",\"text\":\"x\"}]}}", "HTML");
	is_str(parsed("text/markdown", "# x"), "{\"html\":{\"blocks\":[{\"kind\":\"heading\",\"level\":1,\"text\":\"x\"}]}}", "Markdown");
	is_str(parsed("text/plain", "hello"), "malformed: document is neither JSON, YAML, HTML nor Markdown ", "none of them");
	ok(strstr(parsed("application/x-ndjson", "{}\n{\n"), "It stands in line 2.") != NULL, "a line that is wrong");
}

int
main(void)
{
	test_language();
	test_parse();
	return done_testing();
}
