"""Where do the rows stand?  Answers of real shapes, with the truth.

A case is a path, an answer and the tables that a person would make of it.
Each table is told by the JSON values that are its rows: a pointer (RFC 6901)
to them and the form in which they stand there.  Values are invented, shapes
are those of real APIs; they are written from what the formats say, not from
what autoconn finds, and wrong ones stay.
"""

import json

CASES = []


class Table:
    """pointer: to the rows; form: array, one, map, columns, lines, header
    (arrays whose first one has the names), parallel (a list for each column)."""

    def __init__(self, pointer, form="array"):
        self.pointer, self.form = pointer, form

    def rows(self, body):
        if self.form == "lines":
            return [json.loads(line) for line in body.splitlines() if line]
        at = body
        for token in self.pointer.split("/")[1:]:
            token = token.replace("~1", "/").replace("~0", "~")
            at = at[int(token)] if isinstance(at, list) else at[token]
        if self.form == "header":
            return at[1:]
        if self.form == "map":
            return list(at.values())
        if self.form == "parallel":
            names = [k for k, v in at.items() if isinstance(v, list)]
            return [dict(zip(names, row)) for row in zip(*(at[k] for k in names))]
        if self.form == "one":
            return [at]
        return at


def tables_of(tables):
    return [t if isinstance(t, Table) else Table(t) for t in tables]


def case(name, path, body, *tables, schema=None, media="application/json", fields=None, also=()):
    """tables: pointers, or Table; none: nothing here is a table.  schema: of
    the answer, where the API describes itself.  fields: names of the columns;
    also: lists of tables that are right as well."""
    CASES.append({
        "name": name, "path": path, "body": body, "media": media,
        "schema": schema, "fields": fields,
        "tables": tables_of(tables), "also": [tables_of(a) for a in also]})


def one(pointer=""):
    return Table(pointer, "one")


def some(n, make):
    return [make(i) for i in range(1, n + 1)]


def user(i):
    return {"id": i, "login": "user%d" % i, "name": "Person %d" % i,
            "admin": i % 3 == 0, "created_at": "2024-03-%02dT10:00:00Z" % i}


def order(i):
    return {"id": 1000 + i, "status": ["paid", "open", "void"][i % 3],
            "total": "%d.90" % (i * 7), "currency": "EUR",
            "lines": [{"sku": "A%d" % i, "qty": i}]}


def product(i):
    return {"sku": "P-%03d" % i, "title": "Thing %d" % i, "price": i * 1.5,
            "tags": ["new", "red"][:i % 3]}


def link(i):
    return {"href": "/x/%d" % i, "rel": ["self", "next", "prev"][i % 3],
            "method": "GET"}


def message(i):
    return {"code": "W%d" % i, "message": "deprecated parameter %d" % i}


# ---- bare ----
case("bare array", "/users", some(7, user), "")
case("bare array of one", "/users", some(1, user), "")
case("bare array of strings", "/connectors", ["jdbc-sink", "s3-source", "dump"], "")
case("bare array of numbers", "/topstories", [39128877, 39128712, 39120034], "")
case("bare array with ids only", "/events", some(4, lambda i: {"event_id": i}), "")
case("bare array of wide objects", "/containers/json", some(5, lambda i: {
    "Id": "%064x" % i, "Names": ["/c%d" % i], "Image": "img:%d" % i,
    "Ports": [{"PrivatePort": 80, "Type": "tcp"}] * 3, "Labels": {"a": "b"},
    "NetworkSettings": {"Networks": {"bridge": {"IPAddress": "10.0.0.%d" % i}}}}), "")
case("header row and rows", "/data/2021/acs", [
    ["NAME", "POP", "state"], ["Alabama", "5024279", "01"], ["Alaska", "733391", "02"],
    ["Arizona", "7151502", "04"]], Table("", "header"))
case("page facts, then rows", "/country", [
    {"page": 1, "pages": 1, "per_page": "50", "total": 4},
    some(4, lambda i: {"id": "C%d" % i, "iso2Code": "X%d" % i, "name": "Land %d" % i})], "/1")

# ---- one member that holds the rows ----
case("named by the path", "/products", {"products": some(5, product)}, "/products")
case("named in another case", "/products", {"Products": some(5, product)}, "/Products")
case("named in the singular", "/products", {"product": some(5, product)}, "/product")
case("named by the path's end", "/v1/catalog/line_items",
     {"items": some(5, product), "warnings": some(2, message)}, "/items")
case("data and nothing else", "/orders", {"data": some(3, order)}, "/data")
case("result", "/api/now/table/incident", {"result": some(6, lambda i: {
    "sys_id": "%032x" % i, "number": "INC%07d" % i, "state": "1"})}, "/result")
