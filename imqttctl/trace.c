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
    struct pcapng pcapng; /* no file: not asked for */
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
    if (bytes != NULL)
        pcapng_put(&tracing->pcapng, modem, strcmp(dir, "host") == 0,
                   (uint64_t)(1000.0 * (tracing->printer.began_ms + t_ms)), bytes, count);
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
    return fflush(stdout) == 0; /* nobody reads it any more */
}

/* Whoever waits for it, a script or a person, knows from when on nothing is missed. */
static bool take_bytes(void *context, const char *bytes, size_t count)
{
    if (count == 0)
        (void)fputs("imqttctl: tracing\n", stderr);
    return event_stream_take(context, bytes, count);
}

static enum ctl_exit follow(struct ctl *ctl, struct tracing *tracing, const char *glob)
{
    struct event_stream stream = {.take_line = take_line, .context = tracing};
    char *encoded = control_encode(glob != NULL ? glob : "*"), *path;
    if (asprintf(&path, "/v1/events?name=%s", encoded) < 0)
        path = NULL;
    enum ctl_exit end = daemon_follow(ctl->client, path, take_bytes, &stream);
    event_stream_end(&stream);
    free(encoded);
    free(path);
    return end;
}

enum ctl_exit verb_trace(struct ctl *ctl, struct verb_arguments *arguments)
{
    bool is_wrong = false;
    const char *file = arguments_take_value(arguments, "--pcapng", &is_wrong);
    struct tracing tracing = {.as_json = ctl->json};
    if (is_wrong || arguments->count > 1 || arguments_stray_option(arguments) != NULL)
        return verbs_wrong_usage("trace");
    tracing.printer = (struct event_printer){
        .file = stdout, .has_colours = isatty(STDOUT_FILENO) && getenv("NO_COLOR") == NULL};
    if (file != NULL && !pcapng_begin(&tracing.pcapng, file))
        return ctl_say(CTL_FAILED, "%s: %s", file, strerror(errno));
    enum ctl_exit end = follow(ctl, &tracing, arguments->count == 1 ? arguments->words[0] : NULL);
    if (file != NULL && !pcapng_end(&tracing.pcapng))
        return ctl_say(CTL_FAILED, "%s: %s", file, strerror(errno));
    return end;
}
