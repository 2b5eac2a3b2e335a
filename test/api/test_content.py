"""Are the bodies exactly as wrong as the scenarios' names say?"""

import json
from decimal import Decimal

import faults_body
from harness import ROWS_KEY, SceneTest, thing


class Content(SceneTest):
    """What bodies hold."""

    def body(self, scenario):
        return self.scene(scenario).body

    def first_row(self, scenario):
        return self.scene(scenario).json()["things"][0]

    def test_hostile_names(self):
        names = faults_body.HOSTILE_NAMES
        row = self.first_row("hostile_names")
        self.assertEqual(len(row), 3 + len(names))
        document = self.scene("hostile_names", "/openapi.json").json()
        declared = document["components"]["schemas"]["Thing"]["properties"]
        self.assertEqual(set(declared), set(row))
        self.assertEqual(len({name.lower() for name in names}),
                         len(names) - 2)
        self.assertIn("nul\0name", self.first_row("hostile_names;nul=1"))
        document = self.scene("hostile_names;declared=0",
                              "/openapi.json").json()
        declared = document["components"]["schemas"]["Thing"]["properties"]
        self.assertEqual(len(declared), 3)

    def test_duplicate_keys(self):
        self.assertEqual(self.body("duplicate_keys").count(b'"value":'), 8)
        self.assertEqual(self.first_row("duplicate_keys"), thing(1))

    def test_zero_characters(self):
        self.assertIn(rb"\u0000", self.body("nul_escape"))
        self.assertIn(b"\0", self.body("nul_byte"))

    def test_bad_utf8(self):
        for kind, bad in faults_body.BAD_UTF8.items():
            for where in ("value", "name", "other"):
                body = self.body("bad_utf8;kind=%s;where=%s" % (kind, where))
                self.assertIn(bad, body)
                with self.assertRaises(UnicodeDecodeError):
                    body.decode("utf-8")

    def test_lone_surrogates(self):
        for kind in ("high", "low", "reversed", "half"):
            row = self.first_row("lone_surrogate;kind=" + kind)
            with self.assertRaises(UnicodeEncodeError):
                row["name"].encode()
        self.first_row("lone_surrogate;kind=pair")["name"].encode()

    def test_big_numbers(self):
        body = self.body("big_numbers")
        self.assertIn(b":1e400", body)
        self.assertIn(b"0.1234567890123456789012345678901234567890", body)
        self.assertNotIn(b'"two_63"', body)
        body = self.body("big_numbers;only=two_63,two_64,thirty_digits")
        for number in (b"9223372036854775808", b"18446744073709551616",
                       b"123456789012345678901234567890"):
            self.assertIn(b":" + number, body)
        document = self.scene("big_numbers;only=two_64;type=number",
                              "/openapi.json").json()
        thing_schema = document["components"]["schemas"]["Thing"]
        self.assertEqual(thing_schema["properties"]["two_64"],
                         {"type": "number"})

    def test_changes_of_shape(self):
        rows = [answer.json()["things"][0]
                for answer in self.pages("type_change")]
        self.assertEqual([row["value"] for row in rows[:3]],
                         [Decimal("1.25"), "many", Decimal("9.25")])
        rows = [answer.json()["things"][0]
                for answer in self.pages("missing_field")]
        self.assertNotIn("value", rows[1])
        self.assertIn("value", rows[0])
        rows = [answer.json()["things"][0]
                for answer in self.pages("new_field")]
        self.assertEqual(["extra" in row for row in rows],
                         [False, True, False, False, False])

    def test_sizes(self):
        self.assertEqual(len(self.first_row("wide;columns=1700")), 1703)
        self.assertGreater(len(self.first_row("long_string;kb=64")["name"]),
                           65536)
        self.assertIn(b"[" * 100_000 + b"1" + b"]" * 100_000,
                      self.body("deep_nesting;rows=1"))
        self.assertIn(b'{"a":' * 500,
                      self.body("deep_nesting;rows=1;kind=object;depth=500"))
        self.assertEqual(self.body("deep_body"), b"[" * 100_000)
        self.assertGreater(len(self.body("white_space;mb=1")), 1024 * 1024)

    def test_rows_not_objects(self):
        for kind, expected in (("number", 0), ("text", "row 0"),
                               ("null", None), ("array", [0]),
                               ("boolean", True)):
            row = self.first_row("rows_not_objects;kind=" + kind)
            self.assertEqual(row, expected)
        rows = self.scene("rows_not_objects;mixed=1").json()["things"]
        self.assertEqual(rows[0], thing(1))
        self.assertEqual(rows[-1], 3)

    def test_envelopes(self):
        for style, key in ROWS_KEY.items():
            body = self.scene("rows_missing;style=" + style).json()
            self.assertNotIn(key, body)
            self.assertTrue(body)
        self.assertEqual(self.scene("rows_value").json(), {"things": None})
        self.assertEqual(self.body("rows_value;style=link"), b"null")
        for form, key in (("ok", "ok"), ("success", "success"),
                          ("errors", "errors"), ("fault", "fault")):
            answer = self.scene("not_ok;form=" + form)
            self.assertEqual(answer.status, 200)
            self.assertIn(key, answer.json())
        self.assertEqual(self.scene("not_ok;form=rows").json()["things"], [])
        self.assertTrue(self.scene("truncated_flag").json()[
            "incomplete_results"])

    def test_bad_json(self):
        for kind in faults_body.BAD_JSON:
            for style in ("cursor", "link"):
                body = self.body("bad_json;kind=%s;style=%s" % (kind, style))
                if kind in ("nan", "infinity"):     # Python takes these
                    self.assertRegex(body, b"NaN|Infinity")
                    continue
                with self.assertRaises(ValueError, msg=kind):
                    json.loads(body)

    def test_whole_bodies(self):
        plain = self.body("plain")
        self.assertEqual(self.body("trailing_garbage"), plain + b"}garbage")
        self.assertEqual(self.body("second_document").count(plain[:-14]), 2)
        self.assertEqual(self.body("bom"), b"\xef\xbb\xbf" + plain)
        self.assertEqual(self.body("bom;encoding=utf-16")[:2], b"\xff\xfe")
        answer = self.scene("empty_body")
        self.assertEqual((answer.status, answer.headers["Content-Length"]),
                         (200, "0"))
        answer = self.scene("html")
        self.assertEqual(answer.status, 200)
        self.assertTrue(answer.headers["Content-Type"].startswith("text/html"))
        answer = self.scene("no_content")
        self.assertEqual((answer.status, answer.body), (204, b""))

    def test_media_types(self):
        answer = self.scene("content_type")
        self.assertEqual(answer.headers["Content-Type"], "text/plain")
        self.assertEqual(answer.json()["things"][0], thing(1))
        answer = self.scene("content_type;type=none")
        self.assertIsNone(answer.headers["Content-Type"])
        answer = self.scene("latin1")
        self.assertIn("iso-8859-1", answer.headers["Content-Type"])
        self.assertIn("thìng 1", answer.body.decode("latin-1"))
