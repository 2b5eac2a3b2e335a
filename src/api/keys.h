/*
 * keys.h
 *		Which columns tell a table's rows apart?
 *
 * S7.  keys.c: as far as a description goes, by names, the variable
 * of the item path, place and type.  keys_seen.c: what samples say of that,
 * and what the round trip through the item path proved.
 */
#ifndef AC_API_KEYS_H
#define AC_API_KEYS_H

#include "ac.h"

#include "api/samples.h"
#include "api/tableplan.h"
#include "core/json.h"

/* Columns of a composite key; more would be a row, not a key (S7). */
#define AC_KEYS_MAX 3

/*
 * Place of a property's name in the order {id, uuid, guid, gid, sid, uid,
 * key, pk, <entity>_id, <entity>_number, ...}, 0 first; -1 if it is no key's
 * name.  entity is the singular of the table's name in snake_case, or NULL.
 */
extern int ac_keys_name_rank(const char *name, const char *entity);

/*
 * The column that a variable of an item path stands for: "order_id" is the
 * column order_id or else, below /orders, id; "issue_number" number; -1 if
 * none.  type is the SQL type of the variable, NULL if unknown.
 */
extern int ac_keys_resolve(const AcColumnPlan *columns, int n,
						   const char *variable, const char *entity,
						   const char *type);

/* What the choice depends on. */
typedef struct AcKeyInput
{
	AcColumnPlan *columns; /* key is set in those chosen */
	int n;
	int first_field;	/* index of the first column of the row itself */
	const char *entity; /* singular, snake_case; NULL if unknown */
	int item_column;	/* column of the item path's variable, -1: none */
	AcJson *evidence;	/* object that gets "key", may be NULL */
} AcKeyInput;

/*
 * Marks the key columns, those of path variables included where the key has
 * room for them; returns how many columns of the row itself were marked.
 */
extern int ac_keys_choose(const AcKeyInput *input);

/*
 * The field of the row that a column shows, as the API spells it, where the
 * row keeps its fields; NULL for parts of fields and for other columns.
 */
extern const char *ac_keys_field(const AcTablePlan *plan,
								 const AcColumnPlan *column);

/* Singular of the path's last noun in snake_case, NULL if it has none. */
extern char *ac_keys_entity(const char *path);

/*
 * Chooses the key anew by what the sampled rows show: a column that repeats
 * or lacks values is none, whatever it is called; a name without proof counts
 * as before; without a good name a column or two or three of them need many
 * rows to become one.  Better no key than a wrong one.  Plans of one row, and
 * samples without rows, leave everything as it is.  item_proved of the plan
 * counts for the column of the item path.  Notes scores and reasons in the
 * plan's evidence as "key".
 */
extern void ac_keys_judge(AcTablePlan *plan, const AcTableSample *sample,
						  const AcSampledRows *rows);

/*
 * Columns that a variable of the item path may stand for, best first: the
 * one that is planned or resolves by name, then those whose sampled values
 * tell rows apart.  Returns how many of at most max were put into columns.
 */
extern int ac_keys_item_candidates(const AcTablePlan *plan,
								   const AcTableSample *sample,
								   const char *variable, int *columns,
								   int max);

#endif /* AC_API_KEYS_H */
