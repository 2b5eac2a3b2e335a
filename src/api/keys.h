/*
 * keys.h
 *		Which columns tell a table's rows apart?
 *
 * INFERENCE S7, as far as a description goes: names, the variable of the item
 * path, place and type.  Uniqueness in data and the round trip through the
 * item path are proved by whoever asks the API.
 */
#ifndef AC_API_KEYS_H
#define AC_API_KEYS_H

#include "ac.h"

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

#endif /* AC_API_KEYS_H */
