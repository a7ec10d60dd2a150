#include "imqttd/trace/trace_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/loop/alarm.h"
#include "imqttd/log/log.h"
#include "imqttd/need.h"
#include "imqttd/trace/json_text.h"

#define WRITE_BYTES   65536
#define WAITING_BYTES (1U << 20) /* for a reader that is behind; then events are missing */
#define RETRY_MS      100

struct trace_file {
    struct trace_listener listener;
    int fd;
    bool has_failed;
    struct loop *loop;
    struct task write_out; /* once a turn */
    struct alarm *alarm;   /* when it is tried again */
    bool is_waiting;       /* for a reader that is behind */
    struct json_text text; /* what is not yet in the file */
};

/* What cannot be written is missing, and that is said once. */
static void fail(struct trace_file *file, const char *why)
{
    if (!file->has_failed)
        log_format(LEVEL_ERROR, "trace", "cannot be written: %s", why);
    file->has_failed = true;
}

static void keep_rest(struct trace_file *file, size_t written)
{
    file->text.count -= written;
    memmove(file->text.text, file->text.text + written, file->text.count);
    file->is_waiting = true;
    alarm_set(file->alarm, RETRY_MS);
}

/* The reader of a pipe may be slow: no modem waits for it. */
static void write_out(struct trace_file *file)
{
    size_t written = 0;
    ssize_t count = 0;
    while (written < file->text.count &&
           (count = write(file->fd, file->text.text + written, file->text.count - written)) > 0) {
        file->has_failed = false;
        written += (size_t)count;
    }
    if (count < 0 && errno == EAGAIN) {
        keep_rest(file, written);
        return;
    }
    if (count < 0)
        fail(file, strerror(errno));
    file->is_waiting = false;
    json_text_clear(&file->text);
}

static void try_again(void *owner)
{
    write_out(owner);
}

static void turn_ends(struct task *task)
{
    write_out((struct trace_file *)((char *)task - offsetof(struct trace_file, write_out)));
}

static void told(struct trace_listener *listener, const struct trace_event *event)
{
    struct trace_file *file = (struct trace_file *)listener; /* its first member */
    char time[TRACE_TIME_BYTES];
    if (file->is_waiting && file->text.count > WAITING_BYTES) {
        fail(file, "its reader does not keep up, events are missing");
        return;
    }
    json_put_bytes(&file->text, time, trace_put_time(time, event->at_us));
    json_put_bytes(&file->text, event->rest, event->rest_bytes);
    json_put(&file->text, "\n");
    if (file->is_waiting)
        return;
    if (file->text.count > WRITE_BYTES)
        write_out(file);
    else
        loop_soon(file->loop, &file->write_out);
}

/* A pipe is not waited for. */
static int open_file(const char *name, struct host_refusal *refusal)
{
    int fd = open(name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0600);
    if (fd < 0)
        refuse(refusal, "--trace", name, errno == ENXIO ? "nobody reads it" : strerror(errno));
    return fd;
}

struct trace_file *trace_file_new(struct trace *trace, struct loop *loop, const char *name,
                                  struct host_refusal *refusal)
{
    int fd = open_file(name, refusal);
    if (fd < 0)
        return NULL;
    struct trace_file *file = need_new(sizeof *file);
    file->alarm = alarm_new(loop, try_again, file);
    if (file->alarm == NULL) {
        refuse(refusal, "--trace", name, "out of memory");
        close(fd);
        free(file);
        return NULL;
    }
    file->fd = fd;
    file->loop = loop;
    file->write_out.run = turn_ends;
    file->listener = (struct trace_listener){.kinds = TRACE_ALL, .told = told};
    trace_put_head(&file->text, "*");
    write_out(file);
    trace_listen(trace, &file->listener);
    return file;
}

void trace_file_end(struct trace *trace, struct trace_file *file)
{
    if (file == NULL)
        return;
    trace_ignore(trace, &file->listener);
    loop_forget(&file->write_out);
    write_out(file);
    alarm_end(file->alarm);
    close(file->fd);
    json_text_free(&file->text);
    free(file);
}
