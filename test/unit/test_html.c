/*
 * test_html.c
 *		Is a page's readable text found, and nothing that a browser hides?
 */
#include "page_test.h"

#include "core/html.h"
#include "core/utf8.h"

static AcJson *
parse(const char *text)
{
	AcJsonText input = {text, strlen(text), AC_JSON_MAX_DEPTH, NULL};
	AcJson *doc;
	AcError err;

	if (!ac_html_parse(&input, &doc, &err))
	{
		ok(false, "could not parse: %s", err.message);
		return NULL;
	}
	return doc;
}

/* One member of the document as JSON. */
static const char *
member(const char *text, const char *name)
{
	AcJson *doc = parse(text);
	AcJson *node = ac_json_get(ac_json_get(doc, "html"), name);
	const char *written = node != NULL ? ac_json_to_text(node) : NULL;

	ac_json_free(doc);
	return written;
}

/* Blocks in short: "h2:...|text|code(json):...|[head][row]". */
static void
describe_cells(StringInfo out, AcJson *cells)
{
	int i;

	appendStringInfoChar(out, '[');
	for (i = 0; i < ac_json_length(cells); i++)
		appendStringInfo(out, "%s%s", i > 0 ? ";" : "", ac_json_string(ac_json_at(cells, i), NULL));
	appendStringInfoChar(out, ']');
}

static void
describe(StringInfo out, AcJson *block)
{
	const char *kind = ac_json_get_string(block, "kind");
	const char *language = ac_json_get_string(block, "language");
	int i;

	if (strcmp(kind, "heading") == 0)
		appendStringInfo(out, "h%d:", (int) ac_json_int(ac_json_get(block, "level"), 0));
	if (strcmp(kind, "code") == 0)
		appendStringInfo(out, "code(%s):", language != NULL ? language : "");
	if (strcmp(kind, "table") != 0)
	{
		appendStringInfoString(out, ac_json_get_string(block, "text"));
		return;
	}
	if (ac_json_has(block, "head"))
	{
		appendStringInfoChar(out, '^');
		describe_cells(out, ac_json_get(block, "head"));
	}
	for (i = 0; i < ac_json_length(ac_json_get(block, "rows")); i++)
		describe_cells(out, ac_json_at(ac_json_get(block, "rows"), i));
}

static const char *
blocks(const char *text)
{
	AcJson *doc = parse(text);
	AcJson *list = ac_json_get(ac_json_get(doc, "html"), "blocks");
	StringInfoData out;
	int i;

	initStringInfo(&out);
	for (i = 0; i < ac_json_length(list); i++)
	{
		if (i > 0)
			appendStringInfoChar(&out, '|');
		describe(&out, ac_json_at(list, i));
	}
	ac_json_free(doc);
	return out.data;
}

typedef struct Case
{
	const char *what;
	const char *html;
	const char *want;
} Case;

