#include "imqttd/log/log.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "host/loop/alarm.h"
#include "imqttd/log/log_limit.h"
#include "imqttd/log/log_queue.h"

#define LINE_BYTES 768
#define TELL_MS    1000
#define WRITE_MS   10 /* while who reads the log works off what has waited for him */

static struct {
    pthread_mutex_t lock;
    atomic_int highest; /* an enum log_level */
    struct log_limit limit;
    uint64_t lost; /* lines that the queue had no room for, since it was last said */
    bool knows_stream, is_journal, has_clock;
    struct alarm *alarm; /* NULL: no loop runs */
    bool is_alarm_set;
    pthread_t loop_thread; /* which alone may set it */
} the_log = {.lock = PTHREAD_MUTEX_INITIALIZER, .highest = LEVEL_INFO};

static struct log_queue the_queue; /* apart: all zero, so no part of the file */

/* JOURNAL_STREAM is "DEVICE:INODE" of the stream that the journal reads. */
static bool is_journal(const struct stat *status)
{
    const char *stream = getenv("JOURNAL_STREAM");
    char own[64];
    snprintf(own, sizeof own, "%ju:%ju", (uintmax_t)status->st_dev, (uintmax_t)status->st_ino);
    return stream != NULL && strcmp(stream, own) == 0;
}

static void look_at_stream(void)
{
    struct stat status;
    if (the_log.knows_stream || fstat(STDERR_FILENO, &status) != 0)
        return;
    the_log.knows_stream = true;
    the_log.is_journal = is_journal(&status);
    the_log.has_clock = S_ISREG(status.st_mode) || isatty(STDERR_FILENO);
}

static size_t put_head(char *line, size_t room, enum log_level level)
{
    static const char priorities[] = {
        [LEVEL_ERROR] = '3', [LEVEL_WARNING] = '4', [LEVEL_INFO] = '6', [LEVEL_DEBUG] = '7'};
    struct timespec now;
    struct tm utc;
    if (the_log.is_journal)
        return (size_t)snprintf(line, room, "<%c>", priorities[level]);
    if (!the_log.has_clock)
        return 0;
    clock_gettime(CLOCK_REALTIME, &now);
    size_t count = strftime(line, room, "%Y-%m-%dT%H:%M:%S", gmtime_r(&now.tv_sec, &utc));
    return count + (size_t)snprintf(line + count, room - count, ".%03ldZ ", now.tv_nsec / 1000000);
}

/* What a host or a broker chose must not be able to look like a line of its own. */
static void make_one_line(char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < ' ' || *text == 0x7F)
            *text = '?';
}

/* false: who reads the log has not made room. */
static bool put_line(enum log_level level, const char *about, const char *text)
{
    char line[LINE_BYTES + 1];
    look_at_stream();
    size_t head = put_head(line, LINE_BYTES, level);
    int count = snprintf(line + head, LINE_BYTES - head, "imqttd: %s: %s: %s",
                         log_level_word(level), about, text);
    size_t bytes = head + (size_t)count < LINE_BYTES ? head + (size_t)count : LINE_BYTES - 1;
    line[bytes] = '\0';
    make_one_line(line);
    line[bytes] = '\n';
    return log_queue_put(&the_queue, line, bytes + 1);
}

/* What was lost is said where it would have stood, once there is room for a line behind it. */
static bool say_lost(void)
{
    char text[64];
    if (the_log.lost == 0)
        return true;
    if (log_queue_room_bytes(&the_queue) < (size_t)2 * LINE_BYTES)
        return false;
    snprintf(text, sizeof text, "%" PRIu64 " lines lost: nobody read them", the_log.lost);
    the_log.lost = 0;
    return put_line(LEVEL_WARNING, "log", text);
}

static void queue_line(enum log_level level, const char *about, const char *text)
{
    if (!say_lost() || !put_line(level, about, text))
        the_log.lost++;
}

/* What was lost is said as soon as it can be: there may be no further line for long. */
static void write_queue(void)
{
    log_queue_write(&the_queue, STDERR_FILENO);
    if (the_log.lost > 0 && say_lost())
        log_queue_write(&the_queue, STDERR_FILENO);
}

static void say_of_limit(void *context, enum log_level level, const char *about, const char *text)
{
    (void)context;
    queue_line(level, about, text);
}

static uint64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static bool has_more_to_say(void)
{
    return the_log.limit.counting > 0 || the_queue.count > 0 || the_log.lost > 0;
}

/* A program that has nothing to say sleeps. What another thread left to be said is said with the next
 * line of the loop's own, or at the end. */
static void say_more_after(uint64_t ms)
{
    if (the_log.alarm == NULL || !pthread_equal(pthread_self(), the_log.loop_thread) ||
        the_log.is_alarm_set || !has_more_to_say())
        return;
    the_log.is_alarm_set = true;
    alarm_set(the_log.alarm, ms);
}

void log_set_level(enum log_level level)
{
    atomic_store(&the_log.highest, (int)level);
}

void log_line(void *context, enum log_level level, const char *about, const char *text)
{
    (void)context;
    if ((int)level > atomic_load(&the_log.highest))
        return;
    pthread_mutex_lock(&the_log.lock);
    the_log.limit.write = say_of_limit;
    if (log_limit_take(&the_log.limit, level, about, text, now_ms()))
        queue_line(level, about, text);
    write_queue();
    say_more_after(TELL_MS);
    pthread_mutex_unlock(&the_log.lock);
}

void log_format(enum log_level level, const char *about, const char *format, ...)
{
    char text[LINE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    /* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): it is; the check errs on later files */
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    log_line(NULL, level, about, text);
}

static void tell(bool all)
{
    pthread_mutex_lock(&the_log.lock);
    the_log.limit.write = say_of_limit;
    log_limit_tell(&the_log.limit, all, now_ms());
    size_t before = the_queue.count;
    write_queue();
    bool is_read = the_queue.count > 0 && the_queue.count < before;
    say_more_after(is_read ? WRITE_MS : TELL_MS);
    pthread_mutex_unlock(&the_log.lock);
}

static void alarm_rings(void *owner)
{
    (void)owner;
    the_log.is_alarm_set = false;
    tell(false);
}

/* Other threads may say something already, or still. */
static void use_alarm(struct alarm *alarm)
{
    pthread_mutex_lock(&the_log.lock);
    the_log.loop_thread = pthread_self();
    the_log.alarm = alarm;
    the_log.is_alarm_set = false;
    pthread_mutex_unlock(&the_log.lock);
}

void log_begin(struct loop *loop)
{
    use_alarm(alarm_new(loop, alarm_rings, NULL));
    tell(false);
}

void log_end(void)
{
    struct alarm *alarm = the_log.alarm;
    use_alarm(NULL);
    alarm_end(alarm);
    tell(true);
    pthread_mutex_lock(&the_log.lock);
    log_limit_end(&the_log.limit);
    pthread_mutex_unlock(&the_log.lock);
}
