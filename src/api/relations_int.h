/*
 * relations_int.h
 *		What do the files of relations share?  Nobody else's header.
 *
 *		relations.c			edges of paths, the list, evidence
 *		relations_name.c	which table does a column's name mean?
 *		relations_find.c	edges of columns: candidates, the best of them
 *		relations_value.c	what samples say of an edge
 */
#ifndef AC_API_RELATIONS_INT_H
#define AC_API_RELATIONS_INT_H

#include "ac.h"

#include "api/relations.h"

typedef struct AcRelationList
{
	AcRelation *items;
	int n;
	int capacity;
} AcRelationList;

extern void ac_relations_append(AcRelationList *list,
								const AcRelation *relation);

/* A path of a table, with variables as "{}". */
typedef struct AcPathPlace
{
	char *path;
	int table; /* index in plans */
	bool is_item;
} AcPathPlace;

typedef struct AcPathIndex
{
	AcPathPlace *places; /* sorted by path, then by table */
	int n;
} AcPathIndex;

extern void ac_relations_index(const AcTablePlans *plans, AcPathIndex *index);

/* The edges of the paths of one child are appended. */
extern void ac_relations_of_path(const AcTablePlans *plans,
								 const AcPathIndex *index,
								 const AcTablePlan *child,
								 AcRelationList *list);

/* A noun that some table is called by. */
typedef struct AcNoun
{
	const char *noun; /* singular, normalised */
	int table;		  /* index in plans */
	bool whole;		  /* the whole name, not only its last word */
	double doubt;	  /* of a component: that the table is the one it means */
} AcNoun;

typedef struct AcNouns
{
	AcNoun *items; /* sorted by noun, then by how well it means the table */
	int n;
} AcNouns;

extern AcNouns *ac_relations_nouns(const AcTablePlans *plans);

/* Index of the first noun that is not before this text. */
extern int ac_relations_noun_from(const AcNouns *nouns, const char *noun);

/* A table that a column's name may mean. */
typedef struct AcMeaning
{
	int table;
	AcRelationHow how;
	double strength;	/* 0..1 that the name means this table */
	const char *suffix; /* normalised rest that names the parent's column, ""
						 * if the name is the thing's alone */
} AcMeaning;

/* Meanings of a name that are looked at; more make it a common word. */
#define AC_RELATION_MEANINGS 8

/* Which tables may the field of child mean?  Best first; their number. */
extern int ac_relations_meanings(const AcTablePlans *plans,
								 const AcNouns *nouns, int child,
								 const char *field, AcMeaning *meanings);

/* Does a suffix name a code that things go by beside their id: sku, slug? */
extern bool ac_relations_is_code(const char *suffix);

/* The field that a column shows, as the API spells it. */
extern const char *ac_relations_field(const AcColumnPlan *column);

/* Two samples of columns; either may be NULL where nothing was sampled. */
typedef struct AcRelationValues
{
	const AcColumnSample *child;
	const AcColumnSample *parent;
	bool parent_complete;
	bool can_probe; /* the parent's item path is proved */
} AcRelationValues;

/*
 * Lets the samples speak: sets coverage and what follows from it, adapts the
 * confidence.  False if they refuse the edge.
 */
extern bool ac_relations_weigh(AcRelation *relation,
							   const AcRelationValues *values);

/* Are the values such that standing in another column is no coincidence? */
extern bool ac_relations_distinctive(const AcColumnSample *column);

/* The last segment of an item's URL below this item path, NULL if none. */
extern char *ac_relations_id_of_link(const char *link, const char *item_path,
									 const char *base_path);

#endif /* AC_API_RELATIONS_INT_H */
