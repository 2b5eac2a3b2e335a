/*
 * share.h
 *		Who has to give something up when a table is full?
 *
 * The entries of a table that all share belong to payers: roles, mostly.
 * Each one's share is the table's size divided by their number, and nobody
 * loses anything to others as long as he is within it: who wants more than his
 * share loses an entry of his own, and who is below it gets one of somebody's
 * who is above.  Somebody is, if the table is full.
 */
#ifndef AC_POLICY_SHARE_H
#define AC_POLICY_SHARE_H

#include "ac.h"

/* As many entries as the largest table has (pg/stats): 8 kB of the stack. */
#define AC_SHARE_ENTRIES 1024

/* A table as it is seen here. */
typedef struct AcShareView
{
	const void *table;
	int n;
	/* Whose an entry is, 0: nobody's, it does not count. */
	uint64 (*payer_of)(const void *table, int i);
} AcShareView;

/* Entries of a payer. */
extern int ac_share_count(const AcShareView *view, uint64 payer);

/* What each payer may have, of whom the asker is one; at least 1. */
extern int ac_share_of_each(const AcShareView *view, uint64 asker);

/* Who of a full table is to give an entry to the asker; 0: it is empty. */
extern uint64 ac_share_loser(const AcShareView *view, uint64 asker);

#endif /* AC_POLICY_SHARE_H */
