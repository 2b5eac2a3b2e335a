/*
 * test_markdown.c
 *		Is Markdown read into the same document as the page it would become?
 */
#include "page_test.h"

#include "core/markdown.h"

/* One member of the document as JSON. */
static const char *
member(const char *text, const char *name)
{
	AcJsonText input = {text, strlen(text), AC_JSON_MAX_DEPTH, NULL};
	AcJson *doc;
	AcJson *node;
	AcError err;
	const char *written;

	if (!ac_markdown_parse(&input, &doc, &err))
		return pstrdup(err.message);
	node = ac_json_get(ac_json_get(doc, "html"), name);
	written = node != NULL ? ac_json_to_text(node) : NULL;
	ac_json_free(doc);
	return written;
}

/* The blocks' texts, code with its language in front. */
static const char *
texts(const char *markdown)
{
	AcJsonText input = {markdown, strlen(markdown), AC_JSON_MAX_DEPTH, NULL};
	AcJson *doc;
	AcJson *blocks;
	AcError err;
	StringInfoData out;
	int i;

	if (!ac_markdown_parse(&input, &doc, &err))
		return pstrdup(err.message);
	blocks = ac_json_get(ac_json_get(doc, "html"), "blocks");
	initStringInfo(&out);
	for (i = 0; i < ac_json_length(blocks); i++)
	{
		AcJson *block = ac_json_at(blocks, i);
		const char *kind = ac_json_get_string(block, "kind");
		const char *language = ac_json_get_string(block, "language");

		if (i > 0)
			appendStringInfoChar(&out, '|');
		if (strcmp(kind, "table") == 0)
			appendStringInfo(&out, "%s%s", ac_json_to_text(ac_json_get(block, "head")),
							 ac_json_to_text(ac_json_get(block, "rows")));
		else if (strcmp(kind, "code") == 0)
			appendStringInfo(&out, "{%s}", language != NULL ? language : "");
		else if (strcmp(kind, "heading") == 0)
			appendStringInfo(&out, "h%d ", (int) ac_json_int(ac_json_get(block, "level"), 0));
		if (strcmp(kind, "table") != 0)
			appendStringInfoString(&out, ac_json_get_string(block, "text"));
	}
	ac_json_free(doc);
	return out.data;
}

static void
test_blocks(void)
{
	static const struct
	{
		const char *markdown;
		const char *want;
	} cases[] = {
		{"# A\n## B ##\n####### no\n#no\n### C #x\n", "h1 A|h2 B|####### no #no|h3 C #x"},
		{"# A {#a}\n## GET /x/{id}\n# B {.c}\n", "h1 A|h2 GET /x/{id}|h1 B"},
		{"A\n===\nB\nC\n---\nd\n", "h1 A|h2 B C|d"},
		{"a\nb\n\nc  \nd\\\ne", "a b|c\nd\ne"},
		{"```json\n{\n  \"a\": \"<b>&amp;\"\n}\n```\nx", "{json}{\n  \"a\": \"<b>&amp;\"\n}|x"},
		{"~~~ sh title=x\n```\n~~\n~~~~\nx", "{sh}```\n~~|x"},
		{"````\n```\n````", "{}```"},
		{"```\nopen", "{}open"},
		{"a\n\n    GET /x\n\n      y\nb", "a|{}GET /x\n\n  y|b"},
		{"a\n    b", "a b"},
		{"- a\n- b\n  c\n\n  ```bash\n  ls\n    x\n  ```\n* d\n1. e\n2) f\n", "a|b c|{bash}ls\n  x|d|e|f"},
		{"- [ ] x\n-y\n", "[ ] x -y"},
		{"> a\n> b\n>\n> ```\n> c\n", "a b|{}> c"},
		{"a\n***\nb\n\n---\n", "a|b"},
		{"| N | T |\n|---|:-:|\n| `a|b` | x \\| y |\n| c |\n\nz", "[\"N\",\"T\"][[\"`a\",\"b`\",\"x | y\"],[\"c\"]]|z"},
		{"p\nN | T\n--|--\na | **b**\nx", "p|[\"N\",\"T\"][[\"a\",\"b\"]]|x"},
		{"<details>\n<summary>S</summary>\n\n```http\nGET /\n```\n\n</details>\n", "S|{http}GET /"},
		{"<pre>\na *b*\n\nc\n</pre>\n*d*", "{}a *b*\n\nc|d"},
		{"<!-- # x\n\n# y -->\n# z", "h1 z"},
		{"---\ntitle: T\n---\n# A", "h1 A"},
		{"\xEF\xBB\xBF# A\r\n\r\nb\r\nc", "h1 A|b c"},
		{"", ""},
	};

	for (int i = 0; i < (int) lengthof(cases); i++)
		is_str(texts(cases[i].markdown), cases[i].want, "blocks, case %d", i);
}

