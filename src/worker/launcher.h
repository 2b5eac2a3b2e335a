/*
 * launcher.h
 *		When does which database get a worker?
 */
#ifndef AC_WORKER_LAUNCHER_H
#define AC_WORKER_LAUNCHER_H

#include "ac.h"

/* Main function of the launcher. */
extern PGDLLEXPORT void autoconn_launcher_main(Datum arg);

#endif /* AC_WORKER_LAUNCHER_H */
