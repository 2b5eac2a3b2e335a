/*
 * transfer.c
 *		How does one HTTP exchange go, from the URL to the last byte or to the
 *		reason why it did not come?  See transfer.h.
 *
 * The callbacks below run inside libcurl: they allocate with malloc or not at
 * all, throw nothing, note what they met in the transfer and return short to
 * end it.
 *
 * The limits of time are ours, so that each can tell its phase (libcurl's
 * low-speed limit would also count the time in which a server thinks before
 * its first byte).  libcurl is told of the one for connecting, because it
 * shares the time out among a host's addresses, with some grace.
 */
#include "ac.h"

#include <errno.h>
#include <sys/socket.h>

#include "net/clientcert.h"
#include "net/engine.h"
#include "net/socket.h"
#include "net/bodymem.h"
#include "net/transfer.h"
#include "pg/resource.h"

/*
 * Receive buffer.  On a fast network the number of system calls counts; the
 * bound is how long one turn of decompression may take (gzip unpacks at most
 * 1032:1), which delays a cancel.
 */
#define AC_TRANSFER_BUFFER_BYTES (128 * 1024)

/*
 * Bytes of body after which a callback looks for interrupts: one call of
 * libcurl may unpack 100 MB, which takes longer than a cancel may.
 */
#define AC_TRANSFER_INTERRUPT_BYTES (1024 * 1024)

/* Idle seconds before TCP asks whether the peer is alive, and between. */
#define AC_TRANSFER_KEEPALIVE_S 30

/*
 * Bytes of trailer fields that may follow a chunked body.  Nobody reads them,
 * and libcurl sets no limit; real ones are a checksum or two.
 */
#define AC_TRANSFER_TRAILER_BYTES (16 * 1024)

/*
 * Bytes that may come without one of the body among them, once it has begun to
 * be sent: what surrounds chunks is some bytes, but may be endless, and libcurl
 * reads on.
 */
#define AC_TRANSFER_MUTE_BYTES (1024 * 1024)

/* By how much libcurl's limit for connecting is later than ours. */
#define AC_TRANSFER_GRACE_MS 100

struct AcTransfer
{
	/* libcurl's part */
	AcEngineClient client; /* easy is NULL once it has ended */
	struct curl_slist *headers;
	char curl_text[CURL_ERROR_SIZE];

	/* limits */
	AcOriginGuard guard;
	bool tls;
	int64 start_ms;
	int timeout_ms;
	int connect_timeout_ms;
	AcEngineTimer timer;

	/* what the callbacks met */
	bool sending;	/* connected; the request may be on the wire */
	bool answering; /* a byte of the answer has come */
	bool in_body;	/* a byte of the body has come */
	int64 last_byte_ms;
	AcBufStatus body_status;
	bool headers_full;
	bool interrupted;
	bool stale;				/* a kept connection had bytes to read */
	int sends_left;			/* times that libcurl may send it */
	bool lost;				/* kept connections ended without an answer */
	size_t unchecked_bytes; /* of body, since interrupts were looked for */
	size_t trailer_bytes;	/* behind the body */
	size_t mute_bytes;		/* received since the last one of the body */
	curl_socket_t socket;	/* the last one opened */
	int socket_errno;		/* why one could not be had, else 0 */
	AcError refusal;

	/* what came of it */
	bool ended;
	AcBuf body;
	char text[CURL_ERROR_SIZE];
	AcTransferResult result;
};

/* ---- callbacks ---- */

/* Applies the address policy; the first refusal is kept. */
static bool
check_address(AcTransfer *transfer, AcAddressClass address_class)
{
	AcError err;

	if (ac_origin_check(&transfer->guard, address_class, &err))
		return true;
	if (transfer->refusal.code == AC_ERR_NONE)
		transfer->refusal = err;
	return false;
}

/*
 * CURLOPT_OPENSOCKETFUNCTION, for each address that the name has until one
 * answers.  A proxy's address is its setter's business, a superuser's.
 */