case("records", "/crm/accounts", {"totalSize": 3, "done": True, "records": some(3, lambda i: {
    "attributes": {"type": "Account", "url": "/sobjects/Account/%d" % i},
    "Id": "0015%d" % i, "Name": "Acme %d" % i})}, "/records")
case("records with fields inside", "/v0/app/Table", {"records": some(4, lambda i: {
    "id": "rec%d" % i, "createdTime": "2024-01-0%dT00:00:00.000Z" % i,
    "fields": {"Name": "n%d" % i, "Count": i}})}, "/records")
case("entries beside order", "/folders/0/items", {
    "total_count": 3, "entries": some(3, lambda i: {"type": "file", "id": str(i), "name": "f%d" % i}),
    "offset": 0, "limit": 100,
    "order": [{"by": "type", "direction": "ASC"}, {"by": "name", "direction": "ASC"}]}, "/entries")
case("elements with links in paging", "/v2/posts", {
    "paging": {"start": 0, "count": 10, "total": 2, "links": some(2, link)},
    "elements": some(2, lambda i: {"urn": "urn:li:share:%d" % i, "text": "t"})}, "/elements")
case("values", "/repositories/acme", {"pagelen": 10, "size": 3, "page": 1, "values": some(3, lambda i: {
    "uuid": "{%d}" % i, "slug": "repo-%d" % i, "links": {"self": {"href": "x"}, "clone": [{"href": "y"}]}})}, "/values")
case("value, as OData has it", "/odata/People", {
    "@odata.context": "http://h/$metadata#People", "value": some(4, lambda i: {
        "UserName": "u%d" % i, "Emails": ["a@b.c"], "Concurrency": 1})}, "/value")
case("Hydra collection", "/api/products", {
    "@context": "/api/contexts/Product", "@id": "/api/products", "@type": "hydra:Collection",
    "hydra:member": some(3, lambda i: {"@id": "/api/products/%d" % i, "@type": "Product", "id": i, "name": "n%d" % i}),
    "hydra:totalItems": 3, "hydra:view": {"@id": "/api/products?page=1", "@type": "hydra:PartialCollectionView"}}, "/hydra:member")
case("Hydra collection without prefixes", "/api/products", {
    "@context": "/api/contexts/Product", "@id": "/api/products", "@type": "Collection", "totalItems": 2,
    "member": some(2, lambda i: {"@id": "/api/products/%d" % i, "@type": "Product", "id": i, "name": "n%d" % i}),
    "view": {"@id": "/api/products?page=1", "@type": "PartialCollectionView"},
    "search": {"@type": "IriTemplate", "template": "/api/products{?name}", "variableRepresentation": "BasicRepresentation",
               "mapping": [{"@type": "IriTemplateMapping", "variable": "name", "property": "name", "required": False}]}}, "/member")
case("entities of Siren", "/orders", {
    "class": ["orders"], "properties": {"count": 2}, "links": [{"rel": ["self"], "href": "/orders"}],
    "entities": some(2, lambda i: {"class": ["order"], "rel": ["item"], "properties": {"orderNumber": 40 + i, "status": "open"},
                                   "links": [{"rel": ["self"], "href": "/orders/%d" % i}]})}, "/entities")
case("value with a count", "/_apis/projects", {"count": 2, "value": some(2, lambda i: {
    "id": "p%d" % i, "name": "Project %d" % i, "state": "wellFormed"})}, "/value")
case("d.results", "/sap/A_BusinessPartner", {"d": {"results": some(3, lambda i: {
    "__metadata": {"uri": "u"}, "BusinessPartner": "%010d" % i})}}, "/d/results")
case("d", "/odata2/Products", {"d": some(3, lambda i: {"ID": i, "Name": "n"})}, "/d")
case("content of a page", "/api/orders", {
    "content": some(4, order),
    "pageable": {"sort": {"sorted": False, "empty": True}, "pageNumber": 0, "pageSize": 20},
    "last": True, "totalElements": 4, "totalPages": 1, "size": 20, "number": 0,
    "sort": {"sorted": False}, "first": True, "numberOfElements": 4, "empty": False}, "/content")
case("content and a list of sorts", "/api/orders", {
    "content": some(2, order), "sort": [{"direction": "ASC", "property": "id"},
                                        {"direction": "DESC", "property": "x"},
                                        {"direction": "ASC", "property": "y"}],
    "totalElements": 2, "last": True, "totalPages": 1}, "/content")
case("objects", "/v2/catalog", {"objects": some(3, lambda i: {
    "type": "ITEM", "id": "O%d" % i, "version": 16000 + i, "is_deleted": False})}, "/objects")
