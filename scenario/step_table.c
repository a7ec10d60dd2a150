#include "scenario/step_table.h"

#include <stddef.h>

#define DAY_MS    86400000
#define TEXT_MAX  4096
#define TOPIC_MAX 65535
#define BODY_MAX  1048576

/* In the order of the control interface's words, which the player sends as they are. */
static const char *const registrations[] = {"no", "home", "searching", "denied", "roaming", NULL};
static const char *const sims[] = {"ready", "absent", NULL};
static const char *const powers[] = {"off", "on", "cycle", NULL};
static const char *const links[] = {"cut", "close", NULL};
static const char *const resets[] = {"all", "faults", NULL};

/* clang-format off */
#define NEEDED true
#define FREE   false
#define WITHIN(standard) \
    {"within", KEY_DURATION, FREE, 1, DAY_MS, standard, NULL, "how long it may take"}

const struct step_key scenario_keys[SCENARIO_KEYS] = {
    {"name",    KEY_TEXT,     NEEDED, 1, 128,                NULL,  NULL, "what the scenario is called"},
    {"version", KEY_NUMBER,   NEEDED, 1, 1,                  NULL,  NULL, "of this format: 1"},
    {"seed",    KEY_NUMBER,   FREE,   0, 9007199254740991U,  NULL,  NULL, "what all its faults are seeded from; without it a new one each time, which is told"},
    {"timeout", KEY_DURATION, FREE,   1, DAY_MS,             "60s", NULL, "how long all of it may take"},
    {"modem",   KEY_TEXT,     FREE,   1, 64,                 NULL,  NULL, "the modem's name; without it the only one there is"},
};

const struct step_row step_rows[STEP_KINDS] = {
    [STEP_EXPECT_AT] = {"expect-at", "the host types such a command line, now or since the last one that was expected",
        .is_short = true, .keys = {
        {"command", KEY_GLOB, NEEDED, 1, TEXT_MAX, NULL, NULL, "the line, in any case"},
        WITHIN("30s")}},
    [STEP_EXPECT_NOT] = {"expect-not", "the host does not type such a command line", .keys = {
        {"command", KEY_GLOB, NEEDED, 1, TEXT_MAX, NULL, NULL, "the line, in any case"},
        {"for", KEY_DURATION, NEEDED, 1, DAY_MS, NULL, NULL, "how long it is watched, from this step on"}}},
    [STEP_EXPECT_ANSWER] = {"expect-answer", "the modem says such a line, since the last one that was expected or typed",
        .is_short = true, .keys = {
        {"text", KEY_GLOB, NEEDED, 1, TEXT_MAX, NULL, NULL, "the line, in any case"},
        WITHIN("10s")}},
    [STEP_WAIT_STATE] = {"wait-state", "the modem is, or comes to be, as the keys say", .needs_one = true, .keys = {
        {"connected",  KEY_FLAG,   FREE, 0, 1,     NULL, NULL, "to a broker"},
        {"powered",    KEY_FLAG,   FREE, 0, 1,     NULL, NULL, "its power is on"},
        {"registered", KEY_WORD,   FREE, 0, 0,     NULL, registrations, "with the network"},
        {"signal",     KEY_NUMBER, FREE, 0, 99,    NULL, NULL, "as AT+CSQ says it"},
        {"inbox",      KEY_NUMBER, FREE, 0, 65535, NULL, NULL, "messages that wait for AT+IMQTTRECV"},
        {"outbox",     KEY_NUMBER, FREE, 0, 65535, NULL, NULL, "requests accepted and not yet done"},
        WITHIN("10s")}},
    [STEP_EXPECT_MQTT] = {"expect-mqtt", "such a message comes to the broker, now or since the last one that was expected", .keys = {
        {"topic",    KEY_GLOB,   NEEDED, 1, TOPIC_MAX, NULL,  NULL, "its topic"},
        {"payload",  KEY_GLOB,   FREE,   0, BODY_MAX,  "*",   NULL, "what it says"},
        {"qos",      KEY_NUMBER, FREE,   0, 2,         NULL,  NULL, "with which QoS it was published"},
        {"retained", KEY_FLAG,   FREE,   0, 1,         NULL,  NULL, "it was kept by the broker from before"},
        WITHIN("10s")}},
    [STEP_PUBLISH] = {"publish", "somebody else publishes a message at the modem's broker", .keys = {
        {"topic",    KEY_TEXT,   NEEDED, 1, TOPIC_MAX, NULL,    NULL, "its topic"},
        {"payload",  KEY_TEXT,   FREE,   0, BODY_MAX,  "",      NULL, "what it says"},
        {"qos",      KEY_NUMBER, FREE,   0, 2,         "0",     NULL, "its QoS"},
        {"retained", KEY_FLAG,   FREE,   0, 1,         "false", NULL, "the broker keeps it"},
        WITHIN("10s")}},
    [STEP_FAULT] = {"fault", "something goes wrong from now on; docs/faults.md has the types and their keys", .has_fault = true,
        .keys = {{"type", KEY_TEXT, NEEDED, 1, 32, NULL, NULL, "of the fault; its other keys stand beside it"}}},
    [STEP_RADIO] = {"radio", "the radio finds something else", .needs_one = true, .keys = {
        {"signal",     KEY_NUMBER, FREE, 0, 99, NULL, NULL, "as AT+CSQ says it: 0 to 31, or 99"},
        {"registered", KEY_WORD,   FREE, 0, 0,  NULL, registrations, "with the network"},
        {"sim",        KEY_WORD,   FREE, 0, 0,  NULL, sims, "the card"}}},
    [STEP_POWER] = {"power", "the modem's power is switched", .is_short = true, .keys = {
        {"action", KEY_WORD, NEEDED, 0, 0, NULL, powers, "how"}}},
    [STEP_LINK] = {"link", "the connection to the broker ends, by RST or by FIN", .is_short = true, .keys = {
        {"action", KEY_WORD, NEEDED, 0, 0, NULL, links, "how"}}},
    [STEP_URC] = {"urc", "the modem says a URC, by the rules of URCs", .is_short = true, .keys = {
        {"text", KEY_TEXT, NEEDED, 1, TEXT_MAX, NULL, NULL, "without line ends"}}},
    [STEP_TYPE] = {"type", "plays the host, where there is none", .is_short = true, .keys = {
        {"text", KEY_TEXT, NEEDED, 1, TEXT_MAX, NULL, NULL, "a command line, without its line end"}}},
    [STEP_DELAY] = {"delay", "nothing happens for so long", .is_short = true, .keys = {
        {"for", KEY_DURATION, NEEDED, 1, DAY_MS, NULL, NULL, "how long"}}},
    [STEP_RESET] = {"reset", "all: no faults, good radios, power on, at all modems; faults: no faults at this one", .is_short = true,
        .keys = {{"what", KEY_WORD, NEEDED, 0, 0, NULL, resets, "what is put right"}}},
};
/* clang-format on */
