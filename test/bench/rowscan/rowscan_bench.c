/*
 * rowscan_bench.c
 *		How fast are pages of JSON read, in MB/s and as a share of what the
 *		machine can do at all?
 *
 * Each body is made in memory from a fixed seed.  Every figure is the median
 * of several readings, by processor time; beside it stand what memcpy and a plain
 * byte-by-byte scan for the ends of strings and structure take over the same
 * bytes, because ratios can be carried to another machine and MB/s cannot.
 *
 *		rowscan_bench [MB per body]
 *		rowscan_bench FILE POINTER...		MB/s of reading these fields of
 *											the array of rows in that file
 */
#include "ac.h"

#include <time.h>

#include "core/buf.h"
#include "core/jsonvalid.h"
#include "core/rowscan.h"

#define READINGS 9
#define MAX_FIELDS 16

typedef void (*WriteRow)(StringInfo out, int number);

typedef struct Shape
{
	const char *name;
	WriteRow write_row;
	int n_fields; /* fields of the plan, from the list below */
	size_t page_bytes;
} Shape;

/* The ten come first, the one is the id. */
static const char *const pointers[MAX_FIELDS] = {
	"/id", "/customer_id", "/total", "/created_at", "/updated_at", "/paid",
	"/status", "/currency", "/email", "/note", "/shipping", "/tags",
	"/discount", "/url", "/channel", "/items"};

static uint64 seed = 20;

static uint32
random_below(uint32 limit)
{
	seed = seed * UINT64CONST(6364136223846793005) + 1442695040888963407;
	return (uint32) (seed >> 33) % limit;
}

static void
write_words(StringInfo out, int n)
{
	static const char *const words[] = {
		"please", "ring", "the", "bell", "twice", "and", "leave", "parcel",
		"with", "neighbour", "at", "number", "in", "courtyard"};

	for (int i = 0; i < n; i++)
		appendStringInfo(out, "%s%s", i ? " " : "",
						 words[random_below(lengthof(words))]);
}

/* An order as shops send it: 16 members, some 800 bytes. */
static void
write_order(StringInfo out, int number)
{
	static const char *const states[] = {"open", "paid", "shipped", "returned"};

	appendStringInfo(out, "{\"id\":%d,\"url\":\"https://api.shop.example/v1/orders/%d\",",
					 1000000 + number, 1000000 + number);
	appendStringInfo(out, "\"customer_id\":%u,\"status\":\"%s\",\"total\":%u.%02u,",
					 random_below(900000), states[random_below(4)],
					 random_below(2000), random_below(100));
	appendStringInfo(out, "\"currency\":\"EUR\",\"created_at\":\"2026-%02u-%02uT%02u:%02u:00Z\",",
					 1 + random_below(12), 1 + random_below(28),
					 random_below(24), random_below(60));
	appendStringInfo(out, "\"updated_at\":\"2026-%02u-%02uT%02u:%02u:00.125Z\",\"paid\":%s,",
					 1 + random_below(12), 1 + random_below(28),
					 random_below(24), random_below(60),
					 random_below(2) ? "true" : "false");
	appendStringInfo(out, "\"email\":\"customer%u@mail.example\",\"note\":\"",
					 random_below(900000));
	write_words(out, 4 + (int) random_below(10));
	appendStringInfo(out, "\",\"discount\":%s,\"channel\":\"web\",",
					 random_below(4) ? "null" : "12.5");
	appendStringInfoString(out, "\"tags\":[\"gift\",\"express\"],\"shipping\":{\"name\":\"");
	write_words(out, 2);
	appendStringInfo(out, "\",\"street\":\"Long Lane %u\",\"city\":\"Springfield\",\"zip\":\"%05u\"},\"items\":[",
					 random_below(200), random_below(100000));
	for (int i = 0; i < 3; i++)
		appendStringInfo(out, "%s{\"sku\":\"SKU-%05u\",\"quantity\":%u,\"price\":%u.%02u}",
						 i ? "," : "", random_below(100000),
						 1 + random_below(9), random_below(300),
						 random_below(100));
	appendStringInfoString(out, "]}");
}

