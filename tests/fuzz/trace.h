/* trace.h: what an input does, for whoever looks for the cause of a crash: with FUZZ_TRACE in the
 * environment each step, and what was typed and read, is printed. */
#ifndef TESTS_FUZZ_TRACE_H
#define TESTS_FUZZ_TRACE_H

#include "core/bytes/span.h"

/* A line: what it is about, and its bytes with escapes. */
void trace(const char *what, struct span bytes);

#endif
