#include "host/faults/fault_types.h"

#include <strings.h>

#define BOTH   (FAULT_ON_UART | FAULT_ON_BROKER)
#define UART   FAULT_ON_UART
#define BROKER FAULT_ON_BROKER

#define HOUR_MS 3600000
#define MILLION 1000000

static const char *const hows[] = {"rst", "fin", NULL};
static const char *const stages[] = {"dns", "tcp", "tls", "connack", NULL};
static const char *const places[] = {"between", "echo", "answer", "prompt", "data", NULL};
static const char *const packets[] = {"CONNACK", "PUBACK",   "PUBREC",   "PUBREL",  "PUBCOMP",
                                      "SUBACK",  "UNSUBACK", "PINGRESP", "PUBLISH", NULL};
static const char *const only_publish[] = {"PUBLISH", NULL};

const char *const fault_link_words[] = {"uart", "broker", NULL};
const char *const fault_stream_words[] = {"up", "down", "both", NULL};

#define NUMBER(value, name, links, min, max, standard, does)                                       \
    {                                                                                              \
        value, name, FAULT_IS_NUMBER, links, min, max, standard, NULL, does                        \
    }
#define DURATION(value, name, links, min, standard, does)                                          \
    {                                                                                              \
        value, name, FAULT_IS_DURATION, links, min, HOUR_MS, standard, NULL, does                  \
    }
#define WORD(value, name, links, words, standard, does)                                            \
    {                                                                                              \
        value, name, FAULT_IS_WORD, links, 0, 0, standard, words, does                             \
    }
#define TEXT(links, does)                                                                          \
    {                                                                                              \
        FAULT_TEXT, "text", FAULT_IS_TEXT, links, 0, FAULT_TEXT_BYTES, NULL, NULL, does            \
    }
#define SHARE                                                                                      \
    {                                                                                              \
        FAULT_SHARE_PPM, "share", FAULT_IS_SHARE, UART, 1, MILLION, NULL, NULL, "of the bytes"     \
    }

