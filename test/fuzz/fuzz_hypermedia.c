/*
 * fuzz_hypermedia.c
 *		Does any document leave the reader of link indexes in bounded
 *		time, with a model that holds together?
 */
#include "reader.h"

#include "api/hypermedia.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const AcReader reader = {"hypermedia", ac_hypermedia_sniff,
									ac_hypermedia_wishes, ac_hypermedia_read};

	return fuzz_reader(&reader, data, size);
}