static const Case text_cases[] = {
	{"paragraphs", "<p>a  b\n c<p>d</p> e", "a b c|d|e"},
	{"inline elements", "<p>a<b>b</b> <i>c</i>,d</p>", "ab c,d"},
	{"a line break", "<p>a <br> b<br/>c</p>", "a\nb\nc"},
	{"headings", "<h1>A</h1>x<h3 id=q>B <a href=#q>#</a></h3><h2>C<a class=headerlink>\xC2\xB6</a></h2>", "h1:A|x|h3:B|h2:C"},
	{"a button within a heading", "<h2>List <button>Copy</button> users</h2>", "h2:List users"},
	{"lists", "<ul><li>a<li>b<ul><li>c</ul></ul><dl><dt>t<dd>d</dl>", "a|b|c|t|d"},
	{"references", "<p>&lt;a&gt; &amp;amp; &#123;id&#x7D; &lbrace;x&rbrace; &unknown; &copy 1 &#128; &#0; &#xD800; a&b</p>",
	 "<a> &amp; {id} {x} &unknown; \xC2\xA9 1 \xE2\x82\xAC \xEF\xBF\xBD \xEF\xBF\xBD a&b"},
	{"no references in queries", "<p>?a=1&lt=2&amp;x=3", "?a=1&lt=2&x=3"},
	{"hidden parts", "<p>a<script>x<p>y</script><style>p{}</style><span hidden>h<span>h</span>h</span><template>t</template><svg><text>s</text></svg>b<noscript>n</noscript>", "a b"},
	{"hidden by style", "<div style='color:red; display: none'>x<div>y</div>z</div>a", "a"},
	{"a tab that is not in front", "<div role=tabpanel hidden>a</div>", "a"},
	{"navigation", "<nav><ul><li><a href=/x>GET users</a></ul></nav>a", "a"},
	{"comments", "a<!-- <p>b --> c<!--> d<!-- e --!> f<![CDATA[g]]>h<?php i ?>j<!-", "a c d fhj"},
	{"what is no tag", "a < b <3 </ > c", "a < b <3 </ > c"},
	{"a verb in a badge", "<p><span class=badge>GET</span><code>/users</code></p>", "GET /users"},
	{"no verb", "<p><span>widget</span>s</p>", "widgets"},
	{"invisible characters", "<p>/us\xE2\x80\x8B"
							 "ers<wbr>/a\xC2\xAD"
							 "b&nbsp;c</p>",
	 "/users/ab c"},
	{"unclosed attributes", "a<p title=\"x>y", "a"},
	{"nothing", "", ""},
	{"text alone", "just text", "just text"},
	{"bytes that are no UTF-8", "<p>a\xFF"
								"b\xC3(",
	 "a\xEF\xBF\xBD"
	 "b\xEF\xBF\xBD("},
	{"declared Latin-1", "<meta charset=iso-8859-1><p>\xE9\x80", "\xC3\xA9\xE2\x82\xAC"},
	{"declared Latin-1 that is UTF-8", "<meta charset=iso-8859-1><p>\xC3\xA9", "\xC3\xA9"},
	{"control characters", "<p>a\x01"
						   "b\x7F",
	 "a b"},
};

static const Case code_cases[] = {
	{"white space", "<pre>\n  {\n\t\"a\":  1\n  }\n</pre>", "code():  {\n\t\"a\":  1\n  }"},
	{"a class of code", "<pre><code class=\"hljs language-json\">{}</code></pre>", "code(json):{}"},
	{"a class of pre", "<pre class='lang-Bash'>ls</pre>", "code(bash):ls"},
	{"Slate", "<pre class=\"highlight shell tab-shell\"><code>curl</code></pre>", "code(shell):curl"},
	{"GitHub", "<div class=\"highlight highlight-source-json\"><pre>{}</pre></div>", "code(json):{}"},
	{"Sphinx", "<div class=\"highlight-http notranslate\"><div class=\"highlight\"><pre><span></span>GET /</pre></div></div>", "code(http):GET /"},
	{"data-lang", "<pre data-lang=json>{}</pre>", "code(json):{}"},
	{"the language ends with its block", "<div class=language-json><pre>{}</pre></div><pre>x</pre>", "code(json):{}|code():x"},
	{"lines as elements", "<pre><code><div>a</div><div>b</div><span>c<br></span>d</code></pre>", "code():a\nb\nc\nd"},
	{"highlighting", "<pre><span>{</span><b>\"a\"</b>:<i>1</i>}</pre>", "code():{\"a\":1}"},
	{"a copy button", "<pre>a<button>Copy</button>b</pre>", "code():ab"},
	{"references", "<pre>&lt;id&gt;</pre>", "code():<id>"},
	{"inline code is text", "<p>call <code>GET  /x</code> now</p>", "call GET /x now"},
	{"CRLF", "<pre>a\r\nb</pre>", "code():a\nb"},
};