case("documents", "/v1/documents", {"documents": some(3, lambda i: {
    "name": "projects/p/databases/d/documents/c/%d" % i, "fields": {"a": {"stringValue": "x"}},
    "createTime": "2024-01-01T00:00:00Z"})}, "/documents")
case("list beside a city", "/data/forecast", {
    "cod": "200", "message": 0, "cnt": 3, "list": some(3, lambda i: {
        "dt": 1700000000 + i * 10800, "main": {"temp": 281.5}, "weather": [{"id": 800, "main": "Clear"}]}),
    "city": {"id": 2643743, "name": "London", "coord": {"lat": 51.5, "lon": -0.12}}}, "/list")
case("members beside ok", "/users.list", {"ok": True, "members": some(5, lambda i: {
    "id": "U%d" % i, "team_id": "T1", "name": "n%d" % i, "deleted": False, "profile": {"title": ""}}),
    "cache_ts": 1700000000, "response_metadata": {"next_cursor": ""}}, "/members")
case("channels beside ok", "/conversations.list", {"ok": True, "channels": some(2, lambda i: {
    "id": "C%d" % i, "name": "general", "is_channel": True, "topic": {"value": ""}}),
    "response_metadata": {"next_cursor": ""}}, "/channels")
case("Resources beside schemas", "/scim/v2/Users", {
    "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"], "totalResults": 2,
    "itemsPerPage": 2, "startIndex": 1, "Resources": some(2, lambda i: {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "id": "s%d" % i, "userName": "u%d" % i,
        "emails": [{"value": "a@b.c", "primary": True}]})}, "/Resources")
case("Items, as key-value stores have them", "/tables/music", {
    "Items": some(3, lambda i: {"Artist": "a%d" % i, "Song": "s"}), "Count": 3, "ScannedCount": 3}, "/Items")
case("Search with a text for a boolean", "/", {"Search": some(3, lambda i: {
    "Title": "t%d" % i, "Year": "1999", "imdbID": "tt%07d" % i}), "totalResults": "3", "Response": "True"}, "/Search")
case("issues", "/rest/api/2/search", {"expand": "schema,names", "startAt": 0, "maxResults": 50, "total": 2,
     "issues": some(2, lambda i: {"id": str(i), "key": "AB-%d" % i, "fields": {"summary": "s", "labels": ["x"]}})}, "/issues")
case("results with a page's links", "/rest/api/content", {"results": some(2, lambda i: {
    "id": str(i), "type": "page", "title": "t"}), "start": 0, "limit": 25, "size": 2,
    "_links": {"self": "http://h/x"}}, "/results")
case("results of one page", "/api/people", {"count": 4, "next": None, "previous": None,
                                            "results": some(4, lambda i: {"name": "n%d" % i, "url": "http://h/api/people/%d/" % i,
                                                                          "films": ["http://h/api/films/1/"] * 5})}, "/results")
case("results in meta, too", "/drug/event", {
    "meta": {"disclaimer": "d", "results": {"skip": 0, "limit": 2, "total": 2}},
    "results": some(2, lambda i: {"safetyreportid": str(i), "serious": "1"})}, "/results")
case("info and results", "/character", {"info": {"count": 2, "pages": 1, "next": None, "prev": None},
                                        "results": some(2, lambda i: {"id": i, "name": "R", "episode": ["u"] * 9})}, "/results")
case("hits", "/1/indexes/movies", {"hits": some(3, lambda i: {
    "objectID": str(i), "title": "t", "_highlightResult": {"title": {"value": "t"}}}),
    "nbHits": 3, "page": 0, "nbPages": 1, "hitsPerPage": 20, "params": "q=", "query": ""}, "/hits")
case("rows of a view", "/db/_all_docs", {"total_rows": 3, "offset": 0, "rows": some(3, lambda i: {
    "id": "d%d" % i, "key": "d%d" % i, "value": {"rev": "1-a"}})}, "/rows")
case("features of a map", "/quakes", {"type": "FeatureCollection", "metadata": {
    "generated": 1700000000000, "count": 3}, "features": some(3, lambda i: {
        "type": "Feature", "id": "us%d" % i, "properties": {"mag": i * 1.1, "place": "p", "time": 1700000000000 + i},
        "geometry": {"type": "Point", "coordinates": [i, i, 10]}}), "bbox": [0, 0, 1, 1, 2, 2]}, "/features")
case("features beside many fields", "/FeatureServer/0/query", {
    "objectIdFieldName": "OBJECTID", "geometryType": "esriGeometryPoint",
    "fields": some(9, lambda i: {"name": "F%d" % i, "type": "esriFieldTypeString", "alias": "F"}),
    "features": some(2, lambda i: {"attributes": {"OBJECTID": i, "F1": "x"}, "geometry": {"x": 1, "y": 2}})}, "/features")
