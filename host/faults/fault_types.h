/* fault_types.h: the one table of what can be made to go wrong: each type of fault with its links
 * and attributes, and each attribute with its unit, range and default. The parser of the
 * configuration, of command lines and of the control interface, the help, the page's forms and
 * docs/faults.md come from it or are held against it.
 */
#ifndef HOST_FAULTS_FAULT_TYPES_H
#define HOST_FAULTS_FAULT_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FAULT_TEXT_BYTES 512

enum fault_type {
    FAULT_LATENCY,
    FAULT_BANDWIDTH,
    FAULT_SLICER,
    FAULT_STALL,
    FAULT_DROP,
    FAULT_GARBLE,
    FAULT_INSERT,
    FAULT_CUT,
    FAULT_REFUSE,
    FAULT_WITHHOLD,
    FAULT_DUPLICATE,
    FAULT_ANSWER,
    FAULT_MUTE,
    FAULT_LATE,
    FAULT_URC,
    FAULT_REBOOT,
    FAULT_FREEZE,
    FAULT_TYPES
};

enum fault_link { FAULT_ON_UART = 1, FAULT_ON_BROKER = 2 }; /* bits in the table */

enum fault_stream { FAULT_UP, FAULT_DOWN, FAULT_BOTH }; /* up: from the host towards the broker */

/* Where an attribute's value stands in a fault: fault->values[…]. FAULT_TEXT: fault->text. */
enum fault_value {
    FAULT_LATENCY_MS,
    FAULT_JITTER_MS,
    FAULT_BYTES_PER_S,
    FAULT_BAUD,
    FAULT_BYTES,
    FAULT_DELAY_MS,
    FAULT_SHARE_PPM, /* parts of a million */
    FAULT_AFTER_BYTES,
    FAULT_HOW, /* enum fault_how */
    FAULT_STAGE,
    FAULT_CODE,
    FAULT_PACKET, /* enum fault_packet */
    FAULT_ERROR,
    FAULT_AT,
    FAULT_VALUES,
    FAULT_TEXT = FAULT_VALUES
};

/* What the values of words are: their places in the attribute's words. */
enum fault_how { FAULT_HOW_RST, FAULT_HOW_FIN };
enum fault_stage { FAULT_STAGE_DNS, FAULT_STAGE_TCP, FAULT_STAGE_TLS, FAULT_STAGE_CONNACK };
enum fault_at { FAULT_AT_BETWEEN, FAULT_AT_ECHO, FAULT_AT_ANSWER, FAULT_AT_PROMPT, FAULT_AT_DATA };
enum fault_packet {
    FAULT_PACKET_CONNACK,
    FAULT_PACKET_PUBACK,
    FAULT_PACKET_PUBREC,
    FAULT_PACKET_PUBREL,
    FAULT_PACKET_PUBCOMP,
    FAULT_PACKET_SUBACK,
    FAULT_PACKET_UNSUBACK,
    FAULT_PACKET_PINGRESP,
    FAULT_PACKET_PUBLISH
};

enum fault_kind {
    FAULT_IS_NUMBER,
    FAULT_IS_DURATION, /* the name ends in _ms; without it, the value has a unit: latency=300ms */
    FAULT_IS_SHARE,    /* 0.01 or 1%; kept as parts of a million */
    FAULT_IS_WORD,
    FAULT_IS_TEXT,
};

struct fault_attribute {
    enum fault_value value;
    const char *name;
    enum fault_kind kind;
    unsigned links; /* on which it may be given */
    uint64_t min;
    uint64_t max;             /* for a text: bytes */
    const char *standard;     /* the default, as it is typed behind name=; NULL: none */
    const char *const *words; /* up to a NULL; NULL: not a word */
    const char *does;
};

#define FAULT_ATTRIBUTES 2

/* Which attributes must be there. */
enum fault_need {
    FAULT_NEEDS_ALL,    /* each without a default */
    FAULT_NEEDS_ONE_OF, /* exactly one of them */
};

struct fault_type_row {
    const char *name;
    unsigned links;
    bool lasts; /* a state of the link, not something that strikes so many times: no count */
    enum fault_need need;
    const char *does;
    struct fault_attribute attributes[FAULT_ATTRIBUTES]; /* the first without a name ends them */
};

extern const struct fault_type_row fault_types[FAULT_TYPES];

/* The row of that name, any case; NULL: there is none. */
const struct fault_type_row *fault_type_find(const char *name);

/* A row's next attribute: the first with NULL. NULL: no more. */
const struct fault_attribute *fault_next_attribute(const struct fault_type_row *row,
                                                   const struct fault_attribute *attribute);

/* "uart", "broker"; "up", "down", "both"; up to a NULL. In the order of their values. */
extern const char *const fault_link_words[];
extern const char *const fault_stream_words[];

#endif
