"""Answers as public APIs give them, cut down: the truth was written down
before autoconn saw any of them.  See envelopes.py.

fields: the columns that the (only) table has; also: other tables that a
person might make as well."""

from envelopes import Table, case, one, some

ISO = "2024-05-%02dT08:00:00Z"


def ts(i):
    return ISO % i


# ---- payments, shops, books ----
case("real: a list of charges", "/v1/charges", {"object": "list", "url": "/v1/charges", "has_more": False, "data": some(3, lambda i: {
    "id": "ch_%d" % i, "object": "charge", "amount": i * 100, "currency": "eur", "paid": True, "refunds": {
        "object": "list", "data": some(4, lambda k: {"id": "re_%d" % k}), "has_more": False, "url": "/v1/refunds"}})}, "/data",
     fields={"id", "object", "amount", "currency", "paid", "refunds"})
case("real: a balance by currency", "/v1/balance", {"object": "balance", "available": some(2, lambda i: {
    "amount": i, "currency": "c%d" % i, "source_types": {"card": i}}), "livemode": False, "pending": some(2, lambda i: {
        "amount": i, "currency": "c%d" % i, "source_types": {"card": i}})}, one())
case("real: the shop itself", "/admin/api/2024-01/shop.json", {"shop": {"id": 548380009, "name": "J", "email": "e@x.y", "domain": None,
     "enabled_presentment_currencies": ["USD"]}}, one("/shop"), fields={"id", "name", "email", "domain", "enabled_presentment_currencies"})
case("real: products with variants", "/admin/api/2024-01/products.json", {"products": some(2, lambda i: {
    "id": 632910392 + i, "title": "t", "variants": some(5, lambda k: {"id": k, "price": "1.00"}), "options": some(1, lambda k: {"id": k}),
    "images": []})}, "/products", fields={"id", "title", "variants", "options", "images"})
case("real: a count and nothing else", "/admin/api/2024-01/orders/count.json", {"count": 7}, one(), fields={"count"})
case("real: a wrong key for a shop", "/admin/api/2024-01/products.json", {"errors": "[API] Invalid API key or access token"})
case("real: payments embedded with links", "/v2/payments", {"count": 2, "_embedded": {"payments": some(2, lambda i: {
    "resource": "payment", "id": "tr_%d" % i, "mode": "test", "amount": {"value": "75.00", "currency": "GBP"},
    "_links": {"self": {"href": "h", "type": "t"}}})}, "_links": {"self": {"href": "h"}, "previous": None, "next": None}}, "/_embedded/payments")
case("real: customers in entries of a list", "/api/v2/customers", {"list": some(3, lambda i: {
    "customer": {"id": "c%d" % i, "first_name": "f", "created_at": 1700000000 + i}, "card": {"last4": "1111"}})}, "/list")
case("real: accounts of open banking", "/open-banking/v3.1/aisp/accounts", {"Data": {"Account": some(2, lambda i: {
    "AccountId": "%d" % i, "Currency": "GBP", "Account": [{"SchemeName": "IBAN"}]})}, "Links": {"Self": "h"}, "Meta": {"TotalPages": 1}}, "/Data/Account")
case("real: booked and pending", "/api/v2/accounts/1/transactions/", {"transactions": {"booked": some(3, lambda i: {
    "transactionId": "t%d" % i, "bookingDate": "2024-01-0%d" % i}), "pending": some(1, lambda i: {"valueDate": "2024-01-09"})}},
     "/transactions/booked", also=[["/transactions/booked", "/transactions/pending"], [one("/transactions")]])
case("real: invoices with warnings and pages", "/api.xro/2.0/Invoices", {
    "Id": "e0b2a8f5-0000-4000-8000-000000000001", "Status": "OK", "ProviderName": "p", "DateTimeUTC": "/Date(1700000000000)/",
    "pagination": {"page": 1, "pageSize": 100, "pageCount": 1, "itemCount": 2}, "Warnings": some(3, lambda i: {"Message": "w"}), "Invoices": some(2, lambda i: {
        "Type": "ACCREC", "InvoiceID": "i%d" % i, "InvoiceNumber": "INV-%d" % i, "Contact": {"ContactID": "c"}, "LineItems": [], "Total": 1.5})}, "/Invoices",
     fields={"type", "invoice_id", "invoice_number", "contact", "line_items", "total"})
case("real: reports of a ledger", "/api.xro/2.0/Reports/TrialBalance", {"Reports": [{"ReportID": "TrialBalance", "ReportName": "T", "ReportTitles": ["a"],
     "Rows": [{"RowType": "Header", "Cells": [{"Value": "Account"}]}, {"RowType": "Section", "Title": "Revenue"}]}]}, "/Reports")
case("real: a company's facts and a time", "/v3/company/9/companyinfo/9", {"CompanyInfo": {"CompanyName": "L", "Country": "US", "Id": "1",
     "SyncToken": "4", "NameValue": some(4, lambda i: {"Name": "n", "Value": "v"})}, "time": "2024-01-01T00:00:00.000-08:00"}, one("/CompanyInfo"))
case("real: orders four levels down", "/v3/orders", {"list": {"meta": {"totalCount": 3, "limit": 10}, "elements": {"order": some(3, lambda i: {
    "purchaseOrderId": "%d" % i, "orderLines": {"orderLine": [{"lineNumber": "1"}] * 4}})}}}, "/list/elements/order")
case("real: a search with many filters", "/sites/MLA/search", {"site_id": "MLA", "query": "ipod", "paging": {"total": 2, "offset": 0, "limit": 50},
     "results": some(2, lambda i: {"id": "MLA%d" % i, "title": "t", "price": 1}), "sort": {"id": "relevance", "name": "r"},
     "available_sorts": some(2, lambda i: {"id": "p%d" % i, "name": "n"}), "filters": some(3, lambda i: {"id": "f", "values": []}),
     "available_filters": some(9, lambda i: {"id": "a%d" % i, "values": [{"id": "x"}] * 4})}, "/results")
case("real: page facts without meta", "/api/users", {"page": 1, "per_page": 6, "total": 2, "total_pages": 1, "data": some(2, lambda i: {
    "id": i, "email": "e", "first_name": "f"}), "support": {"url": "http://h", "text": "t"}}, "/data", fields={"id", "email", "first_name"})

# ---- code, tickets ----
case("real: runs of workflows", "/repos/o/r/actions/runs", {"total_count": 2, "workflow_runs": some(2, lambda i: {
    "id": 30433642 + i, "name": "Build", "head_sha": "%040x" % i, "pull_requests": [], "referenced_workflows": []})}, "/workflow_runs")
case("real: search of code", "/search/repositories", {"total_count": 3, "incomplete_results": False, "items": some(3, lambda i: {
    "id": i, "node_id": "n", "name": "T", "owner": {"login": "o", "id": 1}, "topics": ["a"], "score": 1})}, "/items")
case("real: a comparison of branches", "/repos/o/r/compare/main...dev", {"url": "u", "status": "ahead", "ahead_by": 2, "behind_by": 0, "total_commits": 2,
     "base_commit": {"sha": "a", "commit": {"message": "m"}}, "commits": some(2, lambda i: {"sha": "s%d" % i, "parents": [{"sha": "p"}]}),
     "files": some(2, lambda i: {"sha": "f%d" % i, "filename": "n", "additions": 1})}, one())
case("real: weeks of commits as numbers", "/repos/o/r/stats/code_frequency", [[1302998400 + i * 604800, 1124 + i, -435 - i] for i in range(5)], "")
case("real: weekly activity", "/repos/o/r/stats/contributors", some(2, lambda i: {"author": {"login": "o", "id": i}, "total": 13,
     "weeks": some(5, lambda k: {"w": 1367712000 + k, "a": 1, "d": 2, "c": 3})}), "")
case("real: issues with names and schema", "/rest/api/3/search", {"expand": "names,schema", "startAt": 0, "maxResults": 50, "total": 2, "issues": some(2, lambda i: {
    "expand": "", "id": "1000%d" % i, "self": "http://h/%d" % i, "key": "ED-%d" % i, "fields": {"summary": "s", "status": {"id": "1", "name": "Open"}, "labels": []}}),
    "names": {"summary": "Summary", "status": "Status"}, "schema": {"summary": {"type": "string"}, "status": {"type": "status"}}}, "/issues",
    fields={"expand", "id", "self", "key", "summary", "status", "labels"}, also=[])
case("real: projects with isLast", "/rest/api/3/project/search", {"self": "http://h", "maxResults": 50, "startAt": 0, "total": 2, "isLast": True,
     "values": some(2, lambda i: {"id": "%d" % i, "key": "P%d" % i, "avatarUrls": {"48x48": "u"}, "style": "classic"})}, "/values")
case("real: work logged on an issue", "/rest/api/3/issue/10010/worklog", {"startAt": 0, "maxResults": 20, "total": 1, "worklogs": some(1, lambda i: {
    "id": "100028", "author": {"accountId": "5b", "active": False}, "comment": {"type": "doc", "content": [{"type": "paragraph"}] * 3}, "timeSpentSeconds": 12000})}, "/worklogs")
case("real: tickets with users and groups beside", "/api/v2/tickets.json", {"tickets": some(2, lambda i: {"id": i, "subject": "s", "requester_id": 7, "via": {"channel": "web"}}),
     "users": some(6, lambda i: {"id": i, "name": "n", "role": "agent"}), "groups": some(4, lambda i: {"id": i, "name": "g"}),
     "next_page": None, "previous_page": None, "count": 2}, "/tickets", fields={"id", "subject", "requester_id", "via"})
case("real: tickets since a cursor", "/api/v2/incremental/tickets/cursor.json", {"after_cursor": "M", "after_url": "u", "before_cursor": None, "before_url": None,
     "end_of_stream": True, "tickets": some(2, lambda i: {"id": i, "url": "u", "custom_fields": [{"id": 1, "value": None}] * 4})}, "/tickets")
case("real: issues of a quality gate", "/api/issues/search", {"total": 2, "p": 1, "ps": 100, "paging": {"pageIndex": 1, "pageSize": 100, "total": 2}, "effortTotal": 5,
     "issues": some(2, lambda i: {"key": "AX%d" % i, "rule": "java:S1", "component": "c", "flows": []}), "components": some(5, lambda i: {"key": "c%d" % i, "name": "n"}),
     "facets": [], "rules": some(3, lambda i: {"key": "r%d" % i})}, "/issues")
