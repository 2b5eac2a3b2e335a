/*
 * turn.h
 *		When is it a request's turn, and what do limits learn from its answer?
 *
 * A turn is one exchange as the limits see it (pg/limits): from the moment
 * when its request wants to leave, through the answer, to the judgement of
 * it.  A redirect and another attempt are turns of their own.
 */
#ifndef AC_NET_TURN_H
#define AC_NET_TURN_H

#include "ac.h"

#include "net/connection.h"
#include "net/transfer.h"
#include "pg/limits.h"

/* What asks for a turn. */
typedef struct AcTurnAbout
{
	const AcUrl *url;
	const char *endpoint; /* its name for the limits; NULL: the URL's path */
	int keys_behind;	  /* that segment from the end (1: the last) is a key,
						   * where endpoint is NULL; 0: none is known to be */
	bool regardless;	  /* of breakers */
} AcTurnAbout;

typedef struct AcTurn
{
	AcConnection *conn;
	AcLimitsCall call;
	AcRateInfoList announced; /* by the answer */
} AcTurn;

/*
 * Begins a turn; texts of it are palloc'd.  The one before, if there was one,
 * must have ended.
 */
extern void ac_turn_begin(AcTurn *turn, AcConnection *conn,
						  const AcTurnAbout *about);

/* May the request leave now?  GO: then it has to, at once. */
extern AcLimitVerdict ac_turn_ask(AcTurn *turn, int64 *wait_ms);

/* An answer came: its headers announce limits. */
extern void ac_turn_answered(AcTurn *turn, const AcTransferResult *result);

/*
 * How the exchange was judged.  RETRY is so while it is not known whether
 * there is another attempt; if there is none, ac_turn_failed() follows.  NULL:
 * a redirect, which is well.
 */
extern void ac_turn_judged(AcTurn *turn, const AcOutcome *outcome);
extern void ac_turn_failed(AcTurn *turn, const AcOutcome *outcome);

/* How long breakers refuse another turn like this one; 0: they do not. */
extern int64 ac_turn_refused(const AcTurn *turn);

/* The turn ends, whatever it was doing.  Never throws. */
extern void ac_turn_end(AcTurn *turn);

#endif /* AC_NET_TURN_H */
