#include <math.h>
#include <stdio.h>
#include <string.h>

#include "imqttd/fleet/watches.h"
#include "imqttd/control/body.h"
#include "imqttd/control/handlers.h"
#include "imqttd/control/modem_json.h"
#include "imqttd/control/selection.h"

enum MHD_Result handle_fault_list(struct request *request)
{
    struct watch *watch = watch_find(request->daemon->watches, request->name);
    if (watch == NULL)
        return selection_answer_none(request);
    return answer_json(request, MHD_HTTP_OK, json_pack("{s:o}", "faults", fault_json_list(watch)));
}

/* ---- adding --------------------------------------------------------------------------------- */

static enum MHD_Result refuse_problem(struct request *request, const struct fault_problem *problem)
{
    return answer_error(request, MHD_HTTP_UNPROCESSABLE_CONTENT, "bad_value",
                        *problem->key != '\0' ? problem->key : NULL, "%s", problem->text);
}

/* A value as fault_put() reads it. false: no fault has a value of that kind. */
static bool text_of(char *text, size_t room, const json_t *value)
{
    if (json_is_string(value))
        return snprintf(text, room, "%s", json_string_value(value)) < (int)room;
    if (json_is_integer(value))
        return snprintf(text, room, "%lld", (long long)json_integer_value(value)) < (int)room;
    if (json_is_real(value) && isfinite(json_real_value(value)))
        return snprintf(text, room, "%.6f", json_real_value(value)) < (int)room;
    return false;
}

/* JSON has numbers: "0.1" is none. What is not a key at all fault_put() tells. */
static bool is_number_key(const struct fault *fault, const char *key)
{
    static const char *const common[] = {"toxicity", "seed", "ttl_ms", "count"};
    const struct fault_attribute *each = NULL;
    for (size_t i = 0; i < sizeof common / sizeof common[0]; i++)
        if (strcmp(common[i], key) == 0)
            return true;
    while ((each = fault_next_attribute(fault_type_of(fault), each)) != NULL)
        if (strcmp(each->name, key) == 0)
            return each->kind != FAULT_IS_WORD && each->kind != FAULT_IS_TEXT;
    return false;
}

static bool put_value(struct fault *fault, const char *key, const json_t *value,
                      struct fault_problem *problem)
{
    char text[FAULT_TEXT_BYTES + 2];
    if (text_of(text, sizeof text, value)) {
        if (!fault_put(fault, key, text, problem))
            return false;
        if (!json_is_string(value) || !is_number_key(fault, key))
            return true;
    }
    snprintf(problem->key, sizeof problem->key, "%s", key);
    snprintf(problem->text, sizeof problem->text, "a value of the wrong kind, or too long");
    return false;
}

static bool put_when(struct request *request, struct fault *fault, json_t *when,
                     struct fault_problem *problem, enum MHD_Result *result)
{
    static const char *const keys[] = {"command", NULL};
    json_t *command = json_object_get(when, "command");
    if (!body_has_only(request, when, keys, result))
        return false;
    if (json_is_string(command) && put_value(fault, "when", command, problem))
        return true;
    *result = answer_error(request, MHD_HTTP_UNPROCESSABLE_CONTENT, "bad_value", "when",
                           "when is {\"command\":\"GLOB\"}");
    return false;
}

static bool put_attributes(struct request *request, struct fault *fault, json_t *attributes,
                           struct fault_problem *problem, enum MHD_Result *result)
{
    const char *key;
    json_t *value;
    if (!json_is_object(attributes)) {
        *result = answer_error(request, MHD_HTTP_UNPROCESSABLE_CONTENT, "bad_value", "attributes",
                               "attributes is an object");
        return false;
    }
    json_object_foreach(attributes, key, value)
    {
        if (put_value(fault, key, value, problem))
            continue;
        *result = refuse_problem(request, problem);
        return false;
    }
    return true;
}

