/*
 * tableplan_query.c
 *		What tells several queries to one path apart?
 *
 * "/orders?kind=a" and "/orders?kind=b" are two tables.  Parameters whose
 * values differ make their names: orders_kind_a, orders_kind_b; what is left
 * to be told apart is numbered.  Drafts are sorted by path and query.
 */
#include "ac.h"

#include "api/names.h"
#include "api/tableplan_int.h"
#include "core/text.h"
#include "core/url.h"

/* Bytes of what is asked for in a name: what is behind is not read. */
#define MAX_ASKED 40

/*
 * Parameters of a query that are looked at, those of one in all others: with
 * 500 queries of 150 parameters each half a second.
 */
#define MAX_PARAMS 50

bool
ac_plan_is_given(const AcEndpoint *endpoint)
{
	return endpoint->source != NULL &&
		   strcmp(endpoint->source, AC_PLAN_SOURCE_PATHS) == 0;
}

static const char *
query_of(const AcDraft *draft)
{
	return draft->endpoint->query != NULL ? draft->endpoint->query : "";
}

/* A parameter as it is decoded; value "" where there is none. */
typedef struct Pair
{
	char *name;
	char *value;
} Pair;

/* What all queries to a path have in common. */
typedef struct Shared
{
	Pair pairs[MAX_PARAMS];
	int n;
} Shared;

/* The next parameter of a query, which *query is moved behind. */
static Pair
next_pair(const char **query)
{
	size_t len = strcspn(*query, "&");
	size_t split = Min(strcspn(*query, "="), len);
	Pair pair;

	pair.name = ac_url_decode(*query, split, true, NULL);
	pair.value = split < len ? ac_url_decode(*query + split + 1, len - split - 1, true, NULL)
							 : pstrdup("");
	*query += len + ((*query)[len] == '&');
	return pair;
}

static void
free_pair(Pair *pair)
{
	pfree(pair->name);
	pfree(pair->value);
}

/* Do all queries to the path have the parameter with this value? */
static bool
all_have(const AcDraft *group, int n, const Pair *pair)
{
	int i;

	for (i = 0; i < n; i++)
	{
		char *other = ac_url_get_query(query_of(&group[i]), pair->name);
		bool same = other != NULL && strcmp(other, pair->value) == 0;

		if (other != NULL)
			pfree(other);
		if (!same)
			return false;
	}
	return true;
}

/* What all have the first one has. */
static void
find_shared(const AcDraft *group, int n, Shared *shared)
{
	const char *s = query_of(&group[0]);
	int i;

	shared->n = 0;
	for (i = 0; *s != '\0' && i < MAX_PARAMS; i++)
	{
		Pair pair = next_pair(&s);

		if (all_have(group, n, &pair))
			shared->pairs[shared->n++] = pair;
		else
			free_pair(&pair);
	}
}

static bool
is_shared(const Shared *shared, const Pair *pair)
{
	int i;

	for (i = 0; i < shared->n; i++)
		if (strcmp(shared->pairs[i].name, pair->name) == 0 &&
			strcmp(shared->pairs[i].value, pair->value) == 0)
			return true;
	return false;
}

/* "kind_a" for a draft with the parameter that not all have. */
static const char *
asked_by(const Shared *shared, const AcDraft *draft)
{
	const char *s = query_of(draft);
	StringInfoData out;
	int end;
	int i;

	initStringInfo(&out);
	for (i = 0; *s != '\0' && i < MAX_PARAMS && out.len <= MAX_ASKED; i++)
	{
		Pair pair = next_pair(&s);
		char *snake;

		if (!is_shared(shared, &pair))
		{
			snake = ac_names_snake(psprintf("%s %s", pair.name, pair.value));
			if (snake[0] != '\0')
				appendStringInfo(&out, "%s%s", out.len > 0 ? "_" : "", snake);
		}
		free_pair(&pair);
	}
	/* no character is cut in two */
	end = Min(out.len, MAX_ASKED);
	while (((unsigned char) out.data[end] & 0xC0) == 0x80)
		end--;
	out.data[end] = '\0';
	out.len = end;
	return ac_text_keep(&out);
}

/* How many before the draft ask another query of the same words? */
static int
count_before(const AcDraft *group, int i)
{
	int n = 0;
	int k;

	for (k = 0; k < i; k++)
		if (strcmp(group[k].asked, group[i].asked) == 0 &&
			strcmp(query_of(&group[k]), query_of(&group[i])) != 0 &&
			(k == 0 || strcmp(query_of(&group[k]), query_of(&group[k - 1])) != 0))
			n++;
	return n;
}

/* Drafts of one path, of several queries. */
static void
tell_group(AcDraft *group, int n)
{
	const char **numbered = palloc(sizeof(char *) * n);
	Shared shared;
	int i;

	find_shared(group, n, &shared);
	for (i = 0; i < n; i++)
		group[i].asked = asked_by(&shared, &group[i]);
	for (i = 0; i < shared.n; i++)
		free_pair(&shared.pairs[i]);
	for (i = 0; i < n; i++)
	{
		int before = count_before(group, i);

		numbered[i] = before == 0 ? group[i].asked
					  : group[i].asked[0] == '\0'
						  ? psprintf("%d", before + 1)
						  : psprintf("%s_%d", group[i].asked, before + 1);
	}
	for (i = 0; i < n; i++)
		group[i].asked = numbered[i];
	pfree(numbered);
}

void
ac_plan_tell_queries(AcDrafts *d)
{
	int i = 0;

	while (i < d->n)
	{
		AcDraft *first = &d->drafts[i];
		bool several = false;
		int n = 1;

		while (i + n < d->n &&
			   strcmp(first[n].endpoint->path, first->endpoint->path) == 0)
		{
			several = several || strcmp(query_of(&first[n]), query_of(first)) != 0;
			n++;
		}
		if (several)
			tell_group(first, n);
		i += n;
	}
}
