/*
 * option.h
 *		Which options exist, and what do they say for this object?
 *
 * One typed table (option.c) drives validation, reading, defaults, the
 * nearest-name hint, the view autoconn.options and the table in
 * doc/options.md.  Readers return structs with units in the field names;
 * what is not set has its default.
 */
#ifndef AC_PG_OPTION_H
#define AC_PG_OPTION_H

#include "ac.h"

#include "api/tableplan.h"
#include "foreign/foreign.h"
#include "nodes/pg_list.h"

typedef enum AcOnIncomplete
{
	AC_INCOMPLETE_ERROR,
	AC_INCOMPLETE_WARN
} AcOnIncomplete;

/* What may be repaired without a person when the API changes. */
typedef enum AcOnDrift
{
	AC_ON_DRIFT_ALERT,	  /* nothing */
	AC_ON_DRIFT_ADDITIVE, /* disposition auto */
	AC_ON_DRIFT_HEAL	  /* what is proved, too, and new tables */
} AcOnDrift;

typedef enum AcOnError
{
	AC_ON_ERROR_STOP, /* a value that does not fit is an error */
	AC_ON_ERROR_NULL, /* it becomes NULL, with a WARNING that counts */
	AC_ON_ERROR_SKIP  /* its row is left out, with a WARNING that counts */
} AcOnError;

/* Where an API key goes when no description says so. */
typedef enum AcKeyPlace
{
	AC_KEY_DEFAULT, /* as the description says, else header */
	AC_KEY_HEADER,
	AC_KEY_QUERY,
	AC_KEY_COOKIE
} AcKeyPlace;

typedef struct AcServerOptions
{
	char *url;		/* never NULL */
	char *base_url; /* NULL: from the description, else url */
	char *spec_url; /* NULL: to be found */
	bool discover;
	char *user_agent;
	int timeout_ms;				   /* of one request, from start to last byte */
	int connect_timeout_ms;		   /* DNS, TCP and TLS together */
	int retries;				   /* tries of one request after the first */
	int max_pages;				   /* of one scan */
	int max_requests;			   /* of one scan, 0: no limit */
	int64 max_response_size_bytes; /* of one body, decompressed */
	int max_concurrency;		   /* requests under way at once */
	double rate_limit;			   /* requests per second, 0: none */
	AcOnIncomplete on_incomplete;
	AcOnDrift on_drift;
	int64 check_interval_ms;
	AcKeyPlace api_key_in;
	char *api_key_name;	   /* NULL: as the description says */
	List *allowed_origins; /* of char *, "https://host[:port]" */
	char *ca_file;		   /* NULL: the system's */
	char *proxy;		   /* NULL: none; the environment is not asked */
} AcServerOptions;

/* All may be NULL.  Everything here is secret. */
typedef struct AcMappingOptions
{
	char *username;
	char *password;
	char *token; /* bearer */
	char *api_key;
	char *headers; /* JSON object of header names and values */
	char *webhook; /* where alerts go */
} AcMappingOptions;

typedef struct AcTableOptions
{
	char *path;			  /* template below the base URL; never NULL */
	char *item_path;	  /* NULL: none */
	char *item_rows_path; /* JSON Pointer, default "" */
	char *rows_path;	  /* JSON Pointer, default "" */
	AcRowsForm rows_form;
	char *columns_path; /* COLUMNS: JSON Pointer to the names, else NULL */
	char *nested_path;	/* NULL: rows do not stand in other rows */
	AcPaging paging;
	char *params;		/* query string sent with every request, or NULL */
	char *params_union; /* "name=value|value", or NULL; see fdw/series */
	char *body;			/* JSON object sent with a POST; NULL: asked with GET */
	AcOnError on_error;
	AcOnIncomplete on_incomplete;
	double estimated_rows; /* -1: unknown */
} AcTableOptions;

typedef struct AcColumnOptions
{
	char *json_path; /* JSON Pointer relative to the row; NULL: the
								 * column shows the parameter's value */
	char *param;	 /* query parameter or path variable, or NULL */
	bool key;
	char *decode;		/* NULL: by type */
	int scale;			/* numbers are 10^scale times the value */
	AcRowOrigin origin; /* what json_path leads into, or stands for */
	bool missing_is_error;
	bool empty_is_null;
	char *operators; /* NULL: "=" */
} AcColumnOptions;

/* The table's rows; a NULL list member is an unset optional column. */
extern AcServerOptions *ac_option_server(ForeignServer *server);

/* The same from a List of DefElem, for a server that is in no catalog. */
extern AcServerOptions *ac_option_server_list(List *given);

/*
 * Mapping of userid, else the public one, else all NULL; never an error.
 * *found says whether there is a mapping.
 */
extern AcMappingOptions *ac_option_mapping(Oid userid, Oid serverid,
										   bool *found);
extern AcMappingOptions *ac_option_mapping_list(List *given);

/* Does the same mapping, or none, hold for both users? */
extern bool ac_option_same_mapping(Oid userid, Oid otherid, Oid serverid);

extern AcTableOptions *ac_option_table(Oid relid);

/* Where the rows of the collection are; points into options. */
extern AcRowSource ac_option_rows(const AcTableOptions *options);

/* json_path defaults to "/" and the column's name. */
extern AcColumnOptions *ac_option_column(Oid relid, AttrNumber attnum);

/* Text of an option among DefElems as it was given, NULL if it was not. */
extern char *ac_option_given(List *options, const char *name);

/*
 * Checks the form of every option (DefElems) of an object of that catalog:
 * HV00D for a name, HV024 for a value, 42501 for what the current user may
 * not set.
 */
extern void ac_option_validate(Oid context, List *given);

/* Both lists of a preview, for which no statement is the right hint. */
extern void ac_option_validate_preview(List *server, List *mapping);

/* Throws 0A000 in a database whose encoding is not UTF8 (or SQL_ASCII). */
extern void ac_option_check_encoding(void);

/* Says what becomes of text where the database knows no encoding. */
extern void ac_option_warn_encoding(void);

#endif /* AC_PG_OPTION_H */
