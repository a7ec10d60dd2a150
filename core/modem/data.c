#include "core/modem/data.h"

static void wait_for_more(struct data_entry *data, uint64_t now_ms)
{
    uint64_t silent_ms = now_ms + IMQTT_DATA_TIMEOUT_MS;
    data->deadline_ms = silent_ms < data->last_ms ? silent_ms : data->last_ms;
}

static uint64_t transfer_ms(uint16_t bytes)
{
    return (bytes * 1000U + IMQTT_DATA_BYTES_PER_S - 1) / IMQTT_DATA_BYTES_PER_S;
}

void data_begin(struct data_entry *data, struct out payload, uint16_t missing, uint64_t now_ms)
{
    *data = (struct data_entry){
        .open = true,
        .missing = missing,
        .payload = payload,
        .last_ms = now_ms + IMQTT_DATA_TIMEOUT_MS + transfer_ms(missing),
    };
    wait_for_more(data, now_ms);
}

/* The link may have gone meanwhile, and the reserved request with it. */
static bool is_wanted(const struct mqtt_client *mqtt)
{
    return mqtt_client_draft_is_open(mqtt);
}

static enum imqtt_status publish(struct mqtt_client *mqtt, uint64_t now_ms)
{
    if (!is_wanted(mqtt))
        return IMQTT_NOT_ALLOWED;
    mqtt_client_commit(mqtt, now_ms);
    return IMQTT_DONE;
}

enum imqtt_status data_take(struct data_entry *data, struct mqtt_client *mqtt, struct span *in,
                            uint64_t now_ms)
{
    struct span bytes;
    span_take(in, in->count < data->missing ? in->count : data->missing, &bytes);
    data->missing = (uint16_t)(data->missing - bytes.count);
    if (is_wanted(mqtt))
        out_span(&data->payload, bytes);
    wait_for_more(data, now_ms);
    if (data->missing > 0)
        return IMQTT_PENDING;
    data->open = false;
    return publish(mqtt, now_ms);
}

enum imqtt_status data_tick(struct data_entry *data, struct mqtt_client *mqtt, uint64_t now_ms)
{
    if (!data->open || now_ms < data->deadline_ms)
        return IMQTT_PENDING;
    if (is_wanted(mqtt))
        mqtt_client_abandon(mqtt);
    data->open = false;
    return IMQTT_NETWORK_TIMEOUT;
}
