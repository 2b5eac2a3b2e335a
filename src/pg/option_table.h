/*
 * option_table.h
 *		Which options exist?
 *
 * The one typed table of options.  option_check.c validates by it, option.c
 * reads by it; nobody else needs it.
 */
#ifndef AC_PG_OPTION_TABLE_H
#define AC_PG_OPTION_TABLE_H

#include "ac.h"

#include "catalog/pg_attribute.h"
#include "catalog/pg_foreign_server.h"
#include "catalog/pg_foreign_table.h"
#include "catalog/pg_user_mapping.h"

typedef enum AcOptionType
{
	AC_OPT_TEXT, /* any non-empty text */
	AC_OPT_URL,	 /* absolute http(s), no userinfo */
	AC_OPT_BOOL,
	AC_OPT_INT,			 /* min..max */
	AC_OPT_NUMBER,		 /* min..max, fractions */
	AC_OPT_DURATION,	 /* "30s", "500 ms", "2min"; unit ms */
	AC_OPT_SIZE,		 /* "64MB"; bytes */
	AC_OPT_ENUM,		 /* one of choices */
	AC_OPT_POINTER,		 /* JSON Pointer */
	AC_OPT_PLACE,		 /* JSON Pointer, or header with a colon behind */
	AC_OPT_PARAM,		 /* parameter, JSON Pointer, or header as above */
	AC_OPT_PATH,		 /* path template below the base URL */
	AC_OPT_ORIGINS,		 /* comma-separated origins */
	AC_OPT_JSON_HEADERS, /* JSON object of header names and texts */
	AC_OPT_PARENT,
	AC_OPT_UNION,	  /* name=value|value, percent-encoded */
	AC_OPT_JSON_BODY, /* JSON object */
	AC_OPT_FILE,	  /* file name: privileged */
	AC_OPT_PEM		  /* PEM, several lines */
} AcOptionType;

typedef struct AcOption
{
	Oid context; /* catalog that the option stands in */
	const char *name;
	AcOptionType type;
	const char *default_text; /* as a user would write it; NULL: none */
	double min;
	double max;
	const char *choices; /* ENUM: "a|b|c" */
	const char *description;
} AcOption;

/* Contexts are the catalogs that hold the options. */
#define AC_SERVER ForeignServerRelationId
#define AC_MAPPING UserMappingRelationId
#define AC_TABLE ForeignTableRelationId
#define AC_COLUMN AttributeRelationId

extern const AcOption ac_option_table_rows[];
extern const int ac_option_table_length;

/* The option of that name, NULL if there is none in the context. */
extern const AcOption *ac_option_table_find(Oid context, const char *name);

/* "server", "user mapping", "table", "column". */
extern const char *ac_option_context_name(Oid context);

/* Type as the view autoconn.options shows it; palloc'd. */
extern char *ac_option_type_text(const AcOption *option);

/*
 * Numeric value of a text in the unit that readers use: milliseconds, bytes,
 * or the number itself.  False if it is none.
 */
extern bool ac_option_parse_number(const AcOption *option, const char *text,
								   double *result);

/* Such a value as one would write it, in the largest unit that divides it. */
extern char *ac_option_bound_text(const AcOption *option, double bound);

/* Position of value among the option's choices, -1 if it is none of them. */
extern int ac_option_choice(const AcOption *option, const char *value);

#endif /* AC_PG_OPTION_TABLE_H */
