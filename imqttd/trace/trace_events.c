#include "imqttd/trace/trace_events.h"

#include "host/modem/host_modem.h"

void trace_at(struct trace_hub *hub, const struct host_modem *modem, bool from_host,
              const uint8_t *bytes, size_t count, bool starred)
{
    struct json_text *json = trace_hub_begin_event(hub, modem, TRACE_AT);
    json_put_word(json, "dir", from_host ? "host" : "modem");
    json_put_hex(json, "hex", bytes, count);
    json_put_visible(json, "text", bytes, count);
    if (starred)
        json_put_flag(json, "starred", true);
    trace_hub_tell(hub, modem, TRACE_AT);
}

void trace_put_client(struct json_text *json, uint8_t client)
{
    if (client > 0)
        json_put_number(json, "client", client);
}

void trace_mqtt(struct trace_hub *hub, const struct host_modem *modem, uint8_t client,
                bool goes_out, const struct json_text *fields)
{
    if (fields->failed)
        return;
    struct json_text *json = trace_hub_begin_event(hub, modem, TRACE_MQTT);
    json_put_word(json, "dir", goes_out ? "out" : "in");
    json_put(json, ",");
    json_put_bytes(json, fields->text, fields->count);
    trace_put_client(json, client);
    trace_hub_tell(hub, modem, TRACE_MQTT);
}
