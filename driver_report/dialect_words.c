#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "driver_report/dialect_words.h"

#define COMMANDS(...)                                                                              \
    (const char *const[])                                                                          \
    {                                                                                              \
        __VA_ARGS__, NULL                                                                          \
    }

static const struct dialect_words ica = {
    .booted = "RDY",
    .connected = {"+IMQTTSTATE:1", ""},
    .lost = {"+IMQTTSTATE:0"},
    .notice = COMMANDS("IMQTTCONN", "IMQTTDISCONN", "IMQTTSTATE", "IMQTTERR"),
    .ends = COMMANDS("IMQTTDISCONN"),
};

static const struct dialect_words all[] = {
    {.families = {"QMT"},
     .booted = "RDY",
     .connected = {"+QMTCONN: ", ",0,0"},
     .lost = {"+QMTSTAT: "},
     .notice = COMMANDS("QMTOPEN", "QMTCONN", "QMTDISC", "QMTCLOSE", "QPOWD", "NRB"),
     .ends = COMMANDS("QMTDISC", "QMTCLOSE", "QPOWD", "NRB", "CFUN")},
    {.families = {"MQTT"},
     .booted = "ready",
     .connected = {"+MQTTCONNECTED:", ""},
     .lost = {"+MQTTDISCONNECTED:"},
     .notice = COMMANDS("MQTTCONN", "MQTTCLEAN", "MQTTUSERCFG", "CWJAP", "RST", "RESTORE"),
     .ends = COMMANDS("MQTTCLEAN", "CWQAP", "RST", "RESTORE", "CFUN")},
    {.families = {"CMQTT"},
     .booted = "*ATREADY: 1",
     .connected = {"+CMQTTCONNECT: ", ",0"},
     .lost = {"+CMQTTCONNLOST: ", "+CMQTTNONET"},
     .notice =
         COMMANDS("CMQTTCONNECT", "CMQTTDISC", "CMQTTREL", "CMQTTSTOP", "CMQTTACCQ", "CRESET"),
     .ends = COMMANDS("CMQTTDISC", "CMQTTSTOP", "CRESET", "CPOF", "NETCLOSE", "CFUN")},
    {.families = {"SMCON", "SMPUB", "SMSUB"},
     .booted = "RDY",
     .connects = "SMCONN",
     .lost = {"+SMSTATE: 0"},
     .notice = COMMANDS("SMCONN", "SMDISC", "SMSTATE", "CREBOOT"),
     .ends = COMMANDS("SMDISC", "CREBOOT", "CNACT", "CFUN")},
};
#define DIALECTS (sizeof all / sizeof all[0])

static bool begins_with(const char *line, const char *word)
{
    return strncasecmp(line, word, strlen(word)) == 0;
}

/* The names of a line's extended commands, one after the other; behind the last: NULL. */
static const char *next_name(const char *line)
{
    for (; *line != '\0' && *line != '"'; line++)
        if (*line == '+')
            return line + 1;
    return NULL;
}

static bool has_family(const struct dialect_words *words, const char *name)
{
    for (size_t i = 0; i < 3 && words->families[i] != NULL; i++)
        if (begins_with(name, words->families[i]))
            return true;
    return false;
}

const struct dialect_words *dialect_words_of(const char *line)
{
    for (const char *name = next_name(line); name != NULL; name = next_name(name))
        for (size_t i = 0; i < DIALECTS; i++)
            if (has_family(&all[i], name))
                return &all[i];
    return NULL;
}

const struct dialect_words *dialect_words_of_ica(void)
{
    return &ica;
}

static bool is_one_of(const char *name, const char *const *commands)
{
    for (; *commands != NULL; commands++)
        if (begins_with(name, *commands) && !isalnum((unsigned char)name[strlen(*commands)]))
            return true;
    return false;
}

bool dialect_line_has(const char *line, const char *const *commands)
{
    for (const char *name = next_name(line); name != NULL; name = next_name(name))
        if (is_one_of(name, commands))
            return true;
    return false;
}

bool dialect_says_connected(const struct dialect_words *words, const char *line)
{
    if (words->connected[0] == NULL || !begins_with(line, words->connected[0]))
        return false;
    size_t bytes = strlen(line), end = strlen(words->connected[1]);
    return bytes >= end && strcmp(line + bytes - end, words->connected[1]) == 0;
}

bool dialect_says_lost(const struct dialect_words *words, const char *line)
{
    for (size_t i = 0; i < 3 && words->lost[i] != NULL; i++)
        if (begins_with(line, words->lost[i]))
            return true;
    return false;
}