case("real: pages of a log of errors", "/api/1/items/", {"err": 0, "result": {"page": 1, "total_count": 2, "items": some(2, lambda i: {
    "id": i, "counter": i, "title": "t", "level": "error"})}}, "/result/items")
case("real: incidents", "/incidents", {"incidents": some(2, lambda i: {"id": "PT4KHL%d" % i, "incident_number": i, "teams": [{"id": "T"}] * 4}),
     "limit": 25, "offset": 0, "total": None, "more": False}, "/incidents")
case("real: hosts by matching", "/api/v1/hosts", {"exact_total_matching": True, "host_list": some(2, lambda i: {
    "aliases": ["m"], "apps": ["agent"], "host_name": "h%d" % i, "id": i, "up": True}), "total_matching": 2, "total_returned": 2}, "/host_list")
case("real: packages in a search of a registry", "/-/v1/search", {"objects": some(2, lambda i: {"package": {"name": "p%d" % i, "version": "1.0.0", "keywords": ["a"]},
     "score": {"final": 0.9, "detail": {"quality": 0.5}}, "searchScore": 1000.1}), "total": 2, "time": "Wed Jan 25 2024"}, "/objects")
case("real: a package with its versions", "/express", {"_id": "express", "_rev": "1-a", "name": "express", "dist-tags": {"latest": "4.1.0"}, "versions": {
    "4.0.0": {"name": "express", "version": "4.0.0"}, "4.1.0": {"name": "express", "version": "4.1.0"}}, "maintainers": some(3, lambda i: {"name": "m%d" % i}),
    "license": "MIT"}, one())
case("real: what a package's index says", "/pypi/sampleproject/json", {"info": {"author": "a", "name": "sampleproject", "version": "1.0", "classifiers": ["x"]},
     "last_serial": 1591652, "releases": {"1.0": [{"filename": "f"}], "1.2": [{"filename": "g"}]}, "urls": some(2, lambda i: {"filename": "f%d" % i, "size": i}),
     "vulnerabilities": []}, one(), also=[[one("/info")]])
case("real: names of packages", "/packages/list.json", {"packageNames": ["a/b", "c/d", "e/f"]}, "/packageNames")
case("real: crates with meta", "/api/v1/crates", {"crates": some(3, lambda i: {"id": "c%d" % i, "name": "c%d" % i, "downloads": i, "keywords": None}),
     "meta": {"total": 3, "next_page": None, "prev_page": None}}, "/crates")

# ---- sales, marketing ----
case("real: records of a query", "/services/data/v58.0/query", {"totalSize": 2, "done": True, "records": some(2, lambda i: {
    "attributes": {"type": "Account", "url": "/services/data/v58.0/sobjects/Account/00%d" % i}, "Id": "00%d" % i, "Name": "n",
    "Contacts": {"totalSize": 1, "done": True, "records": [{"Id": "c"}] * 5}})}, "/records", fields={"attributes", "id", "name", "contacts"})
case("real: kinds of objects", "/services/data/v58.0/sobjects", {"encoding": "UTF-8", "maxBatchSize": 200, "sobjects": some(3, lambda i: {
    "name": "O%d" % i, "label": "l", "queryable": True, "urls": {"sobject": "u"}})}, "/sobjects")
case("real: limits by name", "/services/data/v58.0/limits", {n: {"Max": 100, "Remaining": 99} for n in (
    "ActiveScratchOrgs", "ConcurrentAsyncGetReportInstances", "DailyApiRequests", "DataStorageMB", "HourlyODataCallout")}, Table("", "map"))
case("real: contacts with properties", "/crm/v3/objects/contacts", {"results": some(2, lambda i: {"id": "51%d" % i, "properties": {
    "createdate": ts(i), "email": "e@x.y", "firstname": "f", "lastname": "l"}, "createdAt": ts(i), "updatedAt": ts(i), "archived": False})}, "/results",
     fields={"id", "createdate", "email", "firstname", "lastname", "created_at", "updated_at", "archived"})
case("real: contacts of an old version", "/contacts/v1/lists/all/contacts/all", {"contacts": some(2, lambda i: {
    "addedAt": 1390574181854 + i, "vid": 204727 + i, "properties": {"firstname": {"value": "B"}}, "identity-profiles": [{"vid": 1, "identities": []}]}),
    "has-more": False, "vid-offset": 204727}, "/contacts")
case("real: campaigns and links", "/3.0/campaigns", {"campaigns": some(2, lambda i: {"id": "42%d" % i, "type": "regular", "settings": {"title": "t"}, "_links": some(5, lambda k: {"rel": "r"})}),
     "total_items": 2, "_links": some(6, lambda i: {"rel": "r%d" % i, "href": "h", "method": "GET"})}, "/campaigns")
case("real: members of one list", "/3.0/lists/a1/members", {"members": some(2, lambda i: {"id": "%032x" % i, "email_address": "e", "merge_fields": {"FNAME": "f"}, "tags": []}),
     "list_id": "a1", "total_items": 2, "_links": some(4, lambda i: {"rel": "r%d" % i, "href": "h"})}, "/members")
case("real: the root of an account with links", "/3.0", {"account_id": "8d", "login_id": "l", "account_name": "F", "contact": {"company": "c"},
     "pro_enabled": False, "last_login": ts(1), "total_subscribers": 413, "_links": some(17, lambda i: {"rel": "r%d" % i, "href": "h", "method": "GET"})}, one())
case("real: conversations of type list", "/conversations", {"type": "conversation.list", "pages": {"type": "pages", "page": 1, "per_page": 20, "total_pages": 1},
     "total_count": 2, "conversations": some(2, lambda i: {"type": "conversation", "id": "%d" % i, "created_at": 1700000000 + i,
                                                          "source": {"type": "email"}, "tags": {"type": "tag.list", "tags": []}})}, "/conversations")
case("real: contacts with their scores beside", "/api/3/contacts", {"scoreValues": some(5, lambda i: {"id": "%d" % i, "score": "s", "contact": "1"}),
     "contacts": some(2, lambda i: {"id": "%d" % i, "email": "e", "cdate": ts(i), "links": {"bounceLogs": "u"}}), "meta": {"total": "2", "page_input": {"limit": 20}}}, "/contacts")
case("real: events as a collection", "/scheduled_events", {"collection": some(2, lambda i: {"uri": "http://h/%d" % i, "name": "15 Minute", "start_time": ts(i),
     "event_memberships": [{"user": "u"}] * 3}), "pagination": {"count": 2, "next_page": None, "next_page_token": None}}, "/collection")
case("real: ads behind a code", "/open_api/v1.3/ad/get/", {"code": 0, "message": "OK", "request_id": "2020", "data": {"list": some(2, lambda i: {
    "ad_id": "%d" % i, "campaign_id": "c"}), "page_info": {"page": 1, "page_size": 10, "total_number": 2, "total_page": 1}}}, "/data/list")
case("real: insights with cursors", "/v19.0/act_1/insights", {"data": some(2, lambda i: {"impressions": "%d" % i, "date_start": "2024-01-0%d" % i, "actions": [{"action_type": "like", "value": "1"}]}),
     "paging": {"cursors": {"before": "MAZDZD", "after": "MjQZD"}}}, "/data")
case("real: a report with headers of two kinds", "/v1beta/properties/1/report", {"dimensionHeaders": [{"name": "city"}], "metricHeaders": [{"name": "users", "type": "TYPE_INTEGER"}],
     "rows": some(3, lambda i: {"dimensionValues": [{"value": "c%d" % i}], "metricValues": [{"value": "%d" % i}]}), "rowCount": 3,
     "metadata": {"currencyCode": "USD"}, "kind": "analyticsData#runReport"}, "/rows")

# ---- content ----
case("real: entries with includes", "/spaces/s/environments/master/entries", {"sys": {"type": "Array"}, "total": 2, "skip": 0, "limit": 100, "items": some(2, lambda i: {
    "metadata": {"tags": []}, "sys": {"id": "e%d" % i, "type": "Entry", "createdAt": ts(i)}, "fields": {"name": "n", "slug": "s"}}),
    "includes": {"Entry": some(5, lambda i: {"sys": {"id": "x%d" % i}}), "Asset": some(6, lambda i: {"sys": {"id": "a%d" % i}})}}, "/items")
case("real: attributes with pagination", "/api/restaurants", {"data": some(2, lambda i: {"id": i, "attributes": {"title": "t", "createdAt": ts(i), "stars": i}}),
     "meta": {"pagination": {"page": 1, "pageSize": 25, "pageCount": 1, "total": 2}}}, "/data", fields={"id", "title", "created_at", "stars"})
case("real: one thing with attributes", "/api/homepage", {"data": {"id": 1, "attributes": {"title": "t", "createdAt": ts(1)}}, "meta": {}}, one("/data"),
     fields={"id", "title", "created_at"})
case("real: items with meta of counts", "/items/articles", {"data": some(2, lambda i: {"id": i, "status": "published", "translations": [1, 2]}),
     "meta": {"total_count": 2, "filter_count": 2}}, "/data", fields={"id", "status", "translations"})
case("real: nodes of a site", "/jsonapi/node/article", {"jsonapi": {"version": "1.0", "meta": {"links": {"self": {"href": "h"}}}}, "data": some(2, lambda i: {
    "type": "node--article", "id": "%08d-0000-4000-8000-000000000000" % i, "links": {"self": {"href": "h"}}, "attributes": {"title": "t", "created": ts(i)},
    "relationships": {"uid": {"data": {"type": "user--user", "id": "u"}, "links": {"self": {"href": "h"}}}}}),
    "meta": {"count": 2, "omitted": {"detail": "d", "links": {"help": {"href": "h"}, "item--a": {"href": "x", "meta": {"rel": "item"}}}}},
    "links": {"self": {"href": "h"}}}, "/data", fields={"type", "id", "title", "created", "uid_id"})
case("real: pages and databases", "/v1/search", {"object": "list", "results": some(2, lambda i: {"object": "page", "id": "%08d-0000-4000-8000-000000000000" % i, "created_time": ts(i),
     "archived": False, "parent": {"type": "database_id", "database_id": "d"}, "properties": {"Name": {"id": "title", "type": "title", "title": [{"plain_text": "x"}] * 3},
                                                                                           "Done": {"id": "a", "type": "checkbox", "checkbox": True}}, "url": "u"}),
     "next_cursor": None, "has_more": False, "type": "page_or_database", "page_or_database": {}, "request_id": "r"}, "/results",
     fields={"object", "id", "created_time", "archived", "parent", "name", "done", "url"})