case("status and data", "/v1/cryptocurrency/map", {
    "status": {"timestamp": "2024-01-01T00:00:00.000Z", "error_code": 0, "error_message": None, "elapsed": 10},
    "data": some(4, lambda i: {"id": i, "symbol": "S%d" % i, "rank": i, "is_active": 1})}, "/data")

# ---- decoys beside the rows ----
case("included resources", "/articles", {
    "data": some(2, lambda i: {"type": "articles", "id": str(i), "attributes": {"title": "t"},
                               "relationships": {"author": {"data": {"type": "people", "id": "9"}}}}),
    "included": some(5, lambda i: {"type": "people", "id": str(i), "attributes": {"name": "n"}}),
    "links": {"self": "http://h/articles"}}, "/data")
case("includes of another kind", "/2/tweets", {
    "data": some(2, lambda i: {"id": str(i), "text": "t", "author_id": "7"}),
    "includes": {"users": some(4, lambda i: {"id": str(i), "name": "n", "username": "u"})},
    "meta": {"result_count": 2}}, "/data")
case("links in meta", "/api/posts", {
    "data": some(2, lambda i: {"id": i, "title": "t"}),
    "links": {"first": "http://h?page=1", "last": "http://h?page=1", "prev": None, "next": None},
    "meta": {"current_page": 1, "from": 1, "last_page": 1, "per_page": 15, "to": 2, "total": 2,
             "links": some(3, lambda i: {"url": None, "label": str(i), "active": False})}}, "/data")
case("links beside data", "/api/posts", {
    "current_page": 1, "data": some(2, lambda i: {"id": i, "title": "t"}), "first_page_url": "http://h?page=1",
    "from": 1, "last_page": 1, "links": some(3, lambda i: {"url": None, "label": str(i), "active": False}),
    "next_page_url": None, "path": "http://h", "per_page": 15, "prev_page_url": None, "to": 2, "total": 2}, "/data")
case("links and items with links", "/record/v1/customer", {
    "links": some(1, link), "count": 2, "hasMore": False, "offset": 0, "totalResults": 2,
    "items": some(2, lambda i: {"links": some(1, link), "id": str(i)})}, "/items")
case("links longer than the rows", "/payments", {
    "links": some(6, link), "payments": some(2, lambda i: {"id": "PAY%d" % i, "state": "ok"})}, "/payments")
case("transactions beside links", "/v1/reporting/transactions", {
    "transaction_details": some(2, lambda i: {"transaction_info": {"transaction_id": "T%d" % i}}),
    "account_number": "X", "start_date": "2024-01-01T00:00:00+0000", "end_date": "2024-01-31T00:00:00+0000",
    "page": 1, "total_items": 2, "total_pages": 1, "links": some(3, link)}, "/transaction_details")
case("warnings longer than the rows", "/buy/item_summary/search", {
    "href": "http://h", "total": 1, "limit": 50, "offset": 0,
    "itemSummaries": some(1, lambda i: {"itemId": "v1|%d|0" % i, "title": "t", "price": {"value": "1.00"}}),
    "warnings": some(4, message)}, "/itemSummaries")
case("facets", "/catalog/search", {
    "facets": some(8, lambda i: {"name": "brand%d" % i, "count": i}), "items": some(2, product), "total": 2}, "/items")
case("aggregations", "/logs/_search", {
    "took": 3, "timed_out": False, "_shards": {"total": 1, "successful": 1, "failures": []},
    "hits": {"total": {"value": 2, "relation": "eq"}, "max_score": 1.0, "hits": some(2, lambda i: {
        "_index": "logs", "_id": str(i), "_score": 1.0, "_source": {"msg": "m", "level": "info"}})},
    "aggregations": {"levels": {"buckets": some(5, lambda i: {"key": "k%d" % i, "doc_count": i})}}}, "/hits/hits")
case("facets of a search", "/solr/books/select", {
    "responseHeader": {"status": 0, "QTime": 1, "params": {"q": "*:*"}},
    "response": {"numFound": 2, "start": 0, "docs": some(2, lambda i: {"id": "b%d" % i, "author": ["a"]})},
    "facet_counts": {"facet_fields": {"cat": ["x", 3, "y", 2]}}}, "/response/docs")
case("criteria of a search", "/rest/V1/products", {
    "items": some(2, product), "search_criteria": {"filter_groups": some(3, lambda i: {"filters": [{"field": "f"}]}),
                                                   "page_size": 20}, "total_count": 2}, "/items")
case("reminders of a calendar", "/calendars/primary/events", {
    "kind": "calendar#events", "etag": "\"p\"", "summary": "me", "timeZone": "UTC", "accessRole": "owner",
    "defaultReminders": [{"method": "popup", "minutes": 10}, {"method": "email", "minutes": 30}, {"method": "x", "minutes": 1}],
    "items": some(2, lambda i: {"kind": "calendar#event", "id": "e%d" % i, "status": "confirmed",
                                "attendees": [{"email": "a@b.c"}]})}, "/items")
