/*
 * test_envelope_forms.c
 *		Are the rows found in samples that nothing describes, in whatever form
 *		they come (doc/inference.md S3)?
 */
#include "ac.h"

#include "api/envelope.h"
#include "api/paging.h"
#include "api/tableplan_int.h"
#include "core/rowtree.h"

#include "plan_build.h"

/*
 * What a body should become: "[path]" elements of an array, "(path)" one row,
 * "{path}" members of an object, "<path names>" values with names elsewhere,
 * "~path" lines, "|path|" lists that are columns, "?" undecided.  Behind " in " the wrapper of the fields, then
 * ":" and their names, where a case has them.
 */
typedef struct Case
{
	const char *what;
	const char *path;
	const char *body;
	const char *want;
} Case;

static const Case cases[] = {
	/* arrays and their keys */
	{"a bare array", "/users", "[{'id': 1}, {'id': 2}]", "[]: id"},
	{"a bare array of texts", "/tags", "['a', 'b']", "[]"},
	{"a bare array of one", "/users", "[{'id': 1, 'name': 'x'}]", "[]"},
	{"data", "/users", "{'data': [{'id': 1}], 'total': 1}", "[/data]"},
	{"results of a query", "/search", "{'count': 2, 'next': null, 'results': [{'id': 1}, {'id': 2}]}", "[/results]"},
	{"the path's noun", "/invoices", "{'invoices': [{'id': 1}], 'page': 1}", "[/invoices]"},
	{"the path's noun in another case", "/line-items", "{'lineItems': [{'sku': 1}], 'tags': [{'id': 1}, {'id': 2}]}", "[/lineItems]"},
	{"OData", "/Orders", "{'@odata.context': 'x', 'value': [{'OrderID': 1}], '@odata.nextLink': 'y'}", "[/value]"},
	{"OData 2", "/Orders", "{'d': {'results': [{'OrderID': 1}], '__count': '1'}}", "[/d/results]"},
	{"HAL", "/orders", "{'_embedded': {'orders': [{'id': 1}]}, '_links': {'self': {'href': '/orders'}}, 'page': {'size': 20}}", "[/_embedded/orders]"},
	{"HAL with another name", "/orders", "{'_embedded': {'orderDtoes': [{'id': 1}]}, '_links': {'self': {'href': '/orders'}}}", "[/_embedded/orderDtoes]"},
	{"Spring", "/orders", "{'content': [{'id': 1}], 'pageable': {'offset': 0}, 'totalElements': 1, 'sort': {'sorted': false}}", "[/content]"},
	{"data in data", "/users", "{'status': 'ok', 'data': {'users': [{'id': 1}], 'total': 1}}", "[/data/users]"},
	{"two wrappers", "/things", "{'response': {'result': {'things': [{'id': 1}]}}}", "[/response/result/things]"},
	{"Solr", "/select", "{'responseHeader': {'status': 0}, 'response': {'numFound': 1, 'start': 0, 'docs': [{'id': 'a'}]}}", "[/response/docs]"},
	{"JSON-LD", "/datasets", "{'@context': 'x', '@graph': [{'@id': 'a', 'title': 'b'}]}", "[/@graph]"},
	{"nodes of a connection", "/users", "{'users': {'nodes': [{'id': 1}], 'pageInfo': {'hasNextPage': false}}}", "[/users/nodes]"},
	/* decoys */
	{"warnings are longer than rows", "/users", "{'warnings': [{'id': 1, 'text': 'x'}, {'id': 2, 'text': 'y'}], 'users': [{'id': 1}]}", "[/users]"},
	{"errors beside rows", "/users", "{'errors': [], 'data': [{'id': 1}]}", "[/data]"},
	{"facets", "/search", "{'facets': [{'name': 'a', 'n': 1}, {'name': 'b', 'n': 2}], 'hits': [{'id': 1}]}", "[/hits]"},
	{"below meta", "/foo", "{'meta': {'errors': [{'code': 1}]}, 'foo': [{'id': 1}]}", "[/foo]"},
	{"links", "/albums", "{'links': [{'rel': 'self', 'href': 'x'}, {'rel': 'next', 'href': 'y'}], 'albums': [{'id': 1}]}", "[/albums]"},
	{"included", "/articles", "{'data': [{'id': '1', 'type': 'a', 'attributes': {'title': 'x'}}], 'included': [{'id': '2', 'type': 'p', 'attributes': {'name': 'y'}}, {'id': '3', 'type': 'p', 'attributes': {'name': 'z'}}]}", "[/data] in /attributes: id type title"},
	/* what stands around the rows */
	{"facts of a page, then rows", "/country", "[{'page': 1, 'pages': 1, 'total': 2}, [{'id': 'A'}, {'id': 'B'}]]", "[/1]: id"},
	{"facts of a page below a variable", "/country/{id}", "[{'page': 1, 'total': 1}, [{'id': 'A'}]]", "[/1]"},
	{"no facts: a pair of things", "/pairs", "[{'id': 1, 'kind': 'a'}, {'id': 2, 'kind': 'b'}]", "[]: id kind"},
	{"no facts: none of a page", "/pairs", "[{'left': 1}, [{'id': 'A'}]]", "[]"},
	{"errors that are asked for", "/projects/acme/errors", "{'errors': [{'id': 1, 'error_class': 'E', 'events': 4}]}", "[/errors]: id error_class events"},
	{"errors of a request for errors", "/projects/acme/errors", "{'errors': [{'status': '404', 'title': 'Not found'}]}", "?"},
	{"rows among numbers of pages", "/company/1/query", "{'QueryResponse': {'Customer': [{'Id': '1'}], 'startPosition': 1, 'maxResults': 1}, 'time': '2024-01-01T00:00:00Z'}", "[/QueryResponse/Customer]: Id"},
	{"a verb behind the noun", "/artist.search", "{'results': {'opensearch:Query': {'role': 'x'}, 'opensearch:totalResults': '2', 'artistmatches': {'artist': [{'name': 'a', 'n': 1}, {'name': 'b', 'n': 2}]}, '@attr': {'for': 'x'}}}", "[/results/artistmatches/artist]: name n"},
	{"a verb in a segment of its own", "/v2/alpine/tags/list", "{'name': 'alpine', 'tags': ['3.18', '3.19']}", "[/tags]"},
	{"a variable repeated", "/v2/{name}/tags/list", "{'name': 'alpine', 'tags': ['3.18', '3.19']}", "[/tags]"},
	{"values alone", "/v2/_catalog", "{'repositories': ['alpine', 'debian']}", "[/repositories]"},
	{"values alone in an envelope", "/secret/metadata", "{'request_id': 'r', 'lease_id': '', 'renewable': false, 'lease_duration': 0, 'data': {'keys': ['a', 'b']}, 'auth': null}", "[/data/keys]"},
	{"no rows: values beside facts", "/profile", "{'plan': 'pro', 'scopes': ['a', 'b']}", "()"},
	{"no rows: values in a thing", "/profile", "{'data': {'plan': 'pro', 'scopes': ['a', 'b']}}", "(/data)"},
	{"an object named by the path", "/topics", "{'users': [{'id': 1}, {'id': 2}], 'topic_list': {'per_page': 30, 'can_create': false, 'topics': [{'id': 1}]}}", "[/topic_list/topics]"},
	{"a section named by the path", "/stock_levels", "{'generated': '2024-01-01', 'stock_levels': {'levels': [{'sku': 'a', 'qty': 1}]}}", "[/stock_levels/levels]: sku qty"},
	{"lists from XML, counted further up", "/holidays", "{'response': {'header': {'resultCode': '00'}, 'body': {'items': {'item': [{'seq': 1, 'd': 'x'}, {'seq': 2, 'd': 'y'}]}, 'numOfRows': 10, 'totalCount': 2}}}", "[/response/body/items/item]: seq d"},
	{"a thing beside a list", "/files.info", "{'ok': true, 'file': {'id': 'F1', 'title': 'x'}, 'comments': [{'id': 1}, {'id': 2}], 'paging': {'count': 2}}", "(/file): id title"},
	{"a thing by its own name beside a list", "/order", "{'order': {'id': 1, 'state': 'x'}, 'events': [{'id': 1}, {'id': 2}]}", "(/order)"},
	{"a thing that has a part of the path's name", "/license", "{'name': 'LICENSE', 'sha': 'x', 'license': {'key': 'mit', 'name': 'MIT'}, 'links': [{'href': 'a'}]}", "()"},
	/* one thing */
	{"one thing", "/me", "{'id': 1, 'name': 'x', 'roles': ['a']}", "()"},
	{"a thing with a list", "/orders/{id}", "{'id': 1, 'status': 'x', 'items': [{'sku': 1}]}", "()"},
	{"a wrapped thing", "/me", "{'data': {'id': 1, 'name': 'x'}}", "(/data): id name"},
	{"a thing wrapped by its name", "/account", "{'account': {'id': 1, 'name': 'x'}}", "(/account)"},
	{"a thing with its state", "/me", "{'success': true, 'errors': [], 'result': {'id': 1, 'name': 'x'}}", "(/result)"},
	{"a JSON:API thing", "/articles/{id}", "{'data': {'type': 'articles', 'id': '1', 'attributes': {'title': 'x'}}, 'jsonapi': {'version': '1.0'}}", "(/data) in /attributes: type id title"},
	{"a document of Elasticsearch", "/idx/_doc/{id}", "{'_index': 'i', '_id': '1', 'found': true, '_source': {'title': 'x'}}", "() in /_source: _index _id found title"},
	{"health", "/health", "{'status': 'ok', 'uptime': 5}", "()"},
	/* what a path asks for */
	{"a number at the path's end asks for one thing", "/companies/9", "{'companyinfo': 'x', 'name': 'y', 'members': [{'id': 1}, {'id': 2}], 'cities': [{'n': 1}, {'n': 2}]}", "()"},
	{"a code at the path's end", "/matches/EUW1_1", "{'metadata': {'version': '2'}, 'info': {'mode': 'x', 'participants': [{'kills': 1}, {'kills': 2}]}}", "()"},
	{"a number of a list", "/groups/9", "{'Search': [{'Title': 'x'}, {'Title': 'y'}], 'totalResults': '2', 'Response': 'True'}", "[/Search]"},
	{"a year chooses many", "/seasons/2023", "{'season': {'name': 'x', 'races': [{'round': 1, 'd': 'x'}, {'round': 2, 'd': 'y'}]}}", "[/season/races]"},
	{"a verb for one thing", "/package_show", "{'help': 'x', 'success': true, 'result': {'id': 'p', 'name': 'n', 'tags': [{'id': 1}, {'id': 2}]}}", "(/result): id name tags"},
	{"whoever asks", "/Me", "{'@odata.context': 'x', 'UserName': 'a', 'FirstName': 'b', 'AddressInfo': [{'Address': 'x'}]}", "()"},
	{"a format is no noun", "/orders/json", "{'orders': [{'id': 1}], 'notes': [{'id': 1}, {'id': 2}]}", "[/orders]"},
	/* signs of lists and of things */
	{"equal lists beside a fact", "/balance", "{'object': 'balance', 'available': [{'amount': 1, 'currency': 'x'}], 'live': true, 'pending': [{'amount': 2, 'currency': 'x'}]}", "()"},
	{"a key among many facts", "/weather", "{'coord': {'lon': 7}, 'weather': [{'id': 501, 'main': 'Rain'}], 'base': 'x', 'visibility': 9, 'dt': 1, 'zone': 2, 'name': 'y', 'id': 3, 'cod': 200}", "()"},
	{"a list that is called by one of it", "/Observation", "{'resourceType': 'Bundle', 'id': 'b', 'type': 'searchset', 'total': 2, 'entry': [{'fullUrl': 'u', 'search': {'mode': 'match'}}, {'fullUrl': 'v', 'search': {'mode': 'match'}}]}", "[/entry]"},
	{"rows that only tell of the question", "/w", "{'query': {'normalized': [{'from': 'a', 'to': 'b'}, {'from': 'c', 'to': 'd'}], 'pages': [{'pageid': 1, 'title': 'x'}]}}", "[/query/pages]"},
	{"a decoy that is counted and alone", "/library/all", "{'MediaContainer': {'size': 2, 'identifier': 'x', 'mixed': false, 'Metadata': [{'title': 'x', 'year': 1}, {'title': 'y', 'year': 2}]}}", "[/MediaContainer/Metadata]"},
	{"a decoy that nothing counts", "/thing", "{'name': 'x', 'kind': 'y', 'metadata': [{'a': 1}, {'a': 2}]}", "()"},
	{"a list of what went wrong", "/indicator", "[{'message': [{'id': '120', 'key': 'Invalid value'}]}]", "?"},
	/* maps that say so */
	{"a map whose members name themselves", "/champion", "{'type': 'champion', 'format': 'x', 'version': '14', 'data': {'Ahri': {'id': 'Ahri', 'key': '1'}, 'Zyra': {'id': 'Zyra', 'key': '2'}}}", "{/data}: id key"},
	{"a map of days among facts", "/timeseries", "{'start': 'x', 'end': 'y', 'base': 'EUR', 'series': true, 'rates': {'2024-01-01': {'USD': 1.1}, '2024-01-02': {'USD': 1.2}}}", "{/rates}: USD"},
	{"a map of numbers by words", "/simple/price", "{'bitcoin': {'usd': 1.5, 'eur': 1}, 'ethereum': {'usd': 2.5, 'eur': 2}}", "{}: usd eur"},
	{"a map whose name ends the noun", "/exchange_rates", "{'rates': {'btc': {'name': 'x', 'value': 1}, 'eth': {'name': 'y', 'value': 2}}}", "{/rates}: name value"},
	/* lists that are columns */
	{"lists over a time", "/forecast", "{'latitude': 52.5, 'timezone': 'GMT', 'hourly_units': {'time': 'iso8601'}, 'hourly': {'time': ['2024-07-01T00:00', '2024-07-01T01:00'], 'rain': [0.5, null]}}", "|/hourly|: time rain"},
	{"lists that are the answer", "/candle", "{'c': [1.5, 2.5], 's': 'ok', 't': [1, 2]}", "||: c t"},
	{"no lists: lengths differ", "/rotation", "{'ids': [1, 2, 3], 'new': [1, 2], 'level': 10}", "()"},
	{"no lists: no axis", "/tags", "{'red': ['a', 'b'], 'green': ['c', 'd']}", "()"},
	{"no lists: an axis that stands still", "/series", "{'unit': 'm', 'place': 'x', 'time': [1, 1], 'level': [2, 3]}", "()"},
	/* contents of records */
	{"contents beside a record of them", "/contacts", "[{'id': '1', 'properties': {'email': 'x', 'firstname': 'y'}, 'createdAt': 'z', 'archived': false}]", "[] in /properties: id email firstname createdAt archived"},
	{"contents beside a place", "/query", "{'features': [{'attributes': {'OBJECTID': 1, 'NAME': 'x'}, 'geometry': {'x': 1, 'y': 2}}]}", "[/features] in /attributes: OBJECTID NAME geometry"},
	{"contents with a name of their own", "/issues", "[{'id': '1', 'self': 'u', 'key': 'A-1', 'fields': {'summary': 'x'}}]", "[] in /fields: id self key summary"},
	{"no contents: a type and a link", "/records", "[{'attributes': {'type': 'Account', 'url': 'u'}, 'Id': '1', 'Phone': 'x'}]", "[]: attributes Id Phone"},
	{"no contents: nothing identifies it", "/shapes", "[{'sides': 3, 'properties': {'color': 'red'}}]", "[]: sides properties"},
	/* rows in wrappers */
	{"JSON:API", "/articles", "{'data': [{'type': 'articles', 'id': '1', 'attributes': {'title': 'x', 'views': 3}, 'links': {'self': 'y'}, 'relationships': {'author': {'data': {'type': 'people', 'id': '9'}}}}]}", "[/data] in /attributes: type id title views author_id"},
	{"JSON:API with relationships to many", "/articles", "{'data': [{'type': 'articles', 'id': '1', 'attributes': {'title': 'x'}, 'relationships': {'author': {'data': {'type': 'people', 'id': '9'}}, 'comments': {'data': [{'type': 'c', 'id': '5'}]}}}]}", "[/data] in /attributes: type id title author_id relationships"},
	{"Strapi", "/articles", "{'data': [{'id': 1, 'attributes': {'title': 'x'}}], 'meta': {'pagination': {'page': 1}}}", "[/data] in /attributes: id title"},
	{"CKAN", "/package_search", "{'help': 'x', 'success': true, 'result': {'count': 1, 'results': [{'id': 'a', 'title': 'b'}]}}", "[/result/results]"},
	{"Prometheus", "/query", "{'status': 'success', 'data': {'resultType': 'vector', 'result': [{'metric': {'job': 'x'}, 'value': [1, '2']}]}}", "[/data/result]"},
	{"Stack Exchange", "/questions", "{'items': [{'question_id': 1, 'tags': ['a']}], 'has_more': false, 'quota_max': 300, 'quota_remaining': 2}", "[/items]"},
	{"OMDb", "/", "{'Search': [{'Title': 'x', 'imdbID': 'y'}], 'totalResults': '1', 'Response': 'True'}", "[/Search]"},
	{"no JSON:API: a thing with attributes", "/products", "[{'id': 1, 'name': 'x', 'attributes': {'color': 'red'}}]", "[]: id name attributes"},
	{"no JSON:API: attributes alone", "/products", "[{'sku': 'a', 'attributes': {'color': 'red'}}]", "[]: sku attributes"},
	{"GeoJSON", "/places", "{'type': 'FeatureCollection', 'features': [{'type': 'Feature', 'id': 7, 'geometry': {'type': 'Point', 'coordinates': [1, 2]}, 'properties': {'name': 'x', 'kind': 'y'}}]}", "[/features] in /properties: id geometry name kind"},
	{"GeoJSON with two ids", "/places", "{'type': 'FeatureCollection', 'features': [{'type': 'Feature', 'id': 7, 'geometry': null, 'properties': {'id': 'x'}}]}", "[/features] in /properties: feature_id geometry id"},
	{"Elasticsearch", "/idx/_search", "{'took': 3, 'timed_out': false, '_shards': {'total': 1}, 'hits': {'total': {'value': 1}, 'max_score': 1.0, 'hits': [{'_index': 'i', '_id': 'a', '_score': 1.0, '_source': {'title': 'x', 'n': 1}}]}}", "[/hits/hits] in /_source: _index _id _score title n"},
	{"Relay", "/graphql", "{'data': {'users': {'edges': [{'node': {'id': '1', 'name': 'x'}, 'cursor': 'c'}], 'pageInfo': {'hasNextPage': false}}}}", "[/data/users/edges] in /node: id name"},
	{"a wrapper around each row", "/items", "{'items': [{'item': {'id': 1, 'name': 'x'}}, {'item': {'id': 2, 'name': 'y'}}]}", "[/items] in /item: id name"},
	{"a wrapper around each row of a bare array", "/users", "[{'user': {'id': 1}}, {'user': {'id': 2}}]", "[] in /user: id"},
	{"an object beside other fields is no wrapper", "/tracks", "{'items': [{'added_at': 'x', 'track': {'id': 1}}]}", "[/items]: added_at track"},
	/* members of an object */
	{"a map", "/users", "{'u1': {'name': 'x', 'age': 1}, 'u2': {'name': 'y', 'age': 2}}", "{}: name age"},
	{"a map with a null", "/users", "{'u0': null, 'u1': {'name': 'x', 'age': 1}, 'u2': {'name': 'y', 'age': 2}}", "{}: name age"},
	{"no map: nothing but null", "/users", "{'u0': null, 'u1': null}", "?"},
	{"no map: a field that is null", "/config", "{'oauth2': {'id': 1, 'url': 'x'}, 'parent': null}", "()"},
	{"an array with a null", "/users", "[null, {'name': 'x', 'age': 1}]", "[]: name age"},
	{"a map of numbers", "/users", "{'17': {'name': 'x'}}", "{}: name"},
	{"a map by words", "/prices", "{'bitcoin': {'usd': 1}, 'ethereum': {'usd': 2}}", "{}: usd"},
	{"a map of codes", "/rates", "{'EUR': {'rate': 1, 'name': 'Euro'}, 'CHF': {'rate': 2, 'name': 'Franken'}}", "{}"},
	{"a map below data", "/users", "{'data': {'a1': {'name': 'x'}, 'b2': {'name': 'y'}}, 'status': 'ok'}", "{/data}"},
	{"a map under the path's noun", "/devices", "{'devices': {'lamp-1': {'on': true}, 'lamp-2': {'on': false}}}", "{/devices}"},
	{"a map of rows that have a key", "/users", "{'u1': {'key': 'x', 'n': 1}, 'u2': {'key': 'y', 'n': 2}}", "{}: key n"},
	{"Kraken", "/public/Ticker", "{'error': [], 'result': {'XXBTZEUR': {'a': ['1'], 'b': ['2']}, 'XETHZEUR': {'a': ['3'], 'b': ['4']}}}", "{/result}: a b"},
	{"no map: a thing wrapped by its name", "/me", "{'user-profile': {'id': 1, 'name': 'x'}}", "(/user-profile)"},
	{"no map: one thing with a digit in its name", "/config", "{'oauth2': {'id': 1, 'url': 'x'}}", "(/oauth2)"},
	{"no map: numbered parts", "/account", "{'address1': {'street': 'x', 'city': 'y'}, 'address2': {'street': 'x', 'city': 'y'}}", "()"},
	{"no map: parts of one thing", "/account", "{'billing': {'street': 'x', 'city': 'y'}, 'shipping': {'street': 'x', 'city': 'y'}}", "()"},
	{"no map: parts that differ", "/stats", "{'a1': {'x': 1, 'y': 2}, 'b2': {'p': 1, 'q': 2}}", "()"},
	{"no map: an envelope", "/things", "{'data': {'id': 1, 'total': 2}, 'meta': {'id': 2, 'total': 3}}", "(/data)"},
	{"a map under a wrapper", "/wiki", "{'batchcomplete': '', 'query': {'pages': {'1000': {'pageid': 1000, 'title': 'x'}, '1001': {'pageid': 1001, 'title': 'y'}}}}", "{/query/pages}: pageid title"},
	{"no map: parts that report", "/health", "{'status': 'UP', 'components': {'db': {'status': 'UP'}, 'disk': {'status': 'UP'}}}", "()"},
	/* arrays of values */
	{"columns and rows", "/report", "{'columns': ['id', 'name'], 'rows': [[1, 'x'], [2, 'y']]}", "</rows /columns>: id name"},
	{"fields and values", "/query", "{'fields': [{'name': 'id', 'type': 'int'}, {'name': 'total', 'type': 'float'}], 'values': [[1, 2.5]]}", "</values /fields>: id total"},
	{"header and data", "/table", "{'header': ['a', 'b'], 'data': [[1, 2], [3, 4], [5, 6]], 'count': 3}", "</data /header>"},
	{"a result that has both", "/sql", "{'result': {'columns': ['id'], 'rows': [[1]]}, 'success': true}", "</result/rows /result/columns>"},
	{"names far from the values", "/views/rows", "{'meta': {'view': {'columns': [{'id': -1, 'name': 'sid'}, {'id': 2, 'name': 'n'}]}}, 'data': [['r1', 5], ['r2', 6]]}", "</data /meta/view/columns>: sid n"},
	{"a row of names", "/data/2020", "[['NAME', 'state'], ['Alabama', '01'], ['Alaska', '02']]", "< /0>: NAME state"},
	{"a row of names under a key", "/sheet", "{'values': [['id', 'n'], [1, 2]], 'range': 'A1:B2'}", "</values /values/0>"},
	{"no row of names", "/pairs", "[['a', 'b'], ['c', 'd']]", "[]"},
	{"no row of names: numbers", "/points", "[[1, 2], [3, 4]]", "[]"},
	{"names that do not fit", "/report", "{'columns': ['id'], 'rows': [[1, 'x'], [2, 'y']]}", "[/rows]"},
	/* two tables */
	{"two arrays alike", "/search", "{'users': [{'id': 1}], 'groups': [{'id': 2}]}", "[/users][/groups]"},
	{"two wrapped arrays alike", "/search", "{'tracks': {'href': 'h', 'items': [{'id': 't', 'ms': 1}], 'total': 1}, 'artists': {'href': 'h', 'items': [{'id': 'a', 'n': 2}], 'total': 1}}", "[/tracks/items][/artists/items]"},
	{"the longer array", "/feed", "{'first': [{'a': 1}], 'second': [{'a': 1}, {'a': 2}]}", "[/second]"},
	/* nothing decided */
	{"an empty array", "/users", "[]", "?"},
	{"empty data", "/users", "{'data': [], 'total': 0}", "?"},
	{"empty data beside more", "/users", "{'users': [], 'store': 'x', 'id': 7}", "?"},
	{"null data", "/users", "{'data': null}", "?"},
	{"an empty object", "/users", "{}", "?"},
	{"a text", "/users", "'hello'", "?"},
	{"an error", "/users", "{'error': 'not found'}", "?"},
	{"an error object", "/users", "{'error': {'code': 401, 'message': 'no token'}}", "?"},
	{"errors alone", "/users", "{'errors': [{'code': 1, 'detail': 'x'}, {'code': 2, 'detail': 'y'}]}", "?"},
	{"a problem", "/users", "{'type': 'about:blank', 'title': 'Forbidden', 'status': 403, 'detail': 'x'}", "?"},
	{"a message", "/users", "{'message': 'Requires authentication', 'documentation_url': 'x'}", "?"},
	{"a lone detail", "/users", "{'detail': 'Authentication credentials were not provided.'}", "?"},
	{"a failure with empty data", "/users", "{'success': false, 'data': null, 'message': 'x'}", "?"},
	{"a list of errors", "/users", "[{'errorCode': 'INVALID_SESSION_ID', 'message': 'x'}]", "?"},
	{"a row with a message is none", "/jobs/{id}", "{'id': 1, 'message': 'x', 'status': 500}", "()"},
	/* lines */
	{"lines", "/events", "\x1E[{'id': 1, 'kind': 'x'}, {'id': 2, 'kind': 'y'}]", "~: id kind"},
	{"lines that wrap", "/stream", "\x1E[{'result': {'id': 1}}, {'result': {'id': 2}}]", "~/result: id"},
	{"no lines", "/events", "\x1E[]", "?"},
	{"lines of numbers", "/events", "\x1E[1, 2]", "?"},
};

