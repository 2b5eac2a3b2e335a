/*
 * test_url.c
 *		Are URLs handled as RFC 3986, and our stricter rules, say?
 */
#include "ac.h"

#include "core/url.h"
#include "tap.h"

static AcUrl
parsed(const char *text)
{
	AcUrl url;
	AcError err;

	ac_error_clear(&err);
	if (!ac_url_parse(text, &url, &err))
	{
		ok(false, "parse %s: %s", text, err.message);
		ac_url_parse("http://unparsable.invalid/", &url, NULL);
	}
	return url;
}

static void
test_parse(void)
{
	static const struct
	{
		const char *text;
		const char *again; /* ac_url_text() */
		const char *host;
		int port;
		const char *origin;
	} good[] = {
		{"https://api.example", "https://api.example/", "api.example", 443, "https://api.example"},
		{"HTTPS://API.Example:443/V1?a=B#C", "https://api.example:443/V1?a=B#C", "api.example", 443, "https://api.example"},
		{"http://h:8080/x", "http://h:8080/x", "h", 8080, "http://h:8080"},
		{"http://h:/x", "http://h/x", "h", 80, "http://h"},
		{"http://h:443/", "http://h:443/", "h", 443, "http://h:443"},
		{"http://h?q", "http://h/?q", "h", 80, "http://h"},
		{"http://h#f", "http://h/#f", "h", 80, "http://h"},
		{"http://h/?", "http://h/?", "h", 80, "http://h"},
		{"http://u:p@h/", "http://u:p@h/", "h", 80, "http://h"},
		{"http://[::1]:8080/", "http://[::1]:8080/", "::1", 8080, "http://[::1]:8080"},
		{"http://[0:0:0:0:0:0:0:1]/", "http://[::1]/", "::1", 80, "http://[::1]"},
		{"http://[2001:DB8::A]/", "http://[2001:db8::a]/", "2001:db8::a", 80, "http://[2001:db8::a]"},
		{"http://127.0.0.1/", "http://127.0.0.1/", "127.0.0.1", 80, "http://127.0.0.1"},
		{"http://h/a/../b", "http://h/a/../b", "h", 80, "http://h"},
		{"http://h/caf\xC3\xA9?x=\xC3\xA9", "http://h/caf%C3%A9?x=%C3%A9", "h", 80, "http://h"},
		{"http://h/?page[number]=2", "http://h/?page[number]=2", "h", 80, "http://h"},
		{"http://h/a[1]{b}|", "http://h/a%5B1%5D%7Bb%7D%7C", "h", 80, "http://h"},
		{"http://h/?u=http://x?y", "http://h/?u=http://x?y", "h", 80, "http://h"},
		{"http://xn--bcher-kva.example/", "http://xn--bcher-kva.example/", "xn--bcher-kva.example", 80, "http://xn--bcher-kva.example"},
		{"http://my_host.local./", "http://my_host.local./", "my_host.local.", 80, "http://my_host.local."},
	};
	static const char *const bad[] = {
		"",
		"h",
		"/v1",
		"//h/v1",
		"ftp://h/",
		"file:///etc/passwd",
		"http:",
		"http:/",
		"http://",
		"http:///x",
		"http:h/x",
		"http://:80/",
		"http://u@/",
		"http://h:0/",
		"http://h:65536/",
		"http://h:99999999999/",
		"http://h:8a/",
		"http://h:-1/",
		"http://h:80:80/",
		"http://h o/",
		"http://h/ ",
		" http://h/",
		"http://h/a b",
		"http://h/\n",
		"http://h/\x7F",
		"http://h/?a\tb",
		"http://h\\x/",
		"http://h/a\\b",
		"http://h/%",
		"http://h/%4",
		"http://h/%zz",
		"http://h/?a=%",
		"http://h/#%x",
		"http://%68/",
		"http://h%2Fx/",
		"http://b\xC3\xBC"
		"cher.example/",
		"http://[::1/",
		"http://[::g]/",
		"http://[]/",
		"http://[::1]x/",
		"http://[fe80::1%25eth0]/",
		"http://::1/",
		"http://127.1/",
		"http://0x7f000001/",
		"http://2130706433/",
		"http://0x7f.1/",
		"http://127.0.0.1./",
		"http://256.0.0.1/",
		"http://1.2.3.4.5/",
		"http://a@b@h/",
		"http://h,x/",
		"http://h<x/",
		"http://./",
		"javascript:alert(1)",
		"http//h/",
		"://h/",
	};
	size_t i;

	for (i = 0; i < lengthof(good); i++)
	{
		AcUrl url = parsed(good[i].text);

		is_str(ac_url_text(&url), good[i].again, "%s: text", good[i].text);
		is_str(url.host, good[i].host, "%s: host", good[i].text);
		is_int(url.port, good[i].port, "%s: port", good[i].text);
		is_str(ac_url_origin(&url), good[i].origin, "%s: origin", good[i].text);
	}
	for (i = 0; i < lengthof(bad); i++)
	{
		AcUrl url;
		AcError err;

		ac_error_clear(&err);
		ok(!ac_url_parse(bad[i], &url, &err) &&
			   err.code == AC_ERR_OPTION_VALUE && err.message[0] != '\0',
		   "bad URL number %d is refused", (int) i);
	}
}