case("related objects by id", "/v1/deals", {
    "success": True, "data": some(2, lambda i: {"id": i, "title": "t", "value": 10}),
    "additional_data": {"pagination": {"start": 0, "limit": 100, "more_items_in_collection": False}},
    "related_objects": {"user": {"1": {"id": 1, "name": "n"}, "2": {"id": 2, "name": "m"}}}}, "/data")
case("errors empty", "/orders", {"errors": [], "orders": some(2, order)}, "/orders")
case("messages beside rows", "/jobs", {"messages": some(3, message), "jobs": some(2, lambda i: {
    "id": i, "state": "done"})}, "/jobs")
case("messages that are the rows", "/messages", {"messages": some(3, lambda i: {
    "id": i, "body": "b", "from": "+1"}), "page": 0, "page_size": 50}, "/messages")
case("messages under another path", "/inbox", {"messages": some(3, lambda i: {
    "id": i, "threadId": "t"}), "resultSizeEstimate": 3}, "/messages")
case("warnings that are the rows", "/warnings", {"warnings": some(3, message), "count": 3}, "/warnings")
case("errors that are the rows", "/projects/acme/errors", {"errors": some(3, lambda i: {
    "id": i, "error_class": "E", "events": 4})}, "/errors")
case("columns beside rows of objects", "/report", {
    "columns": some(4, lambda i: {"id": "c%d" % i, "label": "L"}), "rows": some(2, lambda i: {"c1": i, "c2": "x"})}, "/rows")
case("schema beside data", "/export", {
    "schema": some(5, lambda i: {"name": "f%d" % i, "type": "string"}), "data": some(2, lambda i: {"f1": "x", "f2": "y"})}, "/data")
case("breadcrumbs", "/categories", {"breadcrumbs": some(4, lambda i: {"id": i, "name": "b"}),
                                    "categories": some(2, lambda i: {"id": i, "name": "c"})}, "/categories")
case("sorts and filters", "/search/tickets", {
    "sort": some(2, lambda i: {"by": "x"}), "filters": some(5, lambda i: {"field": "f", "value": "v"}),
    "tickets": some(2, lambda i: {"id": i, "subject": "s"})}, "/tickets")
case("an error in meta", "/foo", {"meta": {"errors": [], "warnings": some(2, message)},
                                  "foo": some(2, lambda i: {"id": i})}, "/foo")
case("constraints and links", "/3.0/lists", {
    "lists": some(2, lambda i: {"id": "l%d" % i, "name": "n", "contact": {"city": "c"}, "_links": some(4, link)}),
    "total_items": 2, "constraints": {"may_create": True, "max_instances": 10},
    "_links": some(5, link)}, "/lists")
case("a trace of calls", "/things", {"things": some(2, lambda i: {"id": i, "n": "x"}),
                                     "callstack": [], "extensions": {"trace": some(7, lambda i: {"step": i})}}, "/things")
case("options to choose from", "/tickets", {
    "tickets": some(2, lambda i: {"id": i, "subject": "s"}),
    "permissions": ["read", "write", "delete", "own", "x", "y"]}, "/tickets")

# ---- deeper ----
case("embedded, as HAL has it", "/orders", {
    "_links": {"self": {"href": "/orders"}}, "_embedded": {"orders": some(3, order)},
    "page": {"size": 20, "totalElements": 3, "totalPages": 1, "number": 0}}, "/_embedded/orders")
case("embedded under another name", "/search", {
    "_embedded": {"events": some(3, lambda i: {"id": "E%d" % i, "name": "n", "_embedded": {"venues": [{"id": "v"}]}})},
    "_links": {"self": {"href": "/x"}}, "page": {"size": 20, "totalElements": 3}}, "/_embedded/events")
case("embedded list of a resource", "/orderResources", {
    "_embedded": {"orderResourceList": some(2, order)}, "_links": {"self": {"href": "x"}}}, "/_embedded/orderResourceList")
case("data with items", "/orders", {"data": {"items": some(3, order), "total": 3}, "code": 0, "msg": "ok"}, "/data/items")
case("data with the path's name", "/orders", {"data": {"orders": some(3, order)}}, "/data/orders")
case("result with records", "/datastore_search", {
    "help": "http://h/help", "success": True, "result": {"resource_id": "r", "fields": some(4, lambda i: {
        "id": "f%d" % i, "type": "text"}), "records": some(2, lambda i: {"_id": i, "f1": "x"}), "total": 2}}, "/result/records")
