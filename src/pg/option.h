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
#include "policy/query.h"

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

/* Where an API puts rows without a value. */
typedef enum AcSortNulls
{
	AC_SORT_NULLS_UNKNOWN,
	AC_SORT_NULLS_NONE,	 /* there are no such rows */
	AC_SORT_NULLS_FIRST, /* whatever the direction */
	AC_SORT_NULLS_LAST,
	AC_SORT_NULLS_LOW, /* as if below all values */
	AC_SORT_NULLS_HIGH
} AcSortNulls;

/* How a bound of a range of moments is written. */
typedef enum AcBoundFormat
{
	AC_BOUND_RFC3339,
	AC_BOUND_DATE,
	AC_BOUND_EPOCH_S,
	AC_BOUND_EPOCH_MS
} AcBoundFormat;

typedef enum AcOauthGrantOption
{
	AC_GRANT_DEFAULT, /* as the mapping has it */
	AC_GRANT_CLIENT_CREDENTIALS,
	AC_GRANT_REFRESH_TOKEN,
	AC_GRANT_JWT_BEARER,
	AC_GRANT_DEVICE_CODE,
	AC_GRANT_AUTHORIZATION_CODE
} AcOauthGrantOption;

typedef enum AcClientAuth
{
	AC_CLIENT_DEFAULT,
	AC_CLIENT_BASIC,
	AC_CLIENT_POST,
	AC_CLIENT_JWT,
	AC_CLIENT_NONE
} AcClientAuth;

/* Of a login (policy/login.h); texts may be NULL. */
typedef struct AcSessionOptions
{
	char *path; /* NULL: there is none */
	int form;	/* AcLoginForm */
	char *body;
	char *token_path; /* never NULL */
	int carrier;	  /* AcLoginCarrier */
	char *carrier_name;
	char *expiry_path;
	int64 lifetime_ms; /* 0: unknown */
} AcSessionOptions;

/* Of OAuth; texts may be NULL. */
typedef struct AcOauthOptions
{
	char *token_url;
	AcOauthGrantOption grant;
	char *scope;
	char *audience;
	AcClientAuth client_auth;
	char *device_url;
	char *authorize_url;
	char *redirect_uri; /* never NULL */
	char *issuer;
	char *subject;
	char *assertion_audience;
	char *algorithm;
} AcOauthOptions;

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
	int max_concurrency;		   /* requests of all sessions under way at once */
	double rate_limit;			   /* requests per second, 0: none */
	AcOnIncomplete on_incomplete;
	int64 cache_ttl_ms; /* 0: nothing is kept */
	AcOnDrift on_drift;
	int64 check_interval_ms;
	AcKeyPlace api_key_in;
	char *api_key_name; /* NULL: as the description says */
	char *aws_region;	/* NULL: as the host says */
	char *aws_service;
	List *allowed_origins; /* of char *, "https://host[:port]" */
	char *ca_file;		   /* NULL: the system's */
	char *proxy;		   /* NULL: none; the environment is not asked */
	AcOauthOptions oauth;
	AcSessionOptions session;
} AcServerOptions;

/* All may be NULL.  Everything here is secret. */
typedef struct AcMappingOptions
{
	char *username;
	char *password;
	char *token; /* bearer */
	char *api_key;
	char *aws_access_key;
	char *aws_secret_key;
	char *aws_session_token;
	char *client_cert; /* PEM */
	char *client_key;
	char *headers;	 /* JSON object of header names and values */
	char *webhook;	 /* where alerts go */
	char *client_id; /* OAuth */
	char *client_secret;
	char *refresh_token;
	char *private_key; /* PEM */
	char *key_id;
} AcMappingOptions;

typedef struct AcTableOptions
{
	char *path;			  /* template below the base URL; never NULL */
	char *item_path;	  /* NULL: none */
	char *item_rows_path; /* JSON Pointer, default "" */
	bool item_of_list;	  /* items are rows of the collection, one and all */
	char *rows_path;	  /* JSON Pointer, default "" */
	AcRowsForm rows_form;
	char *columns_path; /* COLUMNS: JSON Pointer to the names, else NULL */
	char *nested_path;	/* NULL: rows do not stand in other rows */
	AcPaging paging;
	char *params;		/* query string sent with every request, or NULL */
	char *params_union; /* "name=value|value", or NULL; see fdw/series */
	char *body;			/* JSON object sent with a POST; NULL: asked with GET */
	char *parent;		/* "table(column, ...)", or NULL; see fdw/walk */
	AcOnError on_error;
	AcOnIncomplete on_incomplete;
	int max_pages;		   /* of one scan: the table's own, else the server's */
	int max_requests;	   /* the same; 0: no limit */
	int64 cache_ttl_ms;	   /* 0: nothing is kept */
	double estimated_rows; /* -1: unknown */
	int page_size_min;	   /* rows to ask for at least */
	char *detail;		   /* "on", names of columns, or NULL */
	char *fields_param;	   /* takes names of fields, or NULL */
	AcListForm fields_list;
	char *fields_path;		 /* JSON Pointer, default "" */
	bool fields_hidden_only; /* names those of hidden columns only */
	bool async_capable;		 /* the server's unless set */
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
	AcListForm param_list;
	int param_list_max;
	bool required;	  /* the API does not answer without a value */
	char *field;	  /* name for fields_param; NULL: from json_path */
	bool hidden;	  /* only sent where that names it */
	char *param_from; /* parameters that take bounds, NULL: none */
	char *param_to;
	AcBoundFormat bound_format;
	char *sort_asc; /* query strings, NULL: it is not sorted by it */
	char *sort_desc;
	AcSortNulls sort_nulls;
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

/* OID of the mapping that holds for userid, InvalidOid if there is none. */
extern Oid ac_option_mapping_oid(Oid userid, Oid serverid);

/* Does the same mapping, or none, hold for both users? */
extern bool ac_option_same_mapping(Oid userid, Oid otherid, Oid serverid);

extern AcTableOptions *ac_option_table(Oid relid);

/*
 * Was the total that the API announces proved for what userid is shown?  It
 * was for the table's owner, whose word the option "total" is; APIs may count
 * and show other rows to others.
 */
extern bool ac_option_total_is_proved(const AcTableOptions *options, Oid relid,
									  Oid userid);

/* Where the rows of the collection are; points into options. */
extern AcRowSource ac_option_rows(const AcTableOptions *options);

/* json_path defaults to "/" and the column's name. */
extern AcColumnOptions *ac_option_column(Oid relid, AttrNumber attnum);

/*
 * Takes the option parent apart, "schema.table(column, ...)", into lists of
 * identifiers (char *).  Number of columns, -1 for a malformed one.
 */
extern int ac_option_parse_parent(const char *option, List **table_name,
								  List **columns);

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
