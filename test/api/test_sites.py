"""Are sites what their table says: hosts of their own, versions, expectations?"""

import sites
from harness import ApiTest


class SitesTest(ApiTest):

    def site(self, name, path="/", **more):
        host = "%s.%s.localhost:%d" % (name, self.id, self.port)
        headers = dict(more.pop("headers", {}), Host=host)
        return self.get(path, headers=headers, **more)

    def test_every_site_answers(self):
        for name, site in sites.SITES.items():
            self.assertLess(self.site(name, site.start).status, 500, name)

    def test_what_is_expected_is_there(self):
        for name, site in sites.SITES.items():
            if site.expect.get("spec") is not None:
                self.assertIsNotNone(site.page(site.expect["spec"]), name)

    def test_requests_belong_to_the_session(self):
        self.site("yaml", "/openapi.yaml")
        self.assertEqual(self.log("?format=brief"), "GET /openapi.yaml\n")

    def test_names_are_filled_in(self):
        answer = self.site("drf", "/api/").json()
        self.assertEqual(answer["books"],
                         "http://drf.%s.localhost:%d/api/books/"
                         % (self.id, self.port))

    def test_versions_and_validators(self):
        first = self.site("moving", "/openapi.yaml")
        tag = {"If-None-Match": first.headers["ETag"]}
        self.assertEqual(
            self.site("moving", "/openapi.yaml", headers=tag).status, 304)
        self.get("/_site/%s?version=1" % self.id, method="PUT")
        second = self.site("moving", "/openapi.yaml", headers=tag)
        self.assertEqual(second.status, 200)
        self.assertNotEqual(first.body, second.body)
        self.get("/_site/%s" % self.id, method="DELETE")
        self.assertEqual(
            self.site("moving", "/openapi.yaml", headers=tag).status, 304)

    def test_options(self):
        answer = self.site("press", "/wp-json/wp/v2/posts", method="OPTIONS")
        self.assertIn("schema", answer.json())

    def test_key(self):
        self.assertEqual(self.site("keyed", "/openapi.json").status, 401)
        key = {"X-Api-Key": "header-S3CRET-0b2d"}
        self.assertEqual(
            self.site("keyed", "/openapi.json", headers=key).status, 200)