static void
test_parse_parts(void)
{
	AcUrl url = parsed("https://user:p%40ss@h.example:8443/a/b?x=1&y#frag");
	AcError err;
	char *longest = palloc(AC_URL_MAX_LENGTH + 2);

	is_str(url.scheme, "https", "scheme");
	is_str(url.userinfo, "user:p%40ss", "userinfo");
	is_str(url.path, "/a/b", "path");
	is_str(url.query, "x=1&y", "query");
	is_str(url.fragment, "frag", "fragment");
	ok(url.port_given, "port is given");

	url = parsed("https://h");
	is_str(url.path, "/", "an empty path is /");
	ok(url.userinfo == NULL && url.query == NULL && url.fragment == NULL &&
		   !url.port_given,
	   "what is absent is NULL");
	url = parsed("https://h/?#");
	ok(url.query && !*url.query && url.fragment && !*url.fragment,
	   "empty query and fragment are not absent");

	ok(!ac_url_parse("http://user:hunter2@h:x/", &url, &err), "bad port");
	ok(strstr(err.message, "hunter2") == NULL, "no password in the message");
	ok(!ac_url_parse("http://b\xC3\xBC/", &url, &err) &&
		   strstr(err.hint, "punycode") != NULL,
	   "hint says punycode");

	memset(longest, 'a', AC_URL_MAX_LENGTH + 1);
	memcpy(longest, "http://h/", 9);
	longest[AC_URL_MAX_LENGTH + 1] = '\0';
	ok(!ac_url_parse(longest, &url, &err), "one byte too long");
	longest[AC_URL_MAX_LENGTH] = '\0';
	ok(ac_url_parse(longest, &url, &err), "the longest URL");
}