static const Case table_cases[] = {
	{"head and rows", "<table><thead><tr><th>Name<th>Type</tr><tbody><tr><td>id<td>int<tr><td>x</td><td></td></table>", "^[Name;Type][id;int][x;]"},
	{"no head", "<table><tr><td>a<td>b</table>", "[a;b]"},
	{"row heads", "<table><tr><th>a<td>b<tr><th>c<td>d</table>", "[a;b][c;d]"},
	{"blocks in cells", "<table><tr><td><p>a</p><ul><li>b<li>c</ul></td><td>d</table>", "[a b c;d]"},
	{"code in a cell", "<table><tr><td>a<td><pre>x\ny</pre><td>b</table>c", "[a;]|code():x\ny|[b]|c"},
	{"line numbers", "<table><tr><td class=linenos><pre>1\n2</pre></td><td><pre>a\nb</pre></td></tr></table>", "code():a\nb"},
	{"a table for layout", "<table><tr><td>x<table><tr><td>1<td>2</table>y</table>z", "[x]|[1;2]|y|z"},
	{"text around", "a<table><tr><td>b</table>c", "a|[b]|c"},
	{"empty ones", "<table></table><table><tr><td></table>", ""},
};

static void
check(const char *what, const Case *cases, int n)
{
	int i;

	for (i = 0; i < n; i++)
		is_str(blocks(cases[i].html), cases[i].want, "%s: %s", what, cases[i].what);
}

static void
test_parts(void)
{
	is_str(member("<title> A &amp; B </title><title>C</title>", "title"), "\"A & B\"", "the title");
	is_str(member("<svg><title>icon</title></svg>", "blocks"), NULL, "no block of an icon");
	is_str(member("<base href='/v1/'><base href=/x>", "base"), "\"/v1/\"", "the base");
	is_str(member("<link rel=\"service-desc\" type=application/json href=/openapi.json><link rel=icon>", "links"),
		   "[{\"rel\":\"service-desc\",\"type\":\"application/json\",\"href\":\"/openapi.json\"},{\"rel\":\"icon\"}]", "links");
	is_str(member("<meta http-equiv=Refresh content=\"0; URL='/docs/'\">", "links"),
		   "[{\"rel\":\"refresh\",\"href\":\"/docs/\"}]", "where the page leads");
	is_str(member("<script src=a.js></script><script id=x type=application/json>{\"a\":\"&lt;</b>\"}</script>", "scripts"),
		   "[{\"src\":\"a.js\"},{\"id\":\"x\",\"type\":\"application/json\",\"text\":\"{\\\"a\\\":\\\"&lt;</b>\\\"}\"}]", "scripts");
	is_str(member("<SCRIPT>if (a</script >b", "scripts"), "[{\"text\":\"if (a\"}]", "a script's end");
	is_str(member("<redoc spec-url='a.json' Foo></redoc><rapi-doc id=r spec-url=b.json>", "elements"),
		   "[{\"name\":\"redoc\",\"attributes\":{\"spec-url\":\"a.json\",\"foo\":\"\"}},"
		   "{\"name\":\"rapi-doc\",\"id\":\"r\",\"attributes\":{\"id\":\"r\",\"spec-url\":\"b.json\"}}]",
		   "elements that name a description");
	is_str(member("<script id=api-reference data-url=/o.json></script>", "elements"),
		   "[{\"name\":\"script\",\"id\":\"api-reference\",\"attributes\":{\"id\":\"api-reference\",\"data-url\":\"/o.json\"}}]", "by an attribute");
	is_str(member("<div data-x=1>", "elements"), NULL, "no others");
	is_str(member("<nav><a href='/a?b=1&amp;c=2'>One <b>two</b></a><a name=x>y</a><a href=/b>u</nav>", "anchors"),
		   "[{\"href\":\"/a?b=1&c=2\",\"text\":\"One two\"},{\"href\":\"/b\",\"text\":\"u\"}]", "anchors, also of the navigation");
	is_str(member("<form action=/login method=post><input type=text><input type=PASSWORD></form><form></form>", "forms"),
		   "[{\"action\":\"/login\",\"method\":\"post\",\"password\":true},{}]", "forms");
	is_str(member("<input type=password>", "forms"), "[{\"password\":true}]", "a password without form");
	is_str(member("<p>x", "anchors"), NULL, "nothing where there is nothing");
}

static const char *
example(const char *code)
{
	AcJson *doc = parse(psprintf("<pre>%s</pre>", code));
	AcJson *block = ac_json_at(ac_json_get(ac_json_get(doc, "html"), "blocks"), 0);
	const char *written = ac_json_has(block, "json") ? ac_json_to_text(ac_json_get(block, "json")) : NULL;

	ac_json_free(doc);
	return written;
}

