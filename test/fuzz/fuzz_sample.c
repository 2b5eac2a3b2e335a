/*
 * fuzz_sample.c
 *		Does any document leave the reader of bare samples in bounded
 *		time, with a model that holds together?
 */
#include "reader.h"

#include "api/sample.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const AcReader reader = {"sample", ac_sample_sniff,
									NULL, ac_sample_read};

	return fuzz_reader(&reader, data, size);
}
