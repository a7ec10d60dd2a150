/* log_queue.h: lines on their way into a descriptor that may not take them now. */
#ifndef IMQTTD_LOG_LOG_QUEUE_H
#define IMQTTD_LOG_LOG_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define LOG_QUEUE_BYTES 262144

/* All zero: empty. */
struct log_queue {
    char bytes[LOG_QUEUE_BYTES]; /* reserved: what is said of no memory needs none */
    size_t begin, count;
};

static inline size_t log_queue_room_bytes(const struct log_queue *queue)
{
    return LOG_QUEUE_BYTES - queue->count;
}

/* One line with its end. false: there is no room. */
bool log_queue_put(struct log_queue *queue, const char *line, size_t count);

/* Writes what the descriptor takes without waiting, whoever else uses it and however. */
void log_queue_write(struct log_queue *queue, int fd);

/* Writes what a descriptor takes without waiting, up to a line: how much, or -1; errno EAGAIN: not now. */
ssize_t log_queue_write_some(int fd, const char *bytes, size_t count);

#endif
