/*
 * names.c
 *		What does SQL call the things that an API names?  See names.h.
 */
#include "ac.h"

#include "common/unicode_norm.h"

#include "api/names.h"
#include "core/text.h"

/* "_" and four hex digits. */
#define SALT_BYTES 5

/* What U+FFFD and beyond stand for: a byte that is no UTF-8. */
#define NOT_A_CHARACTER 0xFFFFFFFF

/* Names that PostgreSQL reserves in every table (heap.c's SysAtt). */
static const char *const system_columns[] = {
	"ctid", "xmin", "cmin", "xmax", "cmax", "tableoid", NULL};

/*
 * Decodes the character at *s and advances; NOT_A_CHARACTER and one byte if
 * the bytes are no UTF-8 (RFC 3629: overlong forms and surrogates are none).
 */
static uint32
next_char(const unsigned char **s)
{
	static const uint32 least[] = {0, 0x80, 0x800, 0x10000};
	const unsigned char *p = *s;
	uint32 c = *p++;
	int more = c < 0x80 ? 0 : c >= 0xF0 ? 3
						  : c >= 0xE0	? 2
										: 1;
	int i;

	*s = p;
	if (c < 0x80)
		return c;
	if (c < 0xC2 || c > 0xF4)
		return NOT_A_CHARACTER;
	c &= 0x3F >> more;
	for (i = 0; i < more; i++, p++)
	{
		if ((*p & 0xC0) != 0x80)
			return NOT_A_CHARACTER;
		c = (c << 6) | (*p & 0x3F);
	}
	if (c < least[more] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
		return NOT_A_CHARACTER;
	*s = p;
	return c;
}

/* Appends a character as UTF-8. */
static void
put_char(StringInfo out, uint32 c)
{
	if (c < 0x80)
		appendStringInfoChar(out, (char) c);
	else if (c < 0x800)
	{
		appendStringInfoChar(out, (char) (0xC0 | (c >> 6)));
		appendStringInfoChar(out, (char) (0x80 | (c & 0x3F)));
	}
	else
	{
		if (c < 0x10000)
			appendStringInfoChar(out, (char) (0xE0 | (c >> 12)));
		else
		{
			appendStringInfoChar(out, (char) (0xF0 | (c >> 18)));
			appendStringInfoChar(out, (char) (0x80 | ((c >> 12) & 0x3F)));
		}
		appendStringInfoChar(out, (char) (0x80 | ((c >> 6) & 0x3F)));
		appendStringInfoChar(out, (char) (0x80 | (c & 0x3F)));
	}
}

static bool
is_upper(uint32 c)
{
	return (c >= 'A' && c <= 'Z') ||
		   (c >= 0xC0 && c <= 0xDE && c != 0xD7) || /* Latin-1 */
		   (c >= 0x391 && c <= 0x3A9) ||			/* Greek */
		   (c >= 0x400 && c <= 0x42F);				/* Cyrillic */
}

/*
 * Simple lower case of the scripts whose capitals lie at a fixed distance.
 * Others keep their case: full case mapping needs tables that the pure layer
 * has not got, and names in such scripts are rarer than rare.
 */
static uint32
to_lower(uint32 c)
{
	if (!is_upper(c))
		return c;
	return c + ((c >= 0x400 && c < 0x410) ? 80 : 32);
}

/* Letters, digits and marks; everything that could deceive a reader parts. */
static bool
is_word_char(uint32 c)
{
	if (c < 0x80)
		return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
			   (c >= 'A' && c <= 'Z');
	if (c < 0xC0)
		return c == 0xAA || c == 0xB2 || c == 0xB3 || c == 0xB5 ||
			   c == 0xB9 || c == 0xBA;
	if (c == 0xD7 || c == 0xF7)
		return false;
	/* spaces, joiners, direction marks, punctuation, symbols, private use */
	return !((c >= 0x2000 && c <= 0x206F) || c == 0x1680 || c == 0x180E ||
			 c == 0x061C || (c >= 0x3000 && c <= 0x3004) ||
			 (c >= 0x3008 && c <= 0x3020) || c == 0x115F || c == 0x1160 ||
			 c == 0x3164 || (c >= 0xD800 && c <= 0xF8FF) ||
			 (c >= 0xFE00 && c <= 0xFE0F) || c == 0xFEFF ||
			 (c >= 0xFFF0 && c <= 0xFFFF) || c >= 0xE0000);
}

/*
 * Characters of a text that a name is made of, which holds 63 bytes; names
 * alike up to here are told apart by their number.
 */
#define MAX_CHARACTERS 1000

/*
 * The text's characters in Normalization Form C (UAX 15) with a zero behind;
 * *n counts them.
 */
static uint32 *
characters_of(const char *text, int *n)
{
	const unsigned char *s = (const unsigned char *) text;
	uint32 *chars = palloc((strnlen(text, MAX_CHARACTERS) + 1) * sizeof(uint32));
	bool ascii = true;

	*n = 0;
	while (*s != '\0' && *n < MAX_CHARACTERS)
	{
		uint32 c = next_char(&s);

		if (c >= 0x80)
			ascii = false;
		chars[(*n)++] = c == NOT_A_CHARACTER ? ' ' : c;
	}
	chars[*n] = 0;
	if (!ascii)
	{
		pg_wchar *normal = unicode_normalize(UNICODE_NFC, (pg_wchar *) chars);

		/* NULL is libpgcommon out of memory: the name as it came will do. */
		if (normal != NULL)
		{
			for (*n = 0; normal[*n] != 0;)
				(*n)++;
			chars = repalloc(chars, (*n + 1) * sizeof(uint32));
			memcpy(chars, normal, (*n + 1) * sizeof(uint32));
#ifdef FRONTEND
			free(normal);
#else
			pfree(normal);
#endif
		}
	}
	return chars;
}

/* A plural's lone "s" behind capitals ("userIDs") belongs to them. */
static bool
is_plural_s(const uint32 *c, int i)
{
	return c[i] == 's' &&
		   (c[i + 1] == 0 || !is_word_char(c[i + 1]) || is_upper(c[i + 1]));
}

/*
 * Does the piece between separators begin with a digit and a capital
 * ("6VMVochw", "3DSecure")?  That is a code, whose capitals say nothing.
 */
static bool
is_code(const uint32 *piece)
{
	return piece[0] >= '0' && piece[0] <= '9' && is_upper(piece[1]);
}

/* Does a word begin at c[i], which is preceded by a word character? */
static bool
word_begins(const uint32 *c, int i)
{
	if (!is_upper(c[i]))
		return false;
	if (!is_upper(c[i - 1]))
		return true;
	/* the last capital of a run begins the word that follows: HTTPServer */
	return is_word_char(c[i + 1]) && c[i + 1] >= 'a' && !is_upper(c[i + 1]) &&
		   !is_plural_s(c, i + 1);
}

char *
ac_names_snake(const char *text)
{
	StringInfoData out;
	uint32 *c;
	int n;
	int i;
	bool parted = true;
	bool in_code = false;

	initStringInfo(&out);
	c = characters_of(text, &n);
	for (i = 0; i < n; i++)
	{
		if (!is_word_char(c[i]))
		{
			parted = true;
			continue;
		}
		if (parted)
			in_code = is_code(&c[i]);
		if (out.len > 0 && (parted || (!in_code && word_begins(c, i))))
			appendStringInfoChar(&out, '_');
		parted = false;
		put_char(&out, to_lower(c[i]));
	}
	pfree(c);
	return ac_text_keep(&out);
}

/* CRC-32 as in IEEE 802.3, folded to 16 bits: collisions only cost length. */
static unsigned int
crc4(const char *text)
{
	uint32 crc = 0xFFFFFFFF;
	int bit;

	for (; *text != '\0'; text++)
	{
		crc ^= (unsigned char) *text;
		for (bit = 0; bit < 8; bit++)
			crc = (crc >> 1) ^ ((crc & 1) ? 0xEDB88320 : 0);
	}
	crc = ~crc;
	return (crc ^ (crc >> 16)) & 0xFFFF;
}

/* Length of the longest prefix of at most max bytes that cuts no character. */
static int
clip(const char *name, int max)
{
	int len = (int) strlen(name);

	if (len <= max)
		return len;
	len = max;
	while (len > 0 && ((unsigned char) name[len] & 0xC0) == 0x80)
		len--;
	return len;
}

char *
ac_names_salted(const char *name, const char *salt)
{
	return psprintf("%.*s_%04x", clip(name, AC_NAME_MAX - SALT_BYTES), name,
					crc4(salt));
}

char *
ac_names_fit(const char *name)
{
	if (strlen(name) <= AC_NAME_MAX)
		return pstrdup(name);
	return ac_names_salted(name, name);
}

char *
ac_names_column(const char *text)
{
	char *name = ac_names_snake(text);
	const char *prefix = "";
	int i;

	if (name[0] == '\0')
		return pstrdup("column");
	if (text[0] == '+')
		prefix = "plus_";
	else if (text[0] == '-' && name[0] >= '0' && name[0] <= '9')
		prefix = "minus_";
	else if (text[0] == '_' || (name[0] >= '0' && name[0] <= '9'))
		prefix = "_";
	name = ac_names_fit(prefix[0] == '\0' ? name : psprintf("%s%s", prefix, name));
	for (i = 0; system_columns[i] != NULL; i++)
		if (strcmp(name, system_columns[i]) == 0)
			return psprintf("%s_", name);
	return name;
}

/* One entry of ac_names_uniquify's sort. */
typedef struct Claim
{
	const char **name;
	const char *original;
} Claim;

/* Names together; within a name the best claim first. */
static int
compare_claims(const void *a, const void *b)
{
	const Claim *x = a;
	const Claim *y = b;
	int order = strcmp(*x->name, *y->name);

	if (order != 0)
		return order;
	order = (strcmp(*y->name, y->original) == 0) -
			(strcmp(*x->name, x->original) == 0);
	return order != 0 ? order : strcmp(x->original, y->original);
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *) a, *(const char *const *) b);
}

