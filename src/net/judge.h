/*
 * judge.h
 *		What does this answer mean for the fetch that asked, and how is its
 *		failure told?
 *
 * Brings what net/transfer saw, what the fetch is for and what the connection
 * knows into the form that policy/outcome judges, and completes the texts of
 * errors with what only net/ knows: which user mapping is missing, when a
 * limit frees.
 */
#ifndef AC_NET_JUDGE_H
#define AC_NET_JUDGE_H

#include "ac.h"

#include "net/fetch.h"
#include "net/transfer.h"
#include "policy/outcome.h"
#include "policy/retry.h"

/* Errors are short; a longer body of one is not read for what it says. */
#define AC_JUDGE_FAILURE_BYTES (256 * 1024)

/* A request and what is known of it. */
typedef struct AcJudgeCase
{
	AcConnection *conn;
	const char *method;
	const char *url; /* without credentials */
	AcFetchKind kind;
	bool credentials_sent;
	bool rowless_before; /* such an answer was asked for again already */
	const AcTransferResult *result;
} AcJudgeCase;

/* The decision about an answer, or about its absence.  Redirects aside. */
extern AcOutcome ac_judge_answer(const AcJudgeCase *judged);

/* Where a redirect (RFC 9110 15.4) leads, NULL if the answer is none. */
extern const char *ac_judge_location(const AcTransferResult *result);

/* The error of a failure that was judged so. */
extern void ac_judge_error(const AcJudgeCase *judged,
						   const AcOutcome *outcome, AcError *err);

/* An answer that is good by its status, in which no rows were found. */
typedef struct AcJudgeRowless
{
	AcConnection *conn;
	const char *method;
	const char *url; /* without credentials */
	int status;
	const AcHeaders *headers; /* NULL: not known */
	AcSlice body;
	const char *rows_path;
	bool says_error; /* beside rows */
} AcJudgeRowless;

/* The error of such an answer: what it says of itself, or where rows belong. */
extern void ac_judge_rowless(const AcJudgeRowless *answer, AcError *err);

/* Adds to err's detail why it is not tried again, and when a limit frees. */
extern void ac_judge_explain(AcError *err, AcRetryVerdict verdict,
							 const AcRetryAsk *ask);

/*
 * Errors of a fetch that no answer is at the root of: a limit that is used up
 * for too long, a breaker that is open, a redirect that is not followed (why is its reason), a fetch
 * whose own time is over.  request is ac_judge_request_text()'s.
 */
extern void ac_judge_limited(AcError *err, const char *request,
							 int64 wait_ms);
extern void ac_judge_refused(AcError *err, const char *request,
							 int64 wait_ms);
extern void ac_judge_redirect(AcError *err, const char *request, int status,
							  const char *why);
extern void ac_judge_expired(AcError *err, const char *request,
							 int timeout_ms);

/* "GET https://..." as it may be shown, palloc'd. */
extern char *ac_judge_request_text(const AcConnection *conn,
								   const char *method, const char *url);

/* The text without any secret of the connection, in place. */
extern void ac_judge_scrub(const AcConnection *conn, char *text);

/*
 * The same for a whole document, where words of its own may look like short
 * secrets (a user name may be "orders"): only long ones are looked for.
 */
extern void ac_judge_scrub_document(const AcConnection *conn, char *text);

/*
 * For an error_context_stack callback: takes the connection's secrets out of
 * the error that is being thrown, be it somebody else's, as that of a type's
 * input function, which repeats what the API sent.
 */
extern void ac_judge_scrub_thrown(const AcConnection *conn);

/* Does the text hold a secret of the connection? */
extern bool ac_judge_holds_secret(const AcConnection *conn, const char *text);

/*
 * Does the URL, which leads to another origin, hold the API key that goes
 * into queries?  Then err is set: the request would give it away.
 */
extern bool ac_judge_holds_key(const AcConnection *conn, const AcUrl *url,
							   AcError *err);

/* Milliseconds since the Unix epoch, by the wall clock. */
extern int64 ac_judge_unix_ms(void);

#endif /* AC_NET_JUDGE_H */
