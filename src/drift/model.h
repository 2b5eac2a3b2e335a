/*
 * model.h
 *		What of an API is compared from one day to the next?
 *
 * The extract of a description that tables, columns and requests rest on: no
 * texts for people, no order, nothing that a reading client would not notice.
 * It is what the watch keeps as its baseline, as JSON, whichever language the
 * description was written in.
 *
 * Built in the current context, independent of what it was built from.
 * Members are sorted, so that two models of the same API are equal whatever
 * the order in the documents.
 */
#ifndef AC_DRIFT_MODEL_H
#define AC_DRIFT_MODEL_H

#include "ac.h"

#include "api/api.h"
#include "api/tableplan.h"
#include "core/json.h"

typedef struct AcModelColumn
{
	const char *name;	   /* SQL name of the plan */
	const char *json_path; /* JSON Pointer in the row: identity */
	const char *type;	   /* SQL type of the plan */
	const char *json_type; /* of the description: "string", "integer", "number", "boolean", "object", "array", "any" */
	const char *format;	   /* NULL: none */
	const char *decode;	   /* column option, NULL: none */
	const char *described; /* type and decoding by the schema alone, "text",
							* "timestamptz epoch_s": what is compared, since
							* a plan also looks at names and examples */
	bool nullable;
	bool key;
	bool deprecated;
	const char **enum_values; /* sorted; 0: open */
	int n_enum;
} AcModelColumn;

typedef struct AcModelParam
{
	const char *name;
	const char *place;		   /* "path", "query", "header", "cookie" */
	const char *type;		   /* SQL type */
	const char *default_value; /* NULL: none */
	const char *maximum;	   /* NULL: none */
	const char *column;		   /* the plan's column for it, NULL: none */
	bool required;
	bool deprecated;
	bool page_size; /* asks for a number of rows */
	const char **enum_values;
	int n_enum;
} AcModelParam;

typedef struct AcModelTable
{
	const char *name; /* SQL name of the plan */
	const char *path; /* identity, with method */
	const char *method;
	const char *rows_path;
	const char *rows_form; /* map, columns, lines, lists; NULL: array */
	const char *sunset;	   /* x-sunset of the operation, or NULL */
	const char *source;	   /* JSON Pointer of the operation */
	bool deprecated;
	AcModelColumn *columns;
	int n_columns;
	AcModelParam *params;
	int n_params;
} AcModelTable;

/*
 * An operation that is no table: where a table is gone it tells what became
 * of it.
 */
typedef struct AcModelOther
{
	const char *path;
	const char *method;
	const char *media_type; /* of its answer where that is no JSON, or NULL */
	const char *base_url;	/* own server, NULL: the API's */
} AcModelOther;

typedef struct AcModel
{
	const char *base_url; /* NULL: none told */
	const char *version;
	const char **schemes; /* "bearer", "api_key header X-Key", ... sorted */
	int n_schemes;
	bool auth_required;
	AcModelTable *tables; /* importable ones, sorted by path, method, rows */
	int n_tables;
	AcModelOther *others; /* sorted by path and method */
	int n_others;
} AcModel;

/* The model of an API as it was planned; base_url may be NULL. */
extern AcModel *ac_model_build(const AcApi *api, const AcTablePlans *plans,
							   const char *base_url);

/*
 * To and from JSON (model_json.c); from_json is false with AC_ERR_MALFORMED.
 * What is read may be in any order, but not twice there.
 */
extern AcJson *ac_model_to_json(const AcModel *model);
extern bool ac_model_from_json(const AcJson *json, AcModel **model,
							   AcError *err);

/* The first table of that path: arrays that are equally good share one. */
extern const AcModelTable *ac_model_table(const AcModel *model,
										  const char *method,
										  const char *path);
extern const AcModelColumn *ac_model_column(const AcModelTable *table,
											const char *json_path);

extern const AcModelParam *ac_model_param(const AcModelTable *table,
										  const char *place,
										  const char *name);

/* Puts things in order, each once in place; returns how many are left. */
extern int ac_model_sort_tables(AcModelTable *tables, int n);
extern int ac_model_sort_others(AcModelOther *others, int n);
extern int ac_model_sort_columns(AcModelColumn *columns, int n);
extern int ac_model_sort_params(AcModelParam *params, int n);
extern int ac_model_sort_texts(const char **texts, int n);

#endif /* AC_DRIFT_MODEL_H */
