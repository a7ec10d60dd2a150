#include "common/input.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "common/need.h"

static uint8_t buffer[INPUT_LEFTOVER_BYTES + INPUT_BYTES];

/* A pseudo-terminal whose other side is closed reads as EIO, a socket that was reset as ECONNRESET.
 */
static bool is_end(ssize_t got)
{
    return got == 0 || (got < 0 && (errno == EIO || errno == ECONNRESET));
}

struct piece input_read(int fd, struct leftover *leftover, bool *is_closed)
{
    memcpy(buffer, leftover->bytes, leftover->count);
    ssize_t got = read(fd, buffer + leftover->count, INPUT_BYTES);
    *is_closed = is_end(got);
    need(got >= 0 || *is_closed || errno == EAGAIN, "read");
    return (struct piece){buffer, leftover->count + (got > 0 ? (size_t)got : 0)};
}

void input_leave(struct leftover *leftover, struct piece piece, size_t count)
{
    need(count <= sizeof leftover->bytes, "a packet or a line is too long");
    memcpy(leftover->bytes, piece.bytes + piece.count - count, count);
    leftover->count = count;
}
