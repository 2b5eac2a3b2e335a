/*
 * fuzz_har.c
 *		Does any document leave the reader of recorded archives in bounded
 *		time, with a model that holds together?
 */
#include "reader.h"

#include "api/har.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const AcReader reader = {"har", ac_har_sniff,
									NULL, ac_har_read};

	return fuzz_reader(&reader, data, size);
}
