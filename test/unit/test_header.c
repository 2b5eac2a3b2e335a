/*
 * test_header.c
 *		Do header fields mean what RFC 9110, 9112 and 8288 say they mean?
 */
#include "ac.h"

#include "core/header.h"
#include "tap.h"

static AcHeadersStatus
add(AcHeaders *headers, const char *line)
{
	return ac_headers_add_line(headers, line, strlen(line));
}

/* Headers of one field. */
static AcHeaders *
field(const char *name, const char *value)
{
	AcHeaders *headers = ac_headers_create();

	add(headers, psprintf("%s: %s", name, value));
	return headers;
}

static void
test_store(void)
{
	AcHeaders *h = ac_headers_create();
	const AcHeaderField *field;
	int pos = 0;

	is_int(add(h, "HTTP/1.1 200 OK\r\n"), AC_HEADERS_OK, "status line");
	is_int(h->status, 200, "status");
	is_int(add(h, "Content-Type:  application/json \t\r\n"), AC_HEADERS_OK, "field");
	is_str(ac_header_get(h, "content-type"), "application/json", "name in any case, value trimmed");
	is_int(add(h, "X-Empty:\r\n"), AC_HEADERS_OK, "empty value");
	is_str(ac_header_get(h, "X-Empty"), "", "empty value is there");
	is_int(add(h, "Link: <a>\n"), AC_HEADERS_OK, "bare LF");
	is_int(add(h, "LINK: <b>"), AC_HEADERS_OK, "no line end");
	is_str(ac_header_get(h, "Link"), "<a>", "the first of two");
	is_str(ac_header_joined(h, "link"), "<a>, <b>", "both, joined");
	is_str(ac_header_joined(h, "none"), NULL, "none to join");
	is_str(ac_header_get(h, "none"), NULL, "none to get");
	is_int(add(h, "\r\n"), AC_HEADERS_OK, "the empty line");
	is_int(h->count, 4, "four fields");
	field = ac_header_next(h, "link", &pos);
	ok(field != NULL && strcmp(field->name, "Link") == 0, "iteration: first");
	field = ac_header_next(h, "link", &pos);
	ok(field != NULL && strcmp(field->value, "<b>") == 0, "iteration: second");
	ok(ac_header_next(h, "link", &pos) == NULL, "iteration: end");
	add(h, "HTTP/2 404\r\n");
	is_int(h->status, 404, "a status line without reason");
	is_int(h->count, 0, "a new response has no fields");
	is_int(add(h, "HTTP/1.1 2x0 OK\r\n"), AC_HEADERS_MALFORMED, "bad status");
	is_int(add(h, "HTTP/1.1\r\n"), AC_HEADERS_MALFORMED, "no status");
}

static void
test_lengths(void)
{
	AcHeaders *h = field("Content-Length", "5");

	ok(!ac_header_lengths_differ(h), "one length");
	add(h, "content-length: 5");
	ok(!ac_header_lengths_differ(h), "the same twice");
	add(h, "CONTENT-LENGTH: 6");
	ok(ac_header_lengths_differ(h), "two lengths");
	ok(!ac_header_lengths_differ(ac_headers_create()), "none");
}

static void
test_store_malformed(void)
{
	AcHeaders *h = ac_headers_create();

	is_int(add(h, " folded: x\r\n"), AC_HEADERS_MALFORMED, "folding of nothing");
	is_int(add(h, "Name : x\r\n"), AC_HEADERS_MALFORMED, "space before the colon");
	is_int(add(h, "  folded\r\n"), AC_HEADERS_MALFORMED, "folding of a bad line");
	is_int(add(h, ": x\r\n"), AC_HEADERS_MALFORMED, "no name");
	is_int(add(h, "Name\r\n"), AC_HEADERS_MALFORMED, "no colon");
	is_int(add(h, "N\xC3\xA4me: x\r\n"), AC_HEADERS_MALFORMED, "name outside ASCII");
	is_int(h->count, 0, "nothing was added");
	add(h, "A: one\r\n");
	is_int(add(h, "\t two\r\n"), AC_HEADERS_OK, "folded line");
	is_str(ac_header_get(h, "A"), "one two", "joined with one space");
	add(h, "B:\r\n");
	add(h, "  late\r\n");
	is_str(ac_header_get(h, "B"), "late", "folded behind an empty value");
	add(h, "  again\r\n");
	is_str(ac_header_get(h, "B"), "late again", "folded twice");
	ac_headers_add_line(h, "C: a\0b\rc\r\n", 10);
	is_str(ac_header_get(h, "C"), "a b c", "NUL and CR become spaces");
}

