/*
 * openapi_place.c
 *		Which document does a reference stand in, and which does it lead to?
 *
 * Base URIs (OpenAPI 3.0.4, 4.6; 3.2.0, 4.1.2 and $self; JSON Schema 2020-12
 * core, 8.2): a $ref is relative to the document that it stands in, or to the
 * schema with an $id around it.  A node does not know its document, so every
 * document but the one that is read is walked once, and its references are
 * remembered by address.  The one that is read is walked only where $id and
 * $anchor are keywords.
 *
 * Documents that are missed are listed as wishes; whether one may be fetched is
 * the caller's business.  Descriptions that live on one origin and call
 * themselves by another are common, so a reference that leads nowhere from an
 * $id or $self is tried again from where the document was found.
 */
#include "ac.h"

#include "api/openapi_internal.h"

/*
 * Missed documents that are told at once; the most that a caller would fetch
 * is some dozens, and after each round there are others to be told.
 */
#define PLACE_MAX_WISHES 200

/* Nodes of a document walked for one unit of work: no memory goes with them. */
#define PLACE_NODES_PER_UNIT 16

static AcOpenapiPlace *
new_place(AcJson *root, AcOpenapiPlace *document)
{
	AcOpenapiPlace *place = palloc0(sizeof(AcOpenapiPlace));

	place->root = root;
	place->document = document != NULL ? document : place;
	ac_shape_map_init(&place->anchors);
	ac_shape_map_init(&place->leads);
	return place;
}

/* Enters the place under its URL, unless another one is there already. */
static void
place_enter(AcOpenapiReader *reader, AcOpenapiPlace *place, const char *url)
{
	AcShapeMapEntry *entry =
		ac_shape_map_enter(&reader->places, url, strlen(url));

	if (entry->value == NULL)
		entry->value = place;
}

static void
set_base(AcOpenapiPlace *place, const AcUrl *base)
{
	place->base = *base;
	place->base.fragment = NULL;
	place->url = ac_url_text(&place->base);
}

/* Its URL where a reference leads to, without fragment; NULL: none of ours. */
static char *
resolve(const AcOpenapiPlace *from, const char *ref, AcUrl *out)
{
	AcUrl base;

	if (from->url != NULL)
	{
		base = from->base;
		if (!ac_url_resolve(&base, ref, out, NULL))
			return NULL;
	}
	else if (!ac_url_parse(ref, out, NULL))
		return NULL;
	out->fragment = NULL;
	return ac_url_text(out);
}

/* A schema with an $id is a place of its own. */
static AcOpenapiPlace *
enter_id(AcOpenapiReader *reader, AcOpenapiPlace *place, AcJson *node,
		 const char *id)
{
	AcOpenapiPlace *own;
	AcUrl base;
	char *url;

	if (strlen(id) > AC_URL_MAX_LENGTH)
		return place;
	url = resolve(place, id, &base);
	if (url == NULL)
		return place; /* a name of another scheme, as "urn:x" */
	own = new_place(node, place->document);
	set_base(own, &base);
	place_enter(reader, own, own->url);
	return own;
}

static void
enter_anchor(AcOpenapiPlace *place, AcJson *node, const char *keyword)
{
	const char *name = ac_openapi_text(node, keyword);

	if (name != NULL)
		ac_shape_map_enter(&place->anchors, name, strlen(name))->value = node;
}

static void walk(AcOpenapiReader *reader, AcOpenapiPlace *place, AcJson *node);

static void
walk_object(AcOpenapiReader *reader, AcOpenapiPlace *place, AcJson *node)
{
	const char *id = ac_openapi_text(node, "$id");
	AcJsonIter it;

	if (id != NULL && node != place->root)
		place = enter_id(reader, place, node, id);
	enter_anchor(place, node, "$anchor");
	enter_anchor(place, node, "$dynamicAnchor");
	if (place != reader->home && (ac_openapi_ref(node) != NULL ||
								  ac_json_has(node, "discriminator")))
	{
		AcJson **key = palloc(sizeof(AcJson *));

		*key = node;
		ac_shape_map_enter(&reader->standing, key, sizeof(AcJson *))->value =
			place;
	}
	ac_json_iter_init(&it, node);
	while (ac_json_iter_next(&it) && !reader->failed)
		walk(reader, place, it.value);
}

/* Parsing has bounded the depth. */
static void
walk(AcOpenapiReader *reader, AcOpenapiPlace *place, AcJson *node)
{
	int i;

	if (++reader->visited % PLACE_NODES_PER_UNIT == 0 &&
		!ac_openapi_spend(reader, 1))
		return;
	if (ac_json_kind(node) == AC_JSON_OBJECT)
		walk_object(reader, place, node);
	for (i = 0; i < ac_json_length(node) && !reader->failed; i++)
		walk(reader, place, ac_json_at(node, i));
}

