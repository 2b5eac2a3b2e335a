/*
 * relations_name.c
 *		Which table does a column's name mean?
 *
 * "customer_id" means customers, "billing_address_id" addresses in a role,
 * "currency_code" the table whose key is code, "parent_id" the table itself.
 * What follows the noun is learned from the keys that the API has: beyond
 * the usual suffixes any name of a parent's key serves (S8).
 */
#include "ac.h"

#include "api/names.h"
#include "api/relations_int.h"
#include "api/tableplan_path.h"

/* Strengths: how often such a name means such a table. */
#define STRENGTH_WHOLE 0.9		  /* customer_id and customers */
#define STRENGTH_NOUN 0.8		  /* user_id and app_users; customer and customers */
#define STRENGTH_ROLE 0.75		  /* billing_address_id and addresses */
#define STRENGTH_SELF 0.85		  /* parent_id */
#define STRENGTH_ABBREVIATED 0.65 /* org_id and organizations */
#define STRENGTH_PERSON 0.6		  /* author_id and users, or another of people */
#define STRENGTH_STEP 0.005		  /* by which the first such table is likelier */

/* Letters of an abbreviation, and letters that it must spare. */
#define SHORTEST_ABBREVIATION 3

/* Letters of a last word that is a noun. */
#define SHORTEST_NOUN 3

/* Suffixes that say "this identifies another thing" in any API. */
static const char *const suffixes[] = {
	"id", "sid", "gid", "uid", "uuid", "guid", "ref", "uri", "url", "href",
	"key", "pk", "fk", "link", NULL};

/* Suffixes that name a column of the parent beside its key (not its name). */
static const char *const code_suffixes[] = {
	"slug", "sku", "code", "login", "username", "handle", "number", "symbol",
	"isbn", "ean", "ref", "reference", "key", "uuid", "guid", "uid", NULL};

/* Words for another row of the same table. */
static const char *const self_words[] = {
	"parent", "root", "ancestor", "previous", "prev", "next", "predecessor",
	"successor", "reply_to", "in_reply_to", "reports_to", "duplicate_of",
	"merged_into", "replaced_by", "replaces", "original", "superseded_by",
	"copied_from", "forked_from", NULL};

/* Words for people, in the order in which tables of them are looked for. */
static const char *const people[] = {
	"user", "person", "people", "employee", "member", "staff", "account",
	"profile", "contact", "author", "student", "teacher", "player", "agent",
	"worker", "customer", NULL};

/* Roles that people have. */
static const char *const person_roles[] = {
	"owner", "author", "creator", "created_by", "updated_by", "modified_by",
	"deleted_by", "assignee", "assigned_to", "assigned_by", "reporter",
	"reviewer", "approver", "approved_by", "manager", "supervisor", "lead",
	"sender", "recipient", "requester", "requested_by", "editor", "uploader",
	"uploaded_by", "submitter", "submitted_by", "closed_by", "merged_by",
	"moderator", "mentor", "instructor", "teacher", "agent", "salesperson",
	"sales_rep", "responsible", "maintainer", "organizer", "host", "guest",
	"boss", "head", NULL};

const char *
ac_relations_field(const AcColumnPlan *column)
{
	const char *slash;

	if (column->json_path == NULL)
		return column->name;
	slash = strrchr(column->json_path, '/');
	/* a part of an object is called as the column is: "customer_id" */
	return slash == column->json_path && slash != NULL ? slash + 1
													   : column->name;
}

const AcColumnPlan *
ac_relations_key(const AcTablePlan *plan)
{
	const AcColumnPlan *key = NULL;

	for (int i = 0; i < plan->n_columns; i++)
	{
		const AcColumnPlan *column = &plan->columns[i];

		if (!column->key || column->json_path == NULL || column->of_parent ||
			column->filter == AC_FILTER_PATH)
			continue;
		if (key != NULL)
			return NULL;
		key = column;
	}
	return key;
}