static void
append_names(StringInfo out, const AcShape *row)
{
	int i;

	if (row->inner != NULL)
		appendStringInfo(out, " in %s", row->inner);
	appendStringInfoChar(out, ':');
	for (i = 0; i < row->n_properties; i++)
		if (!row->properties[i].write_only)
			appendStringInfo(out, " %s", row->properties[i].name);
}

static char *
chosen_text(const AcEnvelopeInput *input, bool names)
{
	StringInfoData out;
	AcRows *rows;
	int n = ac_envelope_choose(input, &rows);
	int i;

	initStringInfo(&out);
	for (i = 0; i < n; i++)
	{
		if (rows[i].one)
			appendStringInfo(&out, "(%s)", rows[i].path);
		else if (rows[i].form == AC_ROWS_MAP)
			appendStringInfo(&out, "{%s}", rows[i].path);
		else if (rows[i].form == AC_ROWS_COLUMNS)
			appendStringInfo(&out, "<%s %s>", rows[i].path,
							 rows[i].columns_path);
		else if (rows[i].form == AC_ROWS_LINES)
			appendStringInfo(&out, "~%s", rows[i].path);
		else if (rows[i].form == AC_ROWS_LISTS)
			appendStringInfo(&out, "|%s|", rows[i].path);
		else
			appendStringInfo(&out, "[%s]", rows[i].path);
	}
	if (n == 0)
		appendStringInfoChar(&out, '?');
	else if (names)
		append_names(&out, rows[0].row);
	return out.data;
}

