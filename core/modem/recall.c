#include "core/modem/recall.h"

static unsigned topic_place(enum recall_kind kind)
{
    return 2U * kind;
}

static unsigned payload_place(enum recall_kind kind)
{
    return 2U * kind + 1;
}

struct recall recall_in(const struct imqtt_memory_port *memory)
{
    return (struct recall){.strings = strings_on(memory, IMQTT_MEMORY_RECALL, 2 * RECALL_KINDS)};
}

void recall_keep(struct recall *recall, enum recall_kind kind, const struct recall_numbers *numbers,
                 struct span topic, struct span payload)
{
    recall->numbers[kind].known = false;
    if (!strings_make_room(&recall->strings, topic.count + payload.count))
        return;
    strings_put(&recall->strings, topic_place(kind), topic);
    strings_put(&recall->strings, payload_place(kind), payload);
    recall->numbers[kind] = *numbers;
    recall->numbers[kind].known = true;
}

struct span recall_topic(const struct recall *recall, enum recall_kind kind)
{
    return strings_get(&recall->strings, topic_place(kind));
}

struct span recall_payload(const struct recall *recall, enum recall_kind kind)
{
    return strings_get(&recall->strings, payload_place(kind));
}

void recall_clear(struct recall *recall)
{
    memset(recall->numbers, 0, sizeof recall->numbers);
    strings_clear(&recall->strings);
}