static curl_socket_t
on_open_socket(void *clientp, curlsocktype purpose,
			   struct curl_sockaddr *address)
{
	AcTransfer *transfer = clientp;
	curl_socket_t fd;

	if (!transfer->guard.proxied &&
		!check_address(transfer,
					   ac_address_classify(&address->addr, address->addrlen)))
		return CURL_SOCKET_BAD;
	fd = ac_socket_open(address);
	if (fd == CURL_SOCKET_BAD)
		transfer->socket_errno = errno;
	transfer->socket = fd;
	return fd;
}

/*
 * CURLOPT_PREREQFUNCTION, when there is a connection and nothing was sent
 * yet.  Reused connections come by here, which no socket is opened for.
 *
 * A reused one that has something to read before anything was asked is not
 * used: the bytes would be taken for the beginning of the answer.  TLS sends
 * messages of its own at that time, and libcurl does not tell them apart, so
 * only plain connections are looked at.
 *
 * Where a kept connection ends before the first byte of the answer, libcurl
 * sends the request again by itself, five times over.  Once is welcome, except
 * for a POST, on which the API may have acted (RFC 9110 9.2.2); more would be
 * requests that no limit knows of.
 */
static int
on_connected(void *clientp, char *peer, char *local, int peer_port,
			 int local_port)
{
	AcTransfer *transfer = clientp;

	transfer->lost = transfer->sends_left <= 0;
	if (transfer->lost)
		return CURL_PREREQFUNC_ABORT;
	if (!transfer->guard.proxied)
	{
		transfer->result.met_class = ac_address_classify_text(peer);
		if (!check_address(transfer, transfer->result.met_class))
			return CURL_PREREQFUNC_ABORT;
		transfer->result.met = true;
	}
	transfer->stale = transfer->socket == CURL_SOCKET_BAD && !transfer->tls &&
					  ac_socket_has_bytes(local_port);
	if (transfer->stale)
		return CURL_PREREQFUNC_ABORT;
	transfer->sending = true;
	transfer->sends_left--;
	return CURL_PREREQFUNC_OK;
}

/*
 * CURLOPT_HEADERFUNCTION, for each line of each response (1xx included) and
 * for trailers, which are nothing that anybody here reads.
 */
static size_t
on_header(char *line, size_t size, size_t count, void *clientp)
{
	AcTransfer *transfer = clientp;
	size_t len = size * count;

	transfer->answering = true;
	transfer->last_byte_ms = ac_engine_now_ms();
	if (transfer->in_body)
	{
		transfer->trailer_bytes += len;
		transfer->headers_full =
			transfer->trailer_bytes > AC_TRANSFER_TRAILER_BYTES;
	}
	else
		transfer->headers_full =
			ac_headers_add_line(transfer->result.headers, line, len) ==
			AC_HEADERS_FULL;
	return transfer->headers_full ? 0 : len;
}

/* The first bytes: makes room for all that is announced. */
static AcBufStatus
begin_body(AcTransfer *transfer)
{
	curl_off_t announced = -1;

	transfer->in_body = true;
	curl_easy_getinfo(transfer->client.easy,
					  CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &announced);
	if (announced <= 0)
		return AC_BUF_OK;
	if ((size_t) announced > transfer->body.max)
		return AC_BUF_FULL;
	return ac_buf_reserve(&transfer->body, (size_t) announced);
}

/* Is the query to end?  Asked now and then. */
static bool
is_interrupted(AcTransfer *transfer, size_t len)
{
	transfer->unchecked_bytes += len;
	if (transfer->unchecked_bytes >= AC_TRANSFER_INTERRUPT_BYTES)
	{
		transfer->unchecked_bytes = 0;
		transfer->interrupted = ac_engine_interrupted();
	}
	return transfer->interrupted;
}

