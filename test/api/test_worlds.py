"""Do the small worlds hold what README.md says of them?"""

from harness import ApiTest


class Worlds(ApiTest):
    """/i/<session>/w/<world>"""

    def rows(self, path):
        return self.get("/i/w1/w/" + path).json()

    def test_described(self):
        paths = self.rows("school/openapi.json")["paths"]
        self.assertIn("/students/{id}", paths)
        self.assertNotIn("/enrolments/{id}", paths)
        schema = self.rows("bare/openapi.json")["paths"]["/users"]["get"][
            "responses"]["200"]["content"]["application/json"]["schema"]
        self.assertEqual(schema, {})

    def test_pages(self):
        self.assertEqual(len(self.rows("parts/widgets")), 50)
        last = self.rows("parts/widgets?page=4&per_page=50")
        self.assertEqual([row["id"] for row in last], list(range(151, 181)))
        self.assertEqual(self.rows("parts/widgets?page=5"), [])

    def test_changes(self):
        students = self.rows("school/students")
        bound = students[30]["updated_at"]
        later = self.rows("school/students?updated_since=" + bound)
        self.assertEqual(later[0], students[30])
        self.assertEqual(self.rows("school/courses?changed_after=" + bound),
                         self.rows("school/courses"))

    def test_items(self):
        issue = self.rows("tracker/issues/3")
        self.assertEqual(issue["number"], 3)
        self.assertEqual(self.get("/i/w1/w/tracker/issues/90039").status, 404)
        self.assertEqual(self.get("/i/w1/w/parts/widgets/181").status, 404)

    def test_children(self):
        posts = self.rows("bare/users/2/posts")
        self.assertEqual({row["user_id"] for row in posts}, {2})
        self.assertEqual(self.rows("bare/users/6/posts"), [])

    def test_keys(self):
        pairs = {(row["student_id"], row["course_id"])
                 for row in self.rows("school/enrolments")}
        self.assertEqual(len(pairs), 120)
        self.assertEqual(self.get("/i/w1/w/nowhere/x").status, 404)
