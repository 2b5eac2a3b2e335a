/*
 * payload_int.h
 *		What do the files of payload share?
 *
 *		payload.c		takes observations in
 *		payload_rules.c	says what is evident
 *		payload_state.c	loads, saves, accepts
 *
 * All counts stay between 0 and AC_PAYLOAD_MAX_COUNT, whatever is loaded or
 * observed.
 */
#ifndef AC_DRIFT_PAYLOAD_INT_H
#define AC_DRIFT_PAYLOAD_INT_H

#include "ac.h"

#include "drift/payload.h"

/* So that no sum or small multiple of counts overflows. */
#define AC_PAYLOAD_MAX_COUNT INT64CONST(1000000000000)

/*
 * Bytes of a path that is kept: a key longer than this names no column, and a
 * thousand of these still make a state of a megabyte.
 */
#define AC_PAYLOAD_PATH_MAX 1024

/* Bytes of an example that are kept: enough to know it by. */
#define AC_PAYLOAD_EXAMPLE_MAX 64

/*
 * How often something was seen since its first sighting, and how long it has
 * not been seen since its last one.  Whatever order a poll's observations
 * come in, a poll that saw it is none that missed it.
 */
typedef struct AcTally
{
	int64 polls;	  /* that saw it */
	int64 rows;		  /* that had it */
	int64 of;		  /* rows looked at from the first to the last sighting */
	int64 poll;		  /* the last that saw it, if polls > 0 */
	int64 away_polls; /* that looked and did not see it, since then */
	int64 away_rows;
	int64 away_poll; /* the last of these, if away_polls > 0 */
} AcTally;

/*
 * What is evident: seen in two polls, so that it is no accident of one
 * answer, or in five rows, so that one odd row is none (doc/drift.md, column_added).
 */
#define AC_EVIDENT_POLLS 2
#define AC_EVIDENT_ROWS 5

static inline bool
ac_tally_evident(const AcTally *tally)
{
	return tally->polls >= AC_EVIDENT_POLLS || tally->rows >= AC_EVIDENT_ROWS;
}

/* The texts of some values. */
typedef struct AcExamples
{
	const char *texts[AC_PAYLOAD_EXAMPLES];
	int n;
} AcExamples;

/* One member of the rows. */
typedef struct AcPayloadMember
{
	const char *path;
	const char *name; /* the column it was proposed as, NULL: not yet */

	/* the baseline */
	bool known;					  /* not new; else the rest is empty */
	int64 base_present;			  /* rows of the baseline that had it */
	int64 base_rows;			  /* rows of the baseline */
	int64 base[AC_PAYLOAD_KINDS]; /* values by kind */
	bool misfits_known;			  /* misfits were accepted */
	int64 base_poll;			  /* from which base is, if it has values */
	AcExamples base_examples;

	/* since then */
	AcTally present;
	AcTally home;				 /* values of a kind of the baseline */
	AcTally strange;			 /* values of any other */
	AcTally wide;				 /* fractions among integers */
	AcTally misfit;				 /* values that did not fit the column ... */
	AcTally range;				 /* ... because they are too large for it */
	int64 together;				 /* strange values that came beside some at home */
	int64 odd[AC_PAYLOAD_KINDS]; /* the strange values, by kind */
	int64 last_seen_s;
	int64 last[AC_PAYLOAD_KINDS]; /* the last probe with values, by kind */
	AcExamples last_examples;
} AcPayloadMember;

struct AcPayloadState
{
	int64 base_rows;
	int64 base_polls;
	int64 base_poll; /* the last poll of the baseline, if there are any */
	AcPayloadMember *members;
	int n_members;
	int capacity;
};

/* The member of that path, NULL if there is none. */
extern AcPayloadMember *ac_payload_member(const AcPayloadState *state,
										  const char *path);

/* A new one at the end; NULL if there is no room. */
extern AcPayloadMember *ac_payload_member_add(AcPayloadState *state,
											  const char *path);

/* Values other than null. */
extern int64 ac_payload_values(const int64 *counts);

/* All values are of other kinds: no poll of two had any of the old ones. */
#define AC_REPLACED_POLLS 2

static inline bool
ac_payload_replaced(const AcPayloadMember *member)
{
	return member->home.away_polls >= AC_REPLACED_POLLS &&
		   ac_payload_values(member->base) > 0;
}

/* a + b within bounds, whatever they are. */
static inline int64
ac_count_add(int64 a, int64 b)
{
	a = Min(Max(a, 0), AC_PAYLOAD_MAX_COUNT);
	b = Min(Max(b, 0), AC_PAYLOAD_MAX_COUNT);
	return Min(a + b, AC_PAYLOAD_MAX_COUNT);
}

#endif /* AC_DRIFT_PAYLOAD_INT_H */