static void
test_samples(void)
{
	int i;

	for (i = 0; i < (int) lengthof(cases); i++)
	{
		const Case *c = &cases[i];
		bool lines = c->body[0] == '\x1E';
		AcJson *body = json_of(c->body + lines);
		AcEnvelopeInput input = {0};
		AcValues whole;

		whole.values = &body;
		whole.n = 1;
		input.response = ac_seen_shape(&whole, "", 8);
		input.path = ac_path_parse(c->path);
		input.sample = body;
		input.asked_size = -1;
		input.from_sample = true;
		input.lines = lines;
		is_str(chosen_text(&input, strchr(c->want, ':') != NULL), c->want,
			   "%s", c->what);
		ac_json_free(body);
	}
}

/* ---- to the plan of a table ---- */

static char *
shown_plan(const AcTablePlan *plan)
{
	StringInfoData out;
	int i;

	initStringInfo(&out);
	appendStringInfo(&out, "%s \"%s\"", ac_rows_form_name(plan->rows_form),
					 plan->rows_path);
	if (plan->columns_path != NULL)
		appendStringInfo(&out, " \"%s\"", plan->columns_path);
	for (i = 0; i < plan->n_columns; i++)
		appendStringInfo(&out, ", %s%s %s%s%s \"%s\"",
						 plan->columns[i].key ? "*" : "",
						 plan->columns[i].name, plan->columns[i].type,
						 plan->columns[i].decode != NULL ? "!" : "",
						 plan->columns[i].decode != NULL
							 ? plan->columns[i].decode
							 : "",
						 plan->columns[i].json_path);
	return out.data;
}

