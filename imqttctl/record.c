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

/* Lines of spaces only keep the connection alive. */
static bool take_line(void *context, char *line, size_t bytes)
{
    FILE *file = context;
    if (strspn(line, " ") == bytes)
        return true;
    (void)fwrite(line, 1, bytes, file);
    (void)putc('\n', file);
    return fflush(file) == 0; /* a line is whole on the disk, or it is not there */
}

static enum ctl_exit record(struct ctl *ctl, const char *name, FILE *file)
{
    struct event_stream stream = {.take_line = take_line, .context = file};
    char *path = control_modem_path(name, "/record");
    enum ctl_exit end = daemon_follow(ctl->client, path, event_stream_take, &stream);
    event_stream_end(&stream);
    free(path);
    return end;
}

enum ctl_exit verb_record(struct ctl *ctl, struct verb_arguments *arguments)
{
    if (arguments->count != 2 || arguments_stray_option(arguments) != NULL)
        return verbs_wrong_usage("record");
    const char *name = arguments->words[1];
    int created = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    FILE *file = created >= 0 ? fdopen(created, "w") : NULL;
    if (file == NULL)
        return ctl_say(CTL_FAILED, "%s: %s", name, strerror(errno));
    enum ctl_exit end = record(ctl, arguments->words[0], file);
    bool is_bad = ferror(file) != 0;
    if ((fclose(file) != 0 || is_bad) && end == CTL_DONE)
        return ctl_say(CTL_FAILED, "%s: %s", name, strerror(errno));
    return end;
}
