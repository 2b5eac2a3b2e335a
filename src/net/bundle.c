/*
 * bundle.c
 *		What is a description made of, and how is it kept and read again?
 *		See bundle.h.
 */
#include "ac.h"

#include "api/recorded.h"
#include "core/document.h"
#include "core/hash.h"
#include "core/jsonvalid.h"
#include "drift/canonical.h"
#include "miscadmin.h"
#include "net/bundle.h"
#include "net/judge.h"
#include "pg/report.h"
#include "pg/resource.h"

/* Names the form, so that an API's own document is never taken for one. */
#define BUNDLE_MARK "autoconn_bundle"
#define BUNDLE_BEGIN "{\"" BUNDLE_MARK "\":"

/* Bytes of an entity tag or a date; real ones have less than a hundred. */
#define MAX_VALIDATOR 1024

/*
 * Elements that are kept of each array of a sample.  Its rows say what an
 * answer looks like until an import asks for more; they are no copy of data.
 */
#define SAMPLE_ELEMENTS 50
#define SAMPLE_DEPTH 4

/* Members of one object of a sample: a table has at most half as many columns. */
#define SAMPLE_MEMBERS 2000

/* Beyond this a tree need not be weighed further. */
#define WEIGHT_ENOUGH ((int64) 1024 * 1024 * 1024)

/* Bytes of rows that become a tree as they are (doc/inference.md S2). */
#define SAMPLE_WHOLE_BYTES (2 * 1024 * 1024)

/* Takes credentials out of a record of requests; false if it is none. */
static bool
mask_record(AcJson *doc)
{
	AcReadLimits limits = ac_read_limits_default;

	limits.interrupted = ac_report_interrupted;
	return ac_recorded_mask(doc, &limits);
}

static bool
is_sample(const AcJson *doc)
{
	const AcReader *reader = ac_api_find_reader(doc);

	return reader != NULL && strcmp(reader->name, "sample") == 0;
}

/* A long array is nothing but rows. */
static bool
is_long_array(const AcDocumentText *input)
{
	size_t at = 0;

	while (at < input->len && isspace((unsigned char) input->text[at]))
		at++;
	return input->len > SAMPLE_WHOLE_BYTES && input->text[at] == '[';
}

/*
 * Some rows of a document that is too large to be a tree; false if they are
 * not what it has.
 */
static bool
parse_some_rows(const AcDocumentText *input, AcJson **doc)
{
	AcJsonText text = {input->text, input->len, AC_JSON_MAX_DEPTH,
					   input->interrupted};
	AcJsonBounds bounds = {.max_elements = SAMPLE_ELEMENTS,
						   .max_members = SAMPLE_MEMBERS};
	AcError other;

	if (!ac_json_parse_within(&text, &bounds, doc, &other))
		return false;
	if (is_sample(*doc))
		return true;
	ac_json_free(*doc);
	return false;
}

static bool
parse_document(const AcDocumentText *input, AcJson **doc, AcError *err)
{
	bool json = ac_document_language(input) == AC_DOCUMENT_JSON;

	if (json && is_long_array(input) && parse_some_rows(input, doc))
		return true;
	if (ac_document_parse(input, doc, err))
		return true;
	return json && err->code == AC_ERR_TOO_LARGE &&
		   parse_some_rows(input, doc);
}

bool
ac_bundle_tree(const AcDocumentText *input, AcJson **doc, const char **text,
			   AcError *err)
{
	AcDocumentLanguage language = ac_document_language(input);

	*text = NULL;
	if (!parse_document(input, doc, err))
		return false;
	ac_resource_json(*doc);
	/* what was read as YAML, as it is no JSON, cannot be read again as JSON */
	if (!mask_record(*doc) && language == AC_DOCUMENT_JSON &&
		ac_jsonvalid_check(input->text, input->len, AC_JSON_MAX_DEPTH, NULL))
		*text = input->text;
	return true;
}

bool
ac_bundle_parse(const AcConnection *conn, const AcFetch *fetch, AcJson **doc,
				const char **text, AcError *err)
{
	AcDocumentText input = {.interrupted = ac_report_interrupted};
	char *copy;
	bool parsed;

	*text = NULL;
	if (fetch->body->len > AC_BUNDLE_MAX_TEXT)
		return ac_error_set(err, AC_ERR_TOO_LARGE,
							"the document has more than %d MB",
							AC_BUNDLE_MAX_TEXT / (1024 * 1024));
	input.text = fetch->body->data;
	input.len = fetch->body->len;
	if (fetch->headers != NULL)
		input.media_type = ac_header_get(fetch->headers, "Content-Type");
	copy = ac_document_to_utf8(&input);
	if (copy == NULL)
		copy = pnstrdup(fetch->body->data, fetch->body->len);
	ac_judge_scrub_document(conn, copy);
	input.text = copy;
	input.len = strlen(copy);
	CHECK_FOR_INTERRUPTS();
	parsed = ac_bundle_tree(&input, doc, text, err);
	if (*text == NULL)
		pfree(copy);
	return parsed;
}

