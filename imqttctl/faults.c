/* fault add, list, remove. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "imqttctl/daemon_client.h"
#include "imqttctl/fault_arguments.h"
#include "imqttctl/json_lines.h"
#include "imqttctl/verbs.h"

static void print_name(const json_t *fault)
{
    puts(json_string_value(json_object_get(fault, "name")));
}

static void print_fault(const json_t *fault)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)fault, key, value)
    {
        char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
        if (strcmp(key, "name") == 0)
            (void)fputs(json_string_value(value), stdout);
        else if (json_is_string(value))
            printf(" %s=%s", key, json_string_value(value));
        else if (!json_is_object(value) || json_object_size(value) > 0)
            printf(" %s=%s", key, text);
        free(text);
    }
    putchar('\n');
}

/* Of one modem, or of several by a glob. */
static void print_all(const json_t *answer, void (*print)(const json_t *fault))
{
    const json_t *faults = json_object_get(answer, "faults");
    size_t index;
    json_t *fault;
    if (faults == NULL)
        print(answer);
    json_array_foreach(faults, index, fault)
    {
        print(fault);
    }
}

static enum ctl_exit ask(struct ctl *ctl, const char *method, const char *path, json_t *body,
                         void (*print)(const json_t *fault))
{
    struct control_answer answer;
    enum ctl_exit end = daemon_ask(ctl->client, method, path, body, &answer);
    if (end == CTL_DONE && ctl->json)
        json_lines_dump(answer.json);
    else if (end == CTL_DONE && print != NULL)
        print_all(answer.json, print);
    control_answer_end(&answer);
    return end;
}

static enum ctl_exit add(struct ctl *ctl, const char *path, const struct verb_arguments *arguments)
{
    char problem[160] = "";
    if (arguments->count < 3)
        return verbs_wrong_usage("fault");
    json_t *fault =
        fault_words_parse(arguments->words[2], arguments->count - 3, arguments->words + 3, problem);
    if (fault == NULL)
        return ctl_say(CTL_USAGE, "%s", problem);
    return ask(ctl, "POST", path, fault, print_name);
}

static enum ctl_exit take_away(struct ctl *ctl, const char *path,
                               const struct verb_arguments *arguments)
{
    char longer[1024];
    if (arguments->count > 3)
        return verbs_wrong_usage("fault");
    if (arguments->count == 2)
        return ask(ctl, "DELETE", path, NULL, NULL);
    char *fault = control_encode(arguments->words[2]);
    snprintf(longer, sizeof longer, "%s/%s", path, fault);
    free(fault);
    return ask(ctl, "DELETE", longer, NULL, NULL);
}

enum ctl_exit verb_fault(struct ctl *ctl, struct verb_arguments *arguments)
{
    if (arguments->count < 2)
        return verbs_wrong_usage("fault");
    const char *what = arguments->words[0];
    char *path = control_modem_path(arguments->words[1], "/faults");
    enum ctl_exit end;
    if (strcmp(what, "add") == 0)
        end = add(ctl, path, arguments);
    else if (strcmp(what, "remove") == 0)
        end = take_away(ctl, path, arguments);
    else if (strcmp(what, "list") == 0 && arguments->count == 2)
        end = ask(ctl, "GET", path, NULL, print_fault);
    else
        end = verbs_wrong_usage("fault");
    free(path);
    return end;
}