/* A described answer (schema NULL: nothing described), a sample, the table. */
static const struct
{
	const char *what;
	const char *path;
	const char *schema;
	const char *body; /* NULL: none */
	const char *want;
} tables[] = {
	{"JSON:API from a sample", "/articles", NULL,
	 "{'data': [{'type': 'a', 'id': '1', 'attributes': {'title': 'x', 'n': 3}, 'relationships': {'author': {'data': {'type': 'p', 'id': '9'}}}}]}",
	 "array \"/data\", type text \"/type\", *id text \"/id\", title text \"/attributes/title\", n bigint \"/attributes/n\", author_id text \"/relationships/author/data/id\""},
	{"JSON:API from a description", "/articles",
	 "{'type': 'object', 'properties': {'data': {'type': 'array', 'items': {'type': 'object', 'properties': {'type': {'type': 'string'}, 'id': {'type': 'string'}, 'links': {'type': 'object', 'properties': {'self': {'type': 'string'}}}, 'attributes': {'type': 'object', 'properties': {'title': {'type': 'string'}, 'id': {'type': 'integer'}}}}}}}}", NULL,
	 "array \"/data\", type text \"/type\", *article_id text \"/id\", title text \"/attributes/title\", id bigint \"/attributes/id\""},
	{"a new field in the wrapper", "/articles",
	 "{'type': 'object', 'properties': {'data': {'type': 'array', 'items': {'type': 'object', 'properties': {'type': {'type': 'string'}, 'id': {'type': 'string'}, 'attributes': {'type': 'object', 'properties': {'title': {'type': 'string'}}}}}}}}",
	 "{'data': [{'type': 'a', 'id': '1', 'attributes': {'title': 'x', 'votes': 7}, 'links': {'self': 'y'}}]}",
	 "array \"/data\", type text \"/type\", *id text \"/id\", title text \"/attributes/title\", links jsonb \"/links\", votes bigint \"/attributes/votes\""},
	{"GeoJSON from a description", "/places",
	 "{'type': 'object', 'properties': {'type': {'type': 'string'}, 'features': {'type': 'array', 'items': {'type': 'object', 'properties': {'type': {'type': 'string'}, 'id': {'type': 'integer'}, 'geometry': {'type': 'object', 'properties': {'type': {'type': 'string'}}}, 'properties': {'type': 'object', 'properties': {'name': {'type': 'string'}, 'since': {'type': 'string', 'format': 'date'}}}}}}}}", NULL,
	 "array \"/features\", *id bigint \"/id\", geometry jsonb \"/geometry\", name text \"/properties/name\", since date \"/properties/since\""},
	{"a search of Elasticsearch from a description", "/logs",
	 "{'type': 'object', 'properties': {'took': {'type': 'integer'}, 'hits': {'type': 'object', 'properties': {'total': {'type': 'object', 'properties': {'value': {'type': 'integer'}}}, 'hits': {'type': 'array', 'items': {'type': 'object', 'properties': {'_id': {'type': 'string'}, '_source': {'type': 'object', 'properties': {'at': {'type': 'string', 'format': 'date-time'}, 'line': {'type': 'string'}}}}}}}}}}", NULL,
	 "array \"/hits/hits\", *_id text \"/_id\", at timestamptz \"/_source/at\", line text \"/_source/line\""},
	{"a map from a description", "/users",
	 "{'type': 'object', 'additionalProperties': {'type': 'object', 'properties': {'name': {'type': 'string'}}}}", NULL,
	 "map \"\", *key text!member_name \"\", name text \"/name\""},
	{"a map from a sample", "/users", NULL,
	 "{'data': {'u1': {'name': 'x', 'key': 1}, 'u2': {'name': 'y', 'key': 2}}}",
	 "map \"/data\", *user_key text!member_name \"\", name text \"/name\", key bigint \"/key\""},
	{"an empty map that was described", "/users",
	 "{'type': 'object', 'additionalProperties': {'type': 'object', 'properties': {'name': {'type': 'string'}}}}", "{}",
	 "map \"\", *key text!member_name \"\", name text \"/name\""},
	{"values from a sample", "/report", NULL,
	 "{'columns': ['id', 'Full name'], 'rows': [[1, 'x'], [2, null]]}",
	 "columns \"/rows\" \"/columns\", *id bigint \"/id\", full_name text \"/Full name\""},
	{"values from a description", "/report",
	 "{'type': 'object', 'properties': {'columns': {'type': 'array', 'items': {'type': 'string'}}, 'rows': {'type': 'array', 'items': {'type': 'array', 'items': {}}}}}", NULL,
	 "columns \"/rows\" \"/columns\", value jsonb \"\""},
	{"values from both", "/report",
	 "{'type': 'object', 'properties': {'columns': {'type': 'array', 'items': {'type': 'string'}}, 'rows': {'type': 'array', 'items': {'type': 'array', 'items': {}}}}}",
	 "{'columns': ['id', 'n'], 'rows': [[1, 2.5]]}",
	 "columns \"/rows\" \"/columns\", *id bigint \"/id\", n numeric \"/n\""},
	{"an empty page", "/users", NULL, "{'data': [], 'total': 0}", NULL},
	{"an error", "/users", NULL, "{'error': 'x'}", NULL},
	{"an empty page of what is described", "/users",
	 "{'type': 'object', 'properties': {'users': {'type': 'array', 'items': {'type': 'object', 'properties': {'id': {'type': 'integer'}}}}}}",
	 "{'users': [], 'other': [{'id': 1}]}", "array \"/users\", *id bigint \"/id\""},
	{"lines from a sample", "/events", NULL, "\x1E[{'id': 1}, {'id': 2, 'x': true}]",
	 "lines \"\", *id bigint \"/id\", x boolean \"/x\""},
};

