/*
 * envelope_around.c
 *		What does the rest of an answer say of the rows in it?
 *
 * Objects on the way that only hold the rows, fields that report on the
 * answer, repeat the question or are empty, numbers that count the rows.
 */
#include "ac.h"

#include "api/envelope_int.h"
#include "api/keys.h"
#include "api/names.h"
#include "core/pointer.h"

/* ---- fields beside rows ---- */

/* The object that the sample has at path, NULL if there is no sample. */
static AcJson *
sampled(const AcEnvelopeInput *input, const char *path)
{
	AcJson *owner;

	if (!input->from_sample || !ac_json_pointer(input->sample, path, &owner))
		return NULL;
	return owner;
}

/* The answer repeats what was asked: a variable of the path or its text. */
static bool
is_echo(const AcPath *path, const char *name, const AcJson *value)
{
	const char *text = ac_json_string(value, NULL);
	int i;

	for (i = 0; i < path->count; i++)
		if (path->segments[i].variable
				? ac_names_equal(path->segments[i].text, name)
				: text != NULL && strcmp(path->segments[i].text, text) == 0)
			return true;
	return false;
}

/*
 * Is it a fact of the answer's own, not one of a page, a question or nothing?
 * owner: the object that has it in the sample.
 */
static bool
is_own(const AcEnvelopeInput *input, const AcProperty *property,
	   const AcJson *owner)
{
	const AcJson *value;

	if (!input->from_sample)
		return !ac_envelope_is_control(property->name);
	value = ac_json_get(owner, property->name);
	return !ac_envelope_is_nothing(value) &&
		   !ac_envelope_is_control(property->name) &&
		   !is_echo(input->path, property->name, value);
}

/* Has the answer values of its own, as a thing has? */
static bool
has_values(const AcEnvelopeInput *input, const AcShape *root)
{
	const AcJson *body = sampled(input, "");
	int i;

	for (i = 0; i < root->n_properties; i++)
	{
		AcShapeKind kind = root->properties[i].shape->kind;

		if (kind != AC_SHAPE_OBJECT && kind != AC_SHAPE_ARRAY &&
			kind != AC_SHAPE_MAP && is_own(input, &root->properties[i], body))
			return true;
	}
	return false;
}

AcProperty *
ac_envelope_asked_thing(const AcEnvelopeInput *input)
{
	const char *last = ac_envelope_noun(input->path);
	const AcShape *root = input->response;
	const char *noun;
	int i;

	if (last == NULL || root->kind != AC_SHAPE_OBJECT)
		return NULL;
	noun = ac_envelope_item_noun(input->path);
	for (i = 0; i < root->n_properties; i++)
	{
		AcProperty *property = &root->properties[i];

		if (property->shape->kind == AC_SHAPE_OBJECT &&
			ac_envelope_has_key(property->shape, property->name) &&
			(noun != NULL ? ac_names_alike(noun, property->name)
						  : ac_names_equal(last, property->name) &&
								!has_values(input, root)))
			return property;
	}
	return NULL;
}

/*
 * Properties of the object at path that tell something of their own: they do
 * not speak of the answer, nor are they empty or repeat the path in a sample.
 */
static int
count_own(const AcEnvelopeInput *input, const AcShape *owner,
		  const char *path)
{
	const AcJson *node = sampled(input, path);
	int own = 0;
	int i;

	for (i = 0; i < owner->n_properties; i++)
		if (is_own(input, &owner->properties[i], node))
			own++;
	return own;
}

bool
ac_envelope_is_wrapper(const AcEnvelopeInput *input, const AcShape *owner,
					   const AcProperty *property, const char *path, int *own)
{
	if (ac_envelope_is_row_key(property->name) ||
		strcmp(property->name, "_embedded") == 0 ||
		ac_names_equal(property->name, "response") ||
		ac_names_equal(property->name, "payload") ||
		ac_names_equal(property->name, "body"))
		return true;
	if (input->from_sample && ac_envelope_begins_with_noun(input->path, property->name) &&
		!ac_envelope_has_key(property->shape, NULL))
		return true;
	if (*own < 0)
		*own = count_own(input, owner, path);
	return *own == (is_own(input, property, sampled(input, path)) ? 1 : 0);
}

bool
ac_envelope_has_key(const AcShape *row, const char *key)
{
	const char *entity = key == NULL ? NULL
									 : ac_names_singular(ac_names_snake(key));
	int i;

	for (i = 0; row != NULL && i < row->n_properties; i++)
		if (ac_keys_name_rank(row->properties[i].name, entity) >= 0)
			return true;
	return false;
}

/* Are there facts at one level of the answer, next to the way to rows? */
static bool
has_facts_beside(const AcEnvelopeInput *input, const AcShape *owner,
				 const char *path, const char *way)
{
	const AcJson *node = sampled(input, path);
	int i;

	for (i = 0; i < owner->n_properties; i++)
		if (strcmp(owner->properties[i].name, way) != 0 &&
			is_own(input, &owner->properties[i], node))
			return true;
	return false;
}

bool
ac_envelope_is_all(const AcEnvelopeInput *input, const char *path)
{
	const AcShape *shape = input->response;
	const char *above = "";
	AcPointer pointer;
	int i;

	if (!ac_pointer_parse(path, &pointer, NULL))
		return false;
	for (i = 0; i < pointer.count; i++)
	{
		const AcProperty *property = ac_shape_property(shape,
													   pointer.tokens[i]);

		if (property == NULL ||
			has_facts_beside(input, shape, above, pointer.tokens[i]))
			return false;
		above = ac_pointer_child(above, property->name);
		shape = property->shape;
	}
	return true;
}

/* ---- numbers ---- */

/* Does a number of this object count so many rows? */
static bool
counts(const AcJson *object, int length)
{
	AcJsonIter it;

	ac_json_iter_init(&it, object);
	while (ac_json_iter_next(&it))
		if (ac_json_kind(it.value) == AC_JSON_INT &&
			ac_envelope_is_control(it.key) &&
			ac_json_int(it.value, -1) == length)
			return true;
	return false;
}

bool
ac_envelope_is_counted(AcJson *sample, const char *path, int length)
{
	char *above = pstrdup(path);
	char *slash;

	while ((slash = strrchr(above, '/')) != NULL)
	{
		AcJson *parent;

		*slash = '\0';
		if (ac_json_pointer(sample, above, &parent) && counts(parent, length))
			return true;
	}
	return false;
}

/* {"items": {"item": [...]}}: what XML becomes, one level rather than two. */
static bool
is_list_of(const char *parent, const char *key)
{
	char *plural = ac_names_snake(parent);
	char *snake = ac_names_snake(key);

	return strcmp(plural, snake) != 0 &&
		   strcmp(ac_names_singular(plural), snake) == 0;
}

int
ac_envelope_depth(const char *path)
{
	AcPointer pointer;
	int n;

	if (!ac_pointer_parse(path, &pointer, NULL))
		return 0;
	n = pointer.count;
	if (n >= 2 && is_list_of(pointer.tokens[n - 2], pointer.tokens[n - 1]))
		n--;
	return n;
}
