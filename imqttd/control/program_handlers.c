#include <stdlib.h>
#include <string.h>

#include "imqttd/config/radio_words.h"
#include "imqttd/control/body.h"
#include "imqttd/control/control.h"
#include "imqttd/control/handlers.h"
#include "imqttd/fleet/watches.h"
#include "imqttd/metrics/metrics.h"
#include "imqttd/trace/json_text.h"
#include "imqttd/trace/trace.h"

enum MHD_Result handle_version(struct request *request)
{
    return answer_json(
        request, MHD_HTTP_OK,
        json_pack("{s:s, s:s, s:i}", "name", "imqttd", "version", IMQTT_VERSION, "api", 1));
}

static void reset_modem(struct request *request, struct host_modem *modem)
{
    struct imqtt_radio radio = radio_good();
    struct host_refusal refusal;
    bool was_powered = host_modem_is_powered(modem);
    fault_set_reset(host_modem_faults(modem));
    host_modem_set_radio(modem, &radio);
    if (!was_powered && host_modem_power_on(modem, &refusal))
        trace_powered(request->daemon->trace, modem, true);
}

enum MHD_Result handle_reset(struct request *request)
{
    enum MHD_Result result;
    size_t count;
    if (!body_is_empty(request, &result))
        return result;
    struct watch **watches = watches_sorted(request->daemon->watches, &count);
    for (size_t i = 0; i < count; i++)
        reset_modem(request, watches[i]->modem);
    return answer_json(request, MHD_HTTP_OK, json_pack("{s:I}", "modems", (json_int_t)count));
}

enum MHD_Result handle_reload(struct request *request)
{
    struct fleet_changes changes;
    struct config_faults faults;
    enum MHD_Result result;
    if (!body_is_empty(request, &result))
        return result;
    if (daemon_reload(request->daemon, &changes, &faults))
        return answer_json(
            request, MHD_HTTP_OK,
            json_pack("{s:I, s:I, s:I, s:I}", "unchanged", (json_int_t)changes.unchanged, "changed",
                      (json_int_t)changes.changed, "added", (json_int_t)changes.added, "removed",
                      (json_int_t)changes.removed));
    json_t *errors = json_array();
    for (size_t i = 0; i < faults.count; i++)
        json_array_append_new(errors,
                              json_stringn_nocheck(faults.lines[i], strlen(faults.lines[i])));
    config_faults_free(&faults);
    return answer_json(request, MHD_HTTP_CONFLICT, json_pack("{s:o}", "errors", errors));
}

/* ---- metrics -------------------------------------------------------------------------------- */

struct metrics_answer {
    struct scrape *scrape;
    struct json_text text;
    size_t sent;
    bool is_whole;
};

/* One portion is made at a time: between two of them the modems have their turn. */
static ssize_t read_metrics(void *context, uint64_t at, char *buffer, size_t room)
{
    struct metrics_answer *answer = context;
    (void)at;
    if (answer->sent == answer->text.count && !answer->is_whole) {
        json_text_clear(&answer->text);
        answer->sent = 0;
        answer->is_whole = !scrape_go_on(answer->scrape, &answer->text);
    }
    size_t left = answer->text.count - answer->sent;
    if (left == 0 && answer->is_whole)
        return MHD_CONTENT_READER_END_OF_STREAM;
    size_t count = left < room ? left : room;
    if (count > 0)
        memcpy(buffer, answer->text.text + answer->sent, count);
    answer->sent += count;
    return (ssize_t)count;
}

static void free_metrics(void *context)
{
    struct metrics_answer *answer = context;
    scrape_end(answer->scrape);
    json_text_free(&answer->text);
    free(answer);
}

enum MHD_Result handle_metrics(struct request *request)
{
    struct daemon *daemon = request->daemon;
    if (!daemon->config.program.metrics)
        return answer_error(request, MHD_HTTP_NOT_FOUND, "no_metrics", NULL,
                            "the configuration says metrics = no");
    struct metrics_answer *answer = calloc(1, sizeof *answer);
    if (answer == NULL)
        return MHD_NO;
    answer->scrape =
        scrape_begin(daemon->metrics, daemon->watches, daemon->config.program.metrics_per_modem);
    struct MHD_Response *response = NULL;
    if (answer->scrape != NULL)
        response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 65536, read_metrics, answer,
                                                     free_metrics);
    if (response == NULL)
        free_metrics(answer);
    else
        MHD_add_response_header(response, "Content-Type",
                                "text/plain; version=0.0.4; charset=utf-8");
    return answer_with(request, MHD_HTTP_OK, response);
}