case("result with results", "/package_search", {
    "help": "http://h/help", "success": True, "result": {"count": 2, "facets": {}, "search_facets": {},
                                                         "results": some(2, lambda i: {"id": "p%d" % i, "tags": [{"name": "t"}] * 5})}}, "/result/results")
case("result of strings", "/package_list", {"help": "http://h/help", "success": True,
                                            "result": ["adult", "births", "census"]}, "/result")
case("message with items", "/works", {
    "status": "ok", "message-type": "work-list", "message-version": "1.0.0", "message": {
        "facets": {}, "total-results": 2, "items": some(2, lambda i: {"DOI": "10.1/%d" % i, "title": ["t"],
                                                                      "author": [{"given": "g"}] * 4}),
        "items-per-page": 20, "query": {"start-index": 0, "search-terms": None}}}, "/message/items")
case("children of a listing", "/r/programming/new", {"kind": "Listing", "data": {
    "after": None, "dist": 3, "modhash": "", "children": some(3, lambda i: {"kind": "t3", "data": {"id": "x%d" % i, "title": "t"}}),
    "before": None}}, "/data/children")
case("payload with a capital", "/orders/v0/orders", {"payload": {"Orders": some(2, lambda i: {
    "AmazonOrderId": "902-%d" % i, "OrderStatus": "Shipped"}), "CreatedBefore": "2024-01-01T00:00:00Z"}}, "/payload/Orders")
case("a query's answer", "/v3/company/1/query", {"QueryResponse": {"Customer": some(2, lambda i: {
    "Id": str(i), "DisplayName": "n"}), "startPosition": 1, "maxResults": 2}, "time": "2024-01-01T00:00:00.000-08:00"}, "/QueryResponse/Customer")
case("identity, then contacts", "/api.xro/2.0/Contacts", {
    "Id": "b1d5d2f0-0000-4000-8000-000000000001", "Status": "OK", "ProviderName": "p", "DateTimeUTC": "/Date(1700000000000)/",
    "Contacts": some(2, lambda i: {"ContactID": "c%d" % i, "Name": "n", "Phones": [{"PhoneType": "DDI"}] * 4})}, "/Contacts")
case("matches four levels down", "/artist.search", {"results": {
    "opensearch:Query": {"role": "request"}, "opensearch:totalResults": "2",
    "artistmatches": {"artist": some(2, lambda i: {"name": "n", "listeners": "5", "image": [{"size": "s"}] * 4})},
    "@attr": {"for": "x"}}}, "/results/artistmatches/artist")
case("result of a query language", "/api/v1/query", {"status": "success", "data": {
    "resultType": "vector", "result": some(3, lambda i: {"metric": {"job": "j%d" % i}, "value": [1700000000.1, "1"]})}}, "/data/result")
case("strings under data", "/api/v1/labels", {"status": "success", "data": ["__name__", "job", "instance"]}, "/data")
case("keys of a secret engine", "/v1/secret/metadata", {
    "request_id": "r", "lease_id": "", "renewable": False, "lease_duration": 0,
    "data": {"keys": ["a", "b/", "c"]}, "wrap_info": None, "warnings": None, "auth": None}, "/data/keys")
case("names of repositories", "/v2/_catalog", {"repositories": ["alpine", "debian/slim"]}, "/repositories")
case("tags of a repository", "/v2/alpine/tags/list", {"name": "alpine", "tags": ["3.18", "3.19", "latest"]}, "/tags")
case("edges and nodes", "/users", {"users": {"edges": some(3, lambda i: {"cursor": "c%d" % i, "node": user(i)}),
                                             "pageInfo": {"hasNextPage": False, "endCursor": "c3"}, "totalCount": 3}}, "/users/edges")
case("edges and nodes under data", "/graph/users", {"data": {"users": {
    "edges": some(3, lambda i: {"node": user(i)}), "pageInfo": {"hasNextPage": False}}}}, "/data/users/edges")
case("nodes", "/graph/repos", {"data": {"viewer": {"repositories": {"nodes": some(3, user), "totalCount": 3}}}},
     "/data/viewer/repositories/nodes")
case("a bundle of health records", "/fhir/Patient", {
    "resourceType": "Bundle", "type": "searchset", "total": 2, "link": [{"relation": "self", "url": "http://h/x"}],
    "entry": some(2, lambda i: {"fullUrl": "http://h/Patient/%d" % i, "resource": {"resourceType": "Patient", "id": str(i)},
                                "search": {"mode": "match"}})}, "/entry")
case("items in wrappers", "/playlists/1/tracks", {"href": "h", "limit": 100, "offset": 0, "total": 2, "next": None, "previous": None,
     "items": some(2, lambda i: {"added_at": "2024-01-01T00:00:00Z", "track": {"id": "t%d" % i, "name": "n", "artists": [{"id": "a"}] * 3}})}, "/items")
