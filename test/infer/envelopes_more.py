"""More answers, added after the code that reads them was written: how it does
on shapes that nobody had before his eyes.  See envelopes.py."""

from envelopes import Table, case, link, message, one, order, some, user

# ---- lists ----
case("gists with files by name", "/gists", some(3, lambda i: {
    "id": "g%d" % i, "files": {"a.txt": {"size": 1}, "b.txt": {"size": 2}}, "owner": {"id": i}}), "")
case("merge requests with totals aside", "/merge_requests", {
    "merge_requests": some(3, lambda i: {"iid": i, "title": "t", "labels": ["x"]}), "counts": {"opened": 3, "closed": 9, "all": 12}}, "/merge_requests")
case("droplets with links and meta", "/v2/droplets", {
    "droplets": some(2, lambda i: {"id": i, "name": "d", "networks": {"v4": [{"ip": "1.2.3.4"}]}, "tags": []}),
    "links": {"pages": {}}, "meta": {"total": 2}}, "/droplets")
case("machines in a collection object", "/v1/machines", {
    "object": "collection", "machines": some(4, lambda i: {"id": i, "ram": 8}), "pageCount": 1, "currentPage": 1}, "/machines")
case("a query with tokens", "/v1/log/search", {
    "success": True, "items": some(2, lambda i: {"logId": "l%d" % i, "msg": "m"}), "tokens": ["a", "b", "c", "d"], "scanned": 120}, "/items")
case("rates as rows", "/latest/rates", {"base": "EUR", "date": "2024-01-01", "rates": some(4, lambda i: {"currency": "C%d" % i, "rate": i * 1.1})}, "/rates")
case("departures of a stop", "/stops/900/departures", {
    "departures": some(3, lambda i: {"tripId": "t%d" % i, "when": "2024-01-01T10:00:00+01:00", "line": {"id": "u%d" % i}, "remarks": [{"type": "hint"}] * 3}),
    "realtimeDataUpdatedAt": 1700000000}, "/departures")
case("stations under a network", "/v2/networks/velib", {"network": {
    "company": ["x"], "href": "/v2/networks/velib", "id": "velib", "location": {"city": "p"}, "name": "V",
    "stations": some(3, lambda i: {"id": "s%d" % i, "free_bikes": i, "extra": {"uid": i}})}}, one("/network"))
case("news articles", "/v2/top-headlines", {"status": "ok", "totalResults": 3, "articles": some(3, lambda i: {
    "source": {"id": None, "name": "n"}, "title": "t%d" % i, "publishedAt": "2024-01-0%dT00:00:00Z" % i})}, "/articles")
case("quotes with a result object", "/v8/quote", {"quoteResponse": {"result": some(3, lambda i: {"symbol": "S%d" % i, "price": 1.5}), "error": None}},
     "/quoteResponse/result")
case("meals", "/api/json/v1/1/search.php", {"meals": some(2, lambda i: {"idMeal": str(i), "strMeal": "m", "strTags": None})}, "/meals")
case("releases of a mirror", "/ws/2/release", {"release-count": 2, "release-offset": 0, "releases": some(2, lambda i: {
    "id": "r%d" % i, "title": "t", "media": [{"format": "CD"}] * 3})}, "/releases")
case("packages with a success flag", "/api/3/action/group_list", {"help": "h", "success": True, "result": some(3, lambda i: {"name": "g%d" % i, "id": str(i)})}, "/result")
case("occurrences", "/v1/occurrence/search", {"offset": 0, "limit": 20, "endOfRecords": True, "count": 3, "results": some(3, lambda i: {
    "key": i, "species": "s", "issues": ["A", "B"]}), "facets": []}, "/results")
case("entities of a query engine", "/v2/entities", some(3, lambda i: {"id": "urn:e:%d" % i, "type": "Room", "temperature": {"value": i, "type": "Number", "metadata": {}}}), "")
case("devices below a page", "/api/tenant/devices", {"data": some(2, lambda i: {"id": {"entityType": "DEVICE", "id": "x%d" % i}, "name": "n"}),
     "totalPages": 1, "totalElements": 2, "hasNext": False}, "/data")
case("alerts beside annotations", "/api/v2/alerts", {"status": "success", "data": {"alerts": some(2, lambda i: {
    "labels": {"alertname": "a"}, "annotations": {}, "state": "firing", "value": "1"})}}, "/data/alerts")