/* All of RFC 3986 5.4.1 and 5.4.2; an empty path is "/" here. */
static void
test_resolve(void)
{
	static const struct
	{
		const char *reference;
		const char *target; /* NULL: refused */
	} cases[] = {
		{"g:h", NULL},
		{"g", "http://a/b/c/g"},
		{"./g", "http://a/b/c/g"},
		{"g/", "http://a/b/c/g/"},
		{"/g", "http://a/g"},
		{"//g", "http://g/"},
		{"?y", "http://a/b/c/d;p?y"},
		{"g?y", "http://a/b/c/g?y"},
		{"#s", "http://a/b/c/d;p?q#s"},
		{"g#s", "http://a/b/c/g#s"},
		{"g?y#s", "http://a/b/c/g?y#s"},
		{";x", "http://a/b/c/;x"},
		{"g;x", "http://a/b/c/g;x"},
		{"g;x?y#s", "http://a/b/c/g;x?y#s"},
		{"", "http://a/b/c/d;p?q"},
		{".", "http://a/b/c/"},
		{"./", "http://a/b/c/"},
		{"..", "http://a/b/"},
		{"../", "http://a/b/"},
		{"../g", "http://a/b/g"},
		{"../..", "http://a/"},
		{"../../", "http://a/"},
		{"../../g", "http://a/g"},
		{"../../../g", "http://a/g"},
		{"../../../../g", "http://a/g"},
		{"/./g", "http://a/g"},
		{"/../g", "http://a/g"},
		{"g.", "http://a/b/c/g."},
		{".g", "http://a/b/c/.g"},
		{"g..", "http://a/b/c/g.."},
		{"..g", "http://a/b/c/..g"},
		{"./../g", "http://a/b/g"},
		{"./g/.", "http://a/b/c/g/"},
		{"g/./h", "http://a/b/c/g/h"},
		{"g/../h", "http://a/b/c/h"},
		{"g;x=1/./y", "http://a/b/c/g;x=1/y"},
		{"g;x=1/../y", "http://a/b/c/y"},
		{"g?y/./x", "http://a/b/c/g?y/./x"},
		{"g?y/../x", "http://a/b/c/g?y/../x"},
		{"g#s/./x", "http://a/b/c/g#s/./x"},
		{"g#s/../x", "http://a/b/c/g#s/../x"},
		{"http:g", NULL}, /* strict: "http:g", which has no host */
		/* ours */
		{"https://other.example/x", "https://other.example/x"},
		{"HTTP://A/x", "http://a/x"},
		{"http://h/a/../../b", "http://h/b"},
		{"%2e%2E/g", "http://a/b/g"},
		{".%2e/g", "http://a/b/g"},
		{"/a//../b", "http://a/a/b"},
		{"  g \r\n", "http://a/b/c/g"},
		{"?after=2024-01-01 00:00:00", "http://a/b/c/d;p?after=2024-01-01%2000:00:00"},
		{"?q=100%", "http://a/b/c/d;p?q=100%25"},
		{"?a=%3D", "http://a/b/c/d;p?a=%3D"},
		{"//h:8080/x", "http://h:8080/x"},
		{"g h", NULL},
		{"g\\h", NULL},
		{"g\x01", NULL},
		{"/%zz", NULL},
		{"//", NULL},
		{"///x", NULL},
		{"//user:pw@h/", NULL},
		{"http://user@h/", NULL},
		{"ftp://h/", NULL},
		{"javascript:alert(1)", NULL},
		{"http://", NULL},
	};
	AcUrl base = parsed("http://a/b/c/d;p?q");
	AcUrl out;
	AcError err;
	size_t i;

	for (i = 0; i < lengthof(cases); i++)
	{
		bool good = ac_url_resolve(&base, cases[i].reference, &out, &err);

		is_str(good ? ac_url_text(&out) : NULL, cases[i].target,
			   "reference %d: \"%s\"", (int) i,
			   cases[i].target ? cases[i].reference : "(refused)");
	}
	ok(!ac_url_resolve(&base, "g:h", &out, &err) &&
		   err.code == AC_ERR_FORBIDDEN,
	   "another scheme is forbidden");
	ok(!ac_url_resolve(&base, "//u:p@h/", &out, &err) &&
		   err.code == AC_ERR_FORBIDDEN,
	   "userinfo is forbidden");
	ok(!ac_url_resolve(&base, "a\\b", &out, &err) &&
		   err.code == AC_ERR_MALFORMED,
	   "a backslash is malformed");

	base = parsed("http://u:p@h:81/a/b");
	ac_url_resolve(&base, "c", &out, NULL);
	is_str(ac_url_text(&out), "http://u:p@h:81/a/c", "same authority keeps userinfo and port");
	ac_url_resolve(&base, "//h/c", &out, NULL);
	is_str(ac_url_text(&out), "http://h/c", "a new authority drops both");
	ac_url_resolve(&base, "https://h/c", &out, NULL);
	is_int(out.port, 443, "a new scheme has its own default port");
}

