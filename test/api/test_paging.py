"""Do the scenarios of paging, filters and items, and the benchmark's pages,
hold what their names say?"""

import gzip
import json
import os
import re
import time
from urllib.parse import urljoin

import auth
from faults import FAULTS
from harness import HERE, MAX_PAGES, STYLES, ApiTest, SceneTest, thing


class Plain(SceneTest):
    """Without a fault, in every style."""

    def test_every_style_gives_all_rows(self):
        for style in STYLES:
            scenario = "plain;style=" + style
            self.all_pages_ok(scenario)
            pages = self.pages(scenario)
            self.assertEqual(len(pages), 1 if style == "none" else 5)
            row = self.rows_of(style, pages[0].json())[0]
            self.assertEqual(row, thing(1))

    def test_sizes(self):
        self.assertEqual(self.page_ids("plain;rows=7;size=3"),
                         [[1, 2, 3], [4, 5, 6], [7]])
        self.assertEqual(self.page_ids("plain;rows=0"), [[]])
        answer = self.scene("plain", "/things?limit=100")
        self.assertEqual(len(answer.json()["things"]), 4)
        answer = self.scene("plain", "/things?limit=2")
        self.assertEqual(len(answer.json()["things"]), 2)

    def test_item(self):
        self.assertEqual(self.scene("plain", "/things/3").json(), thing(3))
        for number in ("0", "21", "x"):
            self.assertEqual(self.scene("plain", "/things/" + number).status,
                             404)

    def test_description_of_every_style(self):
        for style in STYLES:
            for version in ("3.0", "3.1"):
                scenario = "plain;style=%s;doc=%s" % (style, version)
                document = self.scene(scenario, "/openapi.json").json()
                self.assertTrue(document["openapi"].startswith(version))
                self.assertEqual(document["servers"],
                                 [{"url": self.root(scenario)}])
                self.assertEqual(set(document["paths"]),
                                 {"/things", "/things/{id}"})

    def test_servers(self):
        def servers(which):
            return self.scene("plain;servers=" + which,
                              "/openapi.json").json().get("servers")
        self.assertIsNone(servers("none"))
        self.assertEqual(servers("relative"), [{"url": "./"}])
        other = self.get("/_port/other").body.decode().strip()
        self.assertIn(":%s/s/" % other, servers("other")[0]["url"])
        self.assertIn(":%d/s/" % self.port, servers("absolute")[0]["url"])

    def test_credentials(self):
        self.assertEqual(self.scene("plain;auth=bearer").status, 401)
        sent = {"Authorization": "Bearer " + auth.BEARER_TOKEN}
        self.assertEqual(self.scene("plain;auth=bearer",
                                    headers=sent).status, 200)
        other = int(self.get("/_port/other").body)
        self.assertEqual(self.scene("plain;auth=bearer", port=other).status,
                         200)
        document = self.scene("plain;auth=cookie", "/openapi.json").json()
        self.assertEqual(document["security"], [{"cookie": []}])

    def test_unknown_names_are_told(self):
        for scenario in ("nothing", "plain;colour=red", "plain;rows=many",
                         "plain;style=spiral"):
            answer = self.scene(scenario)
            self.assertEqual(answer.status, 404)
            self.assertIn(b"bad scenario", answer.body)

    def test_delay(self):
        started = time.monotonic()
        self.scene("plain;delay_ms=150")
        self.assertGreaterEqual(time.monotonic() - started, 0.15)

    def test_gzip(self):
        scenario = "plain;gzip=1;rows=50;pages=1"
        answer = self.scene(scenario, headers={"Accept-Encoding": "gzip"})
        rows = json.loads(gzip.decompress(answer.body))["things"]
        self.assertEqual(len(rows), 50)

    def test_where_and_how_often(self):
        scenario = "status;on=item;status=418"
        self.assertEqual(self.scene(scenario).status, 200)
        self.assertEqual(self.scene(scenario, "/things/1").status, 418)
        scenario = "html;on=spec"
        self.assertEqual(self.scene(scenario).status, 200)
        self.assertIn(b"<html>", self.scene(scenario, "/openapi.json").body)
        scenario = "status;at=2;fail=1;style=page"
        statuses = [self.scene(scenario, "/things?page=%d" % page).status
                    for page in (1, 2, 2, 3)]
        self.assertEqual(statuses, [200, 500, 200, 200])

    def test_two_at_once(self):
        answer = self.scene("bom+content_type")
        self.assertEqual(answer.body[:3], b"\xef\xbb\xbf")
        self.assertEqual(answer.headers["Content-Type"], "text/plain")


