#include "host/terminal/foreign_protocol.h"

#include <string.h>

#define TLS_HANDSHAKE 0x16
#define TLS_VERSION   0x03

static bool is_digit(uint8_t byte)
{
    return byte >= '0' && byte <= '9';
}

/* METHOD, target and version: the last is what no command line ends with. */
static bool is_request_line(const struct foreign_protocol *watch)
{
    const uint8_t *tail = watch->tail;
    return watch->seen > FOREIGN_TAIL_BYTES && memcmp(tail, " HTTP/", 6) == 0 &&
           is_digit(tail[6]) && tail[7] == '.' && is_digit(tail[8]);
}

static bool is_client_hello(const struct foreign_protocol *watch)
{
    return watch->seen == sizeof watch->head && watch->head[0] == TLS_HANDSHAKE &&
           watch->head[1] == TLS_VERSION;
}

static void take(struct foreign_protocol *watch, uint8_t byte)
{
    if (watch->seen < sizeof watch->head)
        watch->head[watch->seen] = byte;
    memmove(watch->tail, watch->tail + 1, sizeof watch->tail - 1);
    watch->tail[sizeof watch->tail - 1] = byte;
    watch->seen++;
}

const char *foreign_protocol_find(struct foreign_protocol *watch, const uint8_t *bytes,
                                  size_t count)
{
    for (size_t i = 0; i < count && !watch->is_over; i++) {
        watch->is_over = bytes[i] == '\r' || bytes[i] == '\n';
        if (watch->is_over)
            return is_request_line(watch) ? "HTTP" : NULL;
        take(watch, bytes[i]);
        if (is_client_hello(watch))
            return "TLS";
    }
    return NULL;
}
