#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "driver_report/report_state.h"

static const char *skip_spaces(const char *at)
{
    while (*at == ' ')
        at++;
    return at;
}

static void take_name(struct host_command *command, const char *at)
{
    size_t count = 0;
    for (at = skip_spaces(at); isalnum((unsigned char)*at); at++)
        if (count + 1 < sizeof command->name)
            command->name[count++] = (char)toupper((unsigned char)*at);
    command->name[count] = '\0';
    at = skip_spaces(at);
    if (*at == '=' || *at == '?')
        command->form = *at;
    command->arguments = command->form == '=' ? skip_spaces(at + 1) : "";
    if (command->arguments[0] == '?' && skip_spaces(command->arguments + 1)[0] == '\0')
        command->form = 't';
}

/* Ours may follow basic commands on a line, and takes the whole rest of it. */
static const char *find_ours(const char *text)
{
    for (; *text != '\0' && *text != '"'; text++)
        if (*text == '+' && strncasecmp(skip_spaces(text + 1), "IMQTT", 5) == 0)
            return text + 1;
    return NULL;
}

bool host_command_parse(struct host_command *command, const char *line)
{
    *command = (struct host_command){.arguments = ""};
    command->text = strncasecmp(line, "A/", 2) == 0 ? line : strcasestr(line, "AT");
    if (command->text == NULL)
        return false;
    const char *ours = find_ours(command->text);
    if (ours != NULL)
        take_name(command, ours);
    return true;
}

bool host_command_is_publish(const struct host_command *command)
{
    return command->form == '=' && strncmp(command->name, "IMQTTPUB", 8) == 0;
}

bool host_command_is_request(const struct host_command *command)
{
    return host_command_is_publish(command) ||
           (command->form == '=' &&
            (strcmp(command->name, "IMQTTSUB") == 0 || strcmp(command->name, "IMQTTUNSUB") == 0));
}

/* FNV-1a */
uint64_t host_topic_hash(const char *topic, size_t bytes)
{
    uint64_t hash = 14695981039346656037U;
    for (size_t i = 0; i < bytes; i++)
        hash = (hash ^ (uint8_t)topic[i]) * 1099511628211U;
    return hash;
}

/* Of the first argument, its quotes and the spaces behind it aside. */
uint64_t host_command_topic(const struct host_command *command)
{
    const char *topic = command->arguments;
    bool is_quoted = *topic == '"';
    topic += is_quoted;
    size_t bytes = strcspn(topic, is_quoted ? "\"" : ",");
    while (!is_quoted && bytes > 0 && topic[bytes - 1] == ' ')
        bytes--;
    return host_topic_hash(topic, bytes);
}

const char *host_command_argument(const struct host_command *command, unsigned index)
{
    bool is_quoted = false;
    const char *at = command->arguments;
    for (; *at != '\0' && index > 0; at++) {
        is_quoted = is_quoted != (*at == '"');
        index -= *at == ',' && !is_quoted;
    }
    return index == 0 ? skip_spaces(at) : "";
}
