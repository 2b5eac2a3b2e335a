/*
 * countcurl.c
 *		How many handles of libcurl does a process hold?
 *
 * Loaded before all else (LD_PRELOAD), it counts easy handles and lists of
 * headers that are made and given back, in a file of 16 bytes named by the
 * process's number below COUNTCURL_DIR.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static long *counts; /* easy handles now, made in all */
static pid_t owner;

static void
count(int by)
{
	char path[4096];
	int fd;

	if (owner != getpid())
	{
		owner = getpid();
		snprintf(path, sizeof(path), "%s/%d", getenv("COUNTCURL_DIR"),
				 (int) owner);
		fd = open(path, O_RDWR | O_CREAT, 0644);
		if (fd < 0 || ftruncate(fd, 2 * sizeof(long)) != 0)
			abort();
		counts = mmap(NULL, 2 * sizeof(long), PROT_READ | PROT_WRITE,
					  MAP_SHARED, fd, 0);
		close(fd);
	}
	counts[0] += by;
	counts[1] += by > 0;
}

void *
curl_easy_init(void)
{
	void *(*real)(void) = dlsym(RTLD_NEXT, "curl_easy_init");
	void *easy = real();

	if (easy != NULL)
		count(1);
	return easy;
}

void
curl_easy_cleanup(void *easy)
{
	void (*real)(void *) = dlsym(RTLD_NEXT, "curl_easy_cleanup");

	if (easy != NULL)
		count(-1);
	real(easy);
}
