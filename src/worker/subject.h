/*
 * subject.h
 *		Which foreign tables does a poll look after?
 */
#ifndef AC_WORKER_SUBJECT_H
#define AC_WORKER_SUBJECT_H

#include "ac.h"

#include "worker/check.h"

/*
 * Fills check->tables from the catalogs: every foreign table of the server
 * with a path.  Takes no lock on them; one that goes away meanwhile is passed
 * over.
 */
extern void ac_subject_load(AcCheck *check);

/* The table of that OID, NULL if it is none of the check's. */
extern AcCheckTable *ac_subject_find(AcCheck *check, Oid relid);

/* The table as the rules of payloads know it; points into it. */
extern AcPayloadTable ac_subject_payload(const AcCheckTable *table);

#endif /* AC_WORKER_SUBJECT_H */