static void
test_origin_and_below(void)
{
	static const struct
	{
		const char *base;
		const char *url;
		bool below;
	} cases[] = {
		{"https://h/v1", "https://h/v1", true},
		{"https://h/v1", "https://h/v1/", true},
		{"https://h/v1/", "https://h/v1", true},
		{"https://h/v1", "https://h/v1/orders?x=1#f", true},
		{"https://h/v1", "https://h:443/v1/orders", true},
		{"https://h/v1", "https://user@H/v1/orders", true},
		{"https://h/", "https://h/anything", true},
		{"https://h", "https://h/../x", true},
		{"https://h/v1", "https://h/v10", false},
		{"https://h/v1", "https://h/v", false},
		{"https://h/v1", "https://h/", false},
		{"https://h/v1", "https://h/V1/x", false},
		{"https://h/v1", "http://h/v1/x", false},
		{"https://h/v1", "https://h:8443/v1/x", false},
		{"https://h/v1", "https://g/v1/x", false},
		{"https://h/v1", "https://h.evil.example/v1/x", false},
		{"https://h/v1", "https://h/v1/../admin", false},
		{"https://h/v1", "https://h/v1/..", false},
		{"https://h/v1", "https://h/v1/a/../b", true},
		{"https://h/v1", "https://h/v1/%2e%2e/admin", false},
		{"https://h/v1", "https://h/v1/%2E./admin", false},
		{"https://h/v1", "https://h/v1/..%2fadmin", false},
		{"https://h/v1", "https://h/v1/..%2Fadmin", false},
		{"https://h/v1", "https://h/v1/%2e%2e%2fadmin", false},
		{"https://h/v1", "https://h/v1/..%5cadmin", false},
		{"https://h/v1", "https://h/v1/x%2F..%2F..%2Fadmin", false},
		{"https://h/v1", "https://h/v1/a%2Fb", true},
		{"https://h/v1", "https://h/v1%2Fx", false},
		{"https://h/v1", "https://h/v1/..;/admin", false},
		{"https://h/v1", "https://h/v1/..%3Bx/admin", false},
		{"https://h/v1", "https://h/v1//../admin", false},
		{"https://h/v1", "https://h/./v1/x", true},
		{"https://h/a/../v1", "https://h/v1/x", true},
		{"https://h/v1", "https://h/x/../v1/y", true},
		{"https://h/v1", "https://h/v1/...", true},
	};
	AcUrl a = parsed("https://h/x");
	AcUrl b;
	size_t i;

	for (i = 0; i < lengthof(cases); i++)
	{
		AcUrl base = parsed(cases[i].base);
		AcUrl url = parsed(cases[i].url);

		ok(ac_url_is_below(&base, &url) == cases[i].below, "%s %s below %s",
		   cases[i].url, cases[i].below ? "is" : "is not", cases[i].base);
	}
	b = parsed("https://h:443/y");
	ok(ac_url_same_origin(&a, &b), "the default port is the same origin");
	b = parsed("http://h/x");
	ok(!ac_url_same_origin(&a, &b), "another scheme is not");
	b = parsed("https://h:444/x");
	ok(!ac_url_same_origin(&a, &b), "another port is not");
	b = parsed("https://h./x");
	ok(!ac_url_same_origin(&a, &b), "another host is not");
}

