/*
 * fuzz_postman.c
 *		Does any document leave the reader of Postman collections in bounded
 *		time, with a model that holds together?
 */
#include "reader.h"

#include "api/postman.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const AcReader reader = {"postman", ac_postman_sniff,
									NULL, ac_postman_read};

	return fuzz_reader(&reader, data, size);
}
