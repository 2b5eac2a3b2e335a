/*
 * bodymem.c
 *		Where does the memory of answers' bodies come from, and go to?
 *		See bodymem.h.
 */
#include "ac.h"

#include "net/bodymem.h"

/*
 * Memory of bodies kept for the next ones: page after page is of a size, and
 * memory fresh from the system costs a fault for every 4 kB, as much as
 * reading a tenth of the page.  As many as are ahead where eight requests may
 * be under way; bounded in all, because an idle backend keeps them.
 */
#define SPARES 12
#define SPARE_BYTES (8 * 1024 * 1024)

static AcBuf spares[SPARES];
static int n_spares = 0;
static size_t spare_bytes = 0;

void
ac_bodymem_take(AcBuf *buf, size_t max)
{
	ac_buf_init(buf, max);
	if (n_spares == 0 || spares[n_spares - 1].capacity > buf->max)
		return;
	n_spares--;
	buf->data = spares[n_spares].data;
	buf->capacity = spares[n_spares].capacity;
	spare_bytes -= buf->capacity;
	ac_buf_clear(buf);
}

void
ac_bodymem_give(AcBuf *buf)
{
	if (buf->data != NULL && n_spares < SPARES &&
		buf->capacity <= SPARE_BYTES - spare_bytes)
	{
		spares[n_spares++] = *buf;
		spare_bytes += buf->capacity;
		buf->data = NULL;
	}
	ac_buf_free(buf);
}