static void
test_inline(void)
{
	static const struct
	{
		const char *markdown;
		const char *want;
	} cases[] = {
		{"**GET** `/users/{id}` *now*", "GET /users/{id} now"},
		{"a_b_c _d_ __e__ _id 2 * 3 * 4 /x/* f*", "a_b_c d e _id 2 * 3 * 4 /x/* f*"},
		{"***both*** ~~gone~~ **_in_**", "both gone in"},
		{"``a`b`` `c ` ``", "a`b c ``"},
		{"\\*x\\* \\<y\\> \\q", "*x* <y> \\q"},
		{"/users/<id>/x <b>b</b> 1 < 2 <3", "/users/<id>/x b 1 < 2 <3"},
		{"/users/[id] and [x][y] [z]", "/users/[id] and [x][y] [z]"},
		{"![alt](a.png) [![badge](b.svg)](https://x) c", "c"},
		{"&lt;a&gt; &amp; &", "<a> & &"},
		{"`<id>&amp;`", "<id>&amp;"},
		{"a <!-- b --> c", "a c"},
	};

	for (int i = 0; i < (int) lengthof(cases); i++)
		is_str(texts(cases[i].markdown), cases[i].want, "inline, case %d", i);
}

static void
test_links(void)
{
	is_str(member("[a *b*](/x?y=\"1\"&z \"t\") [c](<d e>) <https://e/f>", "anchors"),
		   "[{\"href\":\"/x?y=\\\"1\\\"&z\",\"text\":\"a b\"},{\"href\":\"d\",\"text\":\"c\"},{\"href\":\"https://e/f\",\"text\":\"https://e/f\"}]",
		   "links");
	is_str(member("[a](b(c)d) [e]( f", "anchors"), "[{\"href\":\"b(c)d\",\"text\":\"a\"}]", "targets with brackets");
	is_str(member("---\ntitle: The <API>\n---\n", "title"), "\"The <API>\"", "the title of front matter");
	is_str(member("# A", "title"), NULL, "no title");
}

/* 300 kB and more each; libcmark-gfm needs seconds for the first. */
static void
test_bombs(void)
{
	AcError err;

	ok(parse_times(ac_markdown_parse, "![[]()", 60000, &err), "images");
	ok(parse_times(ac_markdown_parse, "[a](b", 60000, &err), "open links");
	ok(parse_times(ac_markdown_parse, "*a _b ", 60000, &err), "open emphasis");
	ok(parse_times(ac_markdown_parse, "`a``b```c", 60000, &err), "open code");
	ok(parse_times(ac_markdown_parse, "<b ", 100000, &err), "open tags");
	ok(parse_times(ac_markdown_parse, "> > - 1. ", 60000, &err), "markers");
	ok(parse_times(ac_markdown_parse, "|-", 200000, &err), "bars");
	ok(parse_times(ac_markdown_parse, "a|b\n-|-\n", 30000, &err), "tables");
	ok(parse_times(ac_markdown_parse, "[", 300000, &err), "brackets");
	ok(!parse_times(ac_markdown_parse, "# a\n", 1000000, &err), "a million headings");
	is_int(err.code, AC_ERR_TOO_LARGE, "are too many");
}

static void
test_interrupt(void)
{
	char *text = palloc(300001);
	AcJsonText input = {text, 300000, AC_JSON_MAX_DEPTH, interrupt};
	AcJson *doc;
	AcError err;

	memset(text, '\n', 300000);
	ok(!ac_markdown_parse(&input, &doc, &err), "a long text can be interrupted");
	is_int(err.code, AC_ERR_INTERRUPTED, "and says so");
}

int
main(void)
{
	test_blocks();
	test_inline();
	test_links();
	test_bombs();
	test_interrupt();
	return done_testing();
}
