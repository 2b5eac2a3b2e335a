"""Do answers say how long they may be kept, and know themselves again?"""

from harness import SceneTest


class Kept(SceneTest):
    """The scenario kept."""

    def names(self, answer):
        return [thing["name"] for thing in answer.json()["things"]]

    def test_headers(self):
        answer = self.scene("kept;control=max-age%3D5;age=3;vary=Accept"
                            ";expires=0;etag=a;modified=1")
        self.assertEqual(
            [answer.headers[name] for name in
             ("Cache-Control", "Age", "Vary", "Expires", "ETag")],
            ["max-age=5", "3", "Accept", "0", '"a1"'])
        self.assertIn("Last-Modified", answer.headers)
        bare = self.scene("kept")
        for name in ("Cache-Control", "Age", "Vary", "ETag", "Last-Modified"):
            self.assertNotIn(name, bare.headers)

    def test_not_modified(self):
        path = self.root("kept;etag=a;changes=2;told=no-cache") + "/things"
        first = self.get(path)
        known = {"If-None-Match": first.headers["ETag"]}
        again = self.get(path, headers=known)
        self.assertEqual((again.status, again.body,
                          again.headers["Cache-Control"]),
                         (304, b"", "no-cache"))
        changed = self.get(path, headers=known)
        self.assertEqual((changed.status, changed.headers["ETag"]),
                         (200, '"a2"'))
        self.assertEqual(self.names(first)[0], "thing 1")
        self.assertEqual(self.names(changed)[0], "new 1")

    def test_not_modified_since(self):
        path = self.root("kept;modified=1") + "/things"
        first = self.get(path)
        again = self.get(path, headers={
            "If-Modified-Since": first.headers["Last-Modified"]})
        self.assertEqual(again.status, 304)
