#include <stdlib.h>
#include <string.h>

#include "imqttd/config/radio_words.h"
#include "imqttd/control/body.h"
#include "imqttd/control/control.h"
#include "imqttd/control/handlers.h"
#include "imqttd/control/modem_json.h"
#include "imqttd/control/portions.h"
#include "imqttd/fleet/watches.h"
#include "imqttd/metrics/metrics.h"
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

static json_t *text_json(const char *text)
{
    return bytes_json(text, strlen(text));
}

/* NULL: there are none. */
static json_t *waiting_json(const struct daemon *daemon)
{
    const char *keys[DAEMON_WAITING_KEYS];
    size_t count = daemon_waiting_keys(daemon, keys);
    json_t *waiting = count > 0 ? json_array() : NULL;
    for (size_t i = 0; i < count; i++)
        json_array_append_new(waiting, json_string(keys[i]));
    return waiting;
}

static json_t *changes_json(const struct daemon *daemon, const struct fleet_changes *changes)
{
    json_t *failed = json_array();
    for (size_t i = 0; i < changes->failed; i++)
        json_array_append_new(failed,
                              json_pack("{s:o, s:o}", "name", text_json(changes->failures[i].name),
                                        "why", text_json(changes->failures[i].why)));
    return json_pack("{s:I, s:I, s:I, s:I, s:o, s:o*}", "unchanged", (json_int_t)changes->unchanged,
                     "changed", (json_int_t)changes->changed, "added", (json_int_t)changes->added,
                     "removed", (json_int_t)changes->removed, "failed", failed, "wait_for_start",
                     waiting_json(daemon));
}

static json_t *faults_json(const struct config_faults *faults)
{
    json_t *errors = json_array();
    for (size_t i = 0; i < faults->count; i++)
        json_array_append_new(errors, text_json(faults->lines[i]));
    return json_pack("{s:o}", "errors", errors);
}

enum MHD_Result handle_reload(struct request *request)
{
    struct fleet_changes changes;
    struct config_faults faults;
    enum MHD_Result result;
    if (!body_is_empty(request, &result))
        return result;
    bool has_changed = daemon_reload(request->daemon, &changes, &faults);
    result = has_changed
                 ? answer_json(request, MHD_HTTP_OK, changes_json(request->daemon, &changes))
                 : answer_json(request, MHD_HTTP_CONFLICT, faults_json(&faults));
    fleet_changes_free(&changes);
    config_faults_free(&faults);
    return result;
}

/* ---- metrics -------------------------------------------------------------------------------- */

static bool go_on(void *scrape, struct json_text *text)
{
    return scrape_go_on(scrape, text);
}

static void end(void *scrape)
{
    scrape_end(scrape);
}

enum MHD_Result handle_metrics(struct request *request)
{
    static const struct portions_kind kind = {"text/plain; version=0.0.4; charset=utf-8", go_on,
                                              end};
    struct daemon *daemon = request->daemon;
    if (!daemon->config.program.metrics)
        return answer_error(request, MHD_HTTP_NOT_FOUND, "no_metrics", NULL,
                            "the configuration says metrics = no");
    if (!metrics_is_on(daemon->metrics))
        return answer_error(request, MHD_HTTP_NOT_FOUND, "no_metrics", NULL,
                            "they are counted when the program is started again");
    return answer_in_portions(
        request, &kind,
        scrape_begin(daemon->metrics, daemon->watches, daemon->config.program.metrics_per_modem));
}