case("real: tables of a base", "/v0/meta/bases/app1/tables", {"tables": some(2, lambda i: {"id": "tbl%d" % i, "name": "n", "primaryFieldId": "f",
     "fields": some(5, lambda k: {"id": "f%d" % k, "type": "text"}), "views": some(2, lambda k: {"id": "v"})})}, "/tables")
case("real: records of a base", "/v0/app1/Tasks", {"records": some(3, lambda i: {"id": "rec%d" % i, "createdTime": ts(i), "fields": {"Title": "t", "Points": i, "Done": True}})}, "/records", fields={"id", "created_time", "title", "points", "done"})
case("real: components behind meta", "/v1/teams/1/components", {"status": 200, "error": False, "meta": {"components": some(2, lambda i: {
    "key": "k%d" % i, "file_key": "f", "node_id": "1:%d" % i, "user": {"id": "u"}}), "cursor": {"before": 1}}}, "/meta/components")
case("real: values of a sheet", "/v4/spreadsheets/s1/values/Sheet1", {"range": "Sheet1!A1:C4", "majorDimension": "ROWS", "values": [
    ["Item", "Cost", "Stocked"], ["Wheel", "20.50", "4"], ["Door", "15", "2"], ["Engine", "100", "1"]]}, Table("/values", "header"), fields={"item", "cost", "stocked"})
case("real: a summary of a page", "/api/rest_v1/page/summary/Earth", {"type": "standard", "title": "Earth", "namespace": {"id": 0, "text": ""}, "wikibase_item": "Q2",
     "titles": {"canonical": "Earth"}, "pageid": 9228, "thumbnail": {"source": "u", "width": 320}, "lang": "en", "timestamp": ts(1), "content_urls": {"desktop": {"page": "u"}}}, one())
case("real: results of a search of pages", "/w/api.php", {"batchcomplete": "", "query": {"searchinfo": {"totalhits": 3},
     "search": some(3, lambda i: {"ns": 0, "title": "t%d" % i, "pageid": 39736 + i, "size": 1, "timestamp": ts(i)})}}, "/query/search")
case("real: pages by number, titles normalized", "/w/api.php", {"batchcomplete": "", "query": {"normalized": [{"from": "a_b", "to": "A b"}, {"from": "c_d", "to": "C d"}],
     "pages": {"736": {"pageid": 736, "ns": 0, "title": "A b"}, "9228": {"pageid": 9228, "ns": 0, "title": "C d"}}}}, Table("/query/pages", "map"))
case("real: pages as a list", "/w/api.php", {"batchcomplete": True, "query": {"pages": some(2, lambda i: {"pageid": i, "ns": 0, "title": "t", "revisions": [{"revid": 1}] * 4})}}, "/query/pages")
case("real: an error of the wiki", "/w/api.php", {"error": {"code": "badvalue", "info": "Unrecognized value", "*": "See http://h"}, "servedby": "mw1"})
case("real: one entity by its code", "/wiki/Special:EntityData/Q42.json", {"entities": {"Q42": {"pageid": 138, "ns": 0, "type": "item", "id": "Q42",
     "labels": {"en": {"language": "en", "value": "D"}}, "claims": {"P31": [{"id": "x"}]}}}}, Table("/entities", "map"), also=[[one("/entities/Q42")]])
case("real: bindings of a query", "/sparql", {"head": {"vars": ["item", "itemLabel"]}, "results": {"bindings": some(3, lambda i: {
    "item": {"type": "uri", "value": "http://h/Q%d" % i}, "itemLabel": {"xml:lang": "en", "type": "literal", "value": "l"}})}}, "/results/bindings")
case("real: documents of a paper", "/svc/search/v2/articlesearch.json", {"status": "OK", "copyright": "c", "response": {"docs": some(2, lambda i: {
    "_id": "nyt://%d" % i, "web_url": "u", "keywords": [{"name": "n", "rank": 1}] * 5}), "meta": {"hits": 2, "offset": 0, "time": 24}}}, "/response/docs")
case("real: results of another paper", "/search", {"response": {"status": "ok", "userTier": "developer", "total": 2, "startIndex": 1, "pageSize": 10, "currentPage": 1,
     "pages": 1, "orderBy": "newest", "results": some(2, lambda i: {"id": "world/%d" % i, "type": "article", "webTitle": "t"})}}, "/response/results")
case("real: works of an open catalogue", "/works", {"meta": {"count": 2, "db_response_time_ms": 20, "page": 1, "per_page": 25, "groups_count": None}, "results": some(2, lambda i: {
    "id": "http://h/W%d" % i, "doi": "http://d/%d" % i, "authorships": [{"author": {"id": "A"}}] * 6, "concepts": [{"id": "C"}] * 7}), "group_by": []}, "/results")
case("real: a feed made from XML", "/api/query", {"feed": {"@xmlns": "http://a", "title": {"@type": "html", "#text": "q"}, "id": "http://h/x", "updated": ts(1),
     "opensearch:totalResults": {"#text": "3"}, "entry": some(3, lambda i: {"id": "http://h/abs/%d" % i, "title": "t", "author": [{"name": "n"}] * 5, "published": ts(i)})}}, "/feed/entry")
case("real: books by their ISBN", "/api/books", {"ISBN:0201558025": {"bib_key": "ISBN:0201558025", "info_url": "u", "preview": "noview"},
     "LCCN:93005405": {"bib_key": "LCCN:93005405", "info_url": "u", "preview": "noview"}}, Table("", "map"))
case("real: media of a library", "/library/sections/1/all", {"MediaContainer": {"size": 3, "allowSync": True, "identifier": "com.x", "librarySectionID": 1, "mixedParents": False,
     "Metadata": some(3, lambda i: {"ratingKey": "%d" % i, "title": "t", "Media": [{"id": 1}] * 4})}}, "/MediaContainer/Metadata")

# ---- machines ----
case("real: pods", "/api/v1/pods", {"kind": "PodList", "apiVersion": "v1", "metadata": {"resourceVersion": "1452"}, "items": some(2, lambda i: {
    "metadata": {"name": "p%d" % i, "namespace": "d", "uid": "%08d-0000-4000-8000-000000000000" % i}, "spec": {"containers": [{"name": "c"}] * 3},
    "status": {"phase": "Running", "conditions": [{"type": "Ready"}] * 4}})}, "/items", fields={"metadata", "spec", "status"})
case("real: kinds of a group", "/apis/apps/v1", {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": "apps/v1", "resources": some(3, lambda i: {
    "name": "r%d" % i, "singularName": "", "namespaced": True, "kind": "K", "verbs": ["get"]})}, "/resources")
case("real: pods as a table for people", "/api/v1/namespaces/d/pods", {"kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": {"resourceVersion": "1"},
     "columnDefinitions": some(5, lambda i: {"name": "Col%d" % i, "type": "string", "priority": 0}),
     "rows": some(2, lambda i: {"cells": ["p%d" % i, "1/1", "Running", 0, "3d"], "object": {"kind": "PartialObjectMetadata", "metadata": {"name": "p"}}})}, "/rows")
case("real: a failure of the cluster", "/api/v1/nodes", {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "message": "nodes is forbidden",
     "reason": "Forbidden", "details": {"kind": "nodes"}, "code": 403})
case("real: a matrix of samples", "/api/v1/query_range", {"status": "success", "data": {"resultType": "matrix", "result": some(2, lambda i: {
    "metric": {"__name__": "up", "job": "j%d" % i}, "values": [[1435781430.781, "1"], [1435781445.781, "1"], [1435781460.781, "1"]]})}}, "/data/result")
case("real: targets, active and dropped", "/api/v1/targets", {"status": "success", "data": {"activeTargets": some(3, lambda i: {
    "discoveredLabels": {"a": "b"}, "labels": {"job": "j"}, "scrapePool": "p", "health": "up"}), "droppedTargets": some(1, lambda i: {"discoveredLabels": {"a": "b"}}),
    "droppedTargetCounts": {"p": 1}}}, "/data/activeTargets", also=[["/data/activeTargets", "/data/droppedTargets"]])
case("real: a number at a moment", "/api/v1/query", {"status": "success", "data": {"resultType": "scalar", "result": [1435781451.781, "1"]}}, one("/data"))
case("real: series of a database", "/query", {"results": [{"statement_id": 0, "series": [{"name": "cpu", "columns": ["time", "usage"], "values": [
    ["2024-01-01T00:00:00Z", 0.5], ["2024-01-01T00:01:00Z", 0.7]]}]}]}, "/results")
case("real: buckets with links", "/api/v2/buckets", {"links": {"self": "/api/v2/buckets"}, "buckets": some(3, lambda i: {
    "id": "%016x" % i, "orgID": "o", "type": "user", "retentionRules": [{"type": "expire"}] * 4, "links": {"self": "s"}})}, "/buckets")
case("real: indices as rows", "/_cat/indices", some(3, lambda i: {"health": "green", "status": "open", "index": "i%d" % i, "docs.count": "%d" % i, "store.size": "1kb"}), "",
     fields={"health", "status", "index", "docs_count", "store_size"})
case("real: health of a cluster", "/_cluster/health", {"cluster_name": "c", "status": "green", "timed_out": False, "number_of_nodes": 1, "active_shards_percent_as_number": 100.0}, one())
case("real: nodes by id", "/_nodes", {"_nodes": {"total": 2, "successful": 2, "failed": 0}, "cluster_name": "c", "nodes": {
    "kbfXHdMhRJ%d" % i: {"name": "n%d" % i, "transport_address": "10.0.0.1:9300", "roles": ["data"], "os": {"name": "Linux"}} for i in range(3)}}, Table("/nodes", "map"))
