#include "core/session/recall.h"

void recall_init(struct recall *recall, const struct imqtt_memory_port *memory)
{
    memset(recall->numbers, 0, sizeof recall->numbers);
    strings_init(&recall->strings, memory, IMQTT_MEMORY_RECALL);
}

void recall_keep(struct recall *recall, enum recall_kind kind, const struct recall_numbers *numbers,
                 struct span topic, struct span payload)
{
    size_t bytes = topic.count + payload.count;
    recall->numbers[kind].known = false;
    if (!strings_make_room(&recall->strings, bytes))
        return;
    struct out both = strings_begin(&recall->strings, kind, bytes);
    out_span(&both, topic);
    out_span(&both, payload);
    recall->numbers[kind] = *numbers;
    recall->numbers[kind].topic_bytes = (uint16_t)topic.count;
    recall->numbers[kind].known = true;
}

struct span recall_topic(const struct recall *recall, enum recall_kind kind)
{
    struct span both = strings_get(&recall->strings, kind), topic;
    span_take(&both, recall->numbers[kind].topic_bytes, &topic);
    return topic;
}

struct span recall_payload(const struct recall *recall, enum recall_kind kind)
{
    struct span both = strings_get(&recall->strings, kind);
    span_skip(&both, recall->numbers[kind].topic_bytes);
    return both;
}

void recall_clear(struct recall *recall)
{
    memset(recall->numbers, 0, sizeof recall->numbers);
    strings_clear(&recall->strings);
}