/* Is name among the n sorted ones? */
static bool
is_taken(const char *name, const char **sorted, int n)
{
	return bsearch(&name, sorted, n, sizeof(char *), compare_names) != NULL;
}

void
ac_names_uniquify(const char **names, const char **originals, int n)
{
	Claim *claims = palloc(Max(n, 1) * sizeof(Claim));
	const char **sorted = palloc(Max(n, 1) * sizeof(char *));
	bool changed = true;
	int round;
	int i;

	/*
	 * A salted name may itself be taken, if only because somebody chose it
	 * to be; then the salt grows, and each round settles at least one name.
	 */
	for (round = 0; changed && round <= n; round++)
	{
		changed = false;
		for (i = 0; i < n; i++)
		{
			claims[i].name = &names[i];
			claims[i].original = originals[i];
			sorted[i] = names[i];
		}
		qsort(claims, n, sizeof(Claim), compare_claims);
		qsort(sorted, n, sizeof(char *), compare_names);
		/* backwards, so that a neighbour still has the name it came with */
		for (i = n - 1; i > 0; i--)
		{
			const char *salt = claims[i].original;
			char *salted;

			if (strcmp(*claims[i].name, *claims[i - 1].name) != 0)
				continue;
			salted = ac_names_salted(*claims[i].name, salt);
			while (is_taken(salted, sorted, n))
			{
				salt = psprintf("%s#", salt);
				salted = ac_names_salted(*claims[i].name, salt);
			}
			*claims[i].name = salted;
			changed = true;
		}
	}
	pfree(claims);
	pfree(sorted);
}

