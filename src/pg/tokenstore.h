/*
 * tokenstore.h
 *		Where do the tokens live that one OAuth grant gave in exchange for
 *		another?
 *
 * The table autoconn.token has a row for each user mapping that may have such
 * tokens.  It is written by token workers (worker/token.c), which commit before
 * anybody uses what they write, and by DDL.  Sessions read what is committed
 * now, whatever snapshot their query has.
 *
 * The mapping's options hold only what a credential began with, its seed; a row
 * tells from which one it grew, so that another seed begins anew.
 *
 * Two locks belong to each credential, both advisory ones on the mapping's OID with a
 * number of their own: a session holds the first while it has a worker renew, a worker
 * the second while it spends what there is.  A worker may outlive the session
 * that asked for it; the next one then waits for the second.
 */
#ifndef AC_PG_TOKENSTORE_H
#define AC_PG_TOKENSTORE_H

#include "ac.h"

#include "core/error.h"
#include "datatype/timestamp.h"
#include "foreign/foreign.h"

/* SHA-256 in hexadecimal digits. */
#define AC_TOKEN_HASH_LENGTH 64

typedef struct AcTokenRow
{
	Oid mapping;
	char *home;			  /* system and database whose tokens they are */
	char *seed;			  /* hash of what they grew from; NULL: nothing yet */
	char *asked;		  /* hash of what the access token was asked for with */
	int64 generation;	  /* of the tokens; each renewal counts one */
	char *access_token;	  /* NULL: none */
	TimestampTz renew_at; /* DT_NOEND: nobody said when it ends */
	char *refresh_token;  /* NULL: none, or still the mapping's */
	int64 failures;		  /* renewals that failed, ever */
	bool dead;			  /* the grant is used up: failure says so */
	AcError failure;	  /* of the last renewal, if it failed */
} AcTokenRow;

/*
 * The row of a mapping as it is committed now, palloc'd; false if there is
 * none.  May be called outside of a transaction.
 */
extern bool ac_tokenstore_read(Oid mapping, AcTokenRow *row);

/* Is the row one of this database, and not of one that it was copied from? */
extern bool ac_tokenstore_at_home(const AcTokenRow *row);

/*
 * Stores tokens; a failure of before is over.  Within a transaction, as all
 * that follows.
 */
extern void ac_tokenstore_save(const AcTokenRow *row);

/*
 * Has all sessions look what is stored for the mapping, and forget what they
 * were told with what was stored before, once this transaction is committed.
 */
extern void ac_tokenstore_announce(Oid mapping);

/* Stores why a renewal failed; seed: of what. */
extern void ac_tokenstore_fail(Oid mapping, const char *seed,
							   const AcError *failure, bool dead);

/*
 * Have tokens of another mapping grown from the same seed?  Then the refresh
 * token that both began with was spent, and to present it again would have
 * the authorization server revoke what the other has.
 */
extern bool ac_tokenstore_seed_is_taken(Oid mapping, const char *seed);

/*
 * A mapping was made or changed here: if it has no row yet, what its secrets
 * lead to is this database's business.  A copy of the database has the row of
 * the original, a restored dump none.
 */
extern void ac_tokenstore_note(Oid mapping);

/*
 * Lets the tokens of a server's mappings be renewed in this database; brings
 * them to the mappings of their names where pg_upgrade has changed OIDs.
 */
extern void ac_tokenstore_adopt(ForeignServer *server);

/* Drops what belongs to mappings that are gone. */
extern void ac_tokenstore_forget_dropped(void);

/* ---- an authorization that a person has yet to give ---- */

/* What a code is traded with (RFC 6749 4.1, RFC 7636). */
typedef struct AcTokenVisit
{
	char *state;
	char *verifier;
	char *redirect_uri;
} AcTokenVisit;

/* Keeps it until it is taken, or another one is begun, or ten minutes. */
extern void ac_tokenstore_begin_visit(Oid mapping, const AcTokenVisit *visit);

/* Takes it, palloc'd; false if there is none. */
extern bool ac_tokenstore_take_visit(Oid mapping, AcTokenVisit *visit);

/* ---- locks ---- */

typedef enum AcTokenLock
{
	AC_TOKEN_ASK = 1,  /* to have a worker renew */
	AC_TOKEN_SPEND = 2 /* to spend a refresh token */
} AcTokenLock;

/*
 * Takes a lock for this process until it is released, whatever becomes of
 * transactions.  False if somebody has it and wait is not wanted.
 */
extern bool ac_tokenstore_lock(Oid mapping, AcTokenLock lock, bool wait);

/* Never throws. */
extern void ac_tokenstore_unlock(Oid mapping, AcTokenLock lock);

#endif /* AC_PG_TOKENSTORE_H */
