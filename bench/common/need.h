/* need.h: what must hold. A benchmark that limps on measures nothing, so its programs end. */
#ifndef BENCH_COMMON_NEED_H
#define BENCH_COMMON_NEED_H

#include <stdbool.h>

/* Ends the program, naming what and errno, unless it held. */
void need(bool held, const char *what);

#endif
