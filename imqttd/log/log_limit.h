/* log_limit.h: what of a flood of lines is worth a disk: a line that is repeated is counted, one
 * source may say so much in a while, and all together so much. Pure but for its memory; time is
 * handed in.
 *
 * A line that names modem, broker and reason is so counted by modem, broker and reason.
 */
#ifndef IMQTTD_LOG_LOG_LIMIT_H
#define IMQTTD_LOG_LOG_LIMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "imqttd/log/log_level.h"

#define LOG_LIMIT_SOURCES   16384 /* that are told apart; more share what is left for all */
#define LOG_LIMIT_BUCKETS   1024
#define LOG_LIMIT_LINES     4     /* lines of a source that are recognized when they come again */
#define LOG_LIMIT_REPEAT_MS 60000 /* a line that comes again within is counted, not written */
#define LOG_LIMIT_BURST     40    /* lines of a source at once */
#define LOG_LIMIT_EACH_MS   500   /* and one more each */
#define LOG_LIMIT_ALL_BURST 20000 /* the same of all sources */
#define LOG_LIMIT_ALL_MS    20

struct log_limit_bucket {
    uint64_t filled_ms;
    uint32_t tokens;
    uint32_t left_out; /* lines, since it was last said */
};

struct log_limit_source;

/* All zero: nothing has been said. write is told what the limiter has to say itself. */
struct log_limit {
    struct log_limit_source *sources[LOG_LIMIT_BUCKETS];
    unsigned count;
    unsigned counting; /* lines and sources of which something is still to be said */
    bool has_begun;
    struct log_limit_bucket all;
    void (*write)(void *context, enum log_level level, const char *about, const char *text);
    void *context;
};

/* true: the line is to be written. */
bool log_limit_take(struct log_limit *limit, enum log_level level, const char *about,
                    const char *text, uint64_t now_ms);

/* Says what was counted for longer than LOG_LIMIT_REPEAT_MS; all: whatever there is. */
void log_limit_tell(struct log_limit *limit, bool all, uint64_t now_ms);

void log_limit_end(struct log_limit *limit);

#endif
