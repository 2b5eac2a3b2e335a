/*
 * tableplan_form.c
 *		Which form do all texts of a field share, and may it make a type?
 *
 * The detectors of doc/inference.md S5 in their order, with their guards: what is a
 * number to a reader may be a code, a version or a telephone number, and then
 * only text loses nothing.  What one text looks like is tableplan_look's
 * business, which type a form becomes that of types.c.
 */
#include "ac.h"

#include "api/names.h"
#include "api/tableplan_int.h"

/* Texts of one form that make a type without the name's help (S5). */
#define TEXTS_NEEDED 10

/* Share of texts from which on a form that not all have is worth a note. */
#define NEARLY 0.5

/* Names of codes, which may be all digits and are never quantities. */
static const char *const code_words[] = {
	"id", "ids", "uid", "guid", "uuid", "oid", "code", "codes", "zip",
	"zipcode", "postal", "postcode", "plz", "phone", "telephone", "tel",
	"mobile", "fax", "account", "acct", "iban", "bic", "swift", "number",
	"no", "nr", "num", "sku", "ean", "gtin", "upc", "isbn", "issn", "vin",
	"serial", "ref", "reference", "key", "token", "hash", "checksum",
	"barcode", "plate", "ssn", "tin", "vat", "passport", "licence", "license",
	"pin", "cvv", "card", "extension", "model", "section", "chapter",
	"paragraph", "article", NULL};

/* Names of what is counted in dots: "1.10" is not "1.1". */
static const char *const version_words[] = {
	"version", "versions", "ver", "release", "revision", "rev", "build",
	"firmware", "semver", "tag", "oid", NULL};

/* Names of amounts and places, whose whole numbers are quantities as well. */
static const char *const quantity_words[] = {
	"price", "prices", "amount", "cost", "costs", "total", "subtotal", "fee",
	"fees", "balance", "salary", "wage", "discount", "rate", "revenue",
	"profit", "margin", "credit", "debit", "lat", "latitude", "lon", "lng",
	"longitude", "altitude", "elevation", NULL};

static const char *const secret_words[] = {
	"password", "passwd", "pwd", "secret", "token", "key", "apikey",
	"credential", "credentials", "pin", "cvv", "ssn", NULL};

/* Is any word of the name in the list? */
static bool
has_word(const char *name, const char *const *list)
{
	char *rest = ac_names_snake(name);
	char *word;

	while ((word = strtok_r(rest, "_", &rest)) != NULL)
	{
		int i;

		for (i = 0; list[i] != NULL; i++)
			if (strcmp(word, list[i]) == 0)
				return true;
	}
	return false;
}

static bool
ends_in_quantity(const char *name)
{
	const char *snake = ac_names_snake(name);
	const char *last = strrchr(snake, '_');

	return has_word(last != NULL ? last + 1 : snake, quantity_words);
}

/* Whole numbers, or such with a point, that must not be taken for numbers. */
static bool
is_code(const char *name)
{
	return !ends_in_quantity(name) &&
		   (has_word(name, code_words) || has_word(name, version_words));
}

bool
ac_seen_is_secret(const char *name)
{
	return has_word(name, secret_words);
}

/* A form of texts, best first (S5). */
typedef struct Form
{
	int look;
	int unless; /* ... and not this look: the two cannot be told apart */
	const char *format;
	const char *type;
	bool temporal; /* a name that says so makes up for few values */
} Form;

static const Form forms[] = {
	{AC_LOOK_TIMESTAMPTZ, 0, "date-time", "timestamptz", true},
	{AC_LOOK_TIMESTAMP, 0, "date-time-local", "timestamp", true},
	{AC_LOOK_DATE, 0, "date", "date", true},
	{AC_LOOK_RFC2822, 0, "date-time-rfc-2822", "timestamptz", true},
	{AC_LOOK_DOTNET, 0, "dotnet-date", "timestamptz", true},
	{AC_LOOK_DMY, AC_LOOK_MDY, "date-dmy", "date", true},
	{AC_LOOK_MDY, AC_LOOK_DMY, "date-mdy", "date", true},
	{AC_LOOK_INTERVAL, 0, "duration", "interval", false},
	{AC_LOOK_TIME, 0, "time-local", "time", false},
	{AC_LOOK_TIMETZ, 0, "time", "timetz", false},
	{AC_LOOK_UUID, 0, "uuid", "uuid", false},
	{AC_LOOK_DECIMAL, 0, "decimal", "numeric", false},
	{AC_LOOK_CIDR, 0, "cidr", "cidr", false},
	{AC_LOOK_INET, 0, "ip", "inet", false},
	{AC_LOOK_BOOLEAN, 0, "boolean", "boolean", false},
	{AC_LOOK_JSON, 0, "json-string", "jsonb", false},
};