case("real: hits, fewer than aggregations", "/books/_search", {"took": 5, "timed_out": False, "_shards": {"total": 1, "successful": 1, "skipped": 0, "failed": 0},
     "hits": {"total": {"value": 2, "relation": "eq"}, "max_score": 1.3, "hits": some(2, lambda i: {"_index": "books", "_id": "%d" % i, "_score": 1.3, "_ignored": ["x"], "_source": {"title": "t", "pages": i}})},
     "aggregations": {"by_author": {"doc_count_error_upper_bound": 0, "sum_other_doc_count": 0, "buckets": some(6, lambda i: {"key": "k%d" % i, "doc_count": i})}},
     "suggest": {"s": [{"text": "t", "offset": 0, "options": [{"text": "x"}] * 3}] * 4}}, "/hits/hits", fields={"_index", "_id", "_score", "_ignored", "title", "pages"})
case("real: several documents", "/_mget", {"docs": some(3, lambda i: {"_index": "b", "_id": "%d" % i, "_version": 1, "found": True, "_source": {"title": "t"}})}, "/docs")
case("real: services by name", "/v1/agent/services", {"redis": {"ID": "redis", "Service": "redis", "Tags": [], "Port": 8000}, "web": {"ID": "web", "Service": "web", "Tags": ["a"], "Port": 80}},
     Table("", "map"))
case("real: lamps by number", "/api/u/lights", {"1": {"state": {"on": True, "bri": 1}, "type": "Extended", "name": "L1"}, "2": {"state": {"on": False, "bri": 2}, "type": "Extended", "name": "L2"}}, Table("", "map"))
case("real: lamps with errors beside", "/clip/v2/resource/light", {"errors": [], "data": some(2, lambda i: {"id": "%d" % i, "id_v1": "/lights/%d" % i, "on": {"on": True}, "type": "light"})}, "/data")
case("real: servers with links for the next page", "/v2.1/servers", {"servers": some(1, lambda i: {"id": "s", "name": "n", "links": [{"rel": "self", "href": "h"}] * 2}),
     "servers_links": some(2, lambda i: {"href": "h", "rel": "previous"})}, "/servers")
case("real: members by reference", "/redfish/v1/Systems", {"@odata.id": "/redfish/v1/Systems", "@odata.type": "#C.C", "Name": "Systems", "Members": some(3, lambda i: {
    "@odata.id": "/redfish/v1/Systems/%d" % i}), "Members@odata.count": 3}, "/Members")
case("real: rows for a script that draws tables", "/api/datatables/users", {"draw": 1, "recordsTotal": 2, "recordsFiltered": 2, "data": [
    ["Airi", "Satou", "Accountant", "28th Nov 08", 162700], ["Angelica", "Ramos", "CEO", "9th Oct 09", 1200000]]}, "/data")
case("real: history three levels down", "/api/v2", {"response": {"result": "success", "message": None, "data": {"recordsFiltered": 2, "recordsTotal": 2, "data": some(2, lambda i: {
    "row_id": i, "user": "u", "duration": 5}), "draw": 1, "filter_duration": "0"}}}, "/response/data/data")
case("real: jobs done, with keys and values", "/v3/kv/range", {"header": {"cluster_id": "1", "revision": "8"}, "kvs": some(2, lambda i: {"key": "Zm9v", "create_revision": "%d" % i, "value": "YmFy"}), "count": "2"}, "/kvs")

# ---- people, messages ----
case("real: messages of a channel", "/conversations.history", {"ok": True, "latest": "1503435956.000247", "messages": some(2, lambda i: {
    "type": "message", "user": "U1", "text": "t", "ts": "150343595%d.000247" % i, "reactions": [{"name": "x"}] * 3}), "has_more": False, "pin_count": 0,
    "response_metadata": {"next_cursor": ""}}, "/messages")
case("real: who am I", "/auth.test", {"ok": True, "url": "http://h/", "team": "T", "user": "g", "team_id": "T1", "user_id": "W1"}, one())
case("real: not authed, with more words", "/users.list", {"ok": False, "error": "missing_scope", "needed": "users:read", "provided": "identify"})
case("real: updates of a bot", "/bot1/getUpdates", {"ok": True, "result": some(2, lambda i: {"update_id": 349 + i, "message": {"message_id": i, "from": {"id": 1}, "chat": {"id": 2}, "date": 1700000000, "text": "t"}})}, "/result",
     fields={"update_id", "message"})
case("real: the bot itself", "/bot1/getMe", {"ok": True, "result": {"id": 123, "is_bot": True, "first_name": "F", "username": "u", "can_join_groups": True}}, one("/result"))
case("real: a bot refused", "/bot1/getUpdates", {"ok": False, "error_code": 401, "description": "Unauthorized"})
case("real: posts with errors in part", "/2/tweets", {"data": some(2, lambda i: {"id": "%d" % i, "text": "t", "author_id": "7", "edit_history_tweet_ids": ["1"]}), "includes": {
    "users": some(3, lambda i: {"id": "%d" % i, "username": "u"}), "media": some(4, lambda i: {"media_key": "m", "type": "photo"})},
    "errors": some(3, lambda i: {"resource_id": "9", "title": "Not Found Error", "type": "http://h"}), "meta": {"result_count": 2}}, "/data")
case("real: numbers of friends", "/1.1/friends/ids.json", {"previous_cursor": 0, "previous_cursor_str": "0", "next_cursor": 0, "next_cursor_str": "0", "ids": [657693, 183709371, 7588892]}, "/ids")
case("real: statuses found", "/1.1/search/tweets.json", {"statuses": some(2, lambda i: {"id": 25007 + i, "text": "t", "entities": {"urls": [{"url": "u"}] * 4}}),
     "search_metadata": {"completed_in": 0.1, "max_id": 25008, "count": 2, "query": "q"}}, "/statuses")
case("real: three kinds found", "/api/v2/search", {"accounts": some(2, lambda i: {"id": "%d" % i, "username": "u"}), "statuses": some(2, lambda i: {"id": "%d" % i, "content": "c"}),
     "hashtags": some(2, lambda i: {"name": "n%d" % i, "url": "u"})}, "/accounts", "/statuses", "/hashtags", also=[["/accounts", "/statuses"], [one()]])
case("real: messages seen by people", "/api/v3/search.php", {"options": {"terms": [{"text": "a"}], "modifiers": [], "modelTypes": ["cards"], "partial": False},
     "boards": [], "cards": some(3, lambda i: {"id": "%024x" % i, "name": "n"}), "organizations": [], "members": []}, "/cards")
case("real: videos", "/youtube/v3/search", {"kind": "youtube#searchListResponse", "etag": "e", "regionCode": "DE", "pageInfo": {"totalResults": 2, "resultsPerPage": 2},
     "items": some(2, lambda i: {"kind": "youtube#searchResult", "etag": "e%d" % i, "id": {"kind": "youtube#video", "videoId": "v"}, "snippet": {"title": "t", "thumbnails": {"default": {"url": "u"}}}})}, "/items")
case("real: songs found in hits", "/search/songs", {"meta": {"status": 200}, "response": {"hits": some(3, lambda i: {"highlights": [], "index": "song", "type": "song", "result": {
    "id": i, "title": "t", "primary_artist": {"id": 2}}})}}, "/response/hits")
case("real: albums one level down", "/v1/browse/new-releases", {"albums": {"href": "h", "items": some(2, lambda i: {"id": "a%d" % i, "artists": [{"id": "x"}] * 4, "images": [{"url": "u"}] * 3}),
     "limit": 20, "next": None, "offset": 0, "previous": None, "total": 2}}, "/albums/items")
case("real: users by name", "/users.json", {"alice": {"name": "A", "age": 3, "mail": "a"}, "bob": {"name": "B", "age": 4, "mail": "b"}, "carol": {"name": "C", "age": 5, "mail": "c"}}, Table("", "map"))
case("real: posts of a network of servers", "/api/v3/post/list", {"posts": some(2, lambda i: {"post": {"id": i, "name": "n"}, "creator": {"id": 5, "name": "c"}, "counts": {"score": 1}}), "next_page": None}, "/posts")
case("real: users by length", "/api/v2/users", {"start": 0, "limit": 50, "length": 2, "total": 2, "users": some(2, lambda i: {"user_id": "auth0|%d" % i, "email": "e", "identities": [{"provider": "p"}] * 3})}, "/users")

# ---- games, sports ----
case("real: players", "/ISteamUser/GetPlayerSummaries/v0002/", {"response": {"players": some(2, lambda i: {"steamid": "7656119796043553%d" % i, "personaname": "n"})}}, "/response/players")
case("real: games owned", "/IPlayerService/GetOwnedGames/v0001/", {"response": {"game_count": 2, "games": some(2, lambda i: {"appid": i, "playtime_forever": 5})}}, "/response/games")
case("real: news of a game", "/ISteamNews/GetNewsForApp/v0002/", {"appnews": {"appid": 440, "newsitems": some(3, lambda i: {"gid": "%d" % i, "title": "t", "date": 1700000000 + i}), "count": 3}}, "/appnews/newsitems")
case("real: details by number of a game", "/api/appdetails", {"440": {"success": True, "data": {"type": "game", "name": "T", "steam_appid": 440}}}, Table("", "map"), also=[[one("/440/data")]])
case("real: champions by name", "/cdn/14.1.1/data/en_US/champion.json", {"type": "champion", "format": "standAloneComplex", "version": "14.1.1", "data": {
    n: {"version": "14.1.1", "id": n, "key": "1", "name": n, "stats": {"hp": 650}} for n in ("Aatrox", "Ahri", "Akali", "Zyra")}}, Table("/data", "map"))
case("real: a match with all its players", "/lol/match/v5/matches/EUW1_1", {"metadata": {"dataVersion": "2", "matchId": "EUW1_1", "participants": ["a", "b"]}, "info": {
    "gameCreation": 1700000000000, "gameId": 1, "participants": some(10, lambda i: {"participantId": i, "kills": i}), "teams": some(2, lambda i: {"teamId": i, "win": True})}}, one())
case("real: who is free this week", "/lol/platform/v3/champion-rotations", {"freeChampionIds": [18, 24, 32], "freeChampionIdsForNewPlayers": [222, 254], "maxNewPlayerLevel": 10}, one())
case("real: races of a season", "/api/f1/2023.json", {"MRData": {"xmlns": "", "series": "f1", "url": "u", "limit": "30", "offset": "0", "total": "3", "RaceTable": {"season": "2023", "Races": some(3, lambda i: {
    "season": "2023", "round": "%d" % i, "Circuit": {"circuitId": "c"}, "date": "2023-03-05"})}}}, "/MRData/RaceTable/Races")
