#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "imqttd/config/radio_words.h"
#include "imqttd/fleet/watches.h"
#include "imqttd/control/body.h"
#include "imqttd/control/handlers.h"
#include "imqttd/control/modem_json.h"
#include "imqttd/control/modem_list.h"
#include "imqttd/control/selection.h"
#include "imqttd/trace/trace.h"

/* ---- looking -------------------------------------------------------------------------------- */

static bool read_range(struct request *request, const char *key, size_t *number, size_t min,
                       size_t max, enum MHD_Result *result)
{
    char text[16];
    const char *value = request_query(request, key, text, sizeof text);
    if (MHD_lookup_connection_value(request->connection, MHD_GET_ARGUMENT_KIND, key) == NULL)
        return true;
    size_t digits = value != NULL ? strspn(value, "0123456789") : 0;
    if (digits > 0 && digits < 10 && value[digits] == '\0') {
        *number = strtoul(value, NULL, 10);
        if (*number >= min && *number <= max)
            return true;
    }
    *result = answer_error(request, MHD_HTTP_BAD_REQUEST, "bad_request", key,
                           "%s is a number from %zu to %zu", key, min, max);
    return false;
}

enum MHD_Result handle_list(struct request *request)
{
    size_t offset = 0, limit = 100000;
    char text[REQUEST_NAME_BYTES + 1];
    enum MHD_Result result;
    const char *glob = request_query(request, "name", text, sizeof text);
    if (!read_range(request, "offset", &offset, 0, 1000000, &result) ||
        !read_range(request, "limit", &limit, 1, 100000, &result))
        return result;
    return modem_list_answer(request, glob, offset, limit);
}

enum MHD_Result handle_show(struct request *request)
{
    struct watch *watch = watch_find(request->daemon->watches, request->name);
    if (watch == NULL)
        return selection_answer_none(request);
    return answer_json(request, MHD_HTTP_OK, modem_json_detail(watch));
}

/* ---- changing ------------------------------------------------------------------------------- */

/* A number or a word, as the text that radio_put() reads. */
static bool put_radio_value(struct imqtt_radio *radio, const char *key, const json_t *value,
                            char why[CONFIG_WHY_BYTES])
{
    char digits[24];
    if (json_is_integer(value) && strcmp(key, "signal") == 0) {
        snprintf(digits, sizeof digits, "%lld", (long long)json_integer_value(value));
        return radio_put(radio, key, digits, why);
    }
    if (json_is_string(value) && strcmp(key, "signal") != 0)
        return radio_put(radio, key, json_string_value(value), why);
    snprintf(why, CONFIG_WHY_BYTES, "%s is %s", key,
             strcmp(key, "signal") == 0 ? "a number" : "a word");
    return false;
}

/* What of the radio is to change; false: the error was answered. */
static bool put_radio(struct request *request, struct imqtt_radio *radio, enum MHD_Result *result)
{
    static const char *const keys[] = {"signal", "registered", "sim", NULL};
    json_t *changes = json_object_get(request->json, "radio"), *value;
    const char *key;
    char why[CONFIG_WHY_BYTES];
    if (!json_is_object(changes) || json_object_size(changes) == 0) {
        *result = answer_error(request, MHD_HTTP_UNPROCESSABLE_CONTENT,
                               changes == NULL ? "missing" : "bad_value", "radio",
                               "radio is an object with signal, registered or sim");
        return false;
    }
    if (!body_has_only(request, changes, keys, result))
        return false;
    json_object_foreach(changes, key, value)
    {
        if (put_radio_value(radio, key, value, why))
            continue;
        *result =
            answer_error(request, MHD_HTTP_UNPROCESSABLE_CONTENT, "bad_value", key, "%s", why);
        return false;
    }
    return true;
}

enum MHD_Result handle_change(struct request *request)
{
    static const char *const keys[] = {"radio", NULL};
    struct imqtt_radio trial = radio_good();
    struct selection selection;
    enum MHD_Result result;
    if (!body_has_only(request, request->json, keys, &result) ||
        !put_radio(request, &trial, &result) || !selection_take(&selection, request, &result))
        return result;
    for (size_t i = 0; i < selection.count; i++) {
        struct imqtt_radio radio = host_modem_radio(selection.watches[i]->modem);
        put_radio(request, &radio, &result);
        host_modem_set_radio(selection.watches[i]->modem, &radio);
    }
    return selection_answer(&selection, request);
}

