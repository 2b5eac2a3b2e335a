/*
 * tableplan_members.c
 *		Which values has each field of many objects?
 *
 * One walk over all members, so that the work follows the size of the sample
 * and not the number of names times the number of rows: a page whose every
 * row has names of its own must not take minutes.
 */
#include "ac.h"

#include "api/shape_map.h"
#include "api/tableplan_int.h"
#include "core/pointer.h"

struct AcMembers
{
	const AcValues *rows;
	AcMember **members; /* in order of appearance */
	int n;
	int capacity;
	int max;
	bool partial; /* more names than max, or rows that are arrays */
	AcShapeMap names;
};

static AcMember *
add_member(AcMembers *members, const char *name)
{
	AcMember *member = palloc0(sizeof(AcMember));

	if (members->n == members->capacity)
	{
		members->capacity = members->capacity * 2 + 16;
		members->members = members->members == NULL
							   ? palloc(members->capacity * sizeof(AcMember *))
							   : repalloc(members->members,
										  members->capacity * sizeof(AcMember *));
	}
	member->name = name;
	members->members[members->n++] = member;
	return member;
}

static void
add_value(AcMembers *members, const char *name, AcJson *value)
{
	AcMember *member = ac_shape_map_find(&members->names, name, strlen(name));

	if (member == NULL)
	{
		if (members->n == members->max)
		{
			members->partial = true;
			return;
		}
		member = add_member(members, name);
		ac_shape_map_enter(&members->names, name, strlen(name))->value = member;
	}
	if (member->values.n == member->capacity)
	{
		member->capacity = member->capacity * 2 + 4;
		member->values.values =
			member->values.values == NULL
				? palloc(member->capacity * sizeof(AcJson *))
				: repalloc(member->values.values,
						   member->capacity * sizeof(AcJson *));
	}
	member->values.values[member->values.n++] = value;
}

AcMembers *
ac_members_of(const AcValues *rows, int max_names)
{
	AcMembers *members = palloc0(sizeof(AcMembers));
	int i;

	members->rows = rows;
	members->max = max_names;
	ac_shape_map_init(&members->names);
	for (i = 0; i < rows->n; i++)
	{
		AcJsonIter it;

		ac_json_iter_init(&it, rows->values[i]);
		while (ac_json_iter_next(&it))
			add_value(members, it.key, it.value);
		if (ac_json_kind(rows->values[i]) == AC_JSON_ARRAY)
			members->partial = true;
	}
	return members;
}

int
ac_members_count(const AcMembers *members)
{
	return members->n;
}

const AcMember *
ac_members_get(const AcMembers *members, int index)
{
	Assert(index >= 0 && index < members->n);
	return members->members[index];
}

AcValues
ac_members_at(const AcMembers *members, const char *pointer)
{
	AcValues none = {NULL, 0};
	AcPointer path;
	const AcMember *member;

	if (!ac_pointer_parse(pointer, &path, NULL))
		return none;
	if (path.count == 0)
		return *members->rows;
	member = ac_shape_map_find(&members->names, path.tokens[0],
							   strlen(path.tokens[0]));
	if (member == NULL)
		return members->partial ? ac_seen_at(members->rows, pointer) : none;
	if (path.count == 1)
		return member->values;
	/* a reference token never has a slash of its own */
	return ac_seen_at(&member->values, strchr(pointer + 1, '/'));
}

void
ac_members_free(AcMembers *members)
{
	int i;

	for (i = 0; i < members->n; i++)
	{
		pfree(members->members[i]->values.values);
		pfree(members->members[i]);
	}
	if (members->members != NULL)
		pfree(members->members);
	ac_shape_map_free(&members->names);
	pfree(members);
}