case("real: fixtures under response", "/fixtures", {"get": "fixtures", "parameters": {"league": "39"}, "errors": [], "results": 2, "paging": {"current": 1, "total": 1}, "response": some(2, lambda i: {
    "fixture": {"id": i, "date": ts(i)}, "teams": {"home": {"id": 1}}, "goals": {"home": 1}})}, "/response")
case("real: teams of a league", "/v4/competitions/PL/teams", {"count": 2, "filters": {"season": "2024"}, "competition": {"id": 2021, "name": "P"}, "season": {"id": 1, "startDate": "2024-08-16"},
     "teams": some(2, lambda i: {"id": i, "name": "t", "squad": [{"id": 1}] * 9})}, "/teams")
case("real: games of the day", "/apis/site/v2/sports/football/nfl/scoreboard", {"leagues": [{"id": "28", "name": "NFL", "calendar": []}], "season": {"type": 2, "year": 2024}, "week": {"number": 3},
     "events": some(4, lambda i: {"id": "%d" % i, "uid": "s:20", "name": "n", "competitions": [{"id": "1"}]})}, "/events")
case("real: cast and crew", "/3/movie/550/credits", {"id": 550, "cast": some(3, lambda i: {"id": i, "name": "n", "character": "c"}), "crew": some(3, lambda i: {"id": i, "name": "n", "job": "j"})}, "/cast", "/crew", also=[[one()]])

# ---- money and time ----
case("real: candles without names", "/api/v3/klines", [[1499040000000 + i, "0.0163", "0.8", "0.01", "0.0157", "148976.1", 1499644799999, "2434.1", 308, "1756.8", "28.4", "0"] for i in range(4)], "")
case("real: what can be traded", "/api/v3/exchangeInfo", {"timezone": "UTC", "serverTime": 1700000000000, "rateLimits": some(3, lambda i: {"rateLimitType": "R", "limit": i}),
     "exchangeFilters": [], "symbols": some(5, lambda i: {"symbol": "S%d" % i, "status": "TRADING", "filters": [{"filterType": "P"}] * 7})}, "/symbols")
case("real: an order book", "/api/v3/depth", {"lastUpdateId": 1027024, "bids": [["4.0", "431.0"], ["3.9", "1.0"]], "asks": [["4.1", "12.0"], ["4.2", "1.0"]]}, one(), also=[["/bids", "/asks"]])
case("real: prices by coin", "/api/v3/simple/price", {"bitcoin": {"usd": 67187.33, "usd_market_cap": 1.3e12}, "ethereum": {"usd": 3400.1, "usd_market_cap": 4.1e11}}, Table("", "map"))
case("real: rates with units", "/api/v3/exchange_rates", {"rates": {"btc": {"name": "Bitcoin", "unit": "BTC", "value": 1.0, "type": "crypto"}, "eth": {"name": "Ether", "unit": "ETH", "value": 19.1, "type": "crypto"},
     "usd": {"name": "US Dollar", "unit": "$", "value": 67000.1, "type": "fiat"}}}, Table("/rates", "map"))
case("real: assets with no error", "/0/public/Assets", {"error": [], "result": {"XXBT": {"aclass": "currency", "altname": "XBT", "decimals": 10}, "ZEUR": {"aclass": "currency", "altname": "EUR", "decimals": 4},
     "1INCH": {"aclass": "currency", "altname": "1INCH", "decimals": 10}}}, Table("/result", "map"))
case("real: an error in a list of texts", "/0/private/Balance", {"error": ["EAPI:Invalid key"]})
case("real: rates of a day", "/latest", {"amount": 1.0, "base": "EUR", "date": "2024-01-05", "rates": {"AUD": 1.63, "USD": 1.09, "JPY": 158.1}}, one())
case("real: rates by day", "/timeseries", {"success": True, "timeseries": True, "start_date": "2024-01-01", "end_date": "2024-01-03", "base": "EUR", "rates": {
    "2024-01-0%d" % i: {"USD": 1.1, "AUD": 1.6, "CAD": 1.4} for i in range(1, 4)}}, Table("/rates", "map"))
case("real: days of a share", "/query", {"Meta Data": {"1. Information": "Daily", "2. Symbol": "IBM"}, "Time Series (Daily)": {
    "2024-01-0%d" % i: {"1. open": "183.2", "4. close": "181.9", "5. volume": "3450"} for i in range(1, 6)}}, Table("/Time Series (Daily)", "map"))
case("real: candles in parallel lists", "/api/v1/stock/candle", {"c": [217.68, 221.03, 219.89], "h": [222.49, 221.5, 220.94], "l": [217.19, 217.14, 218.83], "o": [221.03, 218.55, 220.0],
     "s": "ok", "t": [1569297600, 1569384000, 1569470400], "v": [33463820, 24018876, 20730608]}, Table("", "parallel"), also=[[one()]])
case("real: the weather by hours in parallel lists", "/v1/forecast", {"latitude": 52.52, "longitude": 13.41, "generationtime_ms": 2.2, "utc_offset_seconds": 0, "timezone": "GMT", "elevation": 38.0,
     "hourly_units": {"time": "iso8601", "temperature_2m": "C"}, "hourly": {"time": ["2024-07-01T00:00", "2024-07-01T01:00", "2024-07-01T02:00"], "temperature_2m": [13, 12.7, 12.75],
                                                                          "rain": [None, 0.1, 0.0]}}, Table("/hourly", "parallel"), fields={"time", "temperature_2m", "rain"})
case("real: observations of a series", "/fred/series/observations", {"realtime_start": "2024-01-01", "realtime_end": "2024-01-01", "observation_start": "1600-01-01", "units": "lin", "order_by": "observation_date",
     "sort_order": "asc", "count": 2, "offset": 0, "limit": 100000, "observations": some(2, lambda i: {"realtime_start": "2024-01-01", "date": "1929-01-0%d" % i, "value": "."})}, "/observations")
case("real: series with a letter too many", "/fred/category/series", {"realtime_start": "2024-01-01", "realtime_end": "2024-01-01", "order_by": "series_id", "sort_order": "asc", "count": 2, "offset": 0,
     "limit": 1000, "seriess": some(2, lambda i: {"id": "S%d" % i, "title": "t", "popularity": i})}, "/seriess")
case("real: series under Results", "/publicAPI/v2/timeseries/data/", {"status": "REQUEST_SUCCEEDED", "responseTime": 150, "message": [], "Results": {"series": some(2, lambda i: {
    "seriesID": "CU%d" % i, "data": [{"year": "2024", "period": "M11", "value": "1.5"}] * 5})}}, "/Results/series")
case("real: bars of a share", "/v2/aggs/ticker/AAPL/range/1/day/2023-01-09/2023-01-09", {"ticker": "AAPL", "queryCount": 2, "resultsCount": 2, "adjusted": True, "results": some(2, lambda i: {
    "v": 70790813, "vw": 131.6, "o": 130.4, "c": 131.8, "t": 1673240400000 + i, "n": 645365}), "status": "OK", "request_id": "r", "count": 2}, "/results")
case("real: filings as a keyed list", "/files/company_tickers.json", {"0": {"cik_str": 320193, "ticker": "AAPL", "title": "A"}, "1": {"cik_str": 789019, "ticker": "MSFT", "title": "M"},
     "2": {"cik_str": 1045810, "ticker": "NVDA", "title": "N"}}, Table("", "map"))

# ---- maps, weather, transport ----
case("real: weather now at a place", "/data/2.5/weather", {"coord": {"lon": 7.3, "lat": 45.1}, "weather": [{"id": 501, "main": "Rain", "description": "d", "icon": "10d"}], "base": "stations",
     "main": {"temp": 284.2}, "visibility": 10000, "dt": 1661870592, "sys": {"id": 6736, "country": "IT"}, "timezone": 7200, "id": 3163858, "name": "Zocca", "cod": 200}, one())
case("real: air of a place", "/data/2.5/air_pollution", {"coord": [50, 50], "list": some(3, lambda i: {"dt": 1605182400 + i, "main": {"aqi": 1}, "components": {"co": 201.9}})}, "/list")
case("real: features with attributes", "/arcgis/rest/services/S/FeatureServer/0/query", {"objectIdFieldName": "OBJECTID", "globalIdFieldName": "", "geometryType": "esriGeometryPoint",
     "spatialReference": {"wkid": 4326}, "fields": some(9, lambda i: {"name": "F%d" % i, "type": "esriFieldTypeString", "alias": "F"}), "features": some(3, lambda i: {
         "attributes": {"OBJECTID": i, "NAME": "n", "POP": i * 10}, "geometry": {"x": 1.5, "y": 2.5}}), "exceededTransferLimit": False}, "/features",
     fields={"objectid", "name", "pop", "geometry"})
case("real: numbers of objects", "/arcgis/rest/services/S/FeatureServer/0/queryIds", {"objectIdFieldName": "OBJECTID", "objectIds": [1, 2, 3, 5, 8]}, "/objectIds")
case("real: services and folders", "/arcgis/rest/services", {"currentVersion": 10.91, "folders": ["A", "B", "C", "D", "E"], "services": some(3, lambda i: {"name": "s%d" % i, "type": "MapServer"})}, "/services")
case("real: an error with details", "/arcgis/rest/services/S/FeatureServer/0/query", {"error": {"code": 498, "message": "Invalid token.", "details": []}})
case("real: alerts as features", "/alerts/active", {"@context": ["http://g", {"@version": "1.1"}], "type": "FeatureCollection", "features": some(2, lambda i: {
    "id": "http://h/alerts/%d" % i, "type": "Feature", "geometry": None, "properties": {"id": "urn:oid:%d" % i, "event": "Flood", "sent": ts(i), "parameters": {"NWS": ["x"]}}}),
    "title": "Current", "updated": ts(3)}, "/features")
case("real: one feature", "/points/TOP", {"@context": ["http://g"], "id": "http://h/points/39,-97", "type": "Feature", "geometry": {"type": "Point", "coordinates": [-97.1, 39.7]},
     "properties": {"cwa": "TOP", "gridId": "TOP", "gridX": 32, "timeZone": "America/Chicago"}}, one(), also=[[one("/properties")]])