static AcTablePlans *
plan_case(int i, AcJson **doc)
{
	const AcPlanOptions options = {.nested = AC_NESTED_JSON};
	const char *schema = tables[i].schema != NULL ? tables[i].schema : "{}";
	AcApi *api = api_of(path_of(tables[i].path, schema, ""), doc);

	return ac_tableplan_build(api, &options);
}

static void
test_tables(void)
{
	int i;

	for (i = 0; i < (int) lengthof(tables); i++)
	{
		AcJson *doc;
		AcTablePlans *plans = plan_case(i, &doc);
		AcTablePlan *plan = &plans->tables[0];
		AcSample sample = {0};
		const char *body = tables[i].body;

		sample.asked_size = -1;
		if (body != NULL)
		{
			sample.lines = body[0] == '\x1E';
			sample.body = json_of(body + sample.lines);
			ac_tableplan_observe(plan, &sample);
		}
		if (tables[i].want == NULL)
			ok(ac_tableplan_is_open(plan), "%s: no table yet", tables[i].what);
		else
			is_str(plan->skip_reason != NULL ? plan->skip_reason
											 : shown_plan(plan),
				   tables[i].want, "%s", tables[i].what);
		ac_json_free(sample.body);
		ac_json_free(plans->evidence);
		ac_json_free(doc);
	}
}