/* ---- power ---------------------------------------------------------------------------------- */

enum power_action { POWER_OFF, POWER_ON, POWER_CYCLE };

static void switch_power(struct daemon *daemon, struct host_modem *modem, enum power_action action)
{
    struct host_refusal refusal;
    bool was_powered = host_modem_is_powered(modem);
    if (action != POWER_ON)
        host_modem_power_off(modem);
    if (action != POWER_ON && was_powered)
        trace_powered(daemon->trace, modem, false);
    if (action == POWER_OFF)
        return;
    if (!host_modem_is_powered(modem))
        trace_powered(daemon->trace, modem, true);
    host_modem_power_on(modem, &refusal);
}

enum MHD_Result handle_power(struct request *request)
{
    static const char *const words[] = {"off", "on", "cycle", NULL};
    struct selection selection;
    enum MHD_Result result;
    size_t action;
    if (!body_word(request, "action", words, &action, &result) ||
        !selection_take(&selection, request, &result))
        return result;
    for (size_t i = 0; i < selection.count; i++)
        switch_power(request->daemon, selection.watches[i]->modem, (enum power_action)action);
    return selection_answer(&selection, request);
}

/* ---- what a host or a network would do ------------------------------------------------------- */

static enum MHD_Result refuse_one(struct selection *selection, struct request *request,
                                  const struct watch *watch, const char *code, const char *why)
{
    selection_end(selection);
    return answer_error(request, MHD_HTTP_CONFLICT, code, NULL, "%s: %s",
                        host_modem_name(watch->modem), why);
}

enum MHD_Result handle_urc(struct request *request)
{
    struct selection selection;
    enum MHD_Result result;
    const char *text;
    if (!body_text(request, "text", "", &text, &result) ||
        !selection_take(&selection, request, &result))
        return result;
    for (size_t i = 0; i < selection.count; i++)
        if (!host_modem_is_powered(selection.watches[i]->modem))
            return refuse_one(&selection, request, selection.watches[i], "powered_off",
                              "it is switched off");
    for (size_t i = 0; i < selection.count; i++)
        if (!host_modem_say_urc(selection.watches[i]->modem, text))
            return refuse_one(&selection, request, selection.watches[i], "busy",
                              "too much waits for its host");
    return selection_answer(&selection, request);
}

enum MHD_Result handle_link(struct request *request)
{
    static const char *const words[] = {"cut", "close", NULL};
    struct selection selection;
    enum MHD_Result result;
    size_t action, ended = 0;
    if (!body_word(request, "action", words, &action, &result) ||
        !selection_take(&selection, request, &result))
        return result;
    for (size_t i = 0; i < selection.count; i++) {
        struct host_modem *modem = selection.watches[i]->modem;
        ended += action == 0 ? host_modem_cut_link(modem) : host_modem_close_link(modem);
    }
    if (ended == 0)
        return refuse_one(&selection, request, selection.watches[0], "not_connected",
                          "it has no connection");
    return selection_answer(&selection, request);
}

enum MHD_Result handle_type(struct request *request)
{
    struct selection selection;
    enum MHD_Result result;
    const char *text;
    if (!body_text(request, "text", "\x1A\x1B", &text, &result) ||
        !selection_take(&selection, request, &result))
        return result;
    struct watch *watch = selection.watches[0];
    if (selection.is_glob)
        return refuse_one(&selection, request, watch, "bad_name", "type is for one modem");
    if (!host_modem_is_powered(watch->modem))
        return refuse_one(&selection, request, watch, "powered_off", "it is switched off");
    const char *why = host_modem_type(watch->modem, text);
    if (why != NULL)
        return refuse_one(&selection, request, watch,
                          host_modem_has_host(watch->modem) ? "host_connected" : "busy", why);
    return selection_answer(&selection, request);
}