/* CURLOPT_WRITEFUNCTION: a piece of the body, decompressed. */
static size_t
on_body(char *data, size_t size, size_t count, void *clientp)
{
	AcTransfer *transfer = clientp;
	size_t len = size * count;

	transfer->last_byte_ms = ac_engine_now_ms();
	transfer->mute_bytes = 0;
	if (is_interrupted(transfer, len))
		return CURL_WRITEFUNC_ERROR;
	if (!transfer->in_body)
		transfer->body_status = begin_body(transfer);
	if (transfer->body_status == AC_BUF_OK)
		transfer->body_status = ac_buf_append(&transfer->body, data, len);
	return transfer->body_status == AC_BUF_OK ? len : CURL_WRITEFUNC_ERROR;
}

/* CURLOPT_DEBUGFUNCTION: bytes of a body as they come, chunks and all. */
static int
on_debug(CURL *easy, curl_infotype type, char *data, size_t size,
		 void *clientp)
{
	AcTransfer *transfer = clientp;

	if (type == CURLINFO_DATA_IN)
		transfer->mute_bytes += size;
	return 0;
}

/* CURLOPT_XFERINFOFUNCTION, now and then: it may end the transfer. */
static int
on_progress(void *clientp, curl_off_t to_receive, curl_off_t received,
			curl_off_t to_send, curl_off_t sent)
{
	AcTransfer *transfer = clientp;

	return transfer->mute_bytes > AC_TRANSFER_MUTE_BYTES;
}

/* ---- options ---- */

/*
 * What is the same for every exchange.  Not set, because off by default:
 * redirects, cookies, netrc, Alt-Svc, HSTS.  PATH_AS_IS: the path was checked
 * as it stands, so it goes out as it stands.  PIPEWAIT: better wait for a
 * connection that can be shared (HTTP/2) than open one for each request; of
 * no effect on plain http.  QUICK_EXIT: do not wait for the resolver.
 */
static const struct
{
	CURLoption option;
	long value;
} fixed_options[] = {
	{CURLOPT_NOSIGNAL, 1},
	{CURLOPT_QUICK_EXIT, 1},
	{CURLOPT_FOLLOWLOCATION, 0},
	{CURLOPT_PATH_AS_IS, 1},
	{CURLOPT_HTTP09_ALLOWED, 0},
	{CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS},
	{CURLOPT_PIPEWAIT, 1},
	{CURLOPT_SSL_VERIFYPEER, 1},
	{CURLOPT_SSL_VERIFYHOST, 2},
	{CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2},
	{CURLOPT_TCP_KEEPALIVE, 1},
	{CURLOPT_TCP_KEEPIDLE, AC_TRANSFER_KEEPALIVE_S},
	{CURLOPT_TCP_KEEPINTVL, AC_TRANSFER_KEEPALIVE_S},
	{CURLOPT_BUFFERSIZE, AC_TRANSFER_BUFFER_BYTES},
	{CURLOPT_HEADEROPT, CURLHEADER_SEPARATE},
	{CURLOPT_SUPPRESS_CONNECT_HEADERS, 1},
	{CURLOPT_VERBOSE, 1}, /* for on_debug(); nothing is written anywhere */
	{CURLOPT_NOPROGRESS, 0},
};

static const struct
{
	CURLoption option;
	const char *value;
} fixed_texts[] = {
	{CURLOPT_PROTOCOLS_STR, "http,https"},
	{CURLOPT_REDIR_PROTOCOLS_STR, "http,https"},
	{CURLOPT_ACCEPT_ENCODING, ""}, /* all that libcurl can decode */
	{CURLOPT_NOPROXY, ""},		   /* the environment is not asked */
};

/* Each of these returns false if libcurl did not take an option. */
static bool
set_fixed(CURL *easy)
{
	bool ok = true;

	for (int i = 0; i < (int) lengthof(fixed_options); i++)
		ok &= curl_easy_setopt(easy, fixed_options[i].option,
							   fixed_options[i].value) == CURLE_OK;
	for (int i = 0; i < (int) lengthof(fixed_texts); i++)
		ok &= curl_easy_setopt(easy, fixed_texts[i].option,
							   fixed_texts[i].value) == CURLE_OK;
	return ok;
}

