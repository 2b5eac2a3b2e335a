/*
 * test_errorbody.c
 *		Is a body that speaks of a failure told from one that shows a thing?
 */
#include "ac.h"

#include "api/errorbody.h"
#include "reader.h"

static const char *const errors[] = {
	"{'error': 'not found'}",
	"{'error': {'code': 404, 'message': 'x', 'status': 'NOT_FOUND'}}",
	"{'errors': [{'status': '403', 'title': 'Forbidden'}]}",
	"{'errors': [{'message': 'Must provide query string.'}], 'data': null}",
	"{'message': 'Not Found', 'documentation_url': 'https://h/docs'}",
	"{'message': 'Unauthorized'}",
	"{'detail': 'Authentication credentials were not provided.'}",
	"{'type': 'about:blank', 'title': 'Not Found', 'status': 404, 'detail': 'x'}",
	"{'code': 401, 'message': 'Unauthorized'}",
	"{'code': 'rest_no_route', 'message': 'No route', 'data': {'status': 404}}",
	"{'statusCode': 500, 'message': 'Internal server error'}",
	"{'ok': false, 'error': 'not_authed'}",
	"{'success': false, 'data': [], 'msg': 'bad key'}",
	"{'status': 'error', 'message': 'bad key'}",
	"{'timestamp': 'x', 'status': 404, 'error': 'Not Found', 'path': '/x'}",
	"{'fault': {'faultstring': 'Invalid key'}}",
	"{'error': 'invalid_token', 'error_description': 'expired'}",
	"{'errorMessages': ['Issue does not exist'], 'errors': {}}",
	"{'odata.error': {'code': '', 'message': {'lang': 'en', 'value': 'x'}}}",
	"{'success': 'false', 'message': 'bad key'}",
};

static const char *const others[] = {
	"[{'error': 'x'}]",
	"{}",
	"null",
	"{'error': null, 'data': [{'id': 1}]}",
	"{'errors': [], 'data': [{'id': 1}]}",
	"{'id': 5, 'name': 'job', 'state': 'failed', 'error': 'disk full'}",
	"{'status': 200, 'users': [{'id': 1}]}",
	"{'status': 'ok', 'message': 'fine', 'result': [{'id': 1}]}",
	"{'success': true, 'items': []}",
	"{'code': 'EUR', 'description': 'Euro', 'rate': 1, 'digits': 2, 'name': 'x'}",
	"{'users': [{'id': 1}], 'error': ''}",
	"{'id': 1, 'title': 'x', 'status': 'open', 'created': 'y', 'body': 'z'}",
	"{'data': {'id': 1}, 'message': 'ok'}",
	"{'title': 'x', 'description': 'y'}",
	"{'ok': true, 'message': 'fine', 'data': {}}",
	"{'error': 'false', 'message': 'fine', 'result': {}}",
};

/* A member tells of a failure, whatever is beside it. */
static const char *const telling[] = {
	"{'ok': false}",
	"{'ok': false, 'error': 'invalid_auth', 'items': [{'id': 1}]}",
	"{'success': false}",
	"{'success': 'false'}",
	"{'Success': false}",
	"{'error': 17}",
	"{'error': true}",
	"{'error': 'x'}",
	"{'error': {'message': 'x'}}",
	"{'errors': [{'message': 'x'}]}",
	"{'errors': {'name': ['x']}}",
	"{'errorMessages': ['x']}",
	"{'exception': 'NullPointer', 'a': 1, 'b': 2, 'c': 3}",
	"{'fault': {'faultstring': 'x'}}",
	"{'odata.error': {'code': 'x'}}",
	"{'status': 'error'}",
	"{'status': 'fail', 'data': {}}",
	"{'code': 'UNAUTHORIZED'}",
	"{'id': 5, 'name': 'job', 'state': 'failed', 'error': 'disk full'}",
};

static const char *const silent[] = {
	"{}",
	"{'count': 0}",
	"{'ok': true}",
	"{'success': true, 'errors': []}",
	"{'error': null}",
	"{'error': false}",
	"{'error': 'false'}",
	"{'error': ''}",
	"{'error': {}}",
	"{'error': 0}",
	"{'status': 'active'}",
	"{'status': false}",
	"{'status': 404}",
	"{'code': 'EUR'}",
	"{'message': 'Not Found'}",
	"{'data': {'error': 'x'}}",
	"[]",
	"[{'error': 'x'}]",
	"'error'",
	"null",
};

int
main(void)
{
	int i;

	for (i = 0; i < (int) lengthof(errors); i++)
	{
		ok(ac_errorbody_is(reader_parse(errors[i])), "an error: %s", errors[i]);
		reader_done();
	}
	for (i = 0; i < (int) lengthof(others); i++)
	{
		ok(!ac_errorbody_is(reader_parse(others[i])), "no error: %s", others[i]);
		reader_done();
	}
	for (i = 0; i < (int) lengthof(telling); i++)
	{
		ok(ac_errorbody_tells(reader_parse(telling[i])), "tells: %s", telling[i]);
		reader_done();
	}
	for (i = 0; i < (int) lengthof(silent); i++)
	{
		ok(!ac_errorbody_tells(reader_parse(silent[i])), "tells nothing: %s", silent[i]);
		reader_done();
	}
	return done_testing();
}
