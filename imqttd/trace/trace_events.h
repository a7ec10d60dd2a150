/* trace_events.h: what makes an event, for the streams of a modem. */
#ifndef IMQTTD_TRACE_TRACE_EVENTS_H
#define IMQTTD_TRACE_TRACE_EVENTS_H

#include "imqtt/news.h"
#include "imqttd/trace/trace_hub.h"

void trace_at(struct trace_hub *hub, const struct host_modem *modem, bool from_host,
              const uint8_t *bytes, size_t count, bool starred);

/* fields: the inside of an object; client: imqtt/clients.h. */
void trace_mqtt(struct trace_hub *hub, const struct host_modem *modem, uint8_t client,
                bool goes_out, const struct json_text *fields);

/* Of an event that is about another client than the first: which. */
void trace_put_client(struct json_text *json, uint8_t client);

/* The fields of each kind of news. */
void trace_put_news(struct json_text *json, const struct imqtt_news *news);

#endif