static void
test_join(void)
{
	static const struct
	{
		const char *base;
		const char *path;
		const char *joined;
	} cases[] = {
		{"https://h/v1", "/orders", "https://h/v1/orders"},
		{"https://h/v1/", "/orders", "https://h/v1/orders"},
		{"https://h/v1", "orders", "https://h/v1/orders"},
		{"https://h", "/orders", "https://h/orders"},
		{"https://h", "/", "https://h/"},
		{"https://h/v1", "/", "https://h/v1/"},
		{"https://h/v1", "", "https://h/v1"},
		{"https://h/v1?k=1", "/orders", "https://h/v1/orders?k=1"},
		{"https://h/v1?k=1", "/orders?x=2", "https://h/v1/orders?x=2"},
		{"https://h:81/v1#f", "/a/b", "https://h:81/v1/a/b"},
		{"https://h/v1", "/a%2Fb", "https://h/v1/a%2Fb"},
	};
	size_t i;

	for (i = 0; i < lengthof(cases); i++)
	{
		AcUrl base = parsed(cases[i].base);

		is_str(ac_url_join(&base, cases[i].path), cases[i].joined,
			   "%s and \"%s\"", cases[i].base, cases[i].path);
	}
}

static void
test_encode(void)
{
	static const struct
	{
		const char *value;
		size_t len;
		const char *segment; /* NULL: cannot be expressed */
	} cases[] = {
		{"abc-._~XYZ019", 13, "abc-._~XYZ019"},
		{"a/b", 3, "a%2Fb"},
		{"a b+c", 5, "a%20b%2Bc"},
		{"%2e", 3, "%252e"},
		{"\xC3\xA9", 2, "%C3%A9"},
		{"a\0b", 3, "a%00b"},
		{"?#&=:@!$'()*,;", 14, "%3F%23%26%3D%3A%40%21%24%27%28%29%2A%2C%3B"},
		{"../..", 5, "..%2F.."},
		{"...", 3, "..."},
		{".a", 2, ".a"},
		{"", 0, NULL},
		{".", 1, NULL},
		{"..", 2, NULL},
	};
	StringInfoData out;
	AcError err;
	size_t len;
	size_t i;

	for (i = 0; i < lengthof(cases); i++)
	{
		bool good;

		initStringInfo(&out);
		good = ac_url_encode_segment(cases[i].value, cases[i].len, &out, &err);
		is_str(good ? out.data : NULL, cases[i].segment, "segment %d", (int) i);
		if (!good)
			is_int(err.code, AC_ERR_CANNOT_EXPRESS, "segment %d: code", (int) i);
	}
	initStringInfo(&out);
	ac_url_encode_query("a b&c=d/e\xC3\xA9", 11, &out);
	is_str(out.data, "a%20b%26c%3Dd%2Fe%C3%A9", "query value");
	is_str(ac_url_decode("a+b%20c%2", 9, true, &len), "a b c%2", "decode, plus is a space");
	is_int(len, 7, "decoded length");
	is_str(ac_url_decode("a+b%zz", 6, false, NULL), "a+b%zz", "decode, plus is a plus");
	is_int((ac_url_decode("a%00b", 5, false, &len), len), 3, "an encoded NUL counts");
}

/* Looks names up in a list of name, value, ..., NULL. */
static bool
lookup_pair(void *arg, const char *name, const char **value, size_t *len)
{
	const char *const *pairs = arg;

	for (; *pairs != NULL; pairs += 2)
	{
		if (strcmp(pairs[0], name) != 0)
			continue;
		*value = pairs[1];
		*len = strlen(pairs[1]);
		return true;
	}
	return false;
}