char *
ac_names_normal(const char *text)
{
	char *out = palloc(strlen(text) + 1);
	char *o = out;

	for (; *text != '\0'; text++)
	{
		unsigned char c = (unsigned char) *text;

		if (c >= 'A' && c <= 'Z')
			*o++ = (char) (c + 32);
		else if (c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			*o++ = (char) c;
	}
	*o = '\0';
	return out;
}

bool
ac_names_is(const char *text, const char *normal)
{
	char *own = ac_names_normal(text);
	bool same = strcmp(own, normal) == 0;

	pfree(own);
	return same;
}

bool
ac_names_equal(const char *a, const char *b)
{
	char *x = ac_names_normal(a);
	char *y = ac_names_normal(b);
	bool equal = x[0] != '\0' && strcmp(x, y) == 0;

	pfree(x);
	pfree(y);
	return equal;
}

static bool
ends_with(const char *text, const char *end)
{
	size_t len = strlen(text);
	size_t end_len = strlen(end);

	return len >= end_len && strcmp(text + len - end_len, end) == 0;
}

/* Plurals that no rule explains and that APIs use. */
static const char *const irregular[][2] = {
	{"people", "person"},
	{"children", "child"},
	{"men", "man"},
	{"women", "woman"},
	{"indices", "index"},
	{"matrices", "matrix"},
	{"vertices", "vertex"},
	{"criteria", "criterion"},
	{"media", "medium"},
	{"data", "datum"},
	{"aliases", "alias"},
	{"statuses", "status"},
	{"buses", "bus"},
	{"bonuses", "bonus"},
	{"caches", "cache"},
	{"movies", "movie"},
	{"cookies", "cookie"},
	{"zombies", "zombie"},
	{"series", "series"},
	{"species", "species"},
	{"news", "news"},
	{"analyses", "analysis"},
	{"bases", "base"},
	{"axes", "axis"},
};

/* Words that end in s and are no plurals. */
static bool
is_singular_in_s(const char *word)
{
	return ends_with(word, "ss") || ends_with(word, "us") ||
		   ends_with(word, "is") || strcmp(word, "sms") == 0 ||
		   strcmp(word, "dns") == 0 || strcmp(word, "gps") == 0 ||
		   strcmp(word, "https") == 0 || strcmp(word, "os") == 0;
}

/* Cuts an ending of the word at the end of name and appends another. */
static char *
change_ending(const char *name, int cut, const char *end)
{
	return psprintf("%.*s%s", (int) strlen(name) - cut, name, end);
}

char *
ac_names_singular(const char *name)
{
	const char *word = strrchr(name, '_');
	size_t len;
	int i;

	word = word == NULL ? name : word + 1;
	len = strlen(word);
	for (i = 0; i < (int) lengthof(irregular); i++)
		if (strcmp(word, irregular[i][0]) == 0)
			return change_ending(name, (int) len, irregular[i][1]);
	if (len < 3 || word[len - 1] != 's' || is_singular_in_s(word))
		return pstrdup(name);
	if (ends_with(word, "ies") && len > 4)
		return change_ending(name, 3, "y");
	if (ends_with(word, "sses") || ends_with(word, "shes") ||
		ends_with(word, "ches") || ends_with(word, "xes") ||
		ends_with(word, "zzes") || ends_with(word, "uses"))
		/* "houses", "causes" keep their e; "viruses", "statuses" do not */
		return change_ending(name, ends_with(word, "ouses") || ends_with(word, "auses") ? 1 : 2,
							 "");
	return change_ending(name, 1, "");
}

static char *
singular_snake(const char *name)
{
	char *snake = ac_names_snake(name);
	char *singular = ac_names_singular(snake);

	pfree(snake);
	return singular;
}

bool
ac_names_alike(const char *a, const char *b)
{
	char *x = singular_snake(a);
	char *y = singular_snake(b);
	bool alike = ac_names_equal(x, y) || ac_names_equal(a, b);

	pfree(x);
	pfree(y);
	return alike;
}

bool
ac_names_in(const char *name, const char *const *list)
{
	char *normal = ac_names_normal(name);
	bool found = false;

	for (; !found && *list != NULL; list++)
		found = strcmp(normal, *list) == 0;
	pfree(normal);
	return found;
}

/* Is the snake_case name one of these words or does it end in "_" and one? */
static bool
last_word_in(const char *snake, const char *const *words)
{
	const char *word = strrchr(snake, '_');

	word = word == NULL ? snake : word + 1;
	for (; *words != NULL; words++)
		if (strcmp(word, *words) == 0)
			return true;
	return false;
}

bool
ac_names_temporal(const char *name)
{
	static const char *const ends[] = {
		"at", "on", "date", "time", "timestamp", "ts", "datetime", "created",
		"updated", "modified", "deleted", "changed", "expires", "expiry",
		"since", "until", NULL};
	char *snake = ac_names_snake(name);
	bool temporal;

	/* "at" and "on" alone are words, not moments */
	temporal = strcmp(snake, "at") != 0 && strcmp(snake, "on") != 0 &&
			   (strncmp(snake, "date_", 5) == 0 || last_word_in(snake, ends));
	pfree(snake);
	return temporal;
}

bool
ac_names_identifier(const char *name)
{
	static const char *const ends[] = {
		"id", "uuid", "guid", "gid", "sid", "uid", NULL};

	char *snake = ac_names_snake(name);
	bool identifier = last_word_in(snake, ends);

	pfree(snake);
	return identifier;
}
