/*
 * tokenjournal.h
 *		How does a token outlive the process that got it, before it is
 *		committed?
 *
 * When a backend is killed, the postmaster ends all others and starts anew: a
 * worker that has just exchanged a single-use refresh token has five seconds,
 * and no way to commit.  So what it got is written to a file below the data
 * directory first, and committed then.  Whoever spends the credential next
 * commits what stands there before anything else.
 *
 * The directory's name begins as those of temporary files do, so that neither
 * base backups nor pg_rewind copy it.
 */
#ifndef AC_PG_TOKENJOURNAL_H
#define AC_PG_TOKENJOURNAL_H

#include "ac.h"

#include "pg/tokenstore.h"

/*
 * Writes the row to stable storage; false, with a message in the log, if that
 * does not work.  Needs no transaction and no shared memory.
 */
extern bool ac_tokenjournal_write(const AcTokenRow *row);

/* What stands there, palloc'd; false if there is nothing of this database. */
extern bool ac_tokenjournal_read(Oid mapping, AcTokenRow *row);

/* Its end; to be called after the commit.  Never throws. */
extern void ac_tokenjournal_remove(Oid mapping);

/*
 * Ends those of mappings that are gone as this transaction sees it, once it is
 * committed; what it drops may come back until then.  One that is prepared
 * leaves them to the next that drops a mapping.
 */
extern void ac_tokenjournal_sweep(void);

#endif /* AC_PG_TOKENJOURNAL_H */
