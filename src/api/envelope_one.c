/*
 * envelope_one.c
 *		When is an answer one row, and where does that stand in it?
 *
 * A thing has facts and a key of its own; an envelope reports on what stands
 * in it.  What is compared here are their signs, as points like those of S3.
 */
#include "ac.h"

#include "api/envelope_int.h"
#include "api/names.h"
#include "core/pointer.h"

/* Facts that no envelope has: a key beside so many is a thing's. */
#define MANY_FACTS 6

static bool
is_object(const AcShape *shape)
{
	return shape != NULL && shape->kind == AC_SHAPE_OBJECT;
}

/* The one property that a wrapper object holds, NULL if it is no wrapper. */
static AcProperty *
wrapped_property(const AcShape *shape, const AcPath *path)
{
	const char *noun = ac_envelope_noun(path);
	AcProperty *payload = NULL;
	bool named;
	int objects = 0;
	int i;

	for (i = 0; i < shape->n_properties; i++)
	{
		AcProperty *property = &shape->properties[i];

		if (shape->n_properties > 1 &&
			ac_envelope_is_status(property->name))
			continue;
		if (!is_object(property->shape) || property->shape->n_properties == 0)
			return NULL;
		payload = property;
		objects++;
	}
	if (objects != 1)
		return NULL;
	named = noun != NULL && ac_names_alike(noun, payload->name);
	if (ac_envelope_is_decoy(payload->name) && !named)
		return NULL;
	if (shape->n_properties == 1 || named ||
		ac_envelope_is_payload(payload->name) ||
		(payload->shape->name != NULL &&
		 ac_names_alike(payload->shape->name, payload->name)))
		return payload;
	/* {"ok": true, "channel": {...}}: all others only report */
	return ac_shape_property(shape, "ok") != NULL ||
				   ac_shape_property(shape, "success") != NULL
			   ? payload
			   : NULL;
}

/* Is it a row whose fields stand in a wrapper, with more beside that? */
static bool
has_wrapper(AcShape *row)
{
	return row->n_properties > 1 &&
		   ac_envelope_open_row(row, "row")->inner != NULL;
}

AcRows
ac_envelope_item(AcShape *response, const AcPath *path)
{
	AcRows rows = {0};
	int depth;

	rows.path = "";
	rows.key = "";
	rows.row = response;
	rows.one = true;
	rows.confidence = 0.9;
	for (depth = 0; depth < AC_ENVELOPE_MAX_DEPTH; depth++)
	{
		AcProperty *inner;

		if (!is_object(rows.row) || has_wrapper(rows.row))
			break;
		inner = wrapped_property(rows.row, path);
		if (inner == NULL)
			break;
		rows.path = ac_pointer_child(rows.path, inner->name);
		rows.key = inner->name;
		rows.row = inner->shape;
	}
	rows.row = ac_envelope_open_row(rows.row,
									ac_envelope_entity(path, rows.key));
	return rows;
}

int
ac_envelope_object_score(const AcEnvelopeInput *input, const AcShape *row, int n_arrays)
{
	bool lists = false;
	bool facts = false; /* values of its own */
	int own = 0;
	int score = 0;
	int i;

	for (i = 0; i < row->n_properties; i++)
	{
		const AcProperty *property = &row->properties[i];

		if (property->shape->kind != AC_SHAPE_ARRAY &&
			property->shape->kind != AC_SHAPE_MAP &&
			!ac_envelope_is_control(property->name) &&
			!(is_object(property->shape) &&
			  ac_envelope_is_row_key(property->name)))
		{
			own++;
			facts = facts || !is_object(property->shape);
		}
		lists = lists || ac_envelope_is_paging(property->name);
	}
	score += Min(own, 4);
	if (ac_envelope_has_key(row, NULL))
		score += own >= MANY_FACTS ? 6 : 3;
	/* it says itself that it is a part of many */
	if (lists && input->from_sample)
		score -= 2;
	if (ac_envelope_asks_one(input->path))
		score += 3;
	if (input->paged)
		score -= 3;
	if (input->says_list)
		score -= 2;
	/* several equal lists side by side are details of one thing */
	if (n_arrays > 1 && facts)
		score += 3;
	/* its objects may be what holds the lists, which a description names */
	else if (n_arrays > 1 && own > 0 && !input->from_sample)
		score += 2;
	return score;
}

bool
ac_envelope_expects_list(const AcEnvelopeInput *input, const AcRows *best)
{
	const AcShape *root = input->response;
	int i;

	if (input->paged || best->path[0] == '\0' ||
		best->form == AC_ROWS_COLUMNS || root->kind == AC_SHAPE_ARRAY || !ac_envelope_asks_one(input->path))
		return true;
	/* a number may be that of a list, which then tells of its pages */
	for (i = 0; input->from_sample && !ac_path_ends_in_variable(input->path) &&
				i < root->n_properties;
		 i++)
		if (ac_envelope_is_paging(root->properties[i].name))
			return true;
	for (i = 0; i < root->n_properties; i++)
		if (!ac_envelope_is_control(root->properties[i].name) &&
			strcmp(root->properties[i].name, best->key) != 0)
			return false;
	/* a verb says less than a variable */
	return !ac_path_ends_in_variable(input->path) ||
		   ac_envelope_is_row_key(best->key) ||
		   ac_envelope_names_segment(input->path, best->key);
}

AcRows
ac_envelope_asked_item(const AcEnvelopeInput *input, bool *asked)
{
	AcRows rows = ac_envelope_item(input->response, input->path);
	AcProperty *thing = ac_envelope_asked_thing(input);

	*asked = thing != NULL;
	if (thing == NULL || rows.path[0] != '\0')
		return rows;
	rows.path = ac_pointer_child("", thing->name);
	rows.key = thing->name;
	rows.row = ac_envelope_open_row(thing->shape,
									ac_envelope_entity(input->path, rows.key));
	return rows;
}
