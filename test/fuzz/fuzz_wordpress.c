/*
 * fuzz_wordpress.c
 *		Does any document leave the reader of WordPress indexes in bounded
 *		time, with a model that holds together?
 */
#include "reader.h"

#include "api/wordpress.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const AcReader reader = {"wordpress", ac_wordpress_sniff,
									ac_wordpress_wishes, ac_wordpress_read};

	return fuzz_reader(&reader, data, size);
}