class NextPage(SceneTest):
    """Faults of the way to the next page."""

    def test_next_self(self):
        for style in ("link", "next_url", "cursor"):
            pages = self.page_ids("next_self;style=" + style)
            self.assertEqual(pages, [[1, 2, 3, 4]] * MAX_PAGES)

    def test_next_first(self):
        for style in ("link", "next_url", "cursor"):
            pages = self.page_ids("next_first;style=" + style)
            self.assertEqual(pages[2], [9, 10, 11, 12])
            self.assertEqual(pages[3], [1, 2, 3, 4])

    def test_next_other(self):
        for style in ("link", "next_url"):
            self.all_pages_ok("next_other;style=" + style)
        ports = [entry["port"] for entry in self.requests()]
        self.assertEqual(ports, ["main"] + ["other"] * 4
                         + ["main"] + ["other"] * 4)

    def test_next_other_by_name(self):
        body = self.scene("next_other;style=next_url;to=localhost").json()
        self.assertTrue(body["next"].startswith("http://localhost:"))
        body = self.scene("next_other;style=next_url;to=file").json()
        self.assertTrue(body["next"].startswith("file:///"))

    def test_next_relative(self):
        for form in ("path", "query", "file", "scheme"):
            scenario = "next_relative;style=next_url;form=" + form
            url = "http://127.0.0.1:%d%s/things" % (self.port,
                                                    self.root(scenario))
            ids = []
            while url:
                body = self.get_url(url).json()
                ids += [row["id"] for row in body["results"]]
                if body["next"]:
                    self.assertFalse(body["next"].startswith("http"))
                url = body["next"] and urljoin(url, body["next"])
            self.assertEqual(ids, list(range(1, 21)), form)

    def test_next_bad(self):
        self.assertIn("[::bad", self.scene(
            "next_bad;style=next_url").json()["next"])

    def test_more_without_token_and_the_reverse(self):
        body = self.scene("more_without_token").json()
        self.assertEqual((body["has_more"], body["next_cursor"]),
                         (True, None))
        body = self.scene("token_without_more").json()
        self.assertFalse(body["has_more"])
        self.assertTrue(body["next_cursor"])

    def test_end(self):
        for form, value in (("null", None), ("empty", ""), ("false", False)):
            last = self.pages("end;form=" + form)[-1].json()
            self.assertEqual(last["next_cursor"], value)
        last = self.scene("end;form=absent;rows=2;pages=1").json()
        self.assertNotIn("next_cursor", last)

    def test_token_alone(self):
        self.all_pages_ok("token_alone")
        self.assertNotIn("has_more", self.scene("token_alone").json())
        self.all_pages_ok("token_alone;number=1")

    def test_number_token(self):
        self.all_pages_ok("number_token")
        token = self.scene("number_token").json()["next_cursor"]
        self.assertGreater(token, 2 ** 53)

    def test_trailing_token(self):
        self.assertEqual(self.page_ids("trailing_token")[-1], [])
        self.all_pages_ok("trailing_token")