static void
test_templates(void)
{
	static const char *pairs[] = {"id", "7", "repo", "a/b", "dot", "..",
								  "empty", "", "x-y.z", "v", NULL};
	static const struct
	{
		const char *path_template;
		const char *expanded;
		AcErrorCode code;
	} cases[] = {
		{"/users", "/users", AC_ERR_NONE},
		{"/users/{id}", "/users/7", AC_ERR_NONE},
		{"/r/{repo}/i/{id}/{id}", "/r/a%2Fb/i/7/7", AC_ERR_NONE},
		{"/f/{id}.json", "/f/7.json", AC_ERR_NONE},
		{"/f/{id}{x-y.z}", "/f/7v", AC_ERR_NONE},
		{"/a b/\xC3\xA9", "/a%20b/%C3%A9", AC_ERR_NONE},
		{"/users/{none}", NULL, AC_ERR_CANNOT_EXPRESS},
		{"/users/{dot}/x", NULL, AC_ERR_CANNOT_EXPRESS},
		{"/users/{empty}", NULL, AC_ERR_CANNOT_EXPRESS},
		{"/users/{id", NULL, AC_ERR_MALFORMED},
		{"/users/id}", NULL, AC_ERR_MALFORMED},
		{"/users/{}", NULL, AC_ERR_MALFORMED},
		{"/users/{{id}}", NULL, AC_ERR_MALFORMED},
		{"/users{?id}", NULL, AC_ERR_MALFORMED},
		{"/users{/id}", NULL, AC_ERR_MALFORMED},
		{"/users/{+id}", NULL, AC_ERR_MALFORMED},
	};
	StringInfoData out;
	AcError err;
	char **names;
	size_t i;

	for (i = 0; i < lengthof(cases); i++)
	{
		bool good;

		initStringInfo(&out);
		appendStringInfoString(&out, "x");
		ac_error_clear(&err);
		good = ac_url_expand(cases[i].path_template, lookup_pair, pairs, &out, &err);
		is_str(good ? out.data + 1 : NULL, cases[i].expanded, "expand %s",
			   cases[i].path_template);
		is_int(err.code, cases[i].code, "expand %s: code", cases[i].path_template);
		if (!good)
			is_str(out.data, "x", "expand %s: out is as it was",
				   cases[i].path_template);
	}
	is_int(ac_url_template_vars("/a/{x}/{y}/{x}", &names), 2, "two variables");
	is_str(names[0], "x", "first");
	is_str(names[1], "y", "second");
	is_int(ac_url_template_vars("/a", &names), 0, "none");
	is_int(ac_url_template_vars("/a/{x", &names), -1, "malformed");
}

static void
test_query(void)
{
	is_str(ac_url_set_query(NULL, "a", "1"), "a=1", "set in nothing");
	is_str(ac_url_set_query("", "a", "1"), "a=1", "set in an empty query");
	is_str(ac_url_set_query("x=1", "a", "b c"), "x=1&a=b%20c", "append");
	is_str(ac_url_set_query("a=0&x=1", "a", "2"), "a=2&x=1", "replace in place");
	is_str(ac_url_set_query("a=0&x=1&a=3", "a", "2"), "a=2&x=1", "drop repetitions");
	is_str(ac_url_set_query("%61=0&b", "a", "2"), "a=2&b", "by decoded name");
	is_str(ac_url_set_query("x=%zz+1&y", "a", "2"), "x=%zz+1&y&a=2", "others keep their bytes");
	is_str(ac_url_set_query("a=0&x=1", "a", NULL), "x=1", "remove");
	is_str(ac_url_set_query("a=0", "a", NULL), "", "remove the last");
	is_str(ac_url_set_query("page[n]=1", "page[n]", "2"), "page%5Bn%5D=2", "brackets");
	is_str(ac_url_get_query("a=1&b=x+y%26z&b=2", "b"), "x y&z", "get decodes");
	is_str(ac_url_get_query("a=1&b", "b"), "", "get without value");
	is_str(ac_url_get_query("a=1", "b"), NULL, "get nothing");
	is_str(ac_url_get_query(NULL, "b"), NULL, "get from nothing");
	is_str(ac_url_get_query("ab=1", "a"), NULL, "no prefix matches");
}