const struct fault_type_row fault_types[FAULT_TYPES] = {
    [FAULT_LATENCY] = {"latency",
                       BOTH,
                       false,
                       FAULT_NEEDS_ALL,
                       "bytes come later, in order",
                       {DURATION(FAULT_LATENCY_MS, "latency_ms", BOTH, 0, NULL, "how much later"),
                        DURATION(FAULT_JITTER_MS, "jitter_ms", BOTH, 0, "0",
                                 "so much more or less, at random")}},
    [FAULT_BANDWIDTH] = {"bandwidth",
                         BOTH,
                         true,
                         FAULT_NEEDS_ONE_OF,
                         "bytes come at a pace",
                         {NUMBER(FAULT_BYTES_PER_S, "bytes_per_s", BOTH, 1, 1000000000, NULL,
                                 "bytes a second"),
                          NUMBER(FAULT_BAUD, "baud", UART, 50, 4000000, NULL,
                                 "the pace of a line of so many baud, ten bits a byte")}},
    [FAULT_SLICER] = {"slicer",
                      BOTH,
                      false,
                      FAULT_NEEDS_ALL,
                      "bytes come in small pieces, a pause between them",
                      {NUMBER(FAULT_BYTES, "bytes", BOTH, 1, 65536, "1", "of a piece"),
                       DURATION(FAULT_DELAY_MS, "delay_ms", BOTH, 0, "10", "the pause")}},
    [FAULT_STALL] = {"stall",
                     BOTH,
                     true,
                     FAULT_NEEDS_ALL,
                     "nothing passes until it is removed; what was held then goes on",
                     {{.name = NULL}}},
    [FAULT_DROP] =
        {"drop", UART, false, FAULT_NEEDS_ALL, "bytes are lost", {SHARE, {.name = NULL}}},
    [FAULT_GARBLE] =
        {"garble", UART, false, FAULT_NEEDS_ALL, "one bit flips", {SHARE, {.name = NULL}}},
    [FAULT_INSERT] = {"insert",
                      UART,
                      false,
                      FAULT_NEEDS_ALL,
                      "noise comes in between",
                      {SHARE,
                       NUMBER(FAULT_BYTES, "bytes", UART, 1, 1024, "1", "of noise at a time")}},
    [FAULT_CUT] = {"cut",
                   BROKER,
                   false,
                   FAULT_NEEDS_ALL,
                   "the connection ends after so many bytes",
                   {NUMBER(FAULT_AFTER_BYTES, "after_bytes", BROKER, 0, 1000000000000, "0",
                           "of the stream, from the connection's beginning or the fault's"),
                    WORD(FAULT_HOW, "how", BROKER, hows, "rst", "how it ends")}},
    [FAULT_REFUSE] = {"refuse",
                      BROKER,
                      false,
                      FAULT_NEEDS_ALL,
                      "new connections fail",
                      {WORD(FAULT_STAGE, "stage", BROKER, stages, "tcp", "where they fail"),
                       NUMBER(
                           FAULT_CODE, "code", BROKER, 0, 255, "0",
                           "connack: the return code; else that of AT+IMQTTERR?; 0: the usual")}},
    [FAULT_WITHHOLD] = {"withhold",
                        BROKER,
                        false,
                        FAULT_NEEDS_ALL,
                        "a packet from the broker never arrives",
                        {WORD(FAULT_PACKET, "packet", BROKER, packets, NULL, "which"),
                         {.name = NULL}}},
    [FAULT_DUPLICATE] = {"duplicate",
                         BROKER,
                         false,
                         FAULT_NEEDS_ALL,
                         "a packet from the broker arrives twice, the second with DUP",
                         {WORD(FAULT_PACKET, "packet", BROKER, only_publish, "PUBLISH", "which"),
                          {.name = NULL}}},
    [FAULT_ANSWER] = {"answer",
                      UART,
                      false,
                      FAULT_NEEDS_ONE_OF,
                      "the command is not run, its answer is this one",
                      {TEXT(UART, "the whole answer, final result included"),
                       NUMBER(FAULT_ERROR, "error", UART, 0, 65535, NULL,
                              "the number of a +CME ERROR")}},
    [FAULT_MUTE] = {"mute",
                    UART,
                    false,
                    FAULT_NEEDS_ALL,
                    "the command runs, its answer does not come",
                    {{.name = NULL}}},
    [FAULT_LATE] = {"late",
                    UART,
                    false,
                    FAULT_NEEDS_ALL,
                    "OK and the like come later",
                    {DURATION(FAULT_DELAY_MS, "delay_ms", UART, 1, NULL, "so much later"),
                     {.name = NULL}}},
    [FAULT_URC] = {"urc",
                   UART,
                   false,
                   FAULT_NEEDS_ALL,
                   "a URC at the worst moment, as real modules send them",
                   {TEXT(UART, "without its line ends"),
                    WORD(FAULT_AT, "at", UART, places, "between", "the moment")}},
    [FAULT_REBOOT] = {"reboot",
                      UART,
                      false,
                      FAULT_NEEDS_ALL,
                      "the module resets by itself, with its boot URCs",
                      {{.name = NULL}}},
    [FAULT_FREEZE] = {"freeze",
                      UART,
                      false,
                      FAULT_NEEDS_ALL,
                      "the module hangs until its power is cycled",
                      {{.name = NULL}}},
};

const struct fault_type_row *fault_type_find(const char *name)
{
    for (size_t i = 0; i < FAULT_TYPES; i++)
        if (strcasecmp(fault_types[i].name, name) == 0)
            return &fault_types[i];
    return NULL;
}

const struct fault_attribute *fault_next_attribute(const struct fault_type_row *row,
                                                   const struct fault_attribute *attribute)
{
    const struct fault_attribute *next = attribute == NULL ? row->attributes : attribute + 1;
    bool is_there = next < row->attributes + FAULT_ATTRIBUTES && next->name != NULL;
    return is_there ? next : NULL;
}
