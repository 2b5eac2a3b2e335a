/*
 * tableplan_body.c
 *		What of a request's body can be given as a value?
 *
 * A read by POST takes its paging and its filters in a JSON object.  Scalar
 * members of it, and of objects in it, are treated as the query parameters of
 * other operations are; in the plan they are named by JSON Pointers.
 */
#include "ac.h"

#include "api/names.h"
#include "api/tableplan_int.h"
#include "core/jsonset.h"
#include "core/pointer.h"

/* Objects in the body that are taken apart: {"options": {"count": 100}}. */
#define BODY_DEPTH 2

/* Members of a body; one with more is a document, not a question. */
#define BODY_MAX_MEMBERS 200

typedef struct Walk
{
	AcBody *body;
	AcParam *params;
} Walk;

static bool
is_scalar(const AcShape *shape)
{
	return shape->kind == AC_SHAPE_BOOLEAN || shape->kind == AC_SHAPE_INTEGER ||
		   shape->kind == AC_SHAPE_NUMBER || shape->kind == AC_SHAPE_STRING;
}

static bool
is_named(const AcBody *body, const char *name)
{
	int i;

	for (i = 0; i < body->n; i++)
		if (strcmp(body->members[i].name, name) == 0)
			return true;
	return false;
}

static void
add_member(Walk *walk, const AcProperty *property, const char *pointer,
		   bool required)
{
	AcBody *body = walk->body;
	AcBodyMember *member = &body->members[body->n];
	AcParam *param = &walk->params[body->n];

	/* of two members of one name the one further out is meant */
	if (body->n == BODY_MAX_MEMBERS || is_named(body, property->name))
		return;
	body->n++;
	member->name = pstrdup(property->name);
	member->pointer = pointer;
	member->shape = property->shape;
	memset(param, 0, sizeof(*param));
	param->name = member->name;
	param->place = AC_PARAM_QUERY;
	param->shape = property->shape;
	param->required = required;
	param->deprecated = property->deprecated || property->shape->deprecated;
	param->description = property->shape->description;
	param->style = "form";
}

/* A list of values, which the request can do without. */
static bool
is_list(const AcShape *shape, bool needed)
{
	return shape->kind == AC_SHAPE_ARRAY && shape->items != NULL &&
		   is_scalar(shape->items) && !needed;
}

/* Scalars first, so that they have the first right to their names. */
static void
walk_object(Walk *walk, const AcShape *object, const char *above, bool required,
			int depth)
{
	int i;

	for (i = 0; i < object->n_properties; i++)
		if (is_scalar(object->properties[i].shape) &&
			!object->properties[i].read_only)
			add_member(walk, &object->properties[i],
					   ac_pointer_child(above, object->properties[i].name),
					   required && object->properties[i].required);
	for (i = 0; i < object->n_properties; i++)
	{
		const AcProperty *property = &object->properties[i];
		bool needed = required && property->required && !property->read_only;

		if (is_scalar(property->shape))
			continue;
		if (is_list(property->shape, needed) && !property->read_only)
		{
			add_member(walk, property, ac_pointer_child(above, property->name),
					   false);
			continue;
		}
		if (property->shape->kind == AC_SHAPE_OBJECT && depth < BODY_DEPTH)
			walk_object(walk, property->shape,
						ac_pointer_child(above, property->name), needed,
						depth + 1);
		else if (needed && walk->body->problem == NULL)
			walk->body->problem =
				psprintf("the request needs the member %s, which is no single value",
						 ac_pointer_child(above, property->name));
	}
}

const AcEndpoint *
ac_body_params(const AcEndpoint *endpoint, AcBody *body)
{
	AcEndpoint *copy = palloc(sizeof(AcEndpoint));
	Walk walk;
	int i;

	memset(body, 0, sizeof(*body));
	body->constants = ac_json_new_object();
	*copy = *endpoint;
	walk.body = body;
	walk.params = palloc(BODY_MAX_MEMBERS * sizeof(AcParam));
	body->members = palloc(BODY_MAX_MEMBERS * sizeof(AcBodyMember));
	if (endpoint->request != NULL &&
		endpoint->request->kind == AC_SHAPE_OBJECT)
		walk_object(&walk, endpoint->request, "", true, 1);
	copy->params = palloc((endpoint->n_params + body->n + 1) *
						  sizeof(AcParam));
	copy->n_params = 0;
	for (i = 0; i < endpoint->n_params; i++)
		if (!is_named(body, endpoint->params[i].name) ||
			endpoint->params[i].place != AC_PARAM_QUERY)
			copy->params[copy->n_params++] = endpoint->params[i];
	for (i = 0; i < body->n; i++)
		copy->params[copy->n_params++] = walk.params[i];
	pfree(walk.params);
	return copy;
}

/* A value as the member's shape has it: numbers as numbers. */
static AcJson *
typed_value(const AcShape *shape, const char *text)
{
	AcJson *value = NULL;

	if (shape->kind != AC_SHAPE_STRING &&
		ac_json_parse(text, strlen(text), 1, &value, NULL))
		return value;
	return ac_json_new_string(text);
}

/* The member with that name, which is the parameter's by identity; or NULL. */
static const AcBodyMember *
member_of(const AcBody *body, const char *name)
{
	int i;

	for (i = 0; name != NULL && i < body->n; i++)
		if (body->members[i].name == name)
			return &body->members[i];
	return NULL;
}

bool
ac_body_has(const AcBody *body, const char *name)
{
	return member_of(body, name) != NULL;
}

bool
ac_body_constant(AcBody *body, const char *name, const char *value)
{
	const AcBodyMember *member = member_of(body, name);

	if (member == NULL)
		return false;
	ac_jsonset_at(body->constants, member->pointer,
				  typed_value(member->shape, value));
	return true;
}

static void
rename_param(const AcBody *body, const char **name)
{
	const AcBodyMember *member = member_of(body, *name);

	if (member != NULL)
		*name = member->pointer;
}

void
ac_body_name_paging(const AcBody *body, AcPaging *paging)
{
	rename_param(body, &paging->page_param);
	rename_param(body, &paging->size_param);
	rename_param(body, &paging->cursor_param);
	rename_param(body, &paging->window_from);
	rename_param(body, &paging->window_to);
}

void
ac_body_finish(AcBody *body, AcTablePlan *plan)
{
	int i;

	for (i = 0; i < plan->n_columns; i++)
	{
		rename_param(body, &plan->columns[i].param);
		if (plan->columns[i].asks != NULL)
			rename_param(body, &plan->columns[i].asks->list_param);
	}
	ac_body_name_paging(body, &plan->paging);
	plan->body = ac_json_to_text(body->constants);
	ac_json_free(body->constants);
	body->constants = NULL;
}
