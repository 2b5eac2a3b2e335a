/*
 * guc.h
 *		Which settings does the extension have?
 */
#ifndef AC_PG_GUC_H
#define AC_PG_GUC_H

#include "ac.h"

/*
 * autoconn.allowed_hosts: comma-separated host names and addresses that
 * servers of ordinary owners may reach although they are private, loopback,
 * link-local or metadata addresses.  Superusers set it.
 */
extern char *ac_guc_allowed_hosts;

/* Defines the settings; called once from _PG_init. */
extern void ac_guc_define(void);

/* True if the host (a name or an address, any case) is listed. */
extern bool ac_guc_host_allowed(const char *host);

#endif /* AC_PG_GUC_H */