static AcForm
form_of(const char *format, const char *note)
{
	AcForm form;

	form.format = format;
	form.note = note;
	return form;
}

/* Why a form is no reason for a type here, NULL if it is one. */
static const char *
objection(const Form *form, const AcSeen *seen, const char *name)
{
	if (form->look == AC_LOOK_DECIMAL)
	{
		if (is_code(name))
			return "code_name";
		if (!seen->has_point && !ends_in_quantity(name))
			return "whole_numbers";
	}
	if ((form->look & (AC_LOOK_INET | AC_LOOK_CIDR)) != 0 &&
		has_word(name, version_words))
		return "code_name";
	/* nothing declared it of that precision: keep the digits */
	if ((form->look & (AC_LOOK_TIMESTAMPTZ | AC_LOOK_TIMESTAMP | AC_LOOK_TIME |
					   AC_LOOK_TIMETZ | AC_LOOK_INTERVAL)) != 0 &&
		seen->has_finer)
		return "finer_than_microseconds";
	if (seen->n_looked < TEXTS_NEEDED &&
		!(form->temporal && ac_names_temporal(name)))
		return "few_values";
	return NULL;
}

static int
look_index(int look)
{
	int i = 0;

	while ((look >> i) > 1)
		i++;
	return i;
}

/* Why texts that share no form are text. */
static const char *
note_of_mixture(const AcSeen *seen)
{
	int zoned = seen->looks[look_index(AC_LOOK_TIMESTAMPTZ)];
	int local = seen->looks[look_index(AC_LOOK_TIMESTAMP)];

	if ((seen->look & AC_LOOK_DMY) && (seen->look & AC_LOOK_MDY))
		return "day_or_month_first";
	if (zoned > 0 && local > 0 && zoned + local >= seen->n_looked * NEARLY)
		return "mixed_offset";
	return NULL;
}

AcForm
ac_seen_form(const AcSeen *seen, const char *name)
{
	const char *note = NULL;
	int i;

	for (i = 0; i < (int) lengthof(forms); i++)
	{
		const char *why;

		if ((seen->look & forms[i].look) == 0 ||
			(seen->look & forms[i].unless) != 0)
			continue;
		why = objection(&forms[i], seen, name);
		if (why == NULL)
			return form_of(forms[i].format, NULL);
		if (note == NULL)
			note = why;
	}
	return form_of("text", note != NULL ? note : note_of_mixture(seen));
}

const char *
ac_seen_epoch_format(const AcSeen *seen, const char *name)
{
	if (seen->integers + seen->numbers < TEXTS_NEEDED ||
		seen->integers + seen->numbers < seen->n || !ac_names_temporal(name))
		return NULL;
	if (seen->epochs[AC_EPOCH_S])
		return "unix-time";
	if (seen->epochs[AC_EPOCH_MS])
		return "unix-time-ms";
	if (seen->epochs[AC_EPOCH_US])
		return "unix-time-us";
	return NULL;
}

AcJson *
ac_seen_rejected(const AcSeen *seen, const char *type)
{
	AcJson *list = NULL;
	int i;

	for (i = 0; i < (int) lengthof(forms); i++)
	{
		int matched = seen->looks[look_index(forms[i].look)];
		AcJson *item;

		if (matched == 0 || matched < seen->n_looked * NEARLY ||
			strcmp(forms[i].type, type) == 0)
			continue;
		item = ac_json_new_object();
		ac_json_set_string(item, "type", forms[i].type);
		ac_json_set_string(item, "form", forms[i].format);
		ac_json_set(item, "matched", ac_json_new_int(matched));
		if (list == NULL)
			list = ac_json_new_array();
		ac_json_append(list, item);
	}
	return list;
}