static void
test_examples(void)
{
	is_str(example("{\"a\": [1, 2]}"), "{\"a\":[1,2]}", "JSON");
	is_str(example("HTTP/1.1 200 OK\nContent-Type: application/json\n\n[{\"a\": 1}]"), "[{\"a\":1}]", "an answer");
	is_str(example("{\"a\": 1, // one\n\"b\": \"//x,\", /* two */ \"c\": [1, 2, ...], # three\n ...\n}"),
		   "{\"a\":1,\"b\":\"//x,\",\"c\":[1,2]}", "comments and what is left out");
	is_str(example("[..., {\"a\": 1,}, , \xE2\x80\xA6]"), "[{\"a\":1}]", "commas");
	is_str(example("{\"a\": \"\\\"}\""), NULL, "what does not end");
	is_str(example("{a: 1}"), NULL, "JavaScript");
	is_str(example("curl x"), NULL, "a command");
	is_str(example("HTTP/1.1 204 No Content"), NULL, "an answer without a body");
}

/* Each a megabyte or more; libxml2 needs seconds for the second. */
static void
test_bombs(void)
{
	AcError err;

	ok(parse_times(ac_html_parse, "<div>", 300000, &err), "deep nesting");
	ok(parse_times(ac_html_parse, " a=1 b=2 c", 100000, &err), "text like attributes");
	ok(parse_times(ac_html_parse, "<a b=", 200000, &err), "tags in tags");
	ok(parse_times(ac_html_parse, "<!--", 300000, &err), "open comments");
	ok(parse_times(ac_html_parse, "<script>", 200000, &err), "open scripts");
	ok(parse_times(ac_html_parse, "</x>", 300000, &err), "stray ends");
	ok(parse_times(ac_html_parse, "&#x110000;&amp", 100000, &err), "references");
	ok(!parse_times(ac_html_parse, "<p>a", 1000000, &err), "a million blocks");
	is_int(err.code, AC_ERR_TOO_LARGE, "are too many");
	ok(!parse_times(ac_html_parse, "<tr><td>a", 1000000, &err), "a million rows");
	is_int(err.code, AC_ERR_TOO_LARGE, "are too many");
	ok(!parse_times(ac_html_parse, "<a href=x>a", 1000000, &err), "a million anchors");
	is_int(err.code, AC_ERR_TOO_LARGE, "are too many");
	ok(!parse_times(ac_html_parse, "<pre>[{},{},{},{},{},{},{},{}]</pre>", 100000, &err), "examples of a million objects");
	is_int(err.code, AC_ERR_TOO_LARGE, "are too many");
}

static void
test_interrupt(void)
{
	AcJsonText input = {NULL, 300000, AC_JSON_MAX_DEPTH, interrupt};
	char *text = palloc(300000);
	AcJson *doc;
	AcError err;

	memset(text, '<', 300000);
	for (int i = 1; i < 300000; i += 3)
		text[i] = 'p', text[i + 1] = '>';
	input.text = text;
	ok(!ac_html_parse(&input, &doc, &err), "a long page can be interrupted");
	is_int(err.code, AC_ERR_INTERRUPTED, "and says so");
}

/* Memory that runs out anywhere is an error or a missing part, no crash. */
static void
test_no_memory(void)
{
	static const char text[] = "<title>t</title><h1>a</h1><p>b<a href=x>c</a><pre>d</pre><table><tr><th>e<tr><td>f</table><script>g</script>";
	int i;

	for (i = 0; i < 100; i++)
	{
		AcJsonText input = {text, strlen(text), AC_JSON_MAX_DEPTH, NULL};
		AcJson *doc = NULL;
		AcError err;

		ac_alloc_fail_malloc_after(i);
		if (ac_html_parse(&input, &doc, &err))
			ac_json_free(doc);
		ac_alloc_reset();
	}
	ok(true, "out of memory");
}

int
main(void)
{
	check("text", text_cases, lengthof(text_cases));
	check("code", code_cases, lengthof(code_cases));
	check("tables", table_cases, lengthof(table_cases));
	test_parts();
	test_examples();
	test_bombs();
	test_interrupt();
	test_no_memory();
	return done_testing();
}