static void
test_store_limits(void)
{
	AcHeaders *h = ac_headers_create();
	char *big = palloc(AC_HEADERS_MAX_BYTES + 16);
	int i;

	for (i = 0; i < AC_HEADERS_MAX_FIELDS; i++)
		if (add(h, "A: b") != AC_HEADERS_OK)
			break;
	is_int(i, AC_HEADERS_MAX_FIELDS, "as many fields as allowed");
	is_int(add(h, "A: b"), AC_HEADERS_FULL, "one too many");
	ac_headers_clear(h);
	/* "A", NUL, value, NUL */
	memset(big, 'x', AC_HEADERS_MAX_BYTES + 16);
	memcpy(big, "A:", 2);
	is_int(ac_headers_add_line(h, big, AC_HEADERS_MAX_BYTES), AC_HEADERS_FULL, "too long");
	is_int(h->count, 0, "nothing was added");
	is_int(ac_headers_add_line(h, big, AC_HEADERS_MAX_BYTES - 1), AC_HEADERS_OK, "just not too long");
	is_int(add(h, " y"), AC_HEADERS_FULL, "no room to fold");
	is_int(add(h, "B: c"), AC_HEADERS_FULL, "no room for another");
	is_int((int) strlen(ac_header_get(h, "A")), AC_HEADERS_MAX_BYTES - 3, "the value is whole");
}

/* A link list as text: target|rel,rel|anchor; ... */
static char *
show_links(const AcLinkList *list)
{
	StringInfoData out;
	int i;
	int k;

	initStringInfo(&out);
	for (i = 0; i < list->count; i++)
	{
		appendStringInfo(&out, "%s%s|", i ? "; " : "", list->links[i].target);
		for (k = 0; k < list->links[i].nrels; k++)
			appendStringInfo(&out, "%s%s", k ? "," : "", list->links[i].rels[k]);
		if (list->links[i].anchor != NULL)
			appendStringInfo(&out, "|%s", list->links[i].anchor);
	}
	return out.data;
}

static void
test_links(void)
{
	static const struct
	{
		const char *value;
		const char *shown;
	} cases[] = {
		/* RFC 8288 3.5 */
		{"<http://example.com/TheBook/chapter2>; rel=\"previous\"; title=\"previous chapter\"",
		 "http://example.com/TheBook/chapter2|previous"},
		{"</>; rel=\"http://example.net/foo\"", "/|http://example.net/foo"},
		{"</terms>; rel=\"copyright\"; anchor=\"#foo\"", "/terms|copyright|#foo"},
		{"</TheBook/chapter2>; rel=\"previous\"; title*=UTF-8'de'letztes%20Kapitel, "
		 "</TheBook/chapter4>; rel=\"next\"; title*=UTF-8'de'n%c3%a4chstes%20Kapitel",
		 "/TheBook/chapter2|previous; /TheBook/chapter4|next"},
		{"<http://example.org/>; rel=\"start http://example.net/relation/other\"",
		 "http://example.org/|start,http://example.net/relation/other"},
		{"<https://example.org/>; rel=\"start\", <https://example.org/index>; rel=\"index\"",
		 "https://example.org/|start; https://example.org/index|index"},
		/* around it */
		{"<a>;rel=next", "a|next"},
		{"<a> ; rel = next", "a|next"},
		{"<a>; REL=\"Next\"", "a|next"},
		{"<a>; rel=\"next last\"", "a|next,last"},
		{"<a>; rel=next; rel=prev", "a|next"},
		{"<a>", "a|"},
		{"<>; rel=next", "|next"},
		{"<a,b;c>; rel=next", "a,b;c|next"},
		{"<a>; title=\"x, <b>; rel=prev\"; rel=next", "a|next"},
		{"<a>; title=\"q\\\"u\"; rel=next", "a|next"},
		{"<a>; rel=\"next", "a|next"},
		{", ,<a>; rel=next,, <b>; rel=last,", "a|next; b|last"},
		{"<a>; foo; rel=next", "a|next"},
		{"<a>;; rel=next", "a|next"},
		/* appendix B.3: an unquoted value ends at ';' or ',' only */
		{"<a>; rel=next junk, <b>; rel=last", "a|next,junk; b|last"},
		{"junk, <b>; rel=last", "b|last"},
		{"\"<x>; rel=next\", <b>; rel=last", "b|last"},
		{"<a; rel=next", ""},
		{"<a", ""},
		{"", ""},
	};
	AcLinkList list;
	AcHeaders *h = ac_headers_create();
	StringInfoData many;
	size_t i;

	for (i = 0; i < lengthof(cases); i++)
	{
		ac_header_links(field("Link", cases[i].value), &list);
		is_str(show_links(&list), cases[i].shown, "%s", cases[i].value);
	}
	add(h, "Link: <a>; rel=first; type=\"text/x\", <b>; rel=next; anchor=\"/x\"");
	add(h, "link: <c>; rel=\"NEXT last\"; Title=t");
	ac_header_links(h, &list);
	is_int(list.count, 3, "three links in two fields");
	is_str(ac_header_link_rel(&list, "next")->target, "c", "one with an anchor is passed over");
	is_str(ac_header_link_rel(&list, "Last")->target, "c", "by its second relation");
	ok(ac_header_link_rel(&list, "prev") == NULL, "none with that relation");

	initStringInfo(&many);
	for (i = 0; i < AC_LINKS_MAX + 5; i++)
		appendStringInfoString(&many, "<a>; rel=next, ");
	ac_header_links(field("Link", many.data), &list);
	is_int(list.count, AC_LINKS_MAX, "no more links than allowed");
}

