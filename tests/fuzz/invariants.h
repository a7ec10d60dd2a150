/* invariants.h: what holds at every moment, whatever has happened to a modem. */
#ifndef TESTS_FUZZ_INVARIANTS_H
#define TESTS_FUZZ_INVARIANTS_H

#include "tests/fuzz/steps.h"

/* After the modem has run: no block is larger than its limit, what it wants it takes, and its ports
 * were used as they may be. */
void engine_check(const struct engine *engine);

#endif
