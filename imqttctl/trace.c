/* trace: what happens, as it happens. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "imqttctl/daemon_client.h"
#include "imqttctl/event_stream.h"
#include "imqttctl/event_text.h"
#include "imqttctl/hex_bytes.h"
#include "imqttctl/pcapng.h"
#include "imqttctl/verbs.h"

struct tracing {
    struct event_printer printer;
    struct event_stream stream;
    struct pcapng pcapng;
    const char *file; /* of that; NULL: not asked for */
    int problem;      /* errno: it cannot be written */
    bool as_json;
};

static void put_packet(struct tracing *tracing, const json_t *event)
{
    const char *modem = json_string_value(json_object_get(event, "modem"));
    const char *dir = json_string_value(json_object_get(event, "dir"));
    const char *kind = json_string_value(json_object_get(event, "kind"));
    double t_ms = json_number_value(json_object_get(event, "t_ms"));
    size_t count;
    if (kind == NULL || strcmp(kind, "at") != 0 || modem == NULL || dir == NULL)
        return;
    uint8_t *bytes = hex_bytes_of(event, &count);
    if (bytes != NULL &&
        !pcapng_put(&tracing->pcapng, modem, strcmp(dir, "host") == 0,
                    (uint64_t)(1000.0 * (tracing->printer.began_ms + t_ms)), bytes, count))
        tracing->problem = errno;
    free(bytes);
}

static bool take_line(void *context, char *line, size_t bytes)
{
    struct tracing *tracing = context;
    const char *data = event_stream_data(line);
    (void)bytes;
    if (data == NULL)
        return true;
    json_t *event = json_loads(data, 0, NULL);
    if (json_object_get(event, "kind") == NULL) {
        json_decref(event);
        return true;
    }
    event_printer_set_clock(&tracing->printer, event);
    if (tracing->as_json)
        puts(data);
    else
        event_print(&tracing->printer, event);
    if (tracing->pcapng.file != NULL)
        put_packet(tracing, event);
    json_decref(event);
    return fflush(stdout) == 0 && tracing->problem == 0; /* else nobody reads it any more */
}

/* Whoever waits for it, a script or a person, knows from when on nothing is missed. A file that is
 * there stays if nothing can be traced. */
static bool begin(struct tracing *tracing)
{
    if (tracing->file != NULL && !pcapng_begin(&tracing->pcapng, tracing->file)) {
        tracing->problem = errno;
        return false;
    }
    (void)fputs("imqttctl: tracing\n", stderr);
    return true;
}

static bool take_bytes(void *context, const char *bytes, size_t count)
{
    struct tracing *tracing = context;
    return (count > 0 || begin(tracing)) && event_stream_take(&tracing->stream, bytes, count);
}

/* It may come yet: a modem a connection, or the next reload. */
static void note_nobody(struct ctl *ctl, const char *glob)
{
    struct control_answer answer;
    char *encoded = control_encode(glob), *path;
    if (asprintf(&path, "/v1/modems?limit=1&name=%s", encoded) < 0)
        path = NULL;
    if (daemon_ask_quietly(ctl->client, path, &answer) &&
        json_integer_value(json_object_get(answer.json, "total")) == 0)
        (void)ctl_say(CTL_DONE, "no modem is named %s yet", glob);
    control_answer_end(&answer);
    free(encoded);
    free(path);
}

static enum ctl_exit follow(struct ctl *ctl, struct tracing *tracing, const char *glob)
{
    char *encoded = control_encode(glob != NULL ? glob : "*"), *path;
    if (asprintf(&path, "/v1/events?name=%s", encoded) < 0)
        path = NULL;
    tracing->stream = (struct event_stream){.take_line = take_line, .context = tracing};
    enum ctl_exit end = daemon_follow(ctl->client, path, take_bytes, tracing);
    event_stream_end(&tracing->stream);
    free(encoded);
    free(path);
    return end;
}

enum ctl_exit verb_trace(struct ctl *ctl, struct verb_arguments *arguments)
{
    bool is_wrong = false;
    struct tracing tracing = {.as_json = ctl->json,
                              .file = arguments_take_value(arguments, "--pcapng", &is_wrong)};
    if (is_wrong || arguments->count > 1 || arguments_stray_option(arguments) != NULL)
        return verbs_wrong_usage("trace");
    tracing.printer = (struct event_printer){
        .file = stdout, .has_colours = isatty(STDOUT_FILENO) && getenv("NO_COLOR") == NULL};
    const char *glob = arguments->count == 1 ? arguments->words[0] : NULL;
    if (glob != NULL)
        note_nobody(ctl, glob);
    enum ctl_exit end = follow(ctl, &tracing, glob);
    if (tracing.pcapng.file != NULL && !pcapng_end(&tracing.pcapng) && tracing.problem == 0)
        tracing.problem = errno;
    return tracing.problem == 0
               ? end
               : ctl_say(CTL_FAILED, "%s: %s", tracing.file, strerror(tracing.problem));
}