case("topics beside users", "/topics", {
    "users": some(6, lambda i: {"id": i, "username": "u"}), "primary_groups": [],
    "topic_list": {"can_create_topic": False, "per_page": 30, "topics": some(2, lambda i: {
        "id": i, "title": "t", "posters": [{"user_id": 1}] * 4})}}, "/topic_list/topics")
case("sections named by the path", "/v1/inventory/stock_levels", {
    "generated": "2024-01-01", "stock_levels": {"levels": some(3, lambda i: {"sku": "s%d" % i, "qty": i})}}, "/stock_levels/levels")
case("response and body", "/holidays", {"response": {"body": {"items": {"item": some(3, lambda i: {
    "dateName": "d", "locdate": 20240101 + i, "seq": i})}, "numOfRows": 10, "pageNo": 1, "totalCount": 3},
    "header": {"resultCode": "00", "resultMsg": "NORMAL SERVICE."}}}, "/response/body/items/item")

# ---- several tables ----
case("tracks and artists", "/search", {
    "tracks": {"href": "h", "items": some(3, lambda i: {"id": "t%d" % i, "name": "n", "duration_ms": 1}), "limit": 20, "total": 3},
    "artists": {"href": "h", "items": some(3, lambda i: {"id": "a%d" % i, "name": "n", "followers": 2}), "limit": 20, "total": 3}},
     "/tracks/items", "/artists/items")
case("two lists of one weight", "/inventory", {
    "cars": some(3, lambda i: {"id": i, "plate": "p"}), "vans": some(3, lambda i: {"id": i, "load": 3})}, "/cars", "/vans")

# ---- keyed maps ----
case("keyed by push ids", "/messages", {"-Mx%d" % i: {"author": "a", "text": "t", "ts": 1700000000 + i} for i in range(5)}, Table("", "map"))
case("keyed by numbers", "/wiki", {"batchcomplete": "", "query": {"pages": {str(1000 + i): {
    "pageid": 1000 + i, "ns": 0, "title": "T%d" % i} for i in range(4)}}}, Table("/query/pages", "map"))
case("keyed by codes", "/currencies", {c: {"symbol": c, "name": c + " money", "decimal_digits": 2}
                                       for c in ("USD", "EUR", "JPY", "CHF", "GBP")}, Table("", "map"))
case("keyed by codes under data", "/currencies", {"data": {c: {"symbol": c, "name": c + " money", "decimal_digits": 2}
                                                           for c in ("USD", "EUR", "JPY", "CHF", "GBP")}}, Table("/data", "map"))
case("keyed by uuids", "/devices", {"%08d-0000-4000-8000-000000000000" % i: {"model": "m", "online": True, "battery": 10 * i}
                                    for i in range(4)}, Table("", "map"))

# ---- columns ----
case("columns and rows", "/report", {"columns": ["day", "clicks", "cost"], "rows": [["2024-01-01", 3, 1.5], ["2024-01-02", 4, 2.5],
                                                                                   ["2024-01-03", 5, 3.5]]}, Table("/rows", "columns"))
case("columns with types", "/statements/1", {
    "resultSetMetaData": {"numRows": 2, "rowType": [{"name": "ID", "type": "fixed"}, {"name": "N", "type": "text"}]},
    "data": [["1", "a"], ["2", "b"]], "code": "090001"}, Table("/data", "columns"))
case("columns under data", "/card/1/query", {"data": {"cols": [{"name": "id"}, {"name": "total"}], "rows": [[1, 10], [2, 20], [3, 30]]},
                                             "row_count": 3, "status": "completed"}, Table("/data/rows", "columns"))
case("header and data", "/v1/table", {"header": ["a", "b"], "data": [["1", "x"], ["2", "y"]]}, Table("/data", "columns"))
case("fields and values", "/v1/prices", {"fields": ["time", "open", "close"], "values": [[1700000000, 1.1, 1.2], [1700000060, 1.2, 1.3]]},
     Table("/values", "columns"))

# ---- lines ----
case("lines of JSON", "/export", "".join(json.dumps(user(i)) + "\n" for i in range(1, 6)), Table("", "lines"), media="application/x-ndjson")
case("lines of JSON as text", "/export", "".join(json.dumps(order(i)) + "\n" for i in range(1, 6)), Table("", "lines"), media="text/plain")
case("lines without a last end", "/export", "\n".join(json.dumps(user(i)) for i in range(1, 4)), Table("", "lines"), media="application/jsonl")

