/*
 * types.h
 *		Which SQL type does a field have, and how is its text read?
 *
 * S6 for described shapes, S4 and S5 for values seen.  Types are
 * spelled: boolean, smallint, integer, bigint, numeric, float8, text, date,
 * time, timetz, timestamp, timestamptz, interval, uuid, inet, cidr, bytea,
 * jsonb, and T[] of these.  Never an enum type, never NOT NULL (S5).
 *
 * Decodings (column option "decode"), where the type's own input would not
 * do:
 *		epoch_s, epoch_ms, epoch_us	a number, or a string of one, since 1970
 *		rfc2822		"Tue, 15 Nov 1994 08:12:31 GMT" (RFC 5322, RFC 9110)
 *		dotnet_date	"/Date(1700000000000+0100)/"
 *		date_dmy, date_mdy	"31/12/2024", "12/31/2024"; also "." and "-"
 *		json_string	a string that has JSON text in it
 *		id_of		a scalar is itself, an object its member "id"
 * bytea needs none: its text is always base64 or base64url (RFC 4648).
 */
#ifndef AC_API_TYPES_H
#define AC_API_TYPES_H

#include "ac.h"

#include "api/shape.h"
#include "core/json.h"

typedef struct AcTypeChoice
{
	const char *type;
	const char *decode; /* NULL: none */
	double confidence;	/* 0..1 */
} AcTypeChoice;

/* Type of a field by its shape, and where that says little by its name. */
extern AcTypeChoice ac_types_choose(const AcShape *shape, const char *name);

/*
 * Can a field of this shape be a string or number in one answer and an object
 * with "id" in the other (S6, expandable)?
 */
extern bool ac_types_is_expandable(const AcShape *shape);

/* How texts look (S5); a text may look like several things. */
#define AC_LOOK_TIMESTAMPTZ 0x001 /* RFC 3339 with offset, calendar-valid */
#define AC_LOOK_TIMESTAMP 0x002	  /* the same without offset */
#define AC_LOOK_DATE 0x004		  /* ISO 8601 calendar date */
#define AC_LOOK_RFC2822 0x008	  /* core/moment.h has the forms */
#define AC_LOOK_TIME 0x010		  /* HH:MM[:SS[.f]] */
#define AC_LOOK_TIMETZ 0x020	  /* the same with an offset */
#define AC_LOOK_INTERVAL 0x040	  /* ISO 8601 duration */
#define AC_LOOK_UUID 0x080
#define AC_LOOK_INTEGER 0x100 /* -?digits */
#define AC_LOOK_NUMBER 0x200  /* integer, decimal or exponent */
#define AC_LOOK_BOOLEAN 0x400 /* true, false */
#define AC_LOOK_INET 0x800	  /* IPv4 or IPv6 address, maybe with /n */
#define AC_LOOK_CIDR 0x1000	  /* with /n, and nothing behind these bits */
#define AC_LOOK_BASE64 0x2000 /* alphabet and padding of RFC 4648 */
#define AC_LOOK_DOTNET 0x4000
#define AC_LOOK_DMY 0x8000		/* day, month, year: may be both this ... */
#define AC_LOOK_MDY 0x10000		/* ... and this */
#define AC_LOOK_DECIMAL 0x20000 /* a number as it would be written again */
#define AC_LOOK_JSON 0x40000	/* the text of an object or array */
#define AC_LOOK_ANY 0x7FFFF
#define AC_LOOK_COUNT 19 /* bits of AC_LOOK_ANY */

extern int ac_types_look(const char *text);

/*
 * The look that a value's text needs for a column of this type and decoding,
 * 0 if any text will do.
 */
extern int ac_types_needs(const char *type, const char *decode);

/* Does an integer's text fit the integer type ("numeric" holds all)? */
extern bool ac_types_integer_fits(const char *type, const char *text);

/* Element type of "T[]", palloc'd; NULL for any other type. */
extern char *ac_types_element(const char *type);

/* smallint, integer, bigint, numeric, float8 */
extern bool ac_types_is_number(const char *type);

/* Is it safe to compare values of this type with what an API compares? */
extern bool ac_types_is_scalar(const char *type);

#endif /* AC_API_TYPES_H */
