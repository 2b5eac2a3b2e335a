/*
 * fuzz_swagger.c
 *		Does any document leave the Swagger reader in bounded time, with a
 *		model that holds together?  See fuzz_api.h.
 */
#include "fuzz_api.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_reader("swagger", data, size);
	return 0;
}