/* Several pages of a sample: what a later one has counts as well. */
static void
test_pages(void)
{
	AcJson *doc;
	AcApi *api = api_of(path_of("/things", "{}", ""), &doc);
	const AcPlanOptions options = {.nested = AC_NESTED_JSON};
	AcTablePlans *plans = ac_tableplan_build(api, &options);
	AcSample sample = {0};
	AcJson *more = json_of("{'columns': ['x', 'id'], 'rows': [['y', 9223372036854775808]]}");

	sample.asked_size = -1;
	sample.body = json_of("{'columns': ['id', 'n'], 'rows': [[1, 2]]}");
	sample.more = &more;
	sample.n_more = 1;
	ac_tableplan_observe(&plans->tables[0], &sample);
	is_str(shown_plan(&plans->tables[0]),
		   "columns \"/rows\" \"/columns\", *id numeric \"/id\", n bigint \"/n\", x text \"/x\"",
		   "columns of the second page, and values wider than the first has");
	ac_json_free(sample.body);
	ac_json_free(more);
	ac_json_free(plans->evidence);
	ac_json_free(doc);
}

static void
test_media_types(void)
{
	ok(ac_envelope_is_lines("application/x-ndjson") &&
		   ac_envelope_is_lines("application/jsonl; charset=utf-8") &&
		   ac_envelope_is_lines("application/json-seq"),
	   "media types of lines");
	ok(!ac_envelope_is_lines("application/json") &&
		   !ac_envelope_is_lines("text/plain") && !ac_envelope_is_lines(NULL),
	   "and others");
}

int
main(void)
{
	test_samples();
	test_tables();
	test_pages();
	test_media_types();
	return done_testing();
}
