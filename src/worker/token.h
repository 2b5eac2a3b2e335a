/*
 * token.h
 *		Who spends what is good for one use?
 */
#ifndef AC_WORKER_TOKEN_H
#define AC_WORKER_TOKEN_H

#include "ac.h"

/*
 * Main function of a token worker; its task (net/token.h) stands in
 * MyBgworkerEntry->bgw_extra.
 */
extern PGDLLEXPORT void autoconn_token_main(Datum arg);

#endif /* AC_WORKER_TOKEN_H */