/*
 * It is an API's to choose, and kept: so one that is long, is no ASCII text or
 * repeats a secret is none.
 */
const char *
ac_bundle_validator(const AcConnection *conn, const AcFetch *fetch,
					const char *name)
{
	const char *value = fetch->headers != NULL
							? ac_header_get(fetch->headers, name)
							: NULL;

	if (value == NULL || strlen(value) > MAX_VALIDATOR ||
		ac_judge_holds_secret(conn, value))
		return NULL;
	for (const char *c = value; *c != '\0'; c++)
		if (*c < ' ' || *c > '~')
			return NULL;
	return pstrdup(value);
}

/* The tree with arrays cut to what a sample needs; the same if none is. */
static AcJson *
cut_arrays(AcJson *node, int depth)
{
	AcJsonKind kind = ac_json_kind(node);
	AcJson *copy;

	if (depth == 0 || (kind != AC_JSON_ARRAY && kind != AC_JSON_OBJECT))
		return ac_json_ref(node);
	if (kind == AC_JSON_ARRAY)
	{
		copy = ac_json_new_array();
		for (int i = 0; i < Min(ac_json_length(node), SAMPLE_ELEMENTS); i++)
			ac_json_append(copy, cut_arrays(ac_json_at(node, i), depth - 1));
	}
	else
	{
		AcJsonIter it;

		copy = ac_json_new_object();
		ac_json_iter_init(&it, node);
		for (int i = 0; i < SAMPLE_MEMBERS && ac_json_iter_next(&it); i++)
			ac_json_set(copy, it.key, cut_arrays(it.value, depth - 1));
	}
	return copy;
}

bool
ac_bundle_begin(AcBundle *bundle, const char *url, AcJson *doc,
				const char *text)
{
	memset(bundle, 0, sizeof(*bundle));
	bundle->url = url;
	bundle->doc = doc;
	bundle->text = text;
	bundle->reader = ac_api_find_reader(doc);
	if (bundle->reader == NULL)
		return false;
	if (strcmp(bundle->reader->name, "sample") == 0)
	{
		bundle->doc = ac_resource_json(cut_arrays(doc, SAMPLE_DEPTH));
		bundle->text = NULL;
	}
	return true;
}

/*
 * Behind an index stand other indexes, and rows; the reader tells them apart.
 */
bool
ac_bundle_describes(const AcBundle *bundle, const AcJson *doc)
{
	return strcmp(bundle->reader->name, "index") != 0 ||
		   bundle->reader->sniff(doc);
}

void
ac_bundle_add(AcBundle *bundle, const AcDocument *other,
			  const AcValidators *validators)
{
	if (bundle->n_others == bundle->room)
	{
		int room = Max(bundle->room * 2, 8);

		if (bundle->room == 0)
		{
			bundle->others = palloc(room * sizeof(AcDocument));
			bundle->validators = palloc(room * sizeof(AcValidators));
		}
		else
		{
			bundle->others = repalloc(bundle->others, room * sizeof(AcDocument));
			bundle->validators = repalloc(bundle->validators,
										  room * sizeof(AcValidators));
		}
		bundle->room = room;
	}
	bundle->others[bundle->n_others] = *other;
	if (!ac_bundle_describes(bundle, other->doc))
		bundle->others[bundle->n_others].doc =
			ac_resource_json(cut_arrays(other->doc, SAMPLE_DEPTH));
	bundle->validators[bundle->n_others] = *validators;
	bundle->n_others++;
}

/* What the reader gets to see; limits must live as long. */
static AcReadInput
reader_input(const AcBundle *bundle, AcReadLimits *limits)
{
	AcReadInput input = {
		.doc = bundle->doc,
		.url = bundle->url,
		.others = bundle->others,
		.n_others = bundle->n_others,
		.limits = limits,
	};

	*limits = ac_read_limits_default;
	limits->interrupted = ac_report_interrupted;
	return input;
}

int
ac_bundle_wishes(const AcBundle *bundle, AcWish **wishes)
{
	AcReadLimits limits;
	AcReadInput input = reader_input(bundle, &limits);

	if (bundle->reader->wishes == NULL)
		return 0;
	return bundle->reader->wishes(&input, wishes);
}

bool
ac_bundle_read(const AcBundle *bundle, AcApi **api, AcError *err)
{
	AcReadLimits limits;
	AcReadInput input = reader_input(bundle, &limits);

	if (!bundle->reader->read(&input, api, err))
		return false;
	(*api)->bytes += ac_json_weight(bundle->doc, WEIGHT_ENOUGH) +
					 ac_json_weight((*api)->owned, WEIGHT_ENOUGH);
	for (int i = 0; i < bundle->n_others; i++)
		(*api)->bytes += ac_json_weight(bundle->others[i].doc, WEIGHT_ENOUGH);
	if ((*api)->owned != NULL)
		ac_resource_json((*api)->owned);
	return true;
}

