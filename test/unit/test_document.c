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

	ac_error_clear(&err);
	if (!ac_document_parse(&input, &doc, &err))
		return psprintf("%s: %s %s", ac_error_code_name(err.code), err.message, err.detail);
	return ac_json_into_text(doc);
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

/* Number of lines that are read of n such lines. */
static int
lines_read(const char *line, int n)
{
	AcDocumentText input = {0};
	StringInfoData text;
	AcJson *doc;
	int read;

	initStringInfo(&text);
	for (int i = 0; i < n; i++)
		appendStringInfo(&text, "%s\n", line);
	input.text = text.data;
	input.len = text.len;
	if (!ac_document_parse(&input, &doc, NULL))
		return -1;
	read = ac_json_length(ac_json_get(doc, "lines"));
	ac_json_free(doc);
	pfree(text.data);
	return read;
}

static void
test_many_lines(void)
{
	StringInfoData heavy;

	is_int(lines_read("{\"a\":1}", 500), 500, "all of some lines");
	is_int(lines_read("{\"a\":1}", 30000), 1000, "as many lines as tell of rows");
	initStringInfo(&heavy);
	appendStringInfoChar(&heavy, '[');
	for (int i = 0; i < 10000; i++)
		appendStringInfoString(&heavy, "{},");
	appendStringInfoString(&heavy, "{}]");
	ok(lines_read(heavy.data, 300) > 10 && lines_read(heavy.data, 300) < 200, "as many lines as memory allows");
}

/* The text, converted or as it is, read as JSON. */
static const char *
converted(const char *media_type, const char *text, size_t len)
{
	AcDocumentText input = {text, len, media_type, NULL};
	char *utf8 = ac_document_to_utf8(&input);

	return utf8 == NULL ? "as it is" : parsed(media_type, utf8);
}

static void
test_encodings(void)
{
	static const char little[] = "\xFF\xFE[\0\"\0\xE9\0\x3D\xD8\x00\xDE\"\0]\0";
	static const char big[] = "\xFE\xFF\0[\0\"\x20\xAC\xD8\x00\0\"\0]";
	static const char nul[] = "\xFF\xFE[\0\0\0]\0";
	static const char wide[] = "\xFF\xFE\0\0[\0\0\0]\0\0\0";

	is_str(converted(NULL, little, sizeof(little) - 1), "[\"\xC3\xA9\xF0\x9F\x98\x80\"]", "UTF-16, little end first, with a pair");
	is_str(converted(NULL, big, sizeof(big) - 1), "[\"\xE2\x82\xAC\xEF\xBF\xBD\"]", "big end first, half a pair");
	is_str(converted(NULL, nul, sizeof(nul) - 1), "[]", "a NUL becomes a space");
	is_str(converted(NULL, wide, sizeof(wide) - 1), "as it is", "UTF-32 is not read");
	is_str(converted("application/json; charset=ISO-8859-1", "[\"\xE9\"]", 5), "[\"\xC3\xA9\"]", "Latin-1");
	is_str(converted("application/json; charset=ISO-8859-1", "[\"\xC3\xA9\"]", 6), "as it is", "which is said falsely");
	is_str(converted("application/json", "[\"\xE9\"]", 5), "as it is", "or not said");
	is_str(parsed("application/json", "{\"openapi\": \"3.0.0\", # new\n\"x\": [1,],}"), "{\"openapi\":\"3.0.0\",\"x\":[1]}", "a description that is JSON only to YAML");
	ok(strncmp(parsed("application/json", "{\"a\": [1,],}"), "malformed", 9) == 0, "which others are not");
}

int
main(void)
{
	test_language();
	test_parse();
	test_many_lines();
	test_encodings();
	return done_testing();
}