class WrongPages(SceneTest):
    """Pages that are not what was asked for; totals that are not true."""

    def test_ignore_paging(self):
        pages = self.page_ids("ignore_paging;style=cursor")
        self.assertEqual(pages, [[1, 2, 3, 4]] * MAX_PAGES)
        answer = self.scene("ignore_paging;style=offset", "/things?offset=8")
        self.assertEqual(answer.json()["items"][0]["id"], 1)

    def test_repeat_page(self):
        for style in STYLES[:-1]:
            pages = self.page_ids("repeat_page;style=" + style)
            self.assertEqual(pages[1], pages[0])
            self.assertEqual(pages[2], [9, 10, 11, 12])

    def test_repeat_last(self):
        answer = self.scene("repeat_last;style=page", "/things?page=9")
        self.assertEqual([row["id"] for row in answer.json()["data"]],
                         [17, 18, 19, 20])

    def test_past_end(self):
        for status in (404, 400, 416):
            scenario = "past_end;style=page;status=%d" % status
            self.assertEqual(self.scene(scenario, "/things?page=5").status,
                             200)
            self.assertEqual(self.scene(scenario, "/things?page=6").status,
                             status)
        answer = self.scene("plain;style=offset", "/things?offset=20")
        self.assertEqual(answer.json()["items"], [])

    def test_short_pages(self):
        for style in ("cursor", "next_url", "offset"):
            scenario = "short_pages;style=" + style
            self.all_pages_ok(scenario)
            self.assertIn(2, [len(page) for page in self.page_ids(scenario)])
        for style in ("page", "link"):
            self.assertEqual([len(page) for page in
                              self.page_ids("short_pages;style=" + style)],
                             [4, 2, 4, 2, 4])
        pages = self.page_ids("short_pages;lost=1;style=cursor")
        self.assertEqual([len(page) for page in pages], [4, 2, 4, 2, 4])
        meta = self.scene("short_pages;style=page").json()["meta"]
        self.assertEqual((meta["total"], meta["total_pages"]), (16, 5))

    def test_empty_page(self):
        for style in STYLES[:-1]:
            pages = self.page_ids("empty_page;style=" + style)
            self.assertEqual([len(page) for page in pages], [4, 0, 4, 4, 4])

    def test_clamp(self):
        for style, param in (("cursor", "limit"), ("offset", "limit"),
                             ("page", "per_page")):
            scenario = "clamp;max=3;style=" + style
            answer = self.scene(scenario, "/things?%s=500" % param)
            rows = self.rows_of(style, answer.json())
            self.assertEqual(len(rows), 3)
        document = self.scene("clamp", "/openapi.json").json()
        sizes = [parameter["schema"]["maximum"] for parameter
                 in document["paths"]["/things"]["get"]["parameters"]
                 if parameter["name"] == "limit"]
        self.assertEqual(sizes, [500])
        for echo, told in (("granted", 5), ("asked", 500)):
            answer = self.scene("clamp;style=offset;echo=" + echo,
                                "/things?limit=500")
            self.assertEqual(answer.json()["limit"], told)
        answer = self.scene("clamp;style=offset;echo=none")
        self.assertNotIn("limit", answer.json())
        answer = self.scene("clamp;style=page;rows=50",
                            "/things?per_page=500&page=3")
        self.assertEqual(answer.json()["data"][0]["id"], 11)

    def test_totals(self):
        def told(scenario, path="/things"):
            return self.scene(scenario, path).json().get("total")
        self.assertIsNone(told("plain"))
        self.assertEqual(told("total"), 20)
        for style in ("cursor", "offset"):
            self.assertEqual(told("total_high;style=" + style), 27)
            self.assertEqual(told("total_low;style=" + style), 13)
        self.assertEqual(told("total_moving;style=offset",
                              "/things?offset=8"), 22)
        answer = self.scene("total_high;style=link")
        self.assertEqual(answer.headers["X-Total-Count"], "27")
        meta = self.scene("total_low;style=page").json()["meta"]
        self.assertEqual((meta["total"], meta["total_pages"]), (13, 4))
        answers = self.pages("total_first;style=cursor")
        self.assertEqual([answer.json().get("total") for answer in answers],
                         [20, None, None, None, None])

    def test_collection_changes_meanwhile(self):
        ids = self.ids("shrinking;style=offset")
        self.assertNotIn(5, ids)
        self.assertEqual(len(ids), 19)
        ids = self.ids("growing;style=offset")
        self.assertEqual(ids.count(4), 2)


