/*
 * fuzz_googledisc.c
 *		Does any document leave the reader of Discovery documents in bounded
 *		time, with a model that holds together?
 */
#include "reader.h"

#include "api/googledisc.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const AcReader reader = {"googledisc", ac_googledisc_sniff,
									NULL, ac_googledisc_read};

	return fuzz_reader(&reader, data, size);
}