case("real: time series of water", "/nwis/iv/", {"name": "ns1:timeSeriesResponseType", "declaredType": "org.x", "scope": "javax", "value": {"queryInfo": {"queryURL": "u", "criteria": {"parameter": []},
     "note": [{"value": "v", "title": "t"}] * 5}, "timeSeries": some(2, lambda i: {"sourceInfo": {"siteName": "s"}, "variable": {"variableCode": [{"value": "1"}]}, "values": [{"value": [{"value": "1"}]}], "name": "n"})},
    "nil": False, "globalScope": True, "typeSubstituted": False}, "/value/timeSeries")
case("real: places with no attributions", "/maps/api/place/nearbysearch/json", {"html_attributions": [], "results": some(2, lambda i: {"place_id": "p%d" % i, "name": "n", "types": ["a"] * 5,
     "geometry": {"location": {"lat": 1.5}}}), "status": "OK"}, "/results")
case("real: denied, with empty results", "/maps/api/geocode/json", {"error_message": "You must use an API key", "results": [], "status": "REQUEST_DENIED"})
case("real: distances in a matrix", "/maps/api/distancematrix/json", {"destination_addresses": ["A", "B", "C"], "origin_addresses": ["X", "Y"], "rows": some(2, lambda i: {
    "elements": [{"distance": {"value": 1}, "status": "OK"}] * 3}), "status": "OK"}, "/rows")
case("real: elements of a map", "/api/interpreter", {"version": 0.6, "generator": "O", "osm3s": {"timestamp_osm_base": ts(1), "copyright": "c"}, "elements": some(3, lambda i: {
    "type": "node", "id": i, "lat": 1.5, "lon": 2.5, "tags": {"amenity": "cafe"}})}, "/elements")
case("real: businesses and a region", "/v3/businesses/search", {"businesses": some(2, lambda i: {"id": "b%d" % i, "categories": [{"alias": "a"}] * 3, "coordinates": {"latitude": 1.5}}), "total": 2,
     "region": {"center": {"longitude": -122.1, "latitude": 37.7}}}, "/businesses")
case("real: venues behind meta and notifications", "/v2/venues/search", {"meta": {"code": 200, "requestId": "r"}, "notifications": some(3, lambda i: {"type": "n", "item": {"unreadCount": i}}),
     "response": {"venues": some(2, lambda i: {"id": "v%d" % i, "name": "n", "categories": [{"id": "c"}] * 4}), "confident": False}}, "/response/venues")
case("real: vehicles in real time", "/gtfs-rt/vehicles", {"header": {"gtfs_realtime_version": "2.0", "incrementality": "FULL_DATASET", "timestamp": "1700000000"}, "entity": some(3, lambda i: {
    "id": "%d" % i, "vehicle": {"trip": {"trip_id": "t"}, "position": {"latitude": 1.5}}})}, "/entity")
case("real: stops with references", "/api/where/stops-for-location.json", {"code": 200, "currentTime": 1700000000000, "data": {"limitExceeded": False, "list": some(2, lambda i: {
    "id": "1_%d" % i, "name": "n", "routeIds": ["1", "2"]}), "outOfRange": False, "references": {"agencies": some(3, lambda i: {"id": "%d" % i}), "routes": some(6, lambda i: {"id": "r%d" % i}), "situations": []}},
    "text": "OK", "version": 2}, "/data/list")
case("real: stop areas among disruptions", "/v1/coverage/sncf/stop_areas", {"pagination": {"start_page": 0, "items_on_page": 2, "items_per_page": 25, "total_result": 2}, "links": some(6, lambda i: {"href": "h", "rel": "r", "templated": True}),
     "disruptions": some(4, lambda i: {"id": "d%d" % i, "status": "past"}), "feed_publishers": some(3, lambda i: {"id": "f%d" % i, "name": "n"}), "context": {"timezone": "Europe/Paris"},
     "stop_areas": some(2, lambda i: {"id": "stop_area:%d" % i, "name": "n", "codes": [{"type": "t"}] * 3})}, "/stop_areas")
case("real: states of aircraft without names", "/api/states/all", {"time": 1700000000, "states": [["%06x" % i, "DLH%d  " % i, "Germany", 1700000000, 1700000000, 8.5, 50.1, 300.0, False, 80.1, None] for i in range(4)]}, "/states")
case("real: stations that share a feed", "/gbfs/2.3/en/station_status.json", {"last_updated": 1700000000, "ttl": 60, "version": "2.3", "data": {"stations": some(3, lambda i: {
    "station_id": "s%d" % i, "num_bikes_available": i, "is_renting": True})}}, "/data/stations")
case("real: connections between two places", "/v1/connections", {"connections": some(2, lambda i: {"from": {"station": {"id": "1"}}, "duration": "00d00:43:00", "sections": [{"journey": None}] * 3}),
     "from": {"id": "8503000", "name": "Z"}, "to": {"id": "8501008", "name": "G"}, "stations": {"from": some(3, lambda i: {"id": "%d" % i}), "to": some(3, lambda i: {"id": "%d" % i})}}, "/connections")

# ---- states ----
case("real: models of a make", "/api/vehicles/getmodelsformake/honda", {"Count": 3, "Message": "Response returned successfully", "SearchCriteria": "Make:honda", "Results": some(3, lambda i: {
    "Make_ID": 474, "Make_Name": "HONDA", "Model_ID": i, "Model_Name": "m"})}, "/Results", fields={"make_id", "make_name", "model_id", "model_name"})
case("real: counts of a term", "/drug/event.json", {"meta": {"disclaimer": "d", "terms": "u", "license": "l", "last_updated": "2024-01-01"}, "results": some(3, lambda i: {"term": "t%d" % i, "count": i})}, "/results")
case("real: schools with dotted names", "/v1/schools.json", {"metadata": {"page": 0, "total": 2, "per_page": 20}, "results": some(2, lambda i: {"id": i, "school.name": "n", "latest.student.size": 100})}, "/results",
     fields={"id", "school_name", "latest_student_size"})
case("real: stations of alternative fuel", "/api/alt-fuel-stations/v1.json", {"station_locator_url": "u", "total_results": 2, "station_counts": {"total": 2, "fuels": {"E85": {"total": 1}, "ELEC": {"total": 1}}},
     "fuel_stations": some(2, lambda i: {"id": i, "fuel_type_code": "ELEC", "zip": "80401"})}, "/fuel_stations")
case("real: data of energy", "/v2/electricity/retail-sales/data/", {"response": {"total": "2", "dateFormat": "YYYY-MM", "frequency": "monthly", "data": some(2, lambda i: {"period": "2024-0%d" % i, "stateid": "CO", "price": "1.5"}),
     "description": "d"}, "request": {"command": "/v2/x", "params": {"data": ["price"], "facets": [], "sort": some(3, lambda i: {"column": "c"})}}, "apiVersion": "2.1.8"}, "/response/data")
case("real: pictures of a space agency", "/search", {"collection": {"version": "1.0", "href": "h", "items": some(2, lambda i: {"href": "h", "data": [{"nasa_id": "n%d" % i, "title": "t"}], "links": [{"href": "p"}]}),
     "metadata": {"total_hits": 2}, "links": some(3, lambda i: {"rel": "r%d" % i, "prompt": "P", "href": "h"})}}, "/collection/items")
case("real: near earth objects by day", "/neo/rest/v1/feed", {"links": {"self": "s"}, "element_count": 4, "near_earth_objects": {
    "2015-09-08": some(2, lambda i: {"id": "%d" % i, "name": "n"}), "2015-09-07": some(2, lambda i: {"id": "%d" % i, "name": "n"})}}, one(), also=[[one("/near_earth_objects")]])
case("real: measures with names in a view", "/api/views/abcd-1234/rows.json", {"meta": {"view": {"id": "abcd-1234", "name": "N", "columns": [{"id": -1, "name": "sid", "dataTypeName": "meta_data"}, {"id": 2, "name": "Borough", "dataTypeName": "text"},
     {"id": 3, "name": "Count", "dataTypeName": "number"}], "tags": ["a", "b"]}}, "data": [["row-1", "Bronx", "5"], ["row-2", "Queens", "7"], ["row-3", "Kings", "9"]]},
     Table("/data", "columns"), fields={"sid", "borough", "count"})
case("real: a catalogue of data sets", "/api/catalog/v1", {"results": some(2, lambda i: {"resource": {"name": "n", "id": "a%d" % i, "columns_name": ["x"] * 5}, "classification": {"categories": []}, "metadata": {"domain": "d"},
     "permalink": "p", "owner": {"id": "o"}}), "resultSetSize": 2, "timings": {"serviceMillis": 5, "searchMillis": [2, 1]}}, "/results")
case("real: a data set with its resources", "/api/3/action/package_show", {"help": "h", "success": True, "result": {"id": "p1", "name": "n", "title": "t", "num_resources": 2, "organization": {"id": "o"},
     "resources": some(2, lambda i: {"id": "r%d" % i, "format": "CSV", "url": "u"}), "tags": some(2, lambda i: {"id": "t%d" % i, "name": "x"})}}, one("/result"))
case("real: nothing with that name", "/api/3/action/package_show", {"help": "h", "success": False, "error": {"message": "Not found", "__type": "Not Found Error"}})
case("real: an indicator, page facts first", "/v2/country/all/indicator/SP.POP.TOTL", [{"page": 1, "pages": 1, "per_page": 50, "total": 3, "sourceid": "2", "lastupdated": "2024-06-28"}, some(3, lambda i: {
    "indicator": {"id": "SP.POP.TOTL", "value": "P"}, "country": {"id": "ZH", "value": "A"}, "countryiso3code": "AFE", "date": "202%d" % i, "value": i, "obs_status": "", "decimal": 0})], "/1",
     fields={"indicator", "country", "countryiso3code", "date", "value", "obs_status", "decimal"})
case("real: an indicator that does not exist", "/v2/country/all/indicator/X", [{"message": [{"id": "120", "key": "Invalid value", "value": "The provided parameter value is not valid"}]}])
case("real: a cube of figures", "/statistics/1.0/data/nama_10_gdp", {"version": "2.0", "class": "dataset", "label": "GDP", "source": "E", "updated": ts(1), "value": {"0": 1.5, "1": 2.5, "3": 4.5}, "status": {"1": "p"},
     "id": ["geo", "time"], "size": [2, 2], "dimension": {"geo": {"label": "g", "category": {"index": {"DE": 0, "FR": 1}, "label": {"DE": "Germany", "FR": "France"}}},
                                                        "time": {"label": "t", "category": {"index": {"2020": 0, "2021": 1}, "label": {"2020": "2020", "2021": "2021"}}}}}, one())