static void
test_media(void)
{
	static const struct
	{
		const char *value;
		const char *essence; /* NULL: no media type */
		const char *charset;
		bool json;
		bool html;
	} cases[] = {
		{"application/json", "application/json", NULL, true, false},
		{"Application/JSON; Charset=UTF-8", "application/json", "utf-8", true, false},
		{"application/json;charset=\"utf-8\"", "application/json", "utf-8", true, false},
		{"text/json", "text/json", NULL, true, false},
		{"application/problem+json", "application/problem+json", NULL, true, false},
		{"application/vnd.api+json; version=1", "application/vnd.api+json", NULL, true, false},
		{"application/hal+JSON", "application/hal+json", NULL, true, false},
		{"application/x-ndjson", "application/x-ndjson", NULL, false, false},
		{"application/jsonlines", "application/jsonlines", NULL, false, false},
		{"application/json-seq", "application/json-seq", NULL, false, false},
		{"text/html; charset=ISO-8859-4", "text/html", "iso-8859-4", false, true},
		{"application/xhtml+xml", "application/xhtml+xml", NULL, false, true},
		{"text/plain", "text/plain", NULL, false, false},
		{"a/b; x=\";charset=no\"; charset=yes", "a/b", "yes", false, false},
		{"a/b; charset=one; charset=two", "a/b", "one", false, false},
		{"application/json, text/html", "application/json", NULL, true, false},
		{"json", NULL, NULL, false, false},
		{"/json", NULL, NULL, false, false},
		{"application/", NULL, NULL, false, false},
		{"application/js on=1/x", "application/js", NULL, false, false},
		{"a/b/c", NULL, NULL, false, false},
		{"", NULL, NULL, false, false},
		{NULL, NULL, NULL, false, false},
	};
	size_t i;

	for (i = 0; i < lengthof(cases); i++)
	{
		const char *name = cases[i].value ? cases[i].value : "NULL";
		AcMediaType media;

		ok(ac_media_parse(cases[i].value, &media) == (cases[i].essence != NULL), "%s", name);
		is_str(media.essence, cases[i].essence, "%s: essence", name);
		is_str(media.charset, cases[i].charset, "%s: charset", name);
		ok(ac_media_is_json(cases[i].value) == cases[i].json, "%s: json", name);
		ok(ac_media_is_html(cases[i].value) == cases[i].html, "%s: html", name);
	}
}