static bool
set_callbacks(CURL *easy, AcTransfer *transfer)
{
	bool ok = true;

#define SET(option, value) \
	(ok &= curl_easy_setopt(easy, option, value) == CURLE_OK)
	SET(CURLOPT_ERRORBUFFER, transfer->curl_text);
	SET(CURLOPT_OPENSOCKETFUNCTION, on_open_socket);
	SET(CURLOPT_OPENSOCKETDATA, transfer);
	SET(CURLOPT_CLOSESOCKETFUNCTION, ac_socket_close);
	SET(CURLOPT_PREREQFUNCTION, on_connected);
	SET(CURLOPT_PREREQDATA, transfer);
	SET(CURLOPT_HEADERFUNCTION, on_header);
	SET(CURLOPT_HEADERDATA, transfer);
	SET(CURLOPT_WRITEFUNCTION, on_body);
	SET(CURLOPT_WRITEDATA, transfer);
	SET(CURLOPT_DEBUGFUNCTION, on_debug);
	SET(CURLOPT_DEBUGDATA, transfer);
	SET(CURLOPT_XFERINFOFUNCTION, on_progress);
	SET(CURLOPT_XFERINFODATA, transfer);
	return ok;
}

/* A body makes it a POST; libcurl copies it. */
static bool
set_method(CURL *easy, const char *method, const char *body)
{
	Assert((body != NULL) == (strcmp(method, "POST") == 0));
	if (body != NULL)
		return curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, body) == CURLE_OK;
	if (strcmp(method, "GET") == 0)
		return true;
	if (strcmp(method, "HEAD") == 0)
		return curl_easy_setopt(easy, CURLOPT_NOBODY, 1L) == CURLE_OK;
	return curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, method) == CURLE_OK;
}

static bool
set_headers(CURL *easy, AcTransfer *transfer,
			const AcTransferRequest *request)
{
	for (int i = 0; i < request->n_headers; i++)
	{
		struct curl_slist *longer;

		Assert(strpbrk(request->headers[i], "\r\n") == NULL);
		longer = curl_slist_append(transfer->headers, request->headers[i]);
		if (longer == NULL)
			return false;
		transfer->headers = longer;
	}
	return curl_easy_setopt(easy, CURLOPT_HTTPHEADER,
							transfer->headers) == CURLE_OK;
}

/* What differs from request to request.  libcurl copies the texts. */
static bool
set_request(CURL *easy, const char *url, const AcTransferRequest *request)
{
	bool ok = true;

	SET(CURLOPT_URL, url);
	SET(CURLOPT_CONNECTTIMEOUT_MS, (long) request->connect_timeout_ms + AC_TRANSFER_GRACE_MS);
	SET(CURLOPT_PROXY, request->proxy ? request->proxy : "");
	if (request->user_agent)
		SET(CURLOPT_USERAGENT, request->user_agent);
	if (request->ca_file)
		SET(CURLOPT_CAINFO, request->ca_file);
	if (request->client_pem)
		ok &= ac_clientcert_set(easy, request->client_pem);
	return ok;
#undef SET
}

/* ---- life ---- */

/* Gives back what libcurl holds; the body stays. */
static void
drop_handle(AcTransfer *transfer)
{
	ac_engine_timer_clear(&transfer->timer);
	ac_engine_remove(&transfer->client);
	if (transfer->client.easy != NULL)
		curl_easy_cleanup(transfer->client.easy);
	transfer->client.easy = NULL;
	curl_slist_free_all(transfer->headers);
	transfer->headers = NULL;
}

static void
release_transfer(void *handle)
{
	AcTransfer *transfer = handle;

	drop_handle(transfer);
	ac_bodymem_give(&transfer->body);
}

/* An empty transfer that cxt owns. */
static AcTransfer *
create_transfer(const AcTransferRequest *request)
{
	AcTransfer *transfer = palloc0(sizeof(AcTransfer));

	transfer->socket = CURL_SOCKET_BAD;
	ac_bodymem_take(&transfer->body, (size_t) request->max_body_bytes);
	transfer->guard = request->guard;
	Assert(request->guard.proxied == (request->proxy != NULL));
	transfer->tls = strcmp(request->url->scheme, "https") == 0;
	transfer->timeout_ms = request->timeout_ms;
	transfer->connect_timeout_ms = request->connect_timeout_ms;
	transfer->sends_left = request->body != NULL ? 1 : 2;
	transfer->result.headers = ac_headers_create();
	transfer->result.body = &transfer->body;
	transfer->result.text = transfer->text;
	transfer->result.refusal = &transfer->refusal;
	ac_resource_own(CurrentMemoryContext, transfer, release_transfer);
	return transfer;
}

