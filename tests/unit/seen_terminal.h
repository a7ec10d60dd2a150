/* seen_terminal.h: the ports of a whole modem for tests: a terminal that keeps what the host sees and takes
 * as much as it has room for, and a network that takes everything. One of each a test program. */
#ifndef TESTS_UNIT_SEEN_TERMINAL_H
#define TESTS_UNIT_SEEN_TERMINAL_H

#include <stdint.h>
#include <string.h>

static char seen[40000];
static size_t room;

static inline size_t write_terminal(void *context, const uint8_t *bytes, size_t count)
{
    (void)context;
    size_t taken = count < room ? count : room;
    assert_true(strlen(seen) + taken < sizeof seen);
    strncat(seen, (const char *)bytes, taken);
    room -= taken;
    return taken;
}

static inline size_t write_network(void *context, const uint8_t *bytes, size_t count)
{
    (void)context, (void)bytes;
    return count;
}

#endif