/* The same with indentation, as chatty servers send it. */
static void
write_pretty_order(StringInfo out, int number)
{
	StringInfoData compact;
	int depth = 2;
	bool in_string = false;

	initStringInfo(&compact);
	write_order(&compact, number);
	for (char *p = compact.data; *p; p++)
	{
		bool opens = !in_string && (*p == '{' || *p == '[');
		bool closes = !in_string && (*p == '}' || *p == ']');

		in_string ^= *p == '"';
		depth += opens - closes;
		if (closes)
			appendStringInfo(out, "\n%*s", depth * 2, "");
		appendStringInfoChar(out, *p);
		if (opens || (!in_string && *p == ','))
			appendStringInfo(out, "\n%*s", depth * 2, "");
		if (!in_string && *p == ':')
			appendStringInfoChar(out, ' ');
	}
	pfree(compact.data);
}

static void
write_small(StringInfo out, int number)
{
	appendStringInfo(out, "{\"id\":%d,\"total\":%u}", number, random_below(100));
}

static void
write_cjk(StringInfo out, int number)
{
	appendStringInfo(out, "{\"id\":%d,\"note\":\"", number);
	for (int i = 0; i < 200; i++)
		appendStringInfo(out, "\xE5%c%c", (char) (0x80 + random_below(64)),
						 (char) (0x80 + random_below(64)));
	appendStringInfoString(out, "\"}");
}

static void
write_escaped(StringInfo out, int number)
{
	appendStringInfo(out, "{\"id\":%d,\"note\":\"", number);
	for (int i = 0; i < 40; i++)
	{
		write_words(out, 1);
		appendStringInfoString(out, random_below(2) ? "\\n" : "\\u00e9");
	}
	appendStringInfoString(out, "\"}");
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double) t.tv_sec + (double) t.tv_nsec * 1e-9;
}

static int
compare_doubles(const void *a, const void *b)
{
	double x = *(const double *) a;
	double y = *(const double *) b;

	return (x > y) - (x < y);
}

/* The page {"data":[...],"next":"..."}, with padding behind it. */
static AcSlice
make_page(const Shape *shape)
{
	StringInfoData out;
	int number = 0;

	initStringInfo(&out);
	appendStringInfoString(&out, "{\"data\":[");
	while ((size_t) out.len < shape->page_bytes)
	{
		if (number > 0)
			appendStringInfoChar(&out, ',');
		shape->write_row(&out, number++);
	}
	appendStringInfoString(&out, "],\"next\":\"https://api.shop.example/v1/orders?cursor=abc\"}");
	enlargeStringInfo(&out, AC_BUF_PADDING);
	memset(out.data + out.len, 0, AC_BUF_PADDING);
	return (AcSlice){out.data, (size_t) out.len};
}

static void
fail(const AcError *err)
{
	fprintf(stderr, "rowscan_bench: %s\n", err->message);
	exit(1);
}

static uint64 sink;

static void
read_page(const AcRowPlan *plan, AcSlice page)
{
	AcRowScan scan;
	AcError err;
	AcField fields[MAX_FIELDS];
	AcRowNext next;

	if (!ac_rowscan_begin(&scan, plan, page, NULL, &err))
		fail(&err);
	while ((next = ac_rowscan_next(&scan, fields, &err)) == AC_ROW_FOUND)
		sink += fields[0].len;
	if (next == AC_ROW_ERROR)
		fail(&err);
	ac_rowscan_end(&scan);
}

static void
copy_page(const AcRowPlan *plan, AcSlice page)
{
	static char *to;
	static size_t size;

	if (size < page.len)
		to = realloc(to, size = page.len);
	memcpy(to, page.text, page.len);
	sink += (uint64) to[page.len / 2];
}

/* What a loop without any vector instruction needs to find the structure. */
static void
scan_bytes(const AcRowPlan *plan, AcSlice page)
{
	bool in_string = false;

	for (size_t i = 0; i < page.len; i++)
	{
		char c = page.text[i];

		if (in_string)
		{
			if (c == '\\')
				i++;
			else if (c == '"')
				in_string = false;
		}
		else if (c == '"')
			in_string = true;
		else if (c == ',' || c == ':' || c == '{' || c == '}' || c == '[' ||
				 c == ']')
			sink++;
	}
}