# ---- one row ----
case("an object", "/about", {"name": "api", "version": "1.2", "commit": "abc"}, one())
case("the current user", "/me", {"id": 7, "name": "n", "roles": ["a", "b"], "teams": some(2, lambda i: {"id": i, "name": "t"})}, one())
case("wrapped in data", "/account", {"data": {"id": 7, "name": "n", "plan": "pro"}}, one("/data"))
case("wrapped in its name", "/user", {"user": user(3)}, one("/user"))
case("wrapped beside ok", "/team.info", {"ok": True, "team": {"id": "T1", "name": "n", "domain": "d"}}, one("/team"))
case("wrapped beside a status", "/quota", {"status": "success", "data": {"used": 10, "limit": 100}}, one("/data"))
case("twice wrapped", "/site", {"result": {"site": {"id": 1, "host": "h", "plan": "x"}}}, one("/result/site"))
case("an object with many lists", "/company", {"id": 1, "name": "n", "founded": "1999-01-01", "address": {"city": "c"},
     "departments": some(3, lambda i: {"id": i, "name": "d"}), "offices": some(3, lambda i: {"id": i, "city": "c"})}, one())
case("settings", "/settings", {"theme": "dark", "locales": ["de", "en"], "notifications": {"mail": True, "push": False}}, one())
case("health", "/health", {"status": "UP", "components": {"db": {"status": "UP"}, "disk": {"status": "UP"}}}, one())
case("counts", "/stats", {"users": 10, "orders": 20, "revenue": 30.5}, one())

# ---- nothing ----
case("an error's text", "/things", {"error": "unauthorized"})
case("an error's object", "/things", {"error": {"code": 403, "message": "no", "status": "PERMISSION_DENIED"}})
case("a list of errors", "/things", {"errors": [{"status": "404", "title": "Not found", "detail": "x"}]})
case("a message and where to read", "/things", {"message": "Not Found", "documentation_url": "http://h/docs"})
case("a problem", "/things", {"type": "about:blank", "title": "Forbidden", "status": 403, "detail": "no"}, media="application/problem+json")
case("no success", "/things", {"success": False, "message": "invalid token"})
case("not ok", "/things.list", {"ok": False, "error": "not_authed"})
case("a fault", "/things", {"fault": {"faultstring": "Invalid ApiKey", "detail": {"errorcode": "oauth.v2.InvalidApiKey"}}})
case("a page for people", "/things", "<!doctype html><html><head><title>Log in</title></head><body>"
     "<form><input type=password></form></body></html>", media="text/html")

# ---- described ----
def item(*names, **types):
    return {"type": "object", "properties": {n: {"type": types.get(n, "string")} for n in names}}


def array(of):
    return {"type": "array", "items": of}


def obj(**properties):
    return {"type": "object", "properties": properties}


case("described, and empty", "/orders", {"items": [], "total": 0}, "/items",
     schema=obj(items=array(item("id", "state")), total={"type": "integer"}))
case("described, empty, with warnings", "/orders", {"items": [], "warnings": some(2, message)}, "/items",
     schema=obj(items=array(item("id", "state")), warnings=array(item("code", "message"))))
case("described, empty, with many facets", "/search/books", {"books": [], "facets": some(9, lambda i: {"name": "n", "count": i})}, "/books",
     schema=obj(books=array(item("isbn", "title")), facets=array(item("name", "count", count="integer"))))
case("described with a wrapper that does not come", "/users", some(3, user), "",
     schema=obj(data=array(item("id", "login", id="integer"))))
case("described bare, comes wrapped", "/users", {"data": some(3, user)}, "/data", schema=array(item("id", "login", id="integer")))
case("described without a form", "/users", {"results": some(3, user), "count": 3, "next": None}, "/results", schema={"type": "object"})
case("described as two lists", "/diff", {"added": some(2, lambda i: {"id": i, "path": "p"}), "removed": some(2, lambda i: {"id": i, "path": "p"})},
     "/added", "/removed", schema=obj(added=array(item("id", "path", id="integer")), removed=array(item("id", "path", id="integer"))))
case("described as a map", "/stocks", {"AAPL": {"price": 1.5, "volume": 10}, "MSFT": {"price": 2.5, "volume": 20}}, Table("", "map"),
     schema={"type": "object", "additionalProperties": item("price", "volume", price="number", volume="integer")})
case("described as one thing with parts", "/cart", {"id": "c1", "currency": "EUR", "lines": some(3, lambda i: {"sku": "s", "qty": i})}, one(),
     schema=obj(id={"type": "string"}, currency={"type": "string"}, lines=array(item("sku", "qty", qty="integer"))))


def check():
    """Are the cases well formed?"""
    names = [c["name"] for c in CASES]
    assert len(set(names)) == len(names), "two cases of one name"
    for c in CASES:
        for table in c["tables"]:
            table.rows(c["body"])
    return len(CASES)


if __name__ == "__main__":
    print(check())
