/*
 * compare_pair.c
 *		Which table of one model is which of the other?
 *
 * A table is its path and method; what the variables of a path are called is
 * no part of it.  Where several tables share one operation (arrays of one
 * answer that are equally good) or several paths differ in names alone, the
 * place of the rows and the spelling decide, each table being taken once.
 */
#include "ac.h"

#include "api/shape_map.h"
#include "drift/compare_int.h"

struct AcPathIndex
{
	AcShapeMap map; /* path with empty braces -> its Chain */
	int *next;		/* per place: the next one of that path, -1: none */
};

/* The places of one path. */
typedef struct Chain
{
	int first;
	int last;
} Chain;

/* "/orders/{id}" as "/orders/{}"; palloc'd. */
static char *
bare_path(const char *path)
{
	char *bare = palloc(strlen(path) + 1);
	char *to = bare;

	while (*path != '\0')
	{
		const char *close = *path == '{' ? strchr(path, '}') : NULL;

		*to++ = *path;
		path = close != NULL ? close : path + 1;
	}
	*to = '\0';
	return bare;
}

static AcPathIndex *
new_index(int n)
{
	AcPathIndex *index = palloc(sizeof(AcPathIndex));

	ac_shape_map_init(&index->map);
	index->next = palloc(Max(n, 1) * sizeof(int));
	return index;
}

/* Enters the next place. */
static void
enter_place(AcPathIndex *index, int place, const char *path)
{
	char *bare = bare_path(path);
	AcShapeMapEntry *entry =
		ac_shape_map_enter(&index->map, bare, strlen(bare));
	Chain *chain = entry->value;

	index->next[place] = -1;
	if (chain == NULL)
	{
		chain = palloc(sizeof(Chain));
		chain->first = place;
		entry->value = chain;
	}
	else
		index->next[chain->last] = place;
	chain->last = place;
}

AcPathIndex *
ac_path_index_tables(const AcModel *model)
{
	AcPathIndex *index = new_index(model->n_tables);
	int i;

	for (i = 0; i < model->n_tables; i++)
		enter_place(index, i, model->tables[i].path);
	return index;
}

AcPathIndex *
ac_path_index_others(const AcModel *model)
{
	AcPathIndex *index = new_index(model->n_others);
	int i;

	for (i = 0; i < model->n_others; i++)
		enter_place(index, i, model->others[i].path);
	return index;
}

int
ac_path_index_first(const AcPathIndex *index, const char *path)
{
	char *bare = bare_path(path);
	const Chain *chain = ac_shape_map_find(&index->map, bare, strlen(bare));

	pfree(bare);
	return chain == NULL ? -1 : chain->first;
}

int
ac_path_index_next(const AcPathIndex *index, int place)
{
	return index->next[place];
}

bool
ac_path_same(const char *a, const char *b)
{
	char *bare_a = bare_path(a);
	char *bare_b = bare_path(b);
	bool same = strcmp(bare_a, bare_b) == 0;

	pfree(bare_a);
	pfree(bare_b);
	return same;
}

/* How well two tables of one path must agree to be one, best first. */
typedef enum Agreement
{
	AGREE_ROWS_AND_SPELLING,
	AGREE_ROWS,
	AGREE_SPELLING_AND_NAME,
	AGREE_SPELLING,
	AGREE_METHOD
} Agreement;

static bool
agree(const AcModelTable *a, const AcModelTable *b, Agreement how)
{
	bool rows = strcmp(a->rows_path, b->rows_path) == 0;
	bool spelling = strcmp(a->path, b->path) == 0;

	if (strcmp(a->method, b->method) != 0)
		return false;
	switch (how)
	{
		case AGREE_ROWS_AND_SPELLING:
			return rows && spelling;
		case AGREE_ROWS:
			return rows;
		case AGREE_SPELLING_AND_NAME:
			return spelling && strcmp(a->name, b->name) == 0;
		case AGREE_SPELLING:
			return spelling;
		case AGREE_METHOD:
			break;
	}
	return true;
}

void
ac_compare_pair(const AcModel *before, const AcModel *after,
				AcTablePairs *pairs)
{
	AcPathIndex *index = ac_path_index_tables(after);
	int how;
	int i;
	int j;

	pairs->after_of = palloc(Max(before->n_tables, 1) * sizeof(int));
	pairs->before_of = palloc(Max(after->n_tables, 1) * sizeof(int));
	for (i = 0; i < before->n_tables; i++)
		pairs->after_of[i] = -1;
	for (j = 0; j < after->n_tables; j++)
		pairs->before_of[j] = -1;
	for (how = AGREE_ROWS_AND_SPELLING; how <= AGREE_METHOD; how++)
		for (i = 0; i < before->n_tables; i++)
		{
			const AcModelTable *table = &before->tables[i];

			if (pairs->after_of[i] >= 0)
				continue;
			for (j = ac_path_index_first(index, table->path); j >= 0;
				 j = ac_path_index_next(index, j))
				if (pairs->before_of[j] < 0 &&
					agree(table, &after->tables[j], (Agreement) how))
				{
					pairs->after_of[i] = j;
					pairs->before_of[j] = i;
					break;
				}
		}
}
