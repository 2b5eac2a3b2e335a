/*
 * postread.h
 *		Who may have tables that are read by POST?
 */
#ifndef AC_FDW_POSTREAD_H
#define AC_FDW_POSTREAD_H

#include "ac.h"

/*
 * Throws 42501 if the foreign table is read by POST and its owner does not own
 * the server: a POST may change things, and it carries the credentials of
 * whoever reads the table.
 */
extern void ac_postread_check(Oid relid);

#endif /* AC_FDW_POSTREAD_H */