/* ---- nouns ---- */

static bool
is_in(const char *text, const char *const *list)
{
	for (int i = 0; list[i] != NULL; i++)
		if (strcmp(text, list[i]) == 0)
			return true;
	return false;
}

static void
add_noun(AcNouns *nouns, const char *noun, int table, bool whole)
{
	char *normal = ac_names_normal(noun);

	for (int i = nouns->n - 1; i >= 0 && nouns->items[i].table == table; i--)
		if (strcmp(nouns->items[i].noun, normal) == 0)
			return;
	if (normal[0] == '\0')
		return;
	nouns->items[nouns->n].noun = normal;
	nouns->items[nouns->n].table = table;
	nouns->items[nouns->n++].whole = whole;
}

static int
compare_nouns(const void *a, const void *b)
{
	const AcNoun *x = a;
	const AcNoun *y = b;
	int order = strcmp(x->noun, y->noun);

	if (order != 0)
		return order;
	if (x->whole != y->whole)
		return x->whole ? -1 : 1;
	return x->table - y->table;
}

/* The name's last word, "" if it has only one. */
static const char *
last_word(const char *name)
{
	const char *bar = strrchr(name, '_');

	return bar != NULL ? bar + 1 : "";
}

AcNouns *
ac_relations_nouns(const AcTablePlans *plans)
{
	AcNouns *nouns = palloc0(sizeof(AcNouns));

	nouns->items = palloc_extended(sizeof(AcNoun) * (plans->n_tables * 3 + 1),
								   MCXT_ALLOC_HUGE);
	for (int i = 0; i < plans->n_tables; i++)
	{
		const AcTablePlan *plan = &plans->tables[i];
		char *entity;
		char *name;

		if (plan->skip_reason != NULL || plan->name == NULL ||
			ac_relations_key(plan) == NULL)
			continue;
		name = ac_names_singular(plan->name);
		entity = ac_keys_entity(plan->path);
		add_noun(nouns, name, i, true);
		/* what the API itself calls it, where the table has a longer name */
		if (entity != NULL && plan->nested_path == NULL)
			add_noun(nouns, entity, i, true);
		/* "tax_ids" are no ids, and "blocked_by" is no "by" */
		if (strlen(last_word(name)) >= SHORTEST_NOUN &&
			!is_in(last_word(name), suffixes))
			add_noun(nouns, last_word(name), i, false);
	}
	qsort(nouns->items, nouns->n, sizeof(AcNoun), compare_nouns);
	return nouns;
}

