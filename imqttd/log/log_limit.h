/* log_limit.h: what of a flood of lines is worth a disk: a line that is repeated is counted, and one
 * source may say so much in a while. Pure but for its memory; time is handed in.
 */
#ifndef IMQTTD_LOG_LOG_LIMIT_H
#define IMQTTD_LOG_LOG_LIMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LOG_LIMIT_SOURCES   1024
#define LOG_LIMIT_SOURCE    64    /* bytes of a source's name that are kept */
#define LOG_LIMIT_LINES     1     /* lines of a source that are recognized when they come again */
#define LOG_LIMIT_REPEAT_MS 60000 /* a line that comes again within is counted, not written */
#define LOG_LIMIT_BURST     40    /* lines at once */
#define LOG_LIMIT_EACH_MS   500   /* and one more each */

struct log_limit_line {
    uint64_t hash; /* 0: free */
    uint64_t since_ms;
    uint32_t repeated;
    char text[96]; /* its beginning, to say what was repeated */
};

struct log_limit_source {
    uint64_t hash; /* 0: free */
    char name[LOG_LIMIT_SOURCE];
    uint64_t filled_ms;
    uint32_t tokens;
    uint32_t left_out;
    struct log_limit_line lines[LOG_LIMIT_LINES];
};

/* All zero: nothing has been said. write is told what the limiter has to say itself. */
struct log_limit {
    struct log_limit_source *sources; /* LOG_LIMIT_SOURCES, made at the first line */
    void (*write)(void *context, const char *about, const char *text);
    void *context;
};

/* true: the line is to be written. */
bool log_limit_take(struct log_limit *limit, const char *about, const char *text, uint64_t now_ms);

/* Says what was counted for longer than LOG_LIMIT_REPEAT_MS; all: whatever there is. */
void log_limit_tell(struct log_limit *limit, bool all, uint64_t now_ms);

void log_limit_end(struct log_limit *limit);

#endif
