/*
 * test_names.c
 *		Are names of APIs turned into SQL names as doc/inference.md S9 says?
 */
#include "ac.h"

#include "api/names.h"

#include "tap.h"

static void
test_snake(void)
{
	static const struct
	{
		const char *text;
		const char *want;
	} cases[] = {
		{"id", "id"},
		{"valueLink", "value_link"},
		{"ValueLink", "value_link"},
		{"value-link", "value_link"},
		{"value link", "value_link"},
		{"value_link", "value_link"},
		{"value.link", "value_link"},
		{"valuelink", "valuelink"},
		{"HTTPServer", "http_server"},
		{"parseHTTPResponse", "parse_http_response"},
		{"userID", "user_id"},
		{"userIDs", "user_ids"},
		{"IDs", "ids"},
		{"imageURLsOfUser", "image_urls_of_user"},
		{"sha256Sum", "sha256_sum"},
		{"address2", "address2"},
		{"x-Rate-Limit", "x_rate_limit"},
		{"filter[status]", "filter_status"},
		{"__typename", "typename"},
		{"  padded  ", "padded"},
		{"a__b", "a_b"},
		{"", ""},
		{"---", ""},
		{"\xC3\x84rger", "\xC3\xA4rger"}, /* Latin-1 capital */
		{"gr\xC3\xB6\xC3\x9F"
		 "e",
		 "gr\xC3\xB6\xC3\x9F"
		 "e"},
		{"A\xCC\x88rger", "\xC3\xA4rger"},						  /* NFC composes */
		{"\xD0\x98\xD0\xBC\xD1\x8F", "\xD0\xB8\xD0\xBC\xD1\x8F"}, /* Cyrillic */
		{"\xE5\x90\x8D\xE5\x89\x8D", "\xE5\x90\x8D\xE5\x89\x8D"}, /* Han */
		{"a\xE2\x80\xAE"
		 "b",
		 "a_b"}, /* right-to-left override parts words */
		{"a\xE2\x80\x8B"
		 "b",
		 "a_b"}, /* zero-width space */
		{"a\xC2\xA0"
		 "b",
		 "a_b"}, /* no-break space */
		{"a\x01\x02"
		 "b",
		 "a_b"},
		{"a\"; DROP TABLE x; --", "a_drop_table_x"},
		{"a\xFF\xFE"
		 "b",
		 "a_b"}, /* no UTF-8 */
		{"a\xC0\xAF"
		 "b",
		 "a_b"}, /* overlong */
		{"a\xED\xA0\x80"
		 "b",
		 "a_b"}, /* surrogate */
		{"\xF0\x9F\x98\x80"
		 "ok",
		 "\xF0\x9F\x98\x80"
		 "ok"}, /* beyond the BMP */
	};
	int i;

	for (i = 0; i < (int) lengthof(cases); i++)
		is_str(ac_names_snake(cases[i].text), cases[i].want, "snake of \"%s\"",
			   cases[i].text);
}

static void
test_columns(void)
{
	static const struct
	{
		const char *text;
		const char *want;
	} cases[] = {
		{"orderId", "order_id"},
		{"_id", "_id"},
		{"_links", "_links"},
		{"$ref", "ref"},
		{"@odata.type", "odata_type"},
		{"+1", "plus_1"},
		{"-1", "minus_1"},
		{"2fa", "_2fa"},
		{"", "column"},
		{"!!!", "column"},
		{"ctid", "ctid_"},
		{"tableoid", "tableoid_"},
		{"XMIN", "xmin_"},
		{"select", "select"}, /* quoting is another's business */
	};
	char *name;
	int i;

	for (i = 0; i < (int) lengthof(cases); i++)
		is_str(ac_names_column(cases[i].text), cases[i].want,
			   "column of \"%s\"", cases[i].text);
	name = ac_names_column("a_name_that_is_very_much_longer_than_the_sixty_"
						   "three_bytes_of_an_identifier");
	is_int(strlen(name), 63, "a long name is cut to 63 bytes");
	ok(strspn(name + 59, "0123456789abcdef") == 4 && name[58] == '_',
	   "and ends in four hex digits: %s", name);
	/* 20 characters of three bytes each, an "a" in front */
	name = ac_names_column("a\xE5\x90\x8D\xE5\x90\x8D\xE5\x90\x8D\xE5\x90\x8D"
						   "\xE5\x90\x8D\xE5\x90\x8D\xE5\x90\x8D\xE5\x90\x8D"
						   "\xE5\x90\x8D\xE5\x90\x8D\xE5\x90\x8D\xE5\x90\x8D"
						   "\xE5\x90\x8D\xE5\x90\x8D\xE5\x90\x8D\xE5\x90\x8D"
						   "\xE5\x90\x8D\xE5\x90\x8D\xE5\x90\x8D\xE5\x90\x8D"
						   "\xE5\x90\x8D\xE5\x90\x8D");
	ok(strlen(name) <= 63, "a long name of wide characters fits");
	is_int(((unsigned char) name[strlen(name) - 6] & 0xC0) == 0x80, 1,
		   "its last character is whole");
	is_int((strlen(name) - 5 - 1) % 3, 0, "no character is cut in two");
}