/* ---- the text that is kept ---- */

static AcJson *
document_member(const AcDocument *document, const AcValidators *validators)
{
	AcJson *member = ac_json_new_object();

	ac_json_set_string(member, "method", document->method);
	ac_json_set_string(member, "url", document->url);
	if (validators->etag != NULL)
		ac_json_set_string(member, "etag", validators->etag);
	if (validators->last_modified != NULL)
		ac_json_set_string(member, "last_modified", validators->last_modified);
	ac_json_set(member, "doc", ac_json_ref(document->doc));
	return member;
}

/*
 * The text of a document alone.  Of records of requests it is that of the tree,
 * which ac_bundle_tree() has taken credentials out of.
 */
static const char *
text_of_one(const AcBundle *bundle)
{
	return bundle->text != NULL ? bundle->text : ac_json_to_text(bundle->doc);
}

const char *
ac_bundle_text(const AcBundle *bundle)
{
	const AcDocument main_document = {"GET", bundle->url, bundle->doc};
	const AcValidators none = {NULL, NULL};
	AcJson *list;
	AcJson *all;

	/* an API's document that looks like a bundle is put into one */
	if (bundle->n_others == 0 && !ac_json_has(bundle->doc, BUNDLE_MARK))
		return text_of_one(bundle);
	list = ac_json_new_array();
	ac_json_append(list, document_member(&main_document, &none));
	for (int i = 0; i < bundle->n_others; i++)
		ac_json_append(list, document_member(&bundle->others[i],
											 &bundle->validators[i]));
	all = ac_json_new_object();
	ac_json_set(all, BUNDLE_MARK, ac_json_new_int(1));
	ac_json_set(all, "documents", list);
	return ac_json_into_text(all);
}

bool
ac_bundle_has_others(const char *text)
{
	return strncmp(text, BUNDLE_BEGIN, strlen(BUNDLE_BEGIN)) == 0;
}

/* The documents of a bundle's tree. */
static bool
load_documents(AcBundle *bundle, AcJson *list)
{
	AcJson *first = ac_json_at(list, 0);

	if (ac_json_get_string(first, "url") == NULL ||
		!ac_bundle_begin(bundle, pstrdup(ac_json_get_string(first, "url")),
						 ac_json_get(first, "doc"), NULL))
		return false;
	for (int i = 1; i < ac_json_length(list); i++)
	{
		const AcJson *member = ac_json_at(list, i);
		AcDocument other = {ac_json_get_string(member, "method"),
							ac_json_get_string(member, "url"),
							ac_json_get(member, "doc")};
		AcValidators validators = {ac_json_get_string(member, "etag"),
								   ac_json_get_string(member, "last_modified")};

		if (other.method == NULL || other.url == NULL)
			return false;
		ac_bundle_add(bundle, &other, &validators);
	}
	return true;
}

bool
ac_bundle_load(AcBundle *bundle, const char *text, const char *url,
			   AcError *err)
{
	/* a bundle's documents stand three levels deeper than by themselves */
	AcJsonText input = {text, strlen(text), AC_JSON_MAX_DEPTH + 3,
						ac_report_interrupted};
	AcJson *doc;

	if (!ac_json_parse_long(&input, &doc, err))
		return false;
	ac_resource_json(doc);
	if (ac_bundle_has_others(text) ? load_documents(bundle, ac_json_get(doc, "documents"))
								   : ac_bundle_begin(bundle, url, doc, text))
		return true;
	return ac_error_set(err, AC_ERR_MALFORMED,
						"the document is no description of an API");
}

/* ---- the hash ---- */

/* Appends what of a document is compared. */
static void
append_said(const AcJson *doc, StringInfo out)
{
	const AcJson *page = ac_json_get(doc, "html");

	if (ac_json_has(page, "blocks"))
		doc = ac_json_get(page, "blocks");
	ac_canonical_append(doc, out);
}

/*
 * An API that makes two of its descriptions collide hides its own changes, so
 * that no cryptographic hash is called for.
 */
char *
ac_bundle_hash(const AcBundle *bundle)
{
	StringInfoData said;
	uint64 high;
	uint64 low;

	initStringInfo(&said);
	append_said(bundle->doc, &said);
	for (int i = 0; i < bundle->n_others; i++)
	{
		if (!ac_bundle_describes(bundle, bundle->others[i].doc))
			continue;
		appendStringInfo(&said, "\n%s %s\n", bundle->others[i].method,
						 bundle->others[i].url);
		append_said(bundle->others[i].doc, &said);
	}
	high = ac_hash_bytes(said.data, said.len, 1);
	low = ac_hash_bytes(said.data, said.len, 2);
	pfree(said.data);
	return psprintf("%08x%08x%08x%08x", (uint32) (high >> 32), (uint32) high,
					(uint32) (low >> 32), (uint32) low);
}