int
ac_relations_noun_from(const AcNouns *nouns, const char *noun)
{
	int low = 0;
	int high = nouns->n;

	while (low < high)
	{
		int middle = (low + high) / 2;

		if (strcmp(nouns->items[middle].noun, noun) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Index of the first noun that is this text, n if there is none. */
static int
find_noun(const AcNouns *nouns, const char *noun)
{
	int found = ac_relations_noun_from(nouns, noun);

	return found < nouns->n && strcmp(nouns->items[found].noun, noun) == 0
			   ? found
			   : nouns->n;
}

/* ---- meanings ---- */

/* Tables of one noun that are looked at; a noun of more says nothing. */
#define MAX_SAME_NOUN 64

typedef struct Search
{
	const AcTablePlans *plans;
	const AcNouns *nouns;
	int child;
	AcMeaning *meanings;
	int n;
} Search;

static int
count_variables(const char *path)
{
	int n = 0;

	for (; *path != '\0'; path++)
		n += *path == '{';
	return n;
}

static int
shared_prefix(const char *a, const char *b)
{
	int n = 0;

	while (a[n] != '\0' && a[n] == b[n])
		n++;
	return n;
}

/* Of two tables of one noun: the one that needs no parent, then the nearer. */
static bool
is_nearer(const Search *s, int a, int b)
{
	const char *child = s->plans->tables[s->child].path;
	const char *x = s->plans->tables[a].path;
	const char *y = s->plans->tables[b].path;

	if (count_variables(x) != count_variables(y))
		return count_variables(x) < count_variables(y);
	if (shared_prefix(child, x) != shared_prefix(child, y))
		return shared_prefix(child, x) > shared_prefix(child, y);
	return strlen(x) < strlen(y);
}

static void
add_meaning(Search *s, const AcMeaning *meaning)
{
	int at = s->n;

	for (int i = 0; i < s->n; i++)
		if (s->meanings[i].table == meaning->table)
			return;
	if (s->n == AC_RELATION_MEANINGS)
		return;
	while (at > 0 && (meaning->strength > s->meanings[at - 1].strength ||
					  (meaning->strength == s->meanings[at - 1].strength &&
					   is_nearer(s, meaning->table, s->meanings[at - 1].table))))
	{
		s->meanings[at] = s->meanings[at - 1];
		at--;
	}
	s->meanings[at] = *meaning;
	s->n++;
}

bool
ac_relations_is_code(const char *suffix)
{
	return is_in(suffix, code_suffixes);
}

/* Does the suffix fit the parent's key: a usual one, or its own name? */
static bool
suffix_fits(const Search *s, int table, const char *suffix, bool noun_is_whole)
{
	const AcColumnPlan *key;

	if (suffix[0] == '\0' || is_in(suffix, suffixes) ||
		(noun_is_whole && is_in(suffix, code_suffixes)))
		return true;
	key = ac_relations_key(&s->plans->tables[table]);
	return key != NULL && noun_is_whole &&
		   strcmp(ac_names_normal(ac_relations_field(key)), suffix) == 0;
}

/*
 * Tables that are called by the base or by its last words: all words first,
 * so that "tax_rate" is never "rate" where there is a tax_rates.
 */
static void
add_by_noun(Search *s, const char *base, const char *suffix)
{
	const char *words = base;

	while (words != NULL && *words != '\0')
	{
		char *noun = ac_names_normal(words);
		bool all = words == base;

		int first = find_noun(s->nouns, noun);

		for (int i = first; i < Min(s->nouns->n, first + MAX_SAME_NOUN) &&
							strcmp(s->nouns->items[i].noun, noun) == 0;
			 i++)
		{
			const AcNoun *item = &s->nouns->items[i];
			AcMeaning meaning = {item->table, AC_RELATION_NAME, STRENGTH_WHOLE, suffix};

			if (!suffix_fits(s, item->table, suffix, item->whole))
				continue;
			if (!all)
			{
				meaning.how = AC_RELATION_ROLE;
				meaning.strength = STRENGTH_ROLE;
			}
			else if (!item->whole || suffix[0] == '\0')
				meaning.strength = STRENGTH_NOUN;
			/* "user" alone in a table of users is a word, not another user */
			if (suffix[0] == '\0' && item->table == s->child)
				continue;
			add_meaning(s, &meaning);
		}
		pfree(noun);
		words = strchr(words, '_');
		words = words != NULL ? words + 1 : NULL;
	}
}

static bool
is_people(const Search *s, int table)
{
	for (int i = 0; people[i] != NULL; i++)
	{
		int first = find_noun(s->nouns, people[i]);

		for (int k = first; k < Min(s->nouns->n, first + MAX_SAME_NOUN) &&
							strcmp(s->nouns->items[k].noun, people[i]) == 0;
			 k++)
			if (s->nouns->items[k].table == table)
				return true;
	}
	return false;
}

/*
 * A role may be any table of people's; the later ones of the list are ever
 * less likely, so that values decide where they can.
 */
static void
add_people(Search *s, const char *suffix)
{
	AcMeaning meaning = {-1, AC_RELATION_ROLE, STRENGTH_PERSON, suffix};

	for (int i = 0; people[i] != NULL; i++)
	{
		int at = find_noun(s->nouns, people[i]);

		if (at == s->nouns->n || !s->nouns->items[at].whole)
			continue;
		meaning.table = s->nouns->items[at].table;
		meaning.strength = STRENGTH_PERSON + (lengthof(people) - i) * STRENGTH_STEP;
		if (suffix_fits(s, meaning.table, suffix, true))
			add_meaning(s, &meaning);
	}
}

static void
add_by_word(Search *s, const char *base, const char *suffix)
{
	AcMeaning meaning = {s->child, AC_RELATION_SELF, STRENGTH_SELF, suffix};
	bool has_key = ac_relations_key(&s->plans->tables[s->child]) != NULL;
	bool is_role = is_in(base, person_roles);

	if (has_key && suffix_fits(s, s->child, suffix, true) &&
		(is_in(base, self_words) || (is_role && is_people(s, s->child))))
		add_meaning(s, &meaning);
	if (is_role)
		add_people(s, suffix);
}

/* The only table whose name begins so, if the base abbreviates it. */
static void
add_abbreviated(Search *s, const char *base, const char *suffix)
{
	AcMeaning meaning = {-1, AC_RELATION_ROLE, STRENGTH_ABBREVIATED, suffix};
	char *normal = ac_names_normal(base);
	size_t len = strlen(normal);

	if (len < SHORTEST_ABBREVIATION || s->n > 0)
		return;
	for (int i = ac_relations_noun_from(s->nouns, normal);
		 i < s->nouns->n && strncmp(s->nouns->items[i].noun, normal, len) == 0; i++)
	{
		const AcNoun *item = &s->nouns->items[i];

		if (!item->whole || strlen(item->noun) < len + SHORTEST_ABBREVIATION - 1)
			continue;
		if (meaning.table >= 0 && meaning.table != item->table)
			return;
		meaning.table = item->table;
	}
	if (meaning.table >= 0 && is_in(suffix, suffixes))
		add_meaning(s, &meaning);
}

/* "customerid" without a sign between the words: the suffix, or NULL. */
static const char *
run_together(const char *name)
{
	static const char *const ends[] = {"uuid", "guid", "sid", "id", NULL};
	size_t len = strlen(name);

	for (int i = 0; ends[i] != NULL; i++)
	{
		size_t end = strlen(ends[i]);

		if (len > end + 2 && strcmp(name + len - end, ends[i]) == 0)
			return ends[i];
	}
	return NULL;
}

/* "ids", "uuids" and the like say the same of several things. */
static const char *
singular_suffix(const char *word)
{
	size_t len = strlen(word);
	char *one;

	if (len < 3 || word[len - 1] != 's' || is_in(word, suffixes))
		return word;
	one = pnstrdup(word, len - 1);
	return is_in(one, suffixes) ? one : word;
}

int
ac_relations_meanings(const AcTablePlans *plans, const AcNouns *nouns,
					  int child, const char *field, AcMeaning *meanings)
{
	Search s = {plans, nouns, child, meanings, 0};
	char *name = ac_names_snake(field);
	char *bar = strrchr(name, '_');
	char *whole = ac_names_singular(name);

	/* "id" is the row's own */
	if (ac_keys_name_rank(field, NULL) >= 0)
		return 0;
	if (bar != NULL && bar != name)
	{
		const char *suffix = singular_suffix(bar + 1);
		char *base = pnstrdup(name, bar - name);

		add_by_noun(&s, ac_names_singular(base), suffix);
		add_by_word(&s, base, suffix);
		add_abbreviated(&s, base, suffix);
	}
	else if (run_together(name) != NULL)
	{
		const char *suffix = run_together(name);

		add_by_noun(&s, pnstrdup(name, strlen(name) - strlen(suffix)), suffix);
	}
	/* the name of the thing alone: customer, customers, created_by */
	add_by_noun(&s, whole, "");
	add_by_word(&s, name, "");
	pfree(whole);
	/* most columns mean nothing; a suffix stands in the name */
	if (s.n == 0)
		pfree(name);
	return s.n;
}
