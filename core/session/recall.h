/* recall.h: what AT+IMQTTPUB?, PUBIN?, PUBEX? and UNSUB? read back: the last one of each. */
#ifndef CORE_SESSION_RECALL_H
#define CORE_SESSION_RECALL_H

#include "core/bytes/strings.h"

enum recall_kind { RECALL_PUB, RECALL_PUBIN, RECALL_PUBEX, RECALL_UNSUB, RECALL_KINDS };

struct recall_numbers {
    bool known;
    uint8_t qos;
    bool retained;
    uint16_t size; /* PUBEX */
    uint16_t topic_bytes;
    int8_t status; /* UNSUB */
};

struct recall {
    struct recall_numbers numbers[RECALL_KINDS];
    struct strings strings; /* a topic and the payload behind it for each kind */
};

void recall_init(struct recall *recall, const struct imqtt_memory_port *memory);

/* Remembers, instead of the last one of its kind. Without memory it forgets the last one. */
void recall_keep(struct recall *recall, enum recall_kind kind, const struct recall_numbers *numbers,
                 struct span topic, struct span payload);

struct span recall_topic(const struct recall *recall, enum recall_kind kind);
struct span recall_payload(const struct recall *recall, enum recall_kind kind);

void recall_clear(struct recall *recall);

#endif
