/* record: a recording, into a file, until it is interrupted. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "imqttctl/daemon_client.h"
#include "imqttctl/event_stream.h"
#include "imqttctl/verbs.h"

/* The file is made when the daemon has begun: what is there stays if nothing can be recorded. */
struct recording {
    const char *name;
    FILE *file;
    int problem; /* errno */
    struct event_stream stream;
};

static bool begin(struct recording *recording)
{
    int created = open(recording->name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    recording->file = created >= 0 ? fdopen(created, "w") : NULL;
    if (recording->file == NULL)
        recording->problem = errno;
    return recording->file != NULL;
}

/* Lines of spaces only keep the connection alive. */
static bool take_line(void *context, char *line, size_t bytes)
{
    struct recording *recording = context;
    if (strspn(line, " ") == bytes)
        return true;
    (void)fwrite(line, 1, bytes, recording->file);
    (void)putc('\n', recording->file);
    if (fflush(recording->file) != 0) /* a line is whole on the disk, or it is not there */
        recording->problem = errno;
    return recording->problem == 0;
}

static bool take_bytes(void *context, const char *bytes, size_t count)
{
    struct recording *recording = context;
    return (recording->file != NULL || begin(recording)) &&
           event_stream_take(&recording->stream, bytes, count);
}

static enum ctl_exit record(struct ctl *ctl, const char *name, struct recording *recording)
{
    char *path = control_modem_path(name, "/record");
    recording->stream = (struct event_stream){.take_line = take_line, .context = recording};
    enum ctl_exit end = daemon_follow(ctl->client, path, take_bytes, recording);
    event_stream_end(&recording->stream);
    free(path);
    return end;
}

enum ctl_exit verb_record(struct ctl *ctl, struct verb_arguments *arguments)
{
    if (arguments->count != 2 || arguments_stray_option(arguments) != NULL)
        return verbs_wrong_usage("record");
    struct recording recording = {.name = arguments->words[1]};
    enum ctl_exit end = record(ctl, arguments->words[0], &recording);
    if (recording.file != NULL && fclose(recording.file) != 0 && recording.problem == 0)
        recording.problem = errno;
    if (recording.problem != 0 && end == CTL_DONE)
        return ctl_say(CTL_FAILED, "%s: %s", recording.name, strerror(recording.problem));
    return end;
}