static void
test_uniquify(void)
{
	const char *a_names[] = {"value_link", "valuelink", "value_link"};
	const char *a_originals[] = {"valueLink", "valuelink", "value_link"};
	const char *b_names[] = {"value_link", "value_link", "valuelink"};
	const char *b_originals[] = {"value_link", "valueLink", "valuelink"};
	const char *c_names[] = {"id", "id", "id"};
	const char *c_originals[] = {"ID", "Id", "iD"};
	const char *d_names[4];
	const char *d_originals[4] = {"X", "x", "y", "z"};

	ac_names_uniquify(a_names, a_originals, 3);
	is_str(a_names[2], "value_link", "who is spelled like the name keeps it");
	ok(strncmp(a_names[0], "value_link_", 11) == 0 && strlen(a_names[0]) == 15,
	   "the other gets a hash: %s", a_names[0]);
	ac_names_uniquify(b_names, b_originals, 3);
	is_str(b_names[1], a_names[0], "whatever the order");
	ac_names_uniquify(c_names, c_originals, 3);
	is_str(c_names[0], "id", "the smallest original keeps the name");
	ok(strcmp(c_names[1], c_names[2]) != 0 && strcmp(c_names[1], "id") != 0,
	   "names that differ in case only are told apart");

	/* somebody already has the name that the hash would make */
	d_names[0] = d_names[1] = "x";
	d_names[2] = ac_names_salted("x", "X");
	d_names[3] = ac_names_salted("x", "X#");
	ac_names_uniquify(d_names, d_originals, 4);
	ok(strcmp(d_names[0], d_names[2]) != 0 &&
		   strcmp(d_names[0], d_names[3]) != 0 &&
		   strcmp(d_names[0], "x") != 0,
	   "a hash that is taken is not taken again: %s", d_names[0]);
	is_str(d_names[1], "x", "and the exact name stays");
}

/* Whatever comes in, names are unique, valid and short. */
static void
test_property(void)
{
	static const char alphabet[] = "aAbB_-.1 \xC3\xA4\xE5\x90\x8D\"'%";
	uint64 seed = 20240501;
	int round;
	int bad = 0;

	for (round = 0; round < 300; round++)
	{
		const char *names[40];
		const char *originals[40];
		int i;
		int j;

		for (i = 0; i < 40; i++)
		{
			int len = (int) (tap_random(&seed) % 80);
			char *text = palloc(len + 10);

			for (j = 0; j < len; j++)
				text[j] = alphabet[tap_random(&seed) % (sizeof(alphabet) - 1)];
			sprintf(text + len, "%c%d", i % 2 ? 'q' : 'Q', i / 8);
			originals[i] = text;
			names[i] = ac_names_column(text);
			for (j = 0; j < i; j++)
				if (strcmp(originals[j], originals[i]) == 0)
					originals[i] = psprintf("%s!%d", text, i);
		}
		ac_names_uniquify(names, originals, 40);
		for (i = 0; i < 40; i++)
		{
			bad += strlen(names[i]) > AC_NAME_MAX || names[i][0] == '\0';
			bad += strcspn(names[i], "\"' %.-") != strlen(names[i]);
			for (j = 0; j < i; j++)
				bad += strcmp(names[i], names[j]) == 0;
		}
	}
	is_int(bad, 0, "random names are unique, short and free of punctuation");
}

static void
test_words(void)
{
	static const struct
	{
		const char *plural;
		const char *singular;
	} cases[] = {
		{"orders", "order"},
		{"categories", "category"},
		{"addresses", "address"},
		{"boxes", "box"},
		{"batches", "batch"},
		{"statuses", "status"},
		{"status", "status"},
		{"analysis", "analysis"},
		{"people", "person"},
		{"children", "child"},
		{"houses", "house"},
		{"keys", "key"},
		{"line_items", "line_item"},
		{"series", "series"},
		{"order", "order"},
		{"bus", "bus"},
	};
	int i;

	for (i = 0; i < (int) lengthof(cases); i++)
		is_str(ac_names_singular(cases[i].plural), cases[i].singular,
			   "singular of %s", cases[i].plural);
	ok(ac_names_equal("customer_id", "customerId"), "customer_id = customerId");
	ok(ac_names_equal("Customer-ID", "customerId"), "case and separators");
	ok(!ac_names_equal("", "-"), "nothing equals nothing");
	ok(ac_names_alike("order", "Orders"), "singular and plural");
	ok(ac_names_alike("lineItems", "line-item"), "also spelled differently");
	ok(!ac_names_alike("orders", "order_lines"), "but not other words");
	ok(ac_names_temporal("created_at") && ac_names_temporal("updatedAt") &&
		   ac_names_temporal("expires") && ac_names_temporal("birth_date") &&
		   ac_names_temporal("created_on") && ac_names_temporal("ts") &&
		   ac_names_temporal("date_joined"),
	   "temporal names");
	ok(!ac_names_temporal("format") && !ac_names_temporal("location") &&
		   !ac_names_temporal("at") && !ac_names_temporal("runtimes"),
	   "names that are not");
	ok(ac_names_identifier("id") && ac_names_identifier("customerId") &&
		   ac_names_identifier("account_sid") && ac_names_identifier("UUID"),
	   "identifiers");
	ok(!ac_names_identifier("paid") && !ac_names_identifier("valid") &&
		   !ac_names_identifier("idea"),
	   "words that only end so");
}

/* A megabyte of capitals takes no time, and no more than 63 bytes. */
static void
test_long(void)
{
	size_t len = 1024 * 1024;
	char *text = palloc(len + 1);

	memset(text, 'A', len);
	text[len] = '\0';
	is_int(strlen(ac_names_column(text)), AC_NAME_MAX, "a megabyte of capitals is a name");
	text[0] = '3';
	is_int(strlen(ac_names_snake(text)), 1000, "of a code the first thousand characters");
}

int
main(void)
{
	test_long();
	test_snake();
	test_columns();
	test_uniquify();
	test_property();
	test_words();
	return done_testing();
}