case("real: establishments in another language", "/entreprises/sirene/V3/siret", {"header": {"statut": 200, "message": "ok", "total": 2, "debut": 0, "nombre": 2}, "etablissements": some(2, lambda i: {
    "siren": "00032517%d" % i, "siret": "0003251750001%d" % i, "periodesEtablissement": [{"dateFin": None}] * 4})}, "/etablissements")
case("real: candidates with api_version", "/v1/candidates/", {"api_version": "1.0", "pagination": {"page": 1, "pages": 1, "count": 2, "per_page": 20, "is_count_exact": True}, "results": some(2, lambda i: {
    "candidate_id": "H%d" % i, "cycles": [2020, 2022], "principal_committees": [{"id": 1}] * 3})}, "/results")
case("real: a bundle with an outcome", "/baseR4/Observation", {"resourceType": "Bundle", "id": "b", "meta": {"lastUpdated": ts(1)}, "type": "searchset", "total": 2, "link": some(3, lambda i: {"relation": "r%d" % i, "url": "u"}), "entry": some(2, lambda i: {
    "fullUrl": "http://h/Observation/%d" % i, "resource": {"resourceType": "Observation", "id": "%d" % i, "status": "final", "code": {"coding": [{"code": "c"}] * 4}}, "search": {"mode": "match"}})}, "/entry",
     fields={"full_url", "resource_type", "id", "status", "code", "search"})
case("real: an outcome that is an error", "/baseR4/Patient", {"resourceType": "OperationOutcome", "text": {"status": "generated", "div": "<div/>"}, "issue": [{"severity": "error", "code": "processing", "diagnostics": "Unknown"}]})
case("real: people of OData, next link", "/TripPinRESTierService/People", {"@odata.context": "http://h/$metadata#People", "@odata.count": 2, "value": some(2, lambda i: {"@odata.etag": "W/\"1\"", "UserName": "u%d" % i,
     "FirstName": "F", "Emails": ["a@b"], "AddressInfo": [{"Address": "x"}] * 3})}, "/value")
case("real: a single thing of OData", "/TripPinRESTierService/Me", {"@odata.context": "http://h/$metadata#Me", "@odata.etag": "W/\"1\"", "UserName": "a", "FirstName": "A", "Emails": ["a@b"], "AddressInfo": [{"Address": "x"}] * 3}, one())
case("real: count in d", "/sap/opu/odata/sap/API_SALES_ORDER_SRV/A_SalesOrder", {"d": {"__count": "2", "results": some(2, lambda i: {"__metadata": {"id": "i", "uri": "u", "type": "t"}, "SalesOrder": "%d" % i, "CreationDate": "/Date(1700000000000)/",
     "to_Item": {"__deferred": {"uri": "u"}}})}}, "/d/results")
case("real: hits of facets", "/1/indexes/products/facets/brand/query", {"facetHits": some(3, lambda i: {"value": "b%d" % i, "highlighted": "<em>b</em>", "count": i}), "exhaustiveFacetsCount": True, "processingTimeMS": 1}, "/facetHits")
case("real: several indexes asked at once", "/1/indexes/multi/queries", {"results": some(2, lambda i: {"hits": some(4, lambda k: {"objectID": "%d" % k}), "index": "i%d" % i, "nbHits": 4, "page": 0, "facets": {"a": {"b": 1}}})}, "/results")
case("real: indexes", "/1/indexes", {"items": some(3, lambda i: {"name": "i%d" % i, "entries": i, "lastBuildTimeS": 0, "primary": None}), "nbPages": 1}, "/items")

# ---- a second lot, written after the first had been mended ----
case("real: records of an open portal", "/api/explore/v2.1/catalog/datasets/x/records", {"total_count": 3, "results": some(3, lambda i: {"name": "n%d" % i, "geo_point_2d": {"lon": 1.5, "lat": 2.5}, "kinds": ["a"]})}, "/results")
case("real: records of an older open portal", "/api/records/1.0/search/", {"nhits": 3, "parameters": {"dataset": "x", "rows": 10, "start": 0, "format": "json"}, "records": some(3, lambda i: {
    "datasetid": "x", "recordid": "%040x" % i, "fields": {"name": "n", "pop": i}, "record_timestamp": ts(i)}), "facet_groups": some(5, lambda i: {"name": "f%d" % i, "facets": []})}, "/records")
case("real: officers of a company", "/company/00445790/officers", {"active_count": 2, "etag": "e", "items": some(2, lambda i: {"name": "N%d" % i, "officer_role": "director", "links": {"officer": {"appointments": "u"}}}),
     "items_per_page": 35, "kind": "officer-list", "links": {"self": "u"}, "resigned_count": 0, "start_index": 0, "total_results": 2}, "/items")
case("real: a company by its number", "/company/00445790", {"company_name": "T PLC", "company_number": "00445790", "accounts": {"next_due": "2025-08-31"}, "sic_codes": ["47110"], "type": "plc",
     "previous_company_names": some(3, lambda i: {"name": "n%d" % i, "ceased_on": "1983-08-25"}), "links": {"self": "u"}}, one())
case("real: half hours of intensity", "/intensity/date", {"data": some(4, lambda i: {"from": "2024-01-01T0%d:00Z" % i, "to": "2024-01-01T0%d:30Z" % i, "intensity": {"forecast": 266, "actual": 263, "index": "moderate"}})}, "/data")
case("real: bills of a parliament", "/v3/bill", {"bills": some(3, lambda i: {"congress": 117, "number": "%d" % i, "type": "HR", "latestAction": {"text": "t"}}), "pagination": {"count": 3}, "request": {"contentType": "application/json", "format": "json"}}, "/bills")
case("real: arrivals with types", "/StopPoint/940/Arrivals", some(3, lambda i: {"$type": "Tfl.Api.Presentation.Entities.Prediction", "id": "-%d" % i, "lineId": "victoria", "timeToStation": i * 60, "timing": {"$type": "T", "read": ts(i)}}), "")
case("real: departures with links", "/v1/coverage/x/stop_points/y/departures", {"departures": some(2, lambda i: {"display_informations": {"code": "A"}, "stop_point": {"id": "s"}, "stop_date_time": {"departure_date_time": "20240101T1000"}}),
     "context": {"current_datetime": "20240101T100000", "timezone": "Europe/Paris"}, "exceptions": [], "disruptions": some(5, lambda i: {"id": "d%d" % i}), "notes": some(3, lambda i: {"id": "n%d" % i, "value": "v"}),
     "links": some(4, lambda i: {"href": "h", "rel": "r"}), "pagination": {"total_result": 2, "start_page": 0}, "feed_publishers": []}, "/departures")
case("real: stations of a board", "/v1/stationboard", {"station": {"id": "8591052", "name": "A"}, "stationboard": some(4, lambda i: {"name": "N%d" % i, "category": "T", "to": "X", "passList": [{"station": {"id": "1"}}] * 5})}, "/stationboard")
case("real: a playlist", "/v1/playlists/37i9dQ", {"collaborative": False, "description": "d", "followers": {"total": 5}, "id": "37i9dQ", "images": [{"url": "u"}], "name": "n", "owner": {"id": "o"}, "public": True,
     "tracks": {"href": "h", "items": some(6, lambda i: {"added_at": ts(1), "track": {"id": "t%d" % i}}), "limit": 100, "next": None, "offset": 0, "total": 6}, "type": "playlist"}, one())
case("real: streams with a cursor", "/helix/streams", {"data": some(2, lambda i: {"id": "%d" % i, "user_id": "1", "tag_ids": [], "tags": ["a"], "is_mature": False}), "pagination": {}}, "/data")
case("real: a feed of posts", "/xrpc/app.bsky.feed.getAuthorFeed", {"feed": some(3, lambda i: {"post": {"uri": "at://%d" % i, "cid": "c", "record": {"text": "t"}}, "reply": None})}, "/feed")
case("real: songs by counts", "/search", {"resultCount": 2, "results": some(2, lambda i: {"wrapperType": "track", "trackId": i, "trackName": "n", "trackPrice": 1.29})}, "/results")
case("real: members of a workspace", "/api/1.0/users", {"data": some(3, lambda i: {"gid": "12%d" % i, "name": "n", "resource_type": "user"}), "next_page": None}, "/data")
case("real: one task", "/api/1.0/tasks/1234", {"data": {"gid": "1234", "name": "n", "completed": False, "followers": some(2, lambda i: {"gid": "%d" % i}), "tags": some(2, lambda i: {"gid": "%d" % i})}}, one("/data"))
case("real: tasks and whether it is the last page", "/api/v2/list/1/task", {"tasks": some(2, lambda i: {"id": "t%d" % i, "name": "n", "assignees": [{"id": 1}] * 3, "custom_fields": []}), "last_page": True}, "/tasks")
case("real: events of mail with paging", "/v3/example.com/events", {"items": some(2, lambda i: {"id": "e%d" % i, "event": "delivered", "timestamp": 1700000000.5 + i, "tags": [], "message": {"headers": {"to": "x"}}}), "paging": {"first": "u", "previous": "u", "last": "u"}}, "/items")
case("real: contacts of mail behind _metadata", "/v3/marketing/contacts", {"result": some(2, lambda i: {"id": "%08d-0000-4000-8000-000000000000" % i, "email": "e", "list_ids": ["a"]}), "contact_count": 2, "_metadata": {"self": "u"}}, "/result")
case("real: answers to forms", "/forms/x/responses", {"total_items": 2, "page_count": 1, "items": some(2, lambda i: {"landing_id": "l%d" % i, "token": "t%d" % i, "answers": [{"field": {"id": "f"}, "type": "text", "text": "x"}] * 5, "submitted_at": ts(i)})}, "/items")
case("real: meetings", "/v2/users/me/meetings", {"page_count": 1, "page_number": 1, "page_size": 30, "total_records": 2, "next_page_token": "", "meetings": some(2, lambda i: {"uuid": "u%d==" % i, "id": 9 + i, "topic": "t", "start_time": ts(i)})}, "/meetings")
case("real: listings of a craft shop", "/v3/application/listings/active", {"count": 2, "results": some(2, lambda i: {"listing_id": i, "title": "t", "tags": ["a"], "price": {"amount": 100, "divisor": 100, "currency_code": "USD"}})}, "/results")
case("real: products with many facts of the search", "/v1/products", {"from": 1, "to": 2, "currentPage": 1, "total": 2, "totalPages": 1, "queryTime": "0.005", "totalTime": "0.012", "partial": False, "canonicalUrl": "u",
     "products": some(2, lambda i: {"sku": i, "name": "n", "salePrice": 9.99, "categoryPath": [{"id": "c"}] * 4})}, "/products")
