#include "imqttd/trace/trace_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "imqttd/log/log.h"
#include "imqttd/trace/json_text.h"

#define WRITE_BYTES 65536

struct trace_file {
    struct trace_listener listener;
    int fd;
    bool has_failed;
    struct loop *loop;
    struct task write_out; /* once a turn */
    struct json_text text; /* what is not yet in the file */
};

/* What a full disk cannot take is missing, and that is said once. */
static void write_out(struct trace_file *file)
{
    size_t written = 0;
    while (written < file->text.count) {
        ssize_t count = write(file->fd, file->text.text + written, file->text.count - written);
        if (count < 0 && !file->has_failed) {
            log_format(LEVEL_ERROR, "trace", "cannot be written: %s", strerror(errno));
            file->has_failed = true;
        }
        if (count <= 0)
            break;
        file->has_failed = false;
        written += (size_t)count;
    }
    json_text_clear(&file->text);
}

static void turn_ends(struct task *task)
{
    write_out((struct trace_file *)((char *)task - offsetof(struct trace_file, write_out)));
}

static void told(struct trace_listener *listener, const struct trace_event *event)
{
    struct trace_file *file = (struct trace_file *)listener; /* its first member */
    char time[TRACE_TIME_BYTES];
    json_put_bytes(&file->text, time, trace_put_time(time, event->at_us));
    json_put_bytes(&file->text, event->rest, event->rest_bytes);
    json_put(&file->text, "\n");
    if (file->text.count > WRITE_BYTES)
        write_out(file);
    else
        loop_soon(file->loop, &file->write_out);
}

struct trace_file *trace_file_new(struct trace *trace, struct loop *loop, const char *name,
                                  struct host_refusal *refusal)
{
    struct trace_file *file = calloc(1, sizeof *file);
    int fd = open(name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0600);
    if (file == NULL || fd < 0) {
        refuse(refusal, "--trace", name, strerror(errno));
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
    close(file->fd);
    json_text_free(&file->text);
    free(file);
}