/* The URL as it is requested: nothing that stays at home is in it. */
static char *
request_url(const AcUrl *url)
{
	AcUrl bare = *url;

	bare.userinfo = NULL;
	bare.fragment = NULL;
	return ac_url_text(&bare);
}

static void
set_timer(AcTransfer *transfer)
{
	int64 at_ms = transfer->start_ms + transfer->timeout_ms;

	if (!transfer->sending)
		at_ms = Min(at_ms, transfer->start_ms + transfer->connect_timeout_ms);
	if (transfer->in_body)
		at_ms = Min(at_ms, transfer->last_byte_ms + AC_TRANSFER_STALL_MS);
	ac_engine_timer_set(&transfer->timer, at_ms);
}

AcTransfer *
ac_transfer_start(const AcTransferRequest *request, MemoryContext cxt)
{
	MemoryContext old = MemoryContextSwitchTo(cxt);
	AcTransfer *transfer = create_transfer(request);
	CURL *easy = curl_easy_init();

	transfer->client.easy = easy;
	if (easy == NULL || !set_fixed(easy) ||
		!set_callbacks(easy, transfer) ||
		!set_method(easy, request->method, request->body) ||
		!set_headers(easy, transfer, request) ||
		!set_request(easy, request_url(request->url), request))
		ereport(ERROR,
				(errcode(ERRCODE_OUT_OF_MEMORY),
				 errmsg("could not prepare an HTTP transfer: %s",
						transfer->curl_text[0] != '\0' ? transfer->curl_text : "libcurl took no option")));
	transfer->start_ms = ac_engine_now_ms();
	ac_engine_add(&transfer->client);
	set_timer(transfer);
	MemoryContextSwitchTo(old);
	return transfer;
}

AcPhase
ac_transfer_phase(const AcTransfer *transfer)
{
	if (transfer->answering)
		return AC_PHASE_RECEIVING;
	return transfer->sending ? AC_PHASE_ANSWER : AC_PHASE_CONNECTING;
}

const AcTransferResult *
ac_transfer_result(const AcTransfer *transfer)
{
	Assert(transfer->ended);
	return &transfer->result;
}

/* ---- the end ---- */

/* Ends the exchange with an outcome; the body of a failed one is dropped. */
static void
end_transfer(AcTransfer *transfer, AcTransportOutcome outcome)
{
	Assert(!transfer->ended);
	transfer->ended = true;
	transfer->result.outcome = outcome;
	transfer->result.reused = transfer->socket == CURL_SOCKET_BAD;
	transfer->result.took_ms = ac_engine_now_ms() - transfer->start_ms;
	drop_handle(transfer);
	if (outcome != AC_TRANSPORT_OK)
		ac_bodymem_give(&transfer->body);
}

/* "10 s", "1.5 s". */
static const char *
seconds(int64 ms, char buf[32])
{
	snprintf(buf, 32, ms % 1000 == 0 ? "%.0f s" : "%.1f s", ms / 1000.0);
	return buf;
}

/*
 * Has the socket a peer?  libcurl does not tell before all of the connection
 * stands.  At worst it has closed the socket and the answer is no.
 */
static bool
socket_connected(const AcTransfer *transfer)
{
	struct sockaddr_storage peer;
	socklen_t len = sizeof(peer);

	return transfer->socket != CURL_SOCKET_BAD &&
		   getpeername(transfer->socket, (struct sockaddr *) &peer, &len) == 0;
}

