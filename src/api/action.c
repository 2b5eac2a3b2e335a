/*
 * action.c
 *		Would asking for this path do something?  See action.h.
 *
 * A path is read word by word: words end at whatever is no letter and where a
 * capital follows a small letter ("deleteUser").  Nouns of the same stem
 * ("cancellations", "deleted", "restarts") are other words and harmless, and
 * so are verbs that say which things are meant ("delete_requests").
 */
#include "ac.h"

#include "api/action.h"
#include "api/names.h"
#include "core/hex.h"

/* Longest word that is looked at; the longest in the lists has 11 letters. */
#define MAX_WORD 16

/* Verbs that have no other use in a path: harmful wherever they stand. */
static const char *const verbs[] = {
	"activate", "approve", "ban", "cancel", "clear", "deactivate",
	"delete", "deploy", "destroy", "disable", "disconnect", "drop", "enable",
	"erase", "execute", "flush", "impersonate", "invalidate", "kill", "logoff",
	"logout", "purge", "reboot", "redeploy", "regenerate", "reject", "remove",
	"rename", "reset", "restart", "restore", "resume", "revert", "revoke",
	"rollback", "rotate", "shutdown", "signoff", "signout", "suspend",
	"terminate", "truncate", "unban", "uninstall", "unlink", "unsubscribe",
	"upgrade", "wipe"};

/*
 * Verbs that are nouns, too, or parts of names ("start_time", "send-log"):
 * harmful only as a whole segment, as the first word of one in camel case
 * ("sendMessage"), and in a query as what names the action.
 */
static const char *const whole_segments[] = {
	"abort", "archive", "close", "confirm", "create", "decline", "dismiss",
	"fire", "halt", "insert", "install", "invoke", "leave", "lock", "mute",
	"pause", "pay", "poweroff", "publish", "quit", "refund", "reload",
	"resend", "retry", "send", "start", "stop", "submit", "trigger", "unlock",
	"unpublish", "update", "void", "withdraw"};

static bool
listed(const char *word, const char *const *list, int n)
{
	int i;

	for (i = 0; i < n; i++)
		if (strcmp(word, list[i]) == 0)
			return true;
	return false;
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_capital(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* Parameters whose value is the action. */
static const char *const action_params[] = {
	"action", "cmd", "command", "do", "method", "op", "operation"};

/* Ends a segment, or a method's part of one ("chat.close", "x:close"). */
static bool
ends_segment(char c)
{
	return strchr("/.:?&=;#", c) != NULL; /* or the text */
}

/*
 * The next word in lower case, "" if it is too long to be in a list; returns
 * where it ends.  Text begins with a letter.
 */
static const char *
read_word(const char *text, char *word)
{
	int n = 0;

	do
	{
		if (n < MAX_WORD)
			word[n++] = is_capital(*text) ? *text + ('a' - 'A') : *text;
		text++;
	}
	while (is_letter(*text) && !(is_capital(*text) && !is_capital(text[-1])));
	word[n < MAX_WORD ? n : 0] = '\0';
	return text;
}

/* "log-out", "sign_out", "shut.down": two words that mean one. */
static bool
is_split_verb(const char *before, const char *word)
{
	if (strcmp(word, "out") == 0 || strcmp(word, "off") == 0)
		return strcmp(before, "log") == 0 || strcmp(before, "sign") == 0 ||
			   strcmp(before, "power") == 0;
	return strcmp(word, "down") == 0 && strcmp(before, "shut") == 0;
}

/* What is known of the place in the text that a word stands at. */
typedef struct AcActionPlace
{
	char before[MAX_WORD + 1]; /* the word before in the segment, or "" */
	bool at_start;			   /* of a segment */
	bool in_query;
} AcActionPlace;

/* Is a word at the start of a segment one that does something there? */
static bool
acts_as_segment(const AcActionPlace *place, const char *word, char next)
{
	if (!place->at_start ||
		!listed(word, whole_segments, lengthof(whole_segments)))
		return false;
	if (place->in_query)
		return listed(place->before, action_params, lengthof(action_params));
	return ends_segment(next) || is_capital(next);
}

/* The text as the API reads it: "log%6fut" is no other path than "logout". */
static char *
decoded(const char *text)
{
	char *copy = pstrdup(text);
	char *out = copy;

	while (*text != '\0')
	{
		int high = *text == '%' ? ac_hex_value(text[1]) : -1;
		int low = high >= 0 ? ac_hex_value(text[2]) : -1;

		if (low >= 0 && high + low > 0)
		{
			*out++ = (char) (high * 16 + low);
			text += 3;
		}
		else
			*out++ = *text++;
	}
	*out = '\0';
	return copy;
}

/*
 * Does what follows a verb make it the name of things: small words ("_keys",
 * "-on-requests") of which the last is in the plural?  Not "_all_keys".
 */
static bool
names_things(const char *rest)
{
	size_t len = strspn(rest, "abcdefghijklmnopqrstuvwxyz_-");
	const char *last = rest + len;
	char *word;

	if ((*rest != '_' && *rest != '-') || !ends_segment(rest[len]) ||
		strncmp(rest + 1, "all_", 4) == 0 || strncmp(rest + 1, "all-", 4) == 0)
		return false;
	while (is_letter(last[-1]))
		last--;
	word = pnstrdup(last, rest + len - last);
	return strcmp(ac_names_singular(word), word) != 0;
}

/* Does the word that ends there act in its place? */
static bool
acts(const AcActionPlace *place, const char *word, const char *end)
{
	if (listed(word, verbs, lengthof(verbs)))
		return !names_things(end);
	return is_split_verb(place->before, word) ||
		   acts_as_segment(place, word, *end);
}

static bool
smells(const char *text, bool in_query)
{
	AcActionPlace place = {.at_start = true, .in_query = in_query};
	char word[MAX_WORD + 1];

	while (*text != '\0')
	{
		const char *end = text + (*text == '{' ? strcspn(text, "/}") : 0);

		place.at_start = place.at_start || ends_segment(*text);
		if (*text == '/' || *text == '&')
			place.before[0] = '\0';
		if (!is_letter(*text))
		{
			text = *end == '}' ? end + 1 : text + 1;
			continue;
		}
		end = read_word(text, word);
		if (acts(&place, word, end))
			return true;
		strcpy(place.before, word);
		place.at_start = false;
		text = end;
	}
	return false;
}

/* The same of a text in which some bytes may be written as "%6f". */
static bool
smells_decoded(const char *text, bool in_query)
{
	return smells(text, in_query) ||
		   (strchr(text, '%') != NULL && smells(decoded(text), in_query));
}

bool
ac_action_smells(const char *path, const char *query)
{
	return smells_decoded(path, false) ||
		   (query != NULL && smells_decoded(query, true));
}

bool
ac_action_smells_of(const AcUrl *url)
{
	return ac_action_smells(url->path, url->query);
}