class Filters(SceneTest):
    """Filters, and item paths."""

    def kinds(self, scenario, query):
        answer = self.scene(scenario + ";pages=1", "/things?" + query)
        return answer.json()["things"]

    def test_right_filters(self):
        rows = self.kinds("filters", "kind=red&active=true")
        self.assertEqual([row["id"] for row in rows], [4, 8, 16, 20])
        rows = self.kinds("filters", "owner_id=2")
        self.assertEqual({row["owner_id"] for row in rows}, {2})
        document = self.scene("filters", "/openapi.json").json()
        names = {parameter["name"] for parameter
                 in document["paths"]["/things"]["get"]["parameters"]}
        self.assertTrue({"kind", "owner_id", "active"} <= names)

    def test_wrong_filters(self):
        right = self.kinds("filters", "kind=red")
        self.assertEqual(len(self.kinds("ignore_filters", "kind=red")), 20)
        withheld = self.kinds("filter_withholds", "kind=red")
        self.assertEqual(withheld, right[::2])
        caseless = self.kinds("filter_caseless", "kind=red")
        self.assertEqual({row["kind"] for row in caseless}, {"red", "RED"})
        other = self.kinds("filter_other", "kind=red")
        self.assertNotIn("red", {row["kind"] for row in other})
        self.assertEqual(self.kinds("filter_empty", "kind=red"), [])
        self.assertEqual(self.scene("filter_refused",
                                    "/things?kind=red").status, 400)
        self.assertEqual(self.scene("filter_refused").status, 200)

    def test_hiding_default(self):
        self.assertEqual(len(self.kinds("hiding_default", "")), 10)
        self.assertEqual(len(self.kinds("hiding_default", "state=all")), 20)

    def test_items(self):
        def item(scenario, number):
            return self.scene(scenario, "/things/%d" % number)
        self.assertNotEqual(item("item_other", 3).json()["id"], 3)
        fuller = item("item_fuller", 3).json()
        self.assertEqual(fuller["detail"], "detail 3")
        self.assertEqual({name: fuller[name] for name in thing(3)}, thing(3))
        self.assertEqual(item("item_differs", 3).json()["name"], "THING 3")
        self.assertEqual(item("item_archived", 25).json(), thing(25))
        self.assertNotIn(25, self.ids("item_archived"))
        self.assertEqual(item("item_null", 99).body, b"null")
        self.assertEqual(item("item_null", 3).json(), thing(3))
        self.assertEqual(item("item_empty", 3).json(), {})
        self.assertEqual(item("item_wrapped", 3).json(), {"thing": thing(3)})
        self.assertEqual(item("item_array", 3).json(), [thing(3)])
        self.assertEqual(item("item_missing", 3).status, 404)


class Bench(SceneTest):
    """The pages of the benchmark."""

    def test_rows(self):
        scenario = "bench;rows=2500;size=1000;style="
        for style in ("cursor", "page", "offset", "next_url", "link"):
            url = "http://127.0.0.1:%d%s/rows" % (
                self.port, self.root(scenario + style))
            ids, size = [], 0
            while url:
                answer = self.get_url(url)
                body = answer.json()
                rows = (body["rows"] if style == "cursor"
                        else self.rows_of(style, body))
                ids += [row["id"] for row in rows]
                size += len(answer.body)
                url = self.following_rows(style, url, answer)
            self.assertEqual(ids, list(range(1, 2501)), style)
            self.assertEqual(len(rows[0]), 16)
            self.assertAlmostEqual(size / 2500, 800, delta=40)

    def test_bench_one(self):
        scenario = "bench;rows=30;delay_ms=1"
        root = "http://127.0.0.1:%d%s" % (self.port, self.root(scenario))
        self.assertEqual(self.get_url(root + "/rows/7").json()["id"], 7)
        parts = self.get_url(root + "/rows/7/parts").json()["rows"]
        self.assertEqual([part["id"] for part in parts], [70, 71, 72])
        for rest in ("/rows/31", "/rows/0", "/rows/x", "/rows/7/others"):
            self.assertEqual(self.get_url(root + rest).status, 404, rest)

    def following_rows(self, style, url, answer):
        if style == "cursor":
            token = answer.json()["next_cursor"]
            return token and url.partition("?")[0] + "?cursor=" + token
        return self.following(style, url, answer)

    def test_a_million(self):
        answer = self.scene("bench;rows=1000000;size=1000;style=offset",
                            "/rows?offset=999999")
        self.assertEqual([row["id"] for row in answer.json()["items"]],
                         [1_000_000])

    def test_description(self):
        document = self.scene("bench", "/openapi.json").json()
        row = document["components"]["schemas"]["Row"]
        sent = self.scene("bench", "/rows?limit=1").json()["rows"][0]
        self.assertEqual(list(row["properties"]), list(sent))


class Readme(ApiTest):
    """Is every scenario in the table, with all its parameters?"""

    def test_every_scenario_is_described(self):
        with open(os.path.join(HERE, "README.md")) as file:
            text = file.read()
        for name, fault in FAULTS.items():
            line = re.search(r"^\| `%s` \|.*$" % name, text, re.MULTILINE)
            self.assertIsNotNone(line, name)
            for parameter in fault.defaults:
                self.assertIn("`%s=" % parameter, line[0], name)