/* Which step of connecting took too long? */
static AcTransportOutcome
connect_timed_out(AcTransfer *transfer)
{
	int limit_ms = Min(transfer->connect_timeout_ms, transfer->timeout_ms);
	const char *missing;
	char buf[32];

	if (transfer->socket == CURL_SOCKET_BAD)
		missing = "host name was not resolved";
	else if (!socket_connected(transfer))
		missing = "TCP connection was not established";
	else
		missing = transfer->tls ? "TLS handshake was not finished"
								: "connection was not ready";
	snprintf(transfer->text, sizeof(transfer->text), "%s within %s", missing,
			 seconds(limit_ms, buf));
	return AC_TRANSPORT_TIMEOUT_CONNECT;
}

/*
 * The whole has taken too long; in which phase is it?  An answer that stood
 * still for half of the time is stuck, and may come if it is asked for again;
 * one that was still coming would take as long the next time.
 */
static AcTransportOutcome
total_timed_out(AcTransfer *transfer)
{
	bool stuck = ac_engine_now_ms() - transfer->last_byte_ms >=
				 transfer->timeout_ms / 2;
	char buf[32];

	seconds(transfer->timeout_ms, buf);
	if (!transfer->sending)
		return connect_timed_out(transfer);
	if (!transfer->answering)
	{
		snprintf(transfer->text, sizeof(transfer->text),
				 "no first byte within %s", buf);
		return AC_TRANSPORT_TIMEOUT_FIRST_BYTE;
	}
	snprintf(transfer->text, sizeof(transfer->text),
			 "answer was not complete within %s, %zu bytes had come",
			 buf, transfer->body.len);
	return stuck ? AC_TRANSPORT_TIMEOUT_BODY : AC_TRANSPORT_TIMEOUT_TOTAL;
}

static AcTransportOutcome
body_timed_out(AcTransfer *transfer)
{
	char buf[32];

	snprintf(transfer->text, sizeof(transfer->text),
			 "answer stood still for %s after %zu bytes",
			 seconds(AC_TRANSFER_STALL_MS, buf), transfer->body.len);
	return AC_TRANSPORT_TIMEOUT_BODY;
}

/*
 * A callback of ours ended the transfer: which, and why?  If none did, a
 * decoder of libcurl's has met something that it does not know.
 */
static AcTransportOutcome
callback_outcome(const AcTransfer *transfer)
{
	if (transfer->interrupted)
		return AC_TRANSPORT_CANCELLED;
	if (transfer->lost)
		return AC_TRANSPORT_RESET;
	if (transfer->body_status == AC_BUF_FULL)
		return AC_TRANSPORT_TOO_LARGE;
	if (transfer->body_status == AC_BUF_NO_MEMORY)
		return AC_TRANSPORT_NO_MEMORY;
	if (transfer->headers_full ||
		transfer->mute_bytes > AC_TRANSFER_MUTE_BYTES)
		return AC_TRANSPORT_PROTOCOL;
	return AC_TRANSPORT_DECODE;
}

/* What a lost connection means depends on how far it had come. */
static AcTransportOutcome
lost_outcome(const AcTransfer *transfer, AcTransportOutcome otherwise)
{
	return transfer->sending ? otherwise : AC_TRANSPORT_CONNECT;
}

