/*
 * srf.h
 *		How are rows of our set-returning functions put together?
 */
#ifndef AC_PG_SRF_H
#define AC_PG_SRF_H

#include "ac.h"

#include "utils/builtins.h"

/* Sets a column (from 0) to a text, to null for NULL. */
static inline void
ac_srf_text(Datum *values, bool *nulls, int column, const char *text)
{
	nulls[column] = text == NULL;
	if (text != NULL)
		values[column] = CStringGetTextDatum(text);
}

#endif /* AC_PG_SRF_H */