/* What the document calls itself ($self of 3.2, $id of a schema). */
static void
enter_self(AcOpenapiReader *reader, AcOpenapiPlace *place)
{
	const char *self = ac_openapi_text(place->root, "$self");
	AcOpenapiPlace found = *place;
	AcUrl base;

	if (self == NULL)
		self = ac_openapi_text(place->root, "$id");
	if (self == NULL || strlen(self) > AC_URL_MAX_LENGTH ||
		resolve(place, self, &base) == NULL)
		return;
	set_base(place, &base);
	place_enter(reader, place, place->url);
	if (found.url == NULL)
		return;
	/* where it was found stays a second base */
	place->document = new_place(place->root, NULL);
	place->document->base = found.base;
	place->document->url = found.url;
}

/* The place of a document, which is walked; url may be unknown. */
static AcOpenapiPlace *
enter_document(AcOpenapiReader *reader, AcJson *doc, const AcUrl *url)
{
	AcOpenapiPlace *place = new_place(doc, NULL);

	if (url != NULL)
	{
		set_base(place, url);
		place_enter(reader, place, place->url);
	}
	if (reader->home == NULL)
		reader->home = place;
	if (place == reader->home && reader->v30)
		return place;
	enter_self(reader, place);
	walk(reader, place, doc);
	return place;
}

void
ac_openapi_places_init(AcOpenapiReader *reader)
{
	AcUrl url;
	bool known = reader->input->url != NULL &&
				 ac_url_parse(reader->input->url, &url, NULL);

	ac_shape_map_init(&reader->places);
	ac_shape_map_init(&reader->standing);
	enter_document(reader, reader->doc, known ? &url : NULL);
}

AcOpenapiPlace *
ac_openapi_place_of(AcOpenapiReader *reader, AcJson *node)
{
	AcOpenapiPlace *place =
		ac_shape_map_find(&reader->standing, &node, sizeof(node));

	return place != NULL ? place : reader->home;
}

static void
wish(AcOpenapiReader *reader, const char *url)
{
	int i;

	for (i = 0; i < reader->n_wishes; i++)
	{
		if (strcmp(reader->wishes[i].url, url) == 0)
			return;
	}
	if (reader->n_wishes >= PLACE_MAX_WISHES)
		return;
	if (reader->wishes == NULL)
		reader->wishes = palloc(PLACE_MAX_WISHES * sizeof(AcWish));
	reader->wishes[reader->n_wishes].method = "GET";
	reader->wishes[reader->n_wishes++].url = url;
}

/* The document or schema of that URL if it is at hand. */
static AcOpenapiPlace *
at_hand(AcOpenapiReader *reader, const char *text, const AcUrl *url,
		bool *asked)
{
	const AcDocument *other;
	AcOpenapiPlace *place =
		ac_shape_map_find(&reader->places, text, strlen(text));

	*asked = false;
	if (place != NULL)
		return place;
	other = ac_read_other(reader->input, "GET", text);
	if (other == NULL)
		return NULL;
	*asked = true;
	return other->doc != NULL ? enter_document(reader, other->doc, url) : NULL;
}

/*
 * Looks from the nearer base and then from where the document was found.  What
 * is missed is wished for by its nearer name, but rather by one on the origin
 * of the document that is read: no other may be asked.
 */
static AcOpenapiPlace *
lead(AcOpenapiReader *reader, AcOpenapiPlace *from, const char *ref)
{
	const AcOpenapiPlace *home = reader->home->document;
	const char *missed = NULL;
	bool missed_near = false;
	int i;

	for (i = 0; i < (from->document != from ? 2 : 1); i++)
	{
		AcOpenapiPlace *found;
		AcUrl url;
		char *text = resolve(i == 0 ? from : from->document, ref, &url);
		bool asked;
		bool near;

		if (text == NULL)
			continue;
		found = at_hand(reader, text, &url, &asked);
		if (found != NULL)
			return found;
		near = home->url != NULL && ac_url_same_origin(&url, &home->base);
		if (!asked && (missed == NULL || (near && !missed_near)))
		{
			missed = text;
			missed_near = near;
		}
	}
	if (missed != NULL)
		wish(reader, missed);
	return NULL;
}

/* Each place remembers where references led, as there are many to one. */
AcOpenapiPlace *
ac_openapi_place_find(AcOpenapiReader *reader, AcOpenapiPlace *from,
					  const char *ref)
{
	size_t len = strcspn(ref, "#");
	AcOpenapiPlace *found = ac_shape_map_find(&from->leads, ref, len);
	char *key;

	if (found == NULL)
	{
		if (!ac_openapi_spend(reader, 1 + len / PLACE_NODES_PER_UNIT))
			return NULL;
		key = pnstrdup(ref, len);
		found = lead(reader, from, key);
		ac_shape_map_enter(&from->leads, key, len)->value =
			found != NULL ? found : &reader->nowhere;
	}
	return found != &reader->nowhere ? found : NULL;
}

bool
ac_openapi_refers_out(const AcJson *doc)
{
	const char *ref = ac_openapi_ref(doc);
	AcJsonIter it;
	int i;

	if (ref != NULL && ref[0] != '#')
		return true;
	ac_json_iter_init(&it, doc);
	while (ac_json_iter_next(&it))
	{
		if (ac_openapi_refers_out(it.value))
			return true;
	}
	for (i = 0; i < ac_json_length(doc); i++)
	{
		if (ac_openapi_refers_out(ac_json_at(doc, i)))
			return true;
	}
	return false;
}