/* libcurl's verdict in our terms. */
static AcTransportOutcome
curl_outcome(AcTransfer *transfer, CURLcode code)
{
	switch (code)
	{
		case CURLE_OK:
			return AC_TRANSPORT_OK;
		case CURLE_COULDNT_RESOLVE_HOST:
		case CURLE_COULDNT_RESOLVE_PROXY:
			return AC_TRANSPORT_DNS;
		case CURLE_SSL_CONNECT_ERROR:
			return AC_TRANSPORT_TLS;
		case CURLE_PEER_FAILED_VERIFICATION:
		case CURLE_SSL_CACERT_BADFILE:
		case CURLE_SSL_CERTPROBLEM:
		case CURLE_SSL_ISSUER_ERROR:
		case CURLE_SSL_INVALIDCERTSTATUS:
			return AC_TRANSPORT_TLS_CERT;
		case CURLE_OPERATION_TIMEDOUT:
			return connect_timed_out(transfer);
		case CURLE_SEND_ERROR:
			return lost_outcome(transfer, AC_TRANSPORT_SEND);
		case CURLE_RECV_ERROR:
		case CURLE_GOT_NOTHING:
		case CURLE_HTTP2:
		case CURLE_HTTP2_STREAM:
			return lost_outcome(transfer, AC_TRANSPORT_RESET);
		case CURLE_PARTIAL_FILE:
			return AC_TRANSPORT_TRUNCATED;
		case CURLE_BAD_CONTENT_ENCODING:
			return AC_TRANSPORT_DECODE;
		case CURLE_OUT_OF_MEMORY:
			return AC_TRANSPORT_NO_MEMORY;
		case CURLE_WRITE_ERROR:
		case CURLE_ABORTED_BY_CALLBACK:
			return callback_outcome(transfer);
		default:
			return lost_outcome(transfer, AC_TRANSPORT_PROTOCOL);
	}
}

/* Words for a failure that has none yet. */
static void
describe_failure(AcTransfer *transfer, CURLcode code)
{
	const char *text = transfer->curl_text;

	if (transfer->text[0] != '\0')
		return;
	if (transfer->body_status == AC_BUF_FULL)
	{
		snprintf(transfer->text, sizeof(transfer->text),
				 "answer exceeds %zu bytes", transfer->body.max);
		return;
	}
	if (transfer->headers_full)
		text = "header of the answer is too large";
	else if (transfer->mute_bytes > AC_TRANSFER_MUTE_BYTES)
		text = "answer consists of what surrounds its chunks";
	else if (transfer->lost)
		text = "kept connection ended without an answer";
	else if (!transfer->sending && transfer->socket_errno != 0)
		text = strerror(transfer->socket_errno);
	else if (text[0] == '\0')
		text = curl_easy_strerror(code);
	strlcpy(transfer->text, text, sizeof(transfer->text));
}

/* libcurl has ended it. */
static void
end_by_curl(AcTransfer *transfer, CURLcode code)
{
	AcTransportOutcome outcome = curl_outcome(transfer, code);

	if (outcome == AC_TRANSPORT_OK &&
		ac_header_lengths_differ(transfer->result.headers))
	{
		outcome = AC_TRANSPORT_PROTOCOL;
		strlcpy(transfer->text, "two Content-Length fields that differ",
				sizeof(transfer->text));
	}
	if (outcome != AC_TRANSPORT_OK)
		describe_failure(transfer, code);
	/* an address that was passed over does not matter if another served */
	if (!transfer->sending && transfer->refusal.code != AC_ERR_NONE)
		outcome = AC_TRANSPORT_FORBIDDEN;
	end_transfer(transfer, outcome);
}

/* The kept connection was of no use, and is closed: opens one of its own. */
static void
start_afresh(AcTransfer *transfer)
{
	Assert(transfer->stale && !transfer->sending);
	transfer->stale = false;
	curl_easy_setopt(transfer->client.easy, CURLOPT_FRESH_CONNECT, 1L);
	ac_engine_add(&transfer->client);
}

bool
ac_transfer_poll(AcTransfer *transfer)
{
	int64 now_ms;

	if (transfer->ended)
		return true;
	if (transfer->client.done && transfer->stale)
		start_afresh(transfer);
	else if (transfer->client.done)
	{
		end_by_curl(transfer, transfer->client.result);
		return true;
	}
	now_ms = ac_engine_now_ms();
	if (now_ms - transfer->start_ms >= transfer->timeout_ms)
		end_transfer(transfer, total_timed_out(transfer));
	else if (!transfer->sending &&
			 now_ms - transfer->start_ms >= transfer->connect_timeout_ms)
		end_transfer(transfer, connect_timed_out(transfer));
	else if (transfer->in_body &&
			 now_ms - transfer->last_byte_ms >= AC_TRANSFER_STALL_MS)
		end_transfer(transfer, body_timed_out(transfer));
	else
		set_timer(transfer);
	return transfer->ended;
}