static void
validate_page(const AcRowPlan *plan, AcSlice page)
{
	AcError err;

	if (!ac_jsonvalid_check(page.text, page.len, 0, &err))
		fail(&err);
}

/* Median MB/s of reading some 32 MB of pages. */
static double
measure(void (*work)(const AcRowPlan *, AcSlice), const AcRowPlan *plan,
		AcSlice page)
{
	double times[READINGS];
	int repeat = (int) Max(1, ((size_t) 32 << 20) / page.len);

	for (int i = 0; i < READINGS; i++)
	{
		double start = now();

		for (int j = 0; j < repeat; j++)
			work(plan, page);
		times[i] = now() - start;
	}
	qsort(times, READINGS, sizeof(double), compare_doubles);
	return (double) page.len * repeat / times[READINGS / 2] / 1e6;
}

static void
run_shape(const Shape *shape)
{
	AcError err;
	const char *const next = "/next";
	AcSlice page = make_page(shape);
	AcRowSource source = {.rows_path = "/data"};
	AcRowPlan *plan = ac_rowplan_create(&source,
										(AcPointers){pointers, shape->n_fields},
										NULL, (AcPointers){&next, 1}, &err);
	double rows = measure(read_page, plan, page);
	double copy = measure(copy_page, plan, page);
	double bytes = measure(scan_bytes, plan, page);
	double valid = measure(validate_page, plan, page);

	printf("%-34s %9zu %7.0f %7.0f %7.0f %7.0f   %5.2f   %5.2f\n", shape->name,
		   page.len, rows, valid, bytes, copy, rows / copy, rows / bytes);
	fflush(stdout);
}

/* The whole file in memory. */
static AcSlice
read_file(const char *name)
{
	FILE *file = fopen(name, "rb");
	StringInfoData text;
	char buf[65536];
	size_t got;

	initStringInfo(&text);
	while (file != NULL && (got = fread(buf, 1, sizeof(buf), file)) > 0)
		appendBinaryStringInfo(&text, buf, (int) got);
	if (file == NULL || ferror(file))
	{
		fprintf(stderr, "rowscan_bench: cannot read \"%s\"\n", name);
		exit(1);
	}
	fclose(file);
	return (AcSlice){text.data, text.len};
}

static int
run_file(const char *name, const char *const *fields, int n_fields)
{
	AcError err;
	AcSlice page = read_file(name);
	AcRowSource source = {.rows_path = ""};
	AcRowPlan *plan = ac_rowplan_create(&source,
										(AcPointers){fields, n_fields}, NULL,
										(AcPointers){NULL, 0}, &err);

	printf("%.0f\n", measure(read_page, plan, page));
	return sink == 0;
}

int
main(int argc, char **argv)
{
	static const size_t page = 100 * 800;
	size_t big = (size_t) (argc > 1 ? atoi(argv[1]) : 50) << 20;
	const Shape shapes[] = {
		{"orders, 10 of 16 fields, one page", write_order, 10, page},
		{"orders, 1 field, one page", write_order, 1, page},
		{"orders, no field, one page", write_order, 0, page},
		{"orders, 16 of 16 fields, one page", write_order, 16, page},
		{"orders, 10 of 16 fields, big", write_order, 10, big},
		{"orders, 1 field, big", write_order, 1, big},
		{"indented orders, 10 fields", write_pretty_order, 10, page},
		{"rows of 20 bytes, 3 fields, page", write_small, 3, page},
		{"rows of 20 bytes, 3 fields, big", write_small, 3, big},
		{"Chinese text", write_cjk, 10, page},
		{"text with escapes", write_escaped, 10, page},
	};

	if (argc > 2 && argc - 2 <= MAX_FIELDS)
		return run_file(argv[1], (const char *const *) argv + 2, argc - 2);
	printf("%-34s %9s %7s %7s %7s %7s %7s %7s\n", "MB/s", "bytes", "rows",
		   "valid", "bytes", "memcpy", "/memcpy", "/bytes");
	for (size_t i = 0; i < lengthof(shapes); i++)
		run_shape(&shapes[i]);
	return sink == 0;
}
