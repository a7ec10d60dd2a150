#include "host/modem/tap.h"

#include <stdlib.h>

#include "host/terminal/terminal.h"

struct tap_terminal {
    struct terminal terminal; /* first: it is all that its functions get */
    const struct tap *tap;
};

static void show(struct terminal *terminal, bool from_host, const uint8_t *bytes, size_t count)
{
    const struct tap *tap = ((struct tap_terminal *)terminal)->tap;
    if (count > 0 && tap->uart != NULL)
        tap->uart(tap->context, terminal->modem, from_host, bytes, count);
}

static size_t write_out(struct terminal *terminal, const uint8_t *bytes, size_t count)
{
    size_t taken = terminal_write(terminal->below, bytes, count);
    show(terminal, false, bytes, taken);
    return taken;
}

/* Shown before it is answered. */
static void typed(struct terminal *terminal, const uint8_t *bytes, size_t count)
{
    show(terminal, true, bytes, count);
    terminal_typed(terminal, bytes, count);
}

static void end(struct terminal *terminal)
{
    free(terminal);
}

static const struct terminal_kind kind = {
    .place = TERMINAL_TAP, .write = write_out, .typed = typed, .end = end};

struct terminal *tap_terminal_new(const struct tap *tap)
{
    struct tap_terminal *made = calloc(1, sizeof *made);
    if (made == NULL)
        return NULL;
    *made = (struct tap_terminal){.terminal.kind = &kind, .tap = tap};
    return (struct terminal *)made;
}
