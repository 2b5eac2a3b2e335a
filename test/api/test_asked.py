"""Do the parameters act as README.md says?"""

from harness import ApiTest


class Asked(ApiTest):
    """/asked/<acts>"""

    def rows(self, path):
        return self.get("/asked/" + path).json()["data"]

    def test_described(self):
        paths = self.get("/asked/right/openapi.json").json()["paths"]
        self.assertIn("/parcels/{id}", paths)
        self.assertNotIn("/quiet", paths)

    def test_filters(self):
        ulm = self.rows("right/v1/parcels?city=Ulm")
        self.assertEqual({row["city"] for row in ulm}, {"Ulm"})
        self.assertLess(len(self.rows("short/v1/parcels?city=Ulm")), len(ulm))
        self.assertEqual(self.rows("ignores/v1/parcels?city=Ulm"),
                         self.rows("ignores/v1/parcels"))

    def test_orders(self):
        made = [row["id"] for row in self.rows("right/v1/scores?sort=-id")]
        self.assertEqual(made, sorted(made, reverse=True))
        self.assertEqual(self.rows("ignores/v1/scores?sort=id"),
                         self.rows("ignores/v1/scores"))

    def test_boxes(self):
        self.assertEqual(len(self.rows("right/v1/boxes?ids=3,5")), 2)
        self.assertEqual(len(self.rows("other/v1/boxes?ids=3,5")), 1)
        self.assertEqual(set(self.rows("right/v1/boxes?fields=id,notes")[0]),
                         {"id", "notes"})
        self.assertIn("size", self.rows("other/v1/boxes?fields=notes")[0])
        self.assertNotIn("notes", self.rows("right/v1/boxes")[0])
        self.assertEqual(self.get("/asked/right/v1/boxes/121").status, 404)
