/* step_table.h: the one table of what a scenario may say: its keys, its kinds of steps and theirs.
 * The parser takes everything from it; the manual page and docs/scenarios.md are held against it.
 */
#ifndef SCENARIO_STEP_TABLE_H
#define SCENARIO_STEP_TABLE_H

#include <stdbool.h>
#include <stdint.h>

enum step_kind {
    STEP_EXPECT_AT,
    STEP_EXPECT_NOT,
    STEP_EXPECT_ANSWER,
    STEP_WAIT_STATE,
    STEP_EXPECT_MQTT,
    STEP_PUBLISH,
    STEP_FAULT,
    STEP_RADIO,
    STEP_POWER,
    STEP_LINK,
    STEP_URC,
    STEP_TYPE,
    STEP_DELAY,
    STEP_RESET,
    STEP_KINDS
};

enum key_kind {
    KEY_TEXT,
    KEY_GLOB, /* a text in which * and ? stand for others */
    KEY_NUMBER,
    KEY_DURATION,
    KEY_FLAG, /* true or false */
    KEY_WORD,
};

struct step_key {
    const char *name;
    enum key_kind kind;
    bool is_needed;
    uint64_t min, max;        /* of a text: bytes; of a duration: milliseconds */
    const char *standard;     /* the default, as it is written; NULL: none */
    const char *const *words; /* up to a NULL; only of a word */
    const char *does;
};

#define STEP_KEYS 7

struct step_row {
    const char *name;
    const char *does;
    bool is_short;                   /* its first key's value may stand alone: "- delay: 500ms" */
    bool needs_one;                  /* of its keys, within aside */
    bool has_fault;                  /* its keys are those of a fault, docs/faults.md */
    struct step_key keys[STEP_KEYS]; /* the first without a name ends them */
};

extern const struct step_row step_rows[STEP_KINDS];

enum scenario_key {
    SCENARIO_NAME,
    SCENARIO_VERSION,
    SCENARIO_SEED,
    SCENARIO_TIMEOUT,
    SCENARIO_MODEM,
    SCENARIO_KEYS
};

extern const struct step_key scenario_keys[SCENARIO_KEYS];

/* The places of keys in their rows. */
enum { EXPECT_COMMAND, EXPECT_WITHIN }; /* expect-at, expect-not (for) */
enum { ANSWER_TEXT, ANSWER_WITHIN };    /* expect-answer */
enum {
    STATE_CONNECTED,
    STATE_POWERED,
    STATE_REGISTERED,
    STATE_SIGNAL,
    STATE_INBOX,
    STATE_OUTBOX,
    STATE_WITHIN
};                                                                       /* wait-state */
enum { MQTT_TOPIC, MQTT_PAYLOAD, MQTT_QOS, MQTT_RETAINED, MQTT_WITHIN }; /* both of MQTT */
enum { RADIO_SIGNAL, RADIO_REGISTERED, RADIO_SIM };                      /* radio */
enum { ONLY_VALUE };                                                     /* steps of one value */

#endif
