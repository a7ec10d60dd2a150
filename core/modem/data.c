#include "core/modem/data.h"
#include "core/modem/modem.h"

static void wait_for_more(struct imqtt_modem *modem)
{
    uint64_t silent_ms = modem->now_ms + IMQTT_DATA_TIMEOUT_MS;
    modem->data.deadline_ms = silent_ms < modem->data.last_ms ? silent_ms : modem->data.last_ms;
}

static uint64_t transfer_ms(uint16_t bytes)
{
    return (bytes * 1000U + IMQTT_DATA_BYTES_PER_S - 1) / IMQTT_DATA_BYTES_PER_S;
}

void data_begin(struct imqtt_modem *modem, struct out payload, uint16_t missing)
{
    modem->data = (struct data_entry){
        .open = true,
        .missing = missing,
        .payload = payload,
        .last_ms = modem->now_ms + IMQTT_DATA_TIMEOUT_MS + transfer_ms(missing),
    };
    wait_for_more(modem);
    fifo_put(&modem->output, span_text("\r\n>"));
}

static void end(struct imqtt_modem *modem, enum imqtt_status status)
{
    modem->data.open = false;
    modem_finish_command(modem, status);
}

/* The link may have gone meanwhile, and the reserved request with it. */
static bool is_wanted(const struct imqtt_modem *modem)
{
    return mqtt_client_draft_is_open(&modem->mqtt);
}

static enum imqtt_status publish(struct imqtt_modem *modem)
{
    if (!is_wanted(modem))
        return IMQTT_NOT_ALLOWED;
    mqtt_client_commit(&modem->mqtt, modem->now_ms);
    return IMQTT_DONE;
}

void data_take(struct imqtt_modem *modem, struct span *in)
{
    struct data_entry *data = &modem->data;
    struct span bytes;
    line_swallow_late(&modem->line, in);
    span_take(in, in->count < data->missing ? in->count : data->missing, &bytes);
    data->missing = (uint16_t)(data->missing - bytes.count);
    if (is_wanted(modem))
        out_span(&data->payload, bytes);
    wait_for_more(modem);
    if (data->missing == 0)
        end(modem, publish(modem));
}

void data_tick(struct imqtt_modem *modem)
{
    if (!modem->data.open || modem->now_ms < modem->data.deadline_ms)
        return;
    if (is_wanted(modem))
        mqtt_client_abandon(&modem->mqtt);
    end(modem, IMQTT_NETWORK_TIMEOUT);
}
