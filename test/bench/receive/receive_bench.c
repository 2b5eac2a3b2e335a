/*
 * receive_bench.c
 *		How fast does libcurl bring pages into memory, by processor time?
 *
 * What any scan must pay besides reading rows, and no more: one connection,
 * one handle, a receive buffer of the size that autoconn has, one buffer for
 * all bodies.  Nobody looks at what comes.
 *
 *		receive_bench URL PAGES		MB/s; URL has a "%d" for the page's number
 */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define READINGS 7
#define RECEIVE_BYTES (128L * 1024)
#define BODY_BYTES ((size_t) 64 * 1024 * 1024)

typedef struct Body
{
	char *data;
	size_t len;
} Body;

static void
fail(const char *what)
{
	fprintf(stderr, "receive_bench: %s\n", what);
	exit(1);
}

static size_t
on_body(char *data, size_t size, size_t count, void *clientp)
{
	Body *body = clientp;
	size_t len = size * count;

	if (len > BODY_BYTES - body->len)
		return 0;
	memcpy(body->data + body->len, data, len);
	body->len += len;
	return len;
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double) t.tv_sec + (double) t.tv_nsec * 1e-9;
}

static int
compare_doubles(const void *a, const void *b)
{
	double x = *(const double *) a;
	double y = *(const double *) b;

	return (x > y) - (x < y);
}

/* Bytes of all pages. */
static size_t
receive(CURL *easy, Body *body, const char *format, int pages)
{
	size_t bytes = 0;
	const char *mark = strstr(format, "%d");

	for (int page = 1; page <= pages; page++)
	{
		char url[1024];
		long status = 0;

		snprintf(url, sizeof(url), "%.*s%d%s", (int) (mark - format), format,
				 page, mark + 2);
		body->len = 0;
		curl_easy_setopt(easy, CURLOPT_URL, url);
		if (curl_easy_perform(easy) != CURLE_OK)
			fail("no answer");
		curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
		if (status != 200)
			fail("not the page that was asked for");
		bytes += body->len;
	}
	return bytes;
}

int
main(int argc, char **argv)
{
	CURL *easy = curl_easy_init();
	Body body = {malloc(BODY_BYTES), 0};
	double speeds[READINGS];
	int pages = argc == 3 ? atoi(argv[2]) : 0;

	if (easy == NULL || body.data == NULL || pages < 1 ||
		strstr(argv[1], "%d") == NULL)
		fail("usage: receive_bench URL PAGES");
	curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, RECEIVE_BYTES);
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, &body);
	receive(easy, &body, argv[1], pages); /* warms up */
	for (int i = 0; i < READINGS; i++)
	{
		double start = now();
		size_t bytes = receive(easy, &body, argv[1], pages);

		speeds[i] = (double) bytes / (now() - start) / 1e6;
	}
	qsort(speeds, READINGS, sizeof(double), compare_doubles);
	printf("%.0f\n", speeds[READINGS / 2]);
	curl_easy_cleanup(easy);
	free(body.data);
	return 0;
}
