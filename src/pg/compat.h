/*
 * compat.h
 *		What differs between the PostgreSQL versions that autoconn serves?
 *
 * The rest of the code is written for the newest API; this header gives
 * older versions its face.  The only file that may ask PG_VERSION_NUM.
 */
#ifndef AC_PG_COMPAT_H
#define AC_PG_COMPAT_H

#include "ac.h"

#include "access/stratnum.h"
#include "catalog/pg_class.h"
#include "catalog/pg_foreign_data_wrapper.h"
#include "catalog/pg_foreign_server.h"
#include "executor/executor.h"
#include "nodes/execnodes.h"
#include "nodes/pathnodes.h"
#include "nodes/plannodes.h"
#include "optimizer/pathnode.h"
#include "postmaster/bgworker.h"
#include "storage/lwlock.h"
#include "parser/parse_type.h"
#include "utils/acl.h"
#include "utils/selfuncs.h"
#include "utils/timestamp.h"
#include "utils/wait_event.h"

#if PG_VERSION_NUM < 150000
#error "autoconn needs PostgreSQL 15 or later"
#endif

/* 18 divided commands/explain.h (commits c65bc2e1d14a, 9173e8b60467). */
/* Since 16 the layout of varlena values has a header of its own. */
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

#if PG_VERSION_NUM >= 180000
#include "commands/explain_format.h"
#include "commands/explain_state.h"
#endif

/* 17 has a registry of dynamic shared memory (commit 8b2bcf3f287c). */
#if PG_VERSION_NUM >= 170000
#include "storage/dsm_registry.h"
#endif

/*
 * Before a declaration: the function does not return.  18 renamed the macro
 * and moved it to the front (commit 28f04984f0c2).
 */
#if PG_VERSION_NUM >= 180000
#define AC_NORETURN pg_noreturn
#else
#define AC_NORETURN pg_attribute_noreturn()
#endif

/*
 * create_foreignscan_path: 17 added fdw_restrictinfo (commit 9e9931d2bf40),
 * 18 added disabled_nodes (commit e22253467942).
 */
static inline ForeignPath *
ac_create_foreignscan_path(PlannerInfo *root, RelOptInfo *rel, double rows,
						   int disabled_nodes, Cost startup_cost,
						   Cost total_cost, List *pathkeys,
						   Relids required_outer, List *fdw_private)
{
#if PG_VERSION_NUM >= 180000
	return create_foreignscan_path(root, rel, NULL, rows, disabled_nodes,
								   startup_cost, total_cost, pathkeys,
								   required_outer, NULL, NIL, fdw_private);
#elif PG_VERSION_NUM >= 170000
	return create_foreignscan_path(root, rel, NULL, rows, startup_cost,
								   total_cost, pathkeys, required_outer,
								   NULL, NIL, fdw_private);
#else
	return create_foreignscan_path(root, rel, NULL, rows, startup_cost,
								   total_cost, pathkeys, required_outer,
								   NULL, fdw_private);
#endif
}

/* Direction of a path key: 18 has a CompareType there (commit 8123e91f5aee). */
static inline bool
ac_pathkey_descends(const PathKey *key)
{
#if PG_VERSION_NUM >= 180000
	return key->pk_cmptype == COMPARE_GT;
#else
	return key->pk_strategy == BTGreaterStrategyNumber;
#endif
}

/* estimate_array_length: 17 takes the planner's state (commit 9391f7152398). */
static inline double
ac_estimate_array_length(PlannerInfo *root, Node *array)
{
#if PG_VERSION_NUM >= 170000
	return estimate_array_length(root, array);
#else
	return estimate_array_length(array);
#endif
}

/*
 * What pg_stat_activity shows while a backend waits: 17 lets extensions name
 * their events (commit c9af054653077).  The name must be a constant.
 */
static inline uint32
ac_wait_event(const char *name)
{
#if PG_VERSION_NUM >= 170000
	return WaitEventExtensionNew(name);
#else
	return PG_WAIT_EXTENSION;
#endif
}

/*
 * A new kind of LWLock, and its name in a process that did not make it: 19
 * keeps the names in shared memory (commit 38b602b0289f).
 */
static inline int
ac_lwlock_new_tranche(const char *name)
{
#if PG_VERSION_NUM >= 190000
	return LWLockNewTrancheId(name);
#else
	return LWLockNewTrancheId();
#endif
}

static inline void
ac_lwlock_register_tranche(int tranche, const char *name)
{
#if PG_VERSION_NUM < 190000
	LWLockRegisterTranche(tranche, name);
#endif
}

/*
 * Memory shared by all sessions that ask for that name, made by the first
 * of them: NULL before 17, which has no registry.  19 gives init an argument.
 */
#if PG_VERSION_NUM >= 190000
#define AC_NAMED_MEMORY_INIT(name, memory) name(void *memory, void *arg)
#else
#define AC_NAMED_MEMORY_INIT(name, memory) name(void *memory)
#endif

static inline void *
ac_named_memory(const char *name, Size size,
				void AC_NAMED_MEMORY_INIT((*init), memory))
{
#if PG_VERSION_NUM >= 190000
	bool found;

	return GetNamedDSMSegment(name, size, init, &found, NULL);
#elif PG_VERSION_NUM >= 170000
	bool found;

	return GetNamedDSMSegment(name, size, init, &found);
#else
	return NULL;
#endif
}

