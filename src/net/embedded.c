/*
 * embedded.c
 *		Does a row show all elements of the lists in it?
 *
 * See embedded.h.  A column leads either to the object that has the list and
 * what is said about it, or to the list, and then what is said stands beside
 * it, in the object around the list or, in OData, in the row.
 */
#include "ac.h"

#include "net/embedded.h"

/* OData's word beside a list in the row (OData JSON Format 4.01, 4.5.5). */
#define ODATA_NEXT "@odata.nextLink"

/*
 * A place to look at: an object that has a list, or a link beside one.  Of
 * nested rows those that stand in the element are not the outer row's.
 */
typedef struct Place
{
	const char *pointer;   /* of the column, or nested_path */
	const char *object;	   /* pointer to it; NULL: a link beside a list */
	const char *list_path; /* of the list in the object, NULL: the only one */
	int field;			   /* the object, or the link */
	bool outer;
	int outer_field; /* the same, and behind a link the list */
} Place;

struct AcEmbedded
{
	Place *places;
	int n_places;
	const char **outer; /* pointers of outer_field */
	int n_outer;
};

/* Places of one column: as an object, as a list in one, beside a link. */
#define PLACES 3

/*
 * The object around the list to which the pointer leads, if the list's name
 * says that it is one; else NULL.  *list_path: the list in it.
 */
static char *
around_list(const char *pointer, const char **list_path)
{
	static const char embedded[] = "/_embedded";
	const char *last = strrchr(pointer, '/');
	size_t len;

	if (last == NULL || last == pointer)
		return NULL;
	len = (size_t) (last - pointer);
	*list_path = last;
	if (ac_innerlist_is_name(last + 1))
		return pnstrdup(pointer, len);
	/* HAL: {"_embedded": {"lines": [...]}, "_links": {"next": ...}} */
	if (len <= strlen(embedded) ||
		strncmp(last - strlen(embedded), embedded, strlen(embedded)) != 0)
		return NULL;
	*list_path = last - strlen(embedded);
	return pnstrdup(pointer, len - strlen(embedded));
}

/* Fields being added to a row plan. */
typedef struct Extension
{
	const char **pointers;
	AcRowOrigin *origins;
	int n;
	bool nested; /* elements of rows are the rows */
} Extension;

static int
add_field(Extension *to, const char *pointer, AcRowOrigin origin)
{
	to->pointers[to->n] = pointer;
	to->origins[to->n] = origin;
	return to->n++;
}

static void
add_place(AcEmbedded *embedded, const Extension *to, Place place)
{
	place.outer = !to->nested || to->origins[place.field] == AC_ORIGIN_PARENT;
	place.outer_field = embedded->n_outer;
	if (place.outer)
		embedded->outer[embedded->n_outer++] = to->pointers[place.field];
	if (place.outer && place.object == NULL)
		embedded->outer[embedded->n_outer++] = place.pointer;
	embedded->places[embedded->n_places++] = place;
}

/* The places of a list to which the pointer leads. */
static void
add_list(AcEmbedded *embedded, Extension *to, const char *pointer,
		 AcRowOrigin origin)
{
	const char *list_path;
	char *around = around_list(pointer, &list_path);

	if (around != NULL)
		add_place(embedded, to,
				  (Place){.pointer = pointer,
						  .object = around,
						  .list_path = list_path,
						  .field = add_field(to, around, origin)});
	around = psprintf("%s" ODATA_NEXT, pointer);
	add_place(embedded, to,
			  (Place){.pointer = pointer,
					  .field = add_field(to, around, origin)});
}

/* Is the field a value of the row, or of the one around it? */
static bool
is_value(const AcEmbeddedWish *wish, int i)
{
	return wish->origins == NULL || wish->origins[i] == AC_ORIGIN_ROW ||
		   wish->origins[i] == AC_ORIGIN_PARENT;
}