static void
test_sniff(void)
{
	static const struct
	{
		const char *body;
		AcBodyKind kind;
	} cases[] = {
		{"", AC_BODY_EMPTY},
		{" \r\n\t", AC_BODY_EMPTY},
		{"{\"a\":1}", AC_BODY_JSON},
		{"\xEF\xBB\xBF [1]", AC_BODY_JSON},
		{"\"text\"", AC_BODY_JSON},
		{"-1", AC_BODY_JSON},
		{"null", AC_BODY_JSON},
		{"true", AC_BODY_JSON},
		{"nul", AC_BODY_OTHER},
		{"<!DOCTYPE html><html>", AC_BODY_HTML},
		{"<!doctype HTML>", AC_BODY_HTML},
		{"\n<html lang=en>", AC_BODY_HTML},
		{"<!-- x -->\n<html>", AC_BODY_HTML},
		{"<?xml version=\"1.0\"?><html>", AC_BODY_HTML},
		{"<?xml version=\"1.0\"?><Error/>", AC_BODY_XML},
		{"<feed/>", AC_BODY_XML},
		{"Not Found", AC_BODY_OTHER},
		{"%PDF", AC_BODY_OTHER},
	};
	size_t i;

	for (i = 0; i < lengthof(cases); i++)
		is_int(ac_media_sniff(cases[i].body, strlen(cases[i].body)),
			   cases[i].kind, "sniff %d", (int) i);
	is_int(ac_media_sniff("<!DOCTYPE html>", 4), AC_BODY_XML, "cut short");
	is_int(ac_media_sniff("\0{", 2), AC_BODY_OTHER, "a NUL byte");
}

/* scheme[token68](name=value,...); ... */
static char *
show_challenges(const AcChallengeList *list)
{
	StringInfoData out;
	int i;
	int k;

	initStringInfo(&out);
	for (i = 0; i < list->count; i++)
	{
		const AcChallenge *c = &list->challenges[i];

		appendStringInfo(&out, "%s%s", i ? "; " : "", c->scheme);
		for (k = 0; k < c->nparams; k++)
			appendStringInfo(&out, "%s%s=%s", k ? "," : "(",
							 c->params[k].name, c->params[k].value);
		if (c->nparams > 0)
			appendStringInfoChar(&out, ')');
	}
	return out.data;
}

static void
test_challenges(void)
{
	static const struct
	{
		const char *value;
		const char *shown;
	} cases[] = {
		{"Basic realm=\"simple\"", "basic(realm=simple)"},
		/* RFC 9110 11.6.1 */
		{"Basic realm=\"simple\", Newauth realm=\"apps\", type=1, title=\"Login to \\\"apps\\\"\"",
		 "basic(realm=simple); newauth(realm=apps,type=1,title=Login to \"apps\")"},
		/* RFC 6750 3 */
		{"Bearer realm=\"example\", error=\"invalid_token\", error_description=\"The access token expired\"",
		 "bearer(realm=example,error=invalid_token,error_description=The access token expired)"},
		{"Bearer", "bearer"},
		{"Negotiate", "negotiate"},
		{"Negotiate, Basic realm=x", "negotiate; basic(realm=x)"},
		{"Negotiate a87421000492aa874209af8bc028==, Bearer", "negotiate; bearer"},
		{"NTLM TlRMTVNTUAAC/+8, Bearer scope=\"a b\"", "ntlm; bearer(scope=a b)"},
		{"Basic realm = \"a\" , charset=\"UTF-8\"", "basic(realm=a,charset=UTF-8)"},
		{"Basic realm=\"a, Digest realm=b\"", "basic(realm=a, Digest realm=b)"},
		{"Digest realm=\"a\", qop=\"auth, auth-int\", nonce=x", "digest(realm=a,qop=auth, auth-int,nonce=x)"},
		{",, Basic realm=\"a\",", "basic(realm=a)"},
		{"realm=\"a\"", ""},
		{"\"junk\", Basic realm=\"a\"", "basic(realm=a)"},
		{"Basic realm=\"a", "basic(realm=a)"},
		{"=, Bearer", "bearer"},
		{"", ""},
	};
	AcChallengeList list;
	AcHeaders *h = ac_headers_create();
	size_t i;

	for (i = 0; i < lengthof(cases); i++)
	{
		ac_header_challenges(field("WWW-Authenticate", cases[i].value), &list);
		is_str(show_challenges(&list), cases[i].shown, "%s", cases[i].value);
	}
	add(h, "WWW-Authenticate: Basic realm=\"a\"");
	add(h, "www-authenticate: Bearer SCOPE=\"read write\"");
	ac_header_challenges(h, &list);
	is_int(list.count, 2, "two fields");
	is_str(ac_header_challenge_param(&list.challenges[1], "scope"), "read write", "scope");
	is_str(ac_header_challenge_param(&list.challenges[0], "scope"), NULL, "no scope");
}

int
main(void)
{
	test_store();
	test_lengths();
	test_store_malformed();
	test_store_limits();
	test_links();
	test_media();
	test_sniff();
	test_challenges();
	return done_testing();
}
