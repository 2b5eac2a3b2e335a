/*
 * test_sigv4.c
 *		Are requests signed as AWS's examples are?
 *
 * Examples: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 * What they do not show is compared with another implementation in
 * test/t/161_signatures.pl.
 */
#include "net/sign.c"
#include "policy/sigv4.c"

#include "tap.h"

static AcSigv4Key key = {
	.access_key = "AKIAIOSFODNN7EXAMPLE",
	.secret_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
	.region = "us-east-1",
	.service = "s3",
};

/* 2013-05-24 */
#define EXAMPLE_TIME 1369353600

static AcUrl url;

static AcSigv4Headers
sign_get(const char *text)
{
	AcSigv4Request request = {"GET", &url, NULL, EXAMPLE_TIME};
	AcSigv4Headers headers;
	AcError err;

	ok(ac_url_parse(text, &url, &err) &&
		   ac_sigv4_sign(&request, &key, &ac_sign_hash, &headers, &err),
	   "%s is signed", text);
	return headers;
}

static void
test_examples(void)
{
	AcSigv4Headers headers = sign_get("https://examplebucket.s3.amazonaws.com/?lifecycle");

	is_str(headers.authorization,
		   "Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
		   "SignedHeaders=host;x-amz-content-sha256;x-amz-date, "
		   "Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
		   "lifecycle");
	is_str(headers.date, "X-Amz-Date: 20130524T000000Z", "its date");
	is_str(headers.hash,
		   "X-Amz-Content-Sha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		   "its body");
	ok(headers.token == NULL, "no session token");
	is_str(url.query, "lifecycle=", "the query as it is sent");

	headers = sign_get("https://examplebucket.s3.amazonaws.com/?prefix=J&max-keys=2");
	ok(strstr(headers.authorization,
			  "Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7") != NULL,
	   "list, whatever the order");
	is_str(url.query, "max-keys=2&prefix=J", "the order as it is sent");
}

static void
test_query(void)
{
	sign_get("https://h/?b=2&a=x+y%2bz&a-b=%7e&a=*&&c&a=%41");
	is_str(url.query, "a=%2A&a=A&a=x%20y%2Bz&a-b=~&b=2&c=",
		   "names first, values then, one way to write each");
	sign_get("https://h/?");
	is_str(url.query, "", "an empty query stays");
}

static void
is_path(const char *path, bool s3, const char *expected)
{
	StringInfoData out;

	initStringInfo(&out);
	append_path(&out, path, s3);
	is_str(out.data, expected, "%s%s", path, s3 ? " of S3" : "");
}

static void
test_guess(const char *host, const char *expected)
{
	char *region = NULL;
	char *service = NULL;
	const char *got = "";

	if (ac_sigv4_guess(host, &region, &service))
		got = psprintf("%s %s", region, service);
	is_str(got, expected, "%s", host);
}

int
main(void)
{
	test_examples();
	test_query();
	is_path("/a%20b//c=d/*", false, "/a%2520b/c%3Dd/%2A");
	is_path("/a%20b//c=d/*", true, "/a%20b//c%3Dd/%2A");
	is_path("/", false, "/");
	test_guess("abc.execute-api.eu-west-1.amazonaws.com", "eu-west-1 execute-api");
	test_guess("search-x-1.eu-west-1.es.amazonaws.com", "eu-west-1 es");
	test_guess("dynamodb.us-gov-east-1.amazonaws.com", "us-gov-east-1 dynamodb");
	test_guess("b.s3.cn-north-1.amazonaws.com.cn", "cn-north-1 s3");
	test_guess("iam.amazonaws.com", "");
	test_guess("s3.amazonaws.com", "");
	test_guess("b.s3.amazonaws.com", "");
	test_guess("amazonaws.com", "");
	test_guess(".amazonaws.com", "");
	test_guess("eu-west-1.amazonaws.com.evil.example", "");
	test_guess("api.example.com", "");
	return done_testing();
}