static void
test_redact(void)
{
	static const struct
	{
		const char *url;
		const char *shown;
	} cases[] = {
		{"https://h/v1/orders?status=open", "https://h/v1/orders?status=open"},
		{"https://user:pw@h/v1", "https://***@h/v1"},
		{"https://user@h/v1", "https://***@h/v1"},
		{"//user:pw@h/v1", "//***@h/v1"},
		{"user:pw@h/v1", "***@h/v1"},
		{"https:/user:pw@h/v1", "https:/***@h/v1"},
		{"https:\\\\user:pw@h/v1", "https:\\\\***@h/v1"},
		{"https://user:p/w@h/v1", "https://***@h/v1"},
		{"https://user:p?w@h/v1", "https://***@h/v1"},
		{"https://user:p#w@h/v1", "https://***@h/v1"},
		{"https://user:p@w@h/v1", "https://***@h/v1"},
		{"https://h/users/@me?email=a@b.example", "https://h/users/@me?email=a@b.example"},
		{"http://localhost:8080/@me", "http://localhost:8080/@me"},
		{"http://[::1]:8080/@me", "http://[::1]:8080/@me"},
		{"https://h/?api_key=S3&x=1", "https://h/?api_key=***&x=1"},
		{"https://h/?x=1&access_token=S3", "https://h/?x=1&access_token=***"},
		{"https://h/?API-Key=S3", "https://h/?API-Key=***"},
		{"https://h/?apiKey=S3", "https://h/?apiKey=***"},
		{"https://h/?key=S3", "https://h/?key=***"},
		{"https://h/?sig=S3&se=1", "https://h/?sig=***&se=1"},
		{"https://h/?X-Amz-Signature=S3", "https://h/?X-Amz-Signature=***"},
		{"https://h/?X-Amz-Credential=S3", "https://h/?X-Amz-Credential=***"},
		{"https://h/?client_secret=a=b", "https://h/?client_secret=***"},
		{"https://h/?password=a;b#c", "https://h/?password=***"},
		{"https://h/cb?code=S3&state=1", "https://h/cb?code=***&state=1"},
		{"https://h/cb#access_token=S3&x=1", "https://h/cb#access_token=***&x=1"},
		{"https://h/?%74oken=S3", "https://h/?%74oken=***"},
		{"https://h/?auth[token]=S3", "https://h/?auth[token]=***"},
		{"https://h/x;token=S3?y=1", "https://h/x;token=***"},
		{"?token=S3", "?token=***"},
		{"token=S3&x=1", "token=***&x=1"},
		{"/v1?token=S3", "/v1?token=***"},
		{"https://h/?page_token=abc", "https://h/?page_token=abc"},
		{"https://h/?country_code=DE&keywords=x&author=y", "https://h/?country_code=DE&keywords=x&author=y"},
		{"https://h/?next=http://u:p@g/", "https://h/?next=***"},
		{"https://h/?next=http%3A%2F%2Fu%3Ap%40g%2F&a=1", "https://h/?next=***&a=1"},
		{"https://h/proxy/http://u:p@g/x", "https://h/proxy/http://***@g/x"},
		{"http://h=http://u:p@g/&c:p@g/&d=1", "http://***@g/&d=1"},
		{"https://h/?token=", "https://h/?token="},
		{"", ""},
		{"https://h/?token", "https://h/?token"},
	};
	size_t i;

	for (i = 0; i < lengthof(cases); i++)
		is_str(ac_url_redact(cases[i].url), cases[i].shown, "redact %s", cases[i].url);
	ok(ac_url_name_is_secret("Authorization"), "Authorization");
	ok(ac_url_name_is_secret("X-API-Key"), "X-API-Key");
	ok(!ac_url_name_is_secret("Accept"), "Accept");
}

int
main(void)
{
	test_parse();
	test_parse_parts();
	test_resolve();
	test_origin_and_below();
	test_join();
	test_encode();
	test_templates();
	test_query();
	test_redact();
	return done_testing();
}