AcEmbedded *
ac_embedded_plan(const AcEmbeddedWish *wish, AcPointers *columns,
				 const AcRowOrigin **origins)
{
	AcEmbedded *embedded = palloc0(sizeof(AcEmbedded));
	int n = wish->columns.n;
	int most = (n + 1) * PLACES;
	Extension to = {palloc(sizeof(char *) * (n + most)),
					palloc0(sizeof(AcRowOrigin) * (n + most)), 0,
					wish->nested_path != NULL};

	embedded->places = palloc(sizeof(Place) * most);
	embedded->outer = palloc(sizeof(char *) * (most * 2));
	for (int i = 0; i < n; i++)
		add_field(&to, wish->columns.pointers[i],
				  wish->origins != NULL ? wish->origins[i] : AC_ORIGIN_ROW);
	for (int i = 0; i < n; i++)
	{
		const char *pointer = wish->columns.pointers[i];

		if (wish->lists == NULL || !wish->lists[i] || !is_value(wish, i) ||
			pointer[0] == '\0')
			continue;
		add_place(embedded, &to, (Place){.pointer = pointer, .object = pointer, .field = i});
		add_list(embedded, &to, pointer, to.origins[i]);
	}
	if (wish->nested_path != NULL && wish->nested_path[0] != '\0')
		add_list(embedded, &to, wish->nested_path, AC_ORIGIN_PARENT);
	if (embedded->n_places == 0)
		return NULL;
	columns->pointers = to.pointers;
	columns->n = to.n;
	*origins = to.origins;
	return embedded;
}

AcPointers
ac_embedded_outer(const AcEmbedded *embedded)
{
	return (AcPointers){embedded->outer, embedded->n_outer};
}

int
ac_embedded_most(const AcEmbedded *embedded)
{
	return embedded->n_places;
}

/* ---- looking ---- */

static bool
is_link(const AcField *field)
{
	return field->kind == AC_FIELD_STRING && field->len > 0;
}

/* What the place says, if that is that its list is cut. */
static bool
place_is_cut(const Place *place, const AcField *field, AcInnerList *inner)
{
	if (place->object == NULL)
		return is_link(field);
	if (!ac_innerlist_is_likely(field))
		return false;
	ac_innerlist_read(field, place->list_path, inner);
	return inner->way != AC_INNER_WHOLE;
}

const char *
ac_embedded_cut(const AcEmbedded *embedded, const AcField *fields, bool whole,
				bool *outer)
{
	for (int i = 0; i < embedded->n_places; i++)
	{
		const Place *place = &embedded->places[i];
		AcInnerList inner;

		*outer = place->outer;
		if (!(whole && place->outer) &&
			place_is_cut(place, &fields[place->field], &inner))
			return place->pointer;
	}
	return NULL;
}

/* A list of the row with a link beside it. */
static void
set_linked(AcInnerList *inner, const AcField *fields)
{
	memset(inner, 0, sizeof(*inner));
	inner->way = fields[1].kind == AC_FIELD_ARRAY ? AC_INNER_NEXT
												  : AC_INNER_CUT;
	inner->next = fields[0];
	inner->list = fields[1];
	inner->marks[inner->n_marks++] = fields[0];
}

static bool
is_known(const AcEmbeddedList *lists, int n, const AcInnerList *inner)
{
	for (int i = 0; i < n; i++)
		if (lists[i].inner.list.text == inner->list.text)
			return true;
	return false;
}

int
ac_embedded_find(const AcEmbedded *embedded, const AcField *fields,
				 AcEmbeddedList *lists)
{
	int n = 0;

	for (int i = 0; i < embedded->n_places; i++)
	{
		const Place *place = &embedded->places[i];
		const AcField *field = &fields[place->outer_field];
		AcEmbeddedList *list = &lists[n];

		if (!place->outer || !place_is_cut(place, field, &list->inner))
			continue;
		list->pointer = place->pointer;
		memset(&list->object, 0, sizeof(AcField));
		if (place->object == NULL)
			set_linked(&list->inner, field);
		else
			list->object = *field;
		if (!is_known(lists, n, &list->inner))
			n++;
	}
	return n;
}