case("real: series under a page of records", "/api/v3/history", {"page": 1, "pageSize": 10, "sortKey": "date", "sortDirection": "descending", "totalRecords": 2, "records": some(2, lambda i: {"episodeId": i, "eventType": "grabbed", "data": {"indexer": "x"}})}, "/records")
case("real: items and where they start", "/Users/u/Items", {"Items": some(2, lambda i: {"Name": "n", "Id": "%032x" % i, "Type": "Movie", "UserData": {"Played": False}}), "TotalRecordCount": 2, "StartIndex": 0}, "/Items")
case("real: components by a continuation", "/service/rest/v1/components", {"items": some(2, lambda i: {"id": "b%d" % i, "repository": "r", "format": "maven2", "assets": [{"path": "p"}] * 3}), "continuationToken": None}, "/items")
case("real: jobs of a builder", "/job/main/api/json", {"_class": "hudson.model.FreeStyleProject", "displayName": "main", "name": "main", "url": "u", "buildable": True, "builds": some(5, lambda i: {"_class": "b", "number": i, "url": "u"}),
     "healthReport": [{"score": 100}], "inQueue": False, "lastBuild": {"number": 5}, "nextBuildNumber": 6}, one())
case("real: entities by their codes", "/w/api.php", {"entities": {"Q%d" % i: {"type": "item", "id": "Q%d" % i, "labels": {"en": {"value": "v"}}, "claims": {}} for i in (42, 80, 90)}, "success": 1}, Table("/entities", "map"))
case("real: result sets of statistics", "/stats/leaguedashplayerstats", {"resource": "leaguedashplayerstats", "parameters": {"Season": "2023-24"}, "resultSets": [{"name": "L", "headers": ["PLAYER_ID", "PTS"], "rowSet": [[1, 25.5], [2, 27.1]]}]}, "/resultSets")
case("real: a sheet of one result", "/stats/one", {"resource": "x", "resultSet": {"name": "L", "headers": ["PLAYER_ID", "PTS"], "rowSet": [[1, 25.5], [2, 27.1], [3, 9.0]]}}, Table("/resultSet/rowSet", "columns"), fields={"player_id", "pts"})
case("real: teams with a word of copyright", "/api/v1/teams", {"copyright": "Copyright 2024 M", "teams": some(4, lambda i: {"id": i, "name": "n", "venue": {"id": 1}, "springLeague": {"id": 2}, "active": True})}, "/teams")
case("real: standings in groups", "/v4/competitions/PL/standings", {"filters": {"season": "2024"}, "area": {"id": 2072, "name": "E"}, "competition": {"id": 2021}, "season": {"id": 1}, "standings": [
    {"stage": "REGULAR_SEASON", "type": t, "group": None, "table": some(3, lambda i: {"position": i, "points": 9})} for t in ("TOTAL", "HOME", "AWAY")]}, "/standings")
case("real: pokemon of a kind", "/api/v2/pokemon/35", {"id": 35, "name": "clefairy", "base_experience": 113, "height": 6, "is_default": True, "order": 56, "weight": 75, "abilities": some(3, lambda i: {"is_hidden": False, "slot": i}),
     "moves": some(9, lambda i: {"move": {"name": "m"}, "version_group_details": []}), "stats": some(6, lambda i: {"base_stat": i, "effort": 0}), "types": some(2, lambda i: {"slot": i})}, one())
case("real: a page of names and links", "/api/v2/pokemon", {"count": 3, "next": None, "previous": None, "results": some(3, lambda i: {"name": "n%d" % i, "url": "http://h/api/v2/pokemon/%d/" % i})}, "/results", fields={"name", "url"})
case("real: people of a random kind", "/api/", {"results": some(3, lambda i: {"gender": "f", "name": {"first": "A"}, "email": "e%d" % i, "login": {"uuid": "u"}}), "info": {"seed": "s", "results": 3, "page": 1, "version": "1.4"}}, "/results")
case("real: pictures as a message", "/api/breed/hound/images", {"message": ["https://h/1.jpg", "https://h/2.jpg", "https://h/3.jpg"], "status": "success"}, "/message")
case("real: cards drawn", "/api/deck/new/draw/", {"success": True, "deck_id": "kxozasf3edqu", "cards": some(2, lambda i: {"code": "%dH" % i, "image": "u", "value": "8", "suit": "HEARTS"}), "remaining": 50}, "/cards", also=[[one()]])
case("real: a joke", "/random_joke", {"type": "general", "setup": "s", "punchline": "p", "id": 5}, one())
case("real: where an address is", "/json/8.8.8.8", {"status": "success", "country": "US", "lat": 39.0, "lon": -77.5, "as": "AS15169", "query": "8.8.8.8"}, one())
case("real: networks that count", "/v2/networks", {"networks": some(3, lambda i: {"company": ["x"], "href": "h", "id": "n%d" % i, "location": {"city": "c", "latitude": 1.5}})}, "/networks")
case("real: projects with pagination numbers", "/api/v2.0/projects", some(2, lambda i: {"project_id": i, "name": "p", "metadata": {"public": "true"}, "cve_allowlist": {"items": [{"cve": 1}] * 3}}), "")
case("real: works of a subject", "/subjects/love.json", {"key": "/subjects/love", "name": "love", "subject_type": "subject", "work_count": 3, "works": some(3, lambda i: {"key": "/works/%d" % i, "title": "t", "authors": [{"key": "a"}]})}, "/works", also=[[one()]])
case("real: numbers of papers", "/entrez/eutils/esearch.fcgi", {"header": {"type": "esearch", "version": "0.3"}, "esearchresult": {"count": "3", "retmax": "20", "retstart": "0", "idlist": ["1", "2", "3"], "translationset": some(2, lambda i: {"from": "f", "to": "t"}),
     "querytranslation": "q"}}, one("/esearchresult"), also=[["/esearchresult/idlist"], [one()]])
case("real: genes", "/lookup/symbol/homo_sapiens/BRCA2", {"id": "ENSG00000139618", "display_name": "BRCA2", "species": "homo_sapiens", "start": 32315086, "end": 32400268, "strand": 1, "biotype": "protein_coding", "Transcript": some(3, lambda i: {"id": "ENST%d" % i, "length": i})}, one())
case("real: variants of proteins", "/uniprotkb/search", {"results": some(2, lambda i: {"entryType": "reviewed", "primaryAccession": "P%05d" % i, "genes": [{"geneName": {"value": "g"}}] * 2, "features": [{"type": "Chain"}] * 9})}, "/results")
case("real: papers with a next offset", "/graph/v1/paper/search", {"total": 2, "offset": 0, "data": some(2, lambda i: {"paperId": "%040x" % i, "title": "t", "authors": [{"authorId": "1"}] * 5})}, "/data")
case("real: a paper with its references", "/graph/v1/paper/649def34f8be52c8b66281af98ae884c09aef38b", {"paperId": "649def34f8be52c8b66281af98ae884c09aef38b", "title": "t", "year": 2018, "authors": some(4, lambda i: {"authorId": "%d" % i}), "references": some(6, lambda i: {"paperId": "%d" % i})}, one())
case("real: foods with their nutrients", "/fdc/v1/foods/search", {"totalHits": 2, "currentPage": 1, "totalPages": 1, "pageList": [1], "foodSearchCriteria": {"query": "x", "pageNumber": 1}, "foods": some(2, lambda i: {"fdcId": i, "description": "d", "foodNutrients": [{"nutrientId": 1}] * 9}),
     "aggregations": {"dataType": {"Branded": 2}, "nutrients": {}}}, "/foods")
case("real: alerts by a watcher", "/api/v1/provisioning/alert-rules", some(2, lambda i: {"id": i, "uid": "u%d" % i, "title": "t", "data": [{"refId": "A"}] * 3, "labels": {"a": "b"}}), "")
case("real: metrics with points", "/api/v1/query", {"status": "ok", "res_type": "time_series", "series": some(2, lambda i: {"metric": "m%d" % i, "pointlist": [[1700000000000.0, 1.5]] * 5, "scope": "host:a", "unit": None}), "from_date": 1700000000000, "to_date": 1700000600000,
     "query": "avg:m{*}", "message": "", "group_by": ["host"]}, "/series")
case("real: machines with a status by name", "/v1/kv/a?recurse=true".split("?")[0], some(2, lambda i: {"LockIndex": 0, "Key": "a/%d" % i, "Flags": 0, "Value": "dGVzdA==", "CreateIndex": i}), "")
case("real: secrets mounted by path", "/v1/sys/mounts", {"secret/": {"type": "kv", "description": "d", "options": {"version": "2"}, "accessor": "kv_1"}, "sys/": {"type": "system", "description": "s", "options": None, "accessor": "system_1"},
     "cubbyhole/": {"type": "cubbyhole", "description": "c", "options": None, "accessor": "cubby_1"}}, Table("", "map"))
case("real: settings by section", "/api/admin/settings", {"DEFAULT": {"app_mode": "production"}, "analytics": {"reporting_enabled": "false"}, "auth.basic": {"enabled": "true"}, "database": {"host": "h", "type": "postgres"}}, one())
case("real: a queue's messages and total", "/api/queues", some(2, lambda i: {"name": "q%d" % i, "vhost": "/", "messages": i, "backing_queue_status": {"len": 1}, "arguments": {}}), "")
case("real: an overview of a broker", "/api/overview", {"management_version": "3.12", "exchange_types": some(4, lambda i: {"name": "e%d" % i, "enabled": True}), "queue_totals": {"messages": 5}, "node": "rabbit@h", "listeners": some(2, lambda i: {"node": "n", "port": i}),
     "contexts": some(2, lambda i: {"node": "n", "port": i}), "cluster_name": "c", "object_totals": {"queues": 2}}, one())
