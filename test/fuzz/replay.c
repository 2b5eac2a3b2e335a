/*
 * replay.c
 *		Does a fuzz target still digest its seeds?
 *
 * The main program of a fuzz target where there is no libFuzzer: feeds it
 * every file of the directories and every file that the command line names,
 * and all prefixes of the short ones.  A failure is a crash or a sanitizer's report;
 * the input being read is named in the last line printed.
 */
#include "fuzz.h"

#include <dirent.h>
#include <sys/stat.h>

/* Files up to here are fed cut off after each of their bytes too. */
#define PREFIXES_UP_TO 2048

static int inputs = 0;

/* A copy of its own size, so that an overrun by one byte is seen. */
static void
feed(const char *data, size_t size)
{
	uint8_t *copy = malloc(size > 0 ? size : 1);

	if (size > 0)
		memcpy(copy, data, size);
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
	inputs++;
}

static void
replay_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	struct stat st;
	char *data;

	if (file == NULL || fstat(fileno(file), &st) != 0)
	{
		fprintf(stderr, "could not read \"%s\"\n", path);
		exit(1);
	}
	data = malloc(st.st_size + 1);
	if (fread(data, 1, st.st_size, file) != (size_t) st.st_size)
	{
		fprintf(stderr, "could not read \"%s\"\n", path);
		exit(1);
	}
	fclose(file);

	printf("# %s\n", path);
	fflush(stdout);
	feed(data, st.st_size);
	if (st.st_size <= PREFIXES_UP_TO)
		for (size_t size = 0; size < (size_t) st.st_size; size++)
			feed(data, size);
	free(data);
}

static void
replay(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	char name[MAXPGPATH];

	if (dir == NULL)
	{
		replay_file(path);
		return;
	}
	while ((entry = readdir(dir)) != NULL)
	{
		if (entry->d_name[0] == '.')
			continue;
		snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
		replay_file(name);
	}
	closedir(dir);
}

int
main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		replay(argv[i]);
	printf("ok 1 - %d inputs replayed\n1..1\n", inputs);
	return 0;
}
