/*
 * send.c
 *		What exactly goes over the wire for a fetch?  See send.h.
 */
#include "ac.h"

#include "net/awssign.h"
#include "net/fetch.h"
#include "net/send.h"

/* An API that is asked for anything may answer with a page for people. */
#define AC_SEND_ACCEPT_JSON \
	"application/json, application/*+json;q=0.9, */*;q=0.1"

/* What the token of the moment goes along in. */
static char *
token_header(const AcSend *send)
{
	const AcTokenRecipe *recipe = ac_connection_recipe(send->conn);

	return recipe->login != NULL ? ac_login_header(recipe->login, send->bearer)
								 : psprintf("Authorization: Bearer %s", send->bearer);
}

/* Header lines, credentials included; they may also go into url's query. */
static List *
request_headers(const AcSend *send, AcUrl *url)
{
	const AcCredentials *credentials = ac_connection_credentials(send->conn);
	List *headers = NIL;

	if (!send->credentials || !ac_auth_has_header(credentials, "Accept"))
		headers = lappend(headers,
						  psprintf("Accept: %s", send->accept ? send->accept : AC_SEND_ACCEPT_JSON));
	if (send->plain_body)
		headers = lappend(headers, "Accept-Encoding: identity");
	for (int i = 0; i < AC_FETCH_HEADERS && send->more_headers != NULL; i++)
		if (send->more_headers[i] != NULL)
			headers = lappend(headers, unconstify(char *, send->more_headers[i]));
	if (send->json != NULL)
		headers = lappend(headers,
						  psprintf("Content-Type: %s", send->body_type ? send->body_type : "application/json"));
	if (send->credentials)
		headers = ac_auth_apply(credentials, url, headers);
	if (send->credentials && send->bearer != NULL)
		headers = lappend(headers, token_header(send));
	return headers;
}

AcTransfer *
ac_send_start(const AcSend *send, AcError *err)
{
	const AcServerOptions *options = ac_connection_options(send->conn);
	AcUrl url = *send->url;
	List *headers = request_headers(send, &url);
	const AcCredentials *credentials = ac_connection_credentials(send->conn);
	const char **lines;
	ListCell *cell;
	AcSigv4Request signing = {send->method, &url, send->json, 0};
	int64 max_bytes = options->max_response_size_bytes;
	AcTransferRequest request = {
		.method = send->method,
		.url = &url,
		.body = send->json,
		.user_agent = options->user_agent,
		.ca_file = options->ca_file,
		.proxy = options->proxy,
		.client_pem = send->credentials ? credentials->client_pem : NULL,
		.max_body_bytes = send->max_bytes > 0 ? Min(send->max_bytes, max_bytes)
											  : max_bytes,
		.timeout_ms = send->timeout_ms,
		.connect_timeout_ms = options->connect_timeout_ms,
		.guard = ac_connection_guard(send->conn, send->url,
									 send->credentials || send->secret),
	};

	if (send->credentials &&
		!ac_awssign_apply(credentials, &signing, &headers, err))
		return NULL;
	request.headers = lines = palloc(sizeof(char *) * Max(list_length(headers), 1));
	foreach (cell, headers)
		lines[request.n_headers++] = (const char *) lfirst(cell);
	if (!ac_origin_check_host(&request.guard, url.host, err))
		return NULL;
	return ac_transfer_start(&request, CurrentMemoryContext);
}
