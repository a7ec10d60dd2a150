/* radio, power, urc, link, type, fault, reset, reload: what is changed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "imqttctl/daemon_client.h"
#include "imqttctl/fault_arguments.h"
#include "imqttctl/json_lines.h"
#include "imqttctl/verbs.h"

/* Done is done: only --json says what is now. */
static enum ctl_exit change(struct ctl *ctl, const char *method, const char *path, json_t *body)
{
    struct control_answer answer;
    enum ctl_exit end = daemon_ask(ctl->client, method, path, body, &answer);
    if (end == CTL_DONE && ctl->json && answer.json != NULL)
        json_lines_dump(answer.json);
    control_answer_end(&answer);
    return end;
}

static enum ctl_exit change_modem(struct ctl *ctl, const char *name, const char *behind,
                                  json_t *body)
{
    char *path = control_modem_path(name, behind);
    if (body == NULL) {
        free(path);
        return ctl_say(CTL_USAGE, "the text is no UTF-8");
    }
    enum ctl_exit end = change(ctl, "POST", path, body);
    free(path);
    return end;
}

static bool put_radio(json_t *radio, char *word)
{
    char *value = strchr(word, '='), *end;
    if (value == NULL)
        return false;
    *value++ = '\0';
    if (strcmp(word, "signal") != 0)
        return json_object_set_new(radio, word, json_string(value)) == 0;
    long signal = strtol(value, &end, 10);
    return *value != '\0' && *end == '\0' &&
           json_object_set_new(radio, word, json_integer(signal)) == 0;
}

enum ctl_exit verb_radio(struct ctl *ctl, struct verb_arguments *arguments)
{
    json_t *radio = json_object();
    bool is_good = arguments->count >= 2;
    for (int i = 1; i < arguments->count; i++)
        is_good = is_good && put_radio(radio, arguments->words[i]);
    if (!is_good) {
        json_decref(radio);
        return verbs_wrong_usage("radio");
    }
    char *path = control_modem_path(arguments->words[0], "");
    enum ctl_exit end = change(ctl, "PATCH", path, json_pack("{s:o}", "radio", radio));
    free(path);
    return end;
}

static bool is_one_of(const char *word, const char *one, const char *other, const char *third)
{
    return strcmp(word, one) == 0 || strcmp(word, other) == 0 || strcmp(word, third) == 0;
}

enum ctl_exit verb_power(struct ctl *ctl, struct verb_arguments *arguments)
{
    if (arguments->count != 2 || !is_one_of(arguments->words[1], "off", "on", "cycle"))
        return verbs_wrong_usage("power");
    return change_modem(ctl, arguments->words[0], "/power",
                        json_pack("{s:s}", "action", arguments->words[1]));
}

enum ctl_exit verb_link(struct ctl *ctl, struct verb_arguments *arguments)
{
    if (arguments->count != 2 || !is_one_of(arguments->words[1], "cut", "close", "close"))
        return verbs_wrong_usage("link");
    return change_modem(ctl, arguments->words[0], "/link",
                        json_pack("{s:s}", "action", arguments->words[1]));
}

enum ctl_exit verb_urc(struct ctl *ctl, struct verb_arguments *arguments)
{
    if (arguments->count != 2)
        return verbs_wrong_usage("urc");
    return change_modem(ctl, arguments->words[0], "/urc",
                        json_pack("{s:s}", "text", arguments->words[1]));
}

enum ctl_exit verb_type(struct ctl *ctl, struct verb_arguments *arguments)
{
    if (arguments->count != 2)
        return verbs_wrong_usage("type");
    return change_modem(ctl, arguments->words[0], "/type",
                        json_pack("{s:s}", "text", arguments->words[1]));
}

enum ctl_exit verb_reset(struct ctl *ctl, struct verb_arguments *arguments)
{
    if (arguments->count != 0)
        return verbs_wrong_usage("reset");
    return change(ctl, "POST", "/v1/reset", NULL);
}

static enum ctl_exit say_faults_of_files(const json_t *errors)
{
    size_t index;
    json_t *error;
    json_array_foreach(errors, index, error)
    {
        ctl_say(CTL_FAILED, "%s", json_string_value(error));
    }
    return CTL_FAILED;
}

static void print_counts(const json_t *changes)
{
    static const char *const counts[] = {"unchanged", "changed", "added", "removed"};
    for (size_t i = 0; i < 4; i++)
        printf("%lld %s, ", (long long)json_integer_value(json_object_get(changes, counts[i])),
               counts[i]);
    printf("%zu failed\n", json_array_size(json_object_get(changes, "failed")));
}

static void print_waiting(const json_t *changes)
{
    size_t index;
    json_t *key;
    json_array_foreach(json_object_get(changes, "wait_for_start"), index, key)
    {
        printf("%s changes when the program is started again\n", json_string_value(key));
    }
}

/* A modem that could not be had is a failure, whatever came of the others. */
static enum ctl_exit say_changes(const struct ctl *ctl, const json_t *changes)
{
    enum ctl_exit end = CTL_DONE;
    size_t index;
    json_t *failed;
    if (ctl->json)
        json_lines_dump(changes);
    else {
        print_counts(changes);
        print_waiting(changes);
    }
    json_array_foreach(json_object_get(changes, "failed"), index, failed)
    {
        end = ctl_say(CTL_FAILED, "%s: %s", json_string_value(json_object_get(failed, "name")),
                      json_string_value(json_object_get(failed, "why")));
    }
    return end;
}

enum ctl_exit verb_reload(struct ctl *ctl, struct verb_arguments *arguments)
{
    struct control_answer answer;
    if (arguments->count != 0)
        return verbs_wrong_usage("reload");
    enum ctl_exit end = daemon_ask(ctl->client, "POST", "/v1/reload", NULL, &answer);
    const json_t *errors = json_object_get(answer.json, "errors");
    if (end == CTL_DONE)
        end = say_changes(ctl, answer.json);
    else if (errors != NULL)
        end = say_faults_of_files(errors);
    control_answer_end(&answer);
    return end;
}
