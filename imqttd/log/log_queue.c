#include "imqttd/log/log_queue.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

bool log_queue_put(struct log_queue *queue, const char *line, size_t count)
{
    if (count > log_queue_room_bytes(queue))
        return false;
    if (queue->begin + queue->count + count > LOG_QUEUE_BYTES) {
        memmove(queue->bytes, queue->bytes + queue->begin, queue->count);
        queue->begin = 0;
    }
    memcpy(queue->bytes + queue->begin + queue->count, line, count);
    queue->count += count;
    return true;
}

/* A pipe that is ready takes as much as a line, which is why there is no more of it at a time; the
 * descriptor's own flags are shared with other programs and stay as they are. */
ssize_t log_queue_write_some(int fd, const char *bytes, size_t count)
{
    struct pollfd ready = {.fd = fd, .events = POLLOUT};
    ssize_t sent = send(fd, bytes, count, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent >= 0 || errno != ENOTSOCK)
        return sent;
    if (poll(&ready, 1, 0) != 1) {
        errno = EAGAIN;
        return -1;
    }
    return write(fd, bytes, count);
}

void log_queue_write(struct log_queue *queue, int fd)
{
    while (queue->count > 0) {
        const char *start = queue->bytes + queue->begin;
        const char *end = memchr(start, '\n', queue->count);
        size_t line = end != NULL ? (size_t)(end - start) + 1 : queue->count;
        ssize_t written = log_queue_write_some(fd, start, line);
        if (written <= 0)
            return;
        queue->begin += (size_t)written;
        queue->count -= (size_t)written;
    }
    queue->begin = 0;
}
