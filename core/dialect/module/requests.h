/* requests.h: MQTT requests as other makers' dialects make them: with a label of the host's, which comes
 * back with what becomes of the request. */
#ifndef CORE_DIALECT_MODULE_REQUESTS_H
#define CORE_DIALECT_MODULE_REQUESTS_H

#include "core/dialect/imqtt/checks.h"
#include "core/modem/parts.h"

/* What comes back in an event, and a time of its own; 0: the connection's. */
struct request_mark {
    uint8_t tag;
    uint16_t label;
    uint32_t timeout_ms;
};

/* Topic filters as they were typed. */
struct filter_list {
    size_t count;
    struct {
        struct text filter;
        uint8_t qos;
    } topics[IMQTT_REQUEST_TOPICS];
    bool has_qos; /* SUBSCRIBE */
};

/* Takes another one; one too many is "incorrect parameters". qos is taken if has_qos. */
void filter_list_take(struct filter_list *list, struct params *params);

/* NOT_ALLOWED: not connected, or the platform does not take it; LATER: no room now. Without an error
 * the request is on its way. */
enum imqtt_status request_publish(struct imqtt_modem *modem, struct broker_link *link,
                                  const struct publish_params *params,
                                  const struct request_mark *mark, struct span payload);
enum imqtt_status request_topics(struct imqtt_modem *modem, struct broker_link *link,
                                 const struct filter_list *list, const struct request_mark *mark);

#endif
