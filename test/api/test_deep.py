"""Do the styles that are not described, and the scenarios of long
collections, hold what their names say?"""

import http.client
import threading

from harness import SceneTest


class Styles(SceneTest):
    """Each way to the next page, once."""

    def ids(self, answer, member=None):
        body = answer.json()
        return [row["id"] for row in (body[member] if member else body)]

    def test_keyset(self):
        answer = self.scene("plain;style=keyset", "/things?limit=4")
        self.assertEqual(self.ids(answer, "data"), [1, 2, 3, 4])
        self.assertTrue(answer.json()["has_more"])
        answer = self.scene("plain;style=keyset", "/things?starting_after=16")
        self.assertEqual(self.ids(answer, "data"), [17, 18, 19, 20])
        self.assertFalse(answer.json()["has_more"])
        answer = self.scene("plain;style=keyset_bare", "/things?since=4")
        self.assertEqual(self.ids(answer), [4, 5, 6, 7])

    def test_continue(self):
        answer = self.scene("plain;style=continue")
        self.assertEqual(answer.json()["continue"],
                         {"tcontinue": "4|x", "continue": "-||"})
        answer = self.scene("plain;style=continue",
                            "/things?tcontinue=16%7Cx&continue=-%7C%7C")
        self.assertEqual(self.ids(answer, "things"), [17, 18, 19, 20])
        self.assertNotIn("continue", answer.json())
        self.assertEqual(self.scene("plain;style=continue",
                                    "/things?tcontinue=4%7Cx").status, 400)

    def test_headers(self):
        answer = self.scene("plain;style=cursor_header")
        answer = self.scene("plain;style=cursor_header", headers={
            "X-Cursor": answer.headers["X-Next-Cursor"]})
        self.assertEqual(self.ids(answer), [5, 6, 7, 8])
        answer = self.scene("plain;style=page_header")
        self.assertEqual(answer.headers["X-Total-Pages"], "5")
        self.assertEqual(self.ids(answer), [1, 2, 3, 4])

    def test_range(self):
        for text in ("things=4-7", "4-7"):
            answer = self.scene("total;style=range", headers={"Range": text})
            self.assertEqual(answer.status, 206)
            self.assertEqual(answer.headers["Content-Range"], "things 4-7/20")
            self.assertEqual(self.ids(answer), [5, 6, 7, 8])
        answer = self.scene("plain;style=range", headers={"Range": "20-23"})
        self.assertEqual(answer.status, 416)


    def test_odata(self):
        answer = self.scene("plain;style=odata", "/things?$top=4").json()
        self.assertEqual([row["id"] for row in answer["value"]], [1, 2, 3, 4])
        following = answer["@odata.nextLink"].partition("/things")[2]
        answer = self.scene("plain;style=odata", "/things" + following)
        self.assertEqual(self.ids(answer, "value"), [5, 6, 7, 8])

    def test_graphql(self):
        answer = self.scene("plain;style=graphql").json()["data"]["things"]
        self.assertEqual([row["id"] for row in answer["nodes"]], [1, 2, 3, 4])
        self.assertTrue(answer["pageInfo"]["hasNextPage"])
        answer = self.scene("plain;style=graphql_offset").json()["data"]
        self.assertEqual([row["id"] for row in answer["things"]], [1, 2, 3, 4])


class Chance(SceneTest):
    """Games."""

    def test_chance(self):
        statuses = [self.scene("chance;percent=0", "/things?limit=%d" % size
                               ).status for size in range(1, 9)]
        self.assertEqual(statuses, [200] * 8)
        # whatever it was, it is over after so many times
        for _ in range(2):
            try:
                self.scene("chance;percent=100;tries=2")
            except (OSError, http.client.HTTPException):
                pass
        self.assertEqual(self.scene("chance;percent=100;tries=2").status, 200)

    def test_churn(self):
        counts = [len(self.scene("churn;percent=100;kind=insert;pages=1",
                                 "/things?limit=%d" % (100 + step)
                                 ).json()["things"]) for step in range(3)]
        self.assertEqual(counts, [20, 20, 20])
        totals = [entry["total"] for entry in self.requests()]
        self.assertEqual(totals, [21, 22, 23])

    def test_pages_asked_for(self):
        self.scene("plain;style=page", "/things?page=3")
        self.scene("plain", "/things/7")
        self.assertEqual(self.get("/_log/%s?format=pages" % self.id).body,
                         b"3 -")


class Deep(SceneTest):
    """Faults of long collections."""

    def offset(self, scenario, query):
        return self.scene(scenario + ";style=offset", "/things?" + query)

    def test_deep(self):
        self.assertEqual(self.offset("deep", "offset=4&limit=4").status, 200)
        self.assertEqual(self.offset("deep", "offset=8&limit=4").status, 400)
        for ends, ids in (("in", [3, 4, 5]), ("out", [4])):
            answer = self.offset("deep;ends=" + ends, "min_id=3&max_id=5")
            self.assertEqual([row["id"] for row in answer.json()["items"]],
                             ids)
        answer = self.offset("deep;order=down;capped=1", "limit=2")
        self.assertEqual(answer.json()["items"][0]["id"], 20)
        self.assertEqual(answer.json()["total"], 10)

    def test_expired(self):
        token = self.scene("expired").json()["next_cursor"]
        statuses = [self.scene("expired", "/things?cursor=" + token).status
                    for _ in range(2)]
        self.assertEqual(statuses, [400, 200])

    def test_hidden(self):
        answer = self.offset("hidden", "offset=0").json()
        self.assertEqual([row["id"] for row in answer["items"]], [1, 2, 4])
        self.assertEqual(answer["total"], 20)

    def test_embedded(self):
        rows = self.scene("embedded").json()["things"]
        self.assertEqual([row["lines"]["has_more"] for row in rows],
                         [False, False, True, False])

    def test_lines(self):
        rows = self.scene("lines;many=5").json()["things"]
        self.assertEqual([row["lines"]["has_more"] for row in rows],
                         [False, False, True, False])
        root = rows[2]["lines"]["url"].partition("/things")[1:]
        answer = self.scene("lines;many=5",
                            "".join(root) + "?starting_after=3-2").json()
        self.assertEqual([line["id"] for line in answer["data"]],
                         ["3-3", "3-4"])
        self.assertTrue(answer["has_more"])
        rows = self.scene("lines;form=odata").json()["things"]
        following = rows[2]["lines@odata.nextLink"].partition("/things")[2]
        answer = self.scene("lines;form=odata", "/things" + following).json()
        self.assertEqual([line["k"] for line in answer["value"]], [3, 4])
        self.assertIn("from=4", answer["@odata.nextLink"])
        for bad, status in (("gone", 404), ("flaky", 503), ("same", 200)):
            answer = self.scene("lines;bad=" + bad,
                                "/things/3/lines?starting_after=3-2")
            self.assertEqual(answer.status, status)

    def test_most(self):
        asked = [threading.Thread(target=self.scene, args=(
            "plain;delay_ms=200",)) for _ in range(3)]
        for one in asked:
            one.start()
        for one in asked:
            one.join()
        most = int(self.get("/_most/" + self.id).body)
        self.assertIn(most, (2, 3))