case("groups that hold rules", "/api/v1/rules", {"status": "success", "data": {"groups": some(2, lambda i: {
    "name": "g%d" % i, "file": "f", "rules": [{"name": "r", "query": "q"}] * 4, "interval": 60})}}, "/data/groups")
case("volumes with warnings null", "/volumes", {"Volumes": some(3, lambda i: {"Name": "v%d" % i, "Driver": "local", "Options": None}), "Warnings": None}, "/Volumes")
case("cards with a catalogue of sets", "/v1/cards", {"cards": some(3, lambda i: {"id": "c%d" % i, "name": "n", "printings": ["A"]})}, "/cards")
case("errors and rows together", "/bulk/status", {"items": some(3, lambda i: {"id": i, "status": 200}), "errors": False, "took": 3}, "/items")
case("people in a directory of orgs", "/directory/people", {"response": {"status": "ok", "total": 3, "people": some(3, user)}}, "/response/people")
case("a feed with entries", "/feed.json", {"version": "https://jsonfeed.org/version/1.1", "title": "t", "home_page_url": "http://h", "items": some(3, lambda i: {
    "id": str(i), "url": "http://h/%d" % i, "content_text": "c", "tags": ["a"]})}, "/items")
case("hits with one source", "/idx/_search", {"took": 1, "timed_out": False, "_shards": {"total": 5}, "hits": {"total": 2, "max_score": None, "hits": some(2, lambda i: {
    "_index": "idx", "_type": "_doc", "_id": str(i), "_source": {"a": i}})}}, "/hits/hits")
case("orders with included customers", "/orders", {"orders": some(2, order), "customers": some(5, user), "meta": {"total": 2}}, "/orders")
case("lines after paging in front", "/v3/lines", {"paging": {"page": 1, "per_page": 25, "total": 3, "links": some(4, link)}, "lines": some(3, lambda i: {"no": i, "text": "t"})}, "/lines")
case("warnings in front", "/v1/parts", {"warnings": some(5, message), "parts": some(2, lambda i: {"id": i, "mass": 1.5})}, "/parts")

# ---- maps, columns, lines ----
case("teams by abbreviation", "/nba/teams", {"ATL": {"id": 1, "city": "Atlanta"}, "BOS": {"id": 2, "city": "Boston"}, "CHI": {"id": 3, "city": "Chicago"}}, Table("", "map"))
case("hosts by address in a member", "/inventory", {"hosts": {"10.0.0.%d" % i: {"os": "linux", "up": True} for i in range(1, 5)}}, Table("/hosts", "map"))
case("series with names of columns", "/table", {"columnNames": ["t", "v"], "rows": [[1, 2.5], [2, 3.5], [3, 4.5]]}, Table("/rows", "columns"))
case("results of a console", "/sql", {"meta": [{"name": "a", "type": "UInt8"}, {"name": "b", "type": "String"}], "data": [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}],
                                       "rows": 2, "statistics": {"elapsed": 0.1}}, "/data")

# ---- one thing ----
case("a repository", "/repos/acme/tool", {"id": 1, "name": "tool", "owner": {"login": "acme", "id": 2}, "topics": ["a", "b"], "license": {"key": "mit"}}, one())
case("limits", "/rate_limit", {"resources": {"core": {"limit": 60, "remaining": 59, "reset": 1700000000}, "search": {"limit": 10, "remaining": 10, "reset": 1700000000}},
                               "rate": {"limit": 60, "remaining": 59, "reset": 1700000000}}, one())
case("weather now", "/v1/current", {"location": {"name": "L", "lat": 1.5}, "current": {"temp_c": 10, "condition": {"text": "x"}}}, one())
case("a thing in an envelope of status", "/v1/user/7", {"code": 200, "message": "ok", "data": {"id": 7, "name": "n", "tags": ["a"]}}, one("/data"))
case("an account with its users", "/account", {"account": {"id": 1, "name": "n", "users": some(3, user)}}, one("/account"))

# ---- nothing ----
case("an error as a text in a list", "/x", {"errors": ["not allowed"]})
case("a status that is an error", "/x", {"status": "error", "message": "bad key", "code": "apiKeyInvalid"})
case("errors by field", "/x", {"errors": {"token": ["is missing"]}})
case("a type that is an error", "/x", {"type": "error", "error": {"type": "authentication_error", "message": "x"}})