static bool put_key(struct request *request, struct fault *fault, const char *key, json_t *value,
                    enum MHD_Result *result)
{
    struct fault_problem problem = {0};
    if (strcmp(key, "type") == 0)
        return true;
    if (strcmp(key, "when") == 0)
        return put_when(request, fault, value, &problem, result);
    if (strcmp(key, "attributes") == 0)
        return put_attributes(request, fault, value, &problem, result);
    if (put_value(fault, key, value, &problem))
        return true;
    *result = refuse_problem(request, &problem);
    return false;
}

static bool read_fault(struct request *request, struct fault *fault, enum MHD_Result *result)
{
    static const char *const keys[] = {"name",   "type",  "link", "stream",     "toxicity", "seed",
                                       "ttl_ms", "count", "when", "attributes", NULL};
    struct fault_problem problem = {0};
    const char *key, *type = json_string_value(json_object_get(request->json, "type"));
    json_t *value;
    if (!body_has_only(request, request->json, keys, result))
        return false;
    if (type == NULL) {
        *result = answer_error(request, MHD_HTTP_UNPROCESSABLE_CONTENT, "missing", "type",
                               "type is missing");
        return false;
    }
    bool is_good = fault_begin(fault, type, &problem);
    if (!is_good)
        *result = refuse_problem(request, &problem);
    json_object_foreach(request->json, key, value)
    {
        is_good = is_good && put_key(request, fault, key, value, result);
    }
    if (!is_good || fault_finish(fault, &problem))
        return is_good;
    *result = refuse_problem(request, &problem);
    return false;
}

static json_t *add(struct request *request, struct watch *watch, const struct fault *fault,
                   struct fault_problem *problem)
{
    const struct fault *added = fault_set_add(host_modem_faults(watch->modem), fault, problem);
    return added != NULL ? fault_json(added, loop_now_ms(&request->daemon->host.loop)) : NULL;
}

/* All of them, or none is changed. */
static bool all_take(const struct selection *selection, const struct fault *fault,
                     struct fault_problem *problem)
{
    for (size_t i = 0; i < selection->count; i++)
        if (!fault_set_takes(host_modem_faults(selection->watches[i]->modem), fault, problem))
            return false;
    return true;
}

enum MHD_Result handle_fault_add(struct request *request)
{
    struct fault fault;
    struct fault_problem problem = {0};
    struct selection selection;
    enum MHD_Result result;
    if (!read_fault(request, &fault, &result) || !selection_take(&selection, request, &result))
        return result;
    json_t *list = json_array(), *last = NULL;
    bool is_taken = all_take(&selection, &fault, &problem);
    for (size_t i = 0; is_taken && i < selection.count; i++) {
        last = add(request, selection.watches[i], &fault, &problem);
        if (last != NULL)
            json_array_append(list, last);
        json_decref(last);
    }
    bool is_one = !selection.is_glob;
    selection_end(&selection);
    json_t *answer = is_one && last != NULL ? json_incref(json_array_get(list, 0))
                                            : json_pack("{s:O}", "faults", list);
    bool is_refused = json_array_size(list) == 0;
    json_decref(list);
    if (!is_refused)
        return answer_json(request, MHD_HTTP_CREATED, answer);
    json_decref(answer);
    return answer_error(request, MHD_HTTP_CONFLICT, "taken", *problem.key ? problem.key : NULL,
                        "%s", problem.text);
}

/* ---- removing ------------------------------------------------------------------------------- */

enum MHD_Result handle_faults_remove(struct request *request)
{
    struct selection selection;
    enum MHD_Result result;
    if (!selection_take(&selection, request, &result))
        return result;
    for (size_t i = 0; i < selection.count; i++)
        fault_set_reset(host_modem_faults(selection.watches[i]->modem));
    return selection_answer(&selection, request);
}

enum MHD_Result handle_fault_remove(struct request *request)
{
    struct selection selection;
    enum MHD_Result result;
    bool has_removed = false;
    if (!selection_take(&selection, request, &result))
        return result;
    for (size_t i = 0; i < selection.count; i++)
        has_removed |=
            fault_set_remove(host_modem_faults(selection.watches[i]->modem), request->fault);
    if (has_removed)
        return selection_answer(&selection, request);
    selection_end(&selection);
    return answer_error(request, MHD_HTTP_NOT_FOUND, "unknown_fault", NULL, "no fault is named %s",
                        request->fault);
}