#if PG_VERSION_NUM >= 170000
#define AC_HAS_NAMED_MEMORY true
#else
#define AC_HAS_NAMED_MEMORY false
#endif

/*
 * 19 ends workers that are in the way of DROP DATABASE and its like by
 * itself.
 */
#ifndef BGWORKER_INTERRUPTIBLE
#define BGWORKER_INTERRUPTIBLE 0
#endif

/*
 * A hook of ExecutorRun(), by its name, and what it hands on; 18 took
 * execute_once away (commit 3eea7a0c97e9).
 */
#if PG_VERSION_NUM >= 180000
#define AC_EXECUTOR_RUN(name) \
	name(QueryDesc *queryDesc, ScanDirection direction, uint64 count)
#define AC_EXECUTOR_RUN_ARGS queryDesc, direction, count
#else
#define AC_EXECUTOR_RUN(name)                                         \
	name(QueryDesc *queryDesc, ScanDirection direction, uint64 count, \
		 bool execute_once)
#define AC_EXECUTOR_RUN_ARGS queryDesc, direction, count, execute_once
#endif

/* 16 has it beside that of milliseconds (commit 5c279a6d3506). */
#ifndef TimestampTzPlusSeconds
#define TimestampTzPlusSeconds(tz, s) ((tz) + (s) *USECS_PER_SEC)
#endif

/*
 * Ownership and privileges by class: 16 replaced the function per class
 * (commits afbfc02983f8, c727f511bd7b).
 */
static inline bool
ac_foreign_server_ownercheck(Oid serverid, Oid roleid)
{
#if PG_VERSION_NUM >= 160000
	return object_ownercheck(ForeignServerRelationId, serverid, roleid);
#else
	return pg_foreign_server_ownercheck(serverid, roleid);
#endif
}

static inline AclResult
ac_foreign_server_aclcheck(Oid serverid, Oid roleid, AclMode mode)
{
#if PG_VERSION_NUM >= 160000
	return object_aclcheck(ForeignServerRelationId, serverid, roleid, mode);
#else
	return pg_foreign_server_aclcheck(serverid, roleid, mode);
#endif
}

static inline bool
ac_relation_ownercheck(Oid relid, Oid roleid)
{
#if PG_VERSION_NUM >= 160000
	return object_ownercheck(RelationRelationId, relid, roleid);
#else
	return pg_class_ownercheck(relid, roleid);
#endif
}

static inline AclResult
ac_foreign_data_wrapper_aclcheck(Oid wrapperid, Oid roleid, AclMode mode)
{
#if PG_VERSION_NUM >= 160000
	return object_aclcheck(ForeignDataWrapperRelationId, wrapperid, roleid,
						   mode);
#else
	return pg_foreign_data_wrapper_aclcheck(wrapperid, roleid, mode);
#endif
}

/*
 * The range table index of what is scanned, also below an aggregate; 16 keeps
 * outer joins apart (commit 2489d76c4906).
 */
static inline Index
ac_scan_rtindex(const ForeignScan *plan)
{
	if (plan->scan.scanrelid > 0)
		return plan->scan.scanrelid;
#if PG_VERSION_NUM >= 160000
	return bms_next_member(plan->fs_base_relids, -1);
#else
	return bms_next_member(plan->fs_relids, -1);
#endif
}

/* create_foreign_upper_path: as create_foreignscan_path above. */
static inline ForeignPath *
ac_create_foreign_upper_path(PlannerInfo *root, RelOptInfo *rel, double rows,
							 Cost startup_cost, Cost total_cost,
							 List *fdw_private)
{
#if PG_VERSION_NUM >= 180000
	return create_foreign_upper_path(root, rel, rel->reltarget, rows, 0,
									 startup_cost, total_cost, NIL, NULL,
									 NIL, fdw_private);
#elif PG_VERSION_NUM >= 170000
	return create_foreign_upper_path(root, rel, rel->reltarget, rows,
									 startup_cost, total_cost, NIL, NULL,
									 NIL, fdw_private);
#else
	return create_foreign_upper_path(root, rel, rel->reltarget, rows,
									 startup_cost, total_cost, NIL, NULL,
									 fdw_private);
#endif
}

/*
 * The relation that is scanned, which the executor opens once; 18 wants to be
 * told of those that are modified.
 */
static inline Relation
ac_scan_relation(const ForeignScan *plan, EState *estate)
{
#if PG_VERSION_NUM >= 180000
	return ExecGetRangeTableRelation(estate, ac_scan_rtindex(plan), false);
#else
	return ExecGetRangeTableRelation(estate, ac_scan_rtindex(plan));
#endif
}

/*
 * The role whose privileges a scan runs with, InvalidOid for the current one:
 * 16 moved it from the range table entry to the plan (commit a61b1f74823c).
 */
static inline Oid
ac_scan_check_user(const ForeignScan *plan, EState *estate)
{
#if PG_VERSION_NUM >= 160000
	return plan->checkAsUser;
#else
	return exec_rt_fetch(ac_scan_rtindex(plan), estate)->checkAsUser;
#endif
}

/* The type that a text names; 16 let errors of it be soft. */
static inline void
ac_parse_type(const char *text, Oid *type, int32 *typmod)
{
#if PG_VERSION_NUM >= 160000
	(void) parseTypeString(text, type, typmod, NULL);
#else
	parseTypeString(text, type, typmod, false);
#endif
}

#endif /* AC_PG_COMPAT_H */
