/* event.h: what an MQTT client has to tell its owner. */
#ifndef CORE_MQTT_EVENT_H
#define CORE_MQTT_EVENT_H

#include "core/bytes/span.h"
#include "imqtt/failure.h"
#include "imqtt/features.h"

enum mqtt_event_kind {
    MQTT_CONNECTED,     /* CONNACK 0; session_present tells whether the broker kept the session */
    MQTT_DISCONNECTED,  /* the connection or the attempt is over; failure tells why. After it no
                           event of that connection follows, and requests that it ended came before
                           it */
    MQTT_PUBLISHED,     /* a publish is done: acknowledged, or not */
    MQTT_SUBSCRIBED,    /* a SUBSCRIBE is done: codes, or all refused */
    MQTT_UNSUBSCRIBED,  /* an UNSUBSCRIBE is done */
    MQTT_MESSAGE,       /* an inbound message: acknowledge it when it is safe */
    MQTT_MESSAGE_AGAIN, /* a QoS 2 message that was delivered before came again: acknowledge only */
    MQTT_MESSAGE_TOO_LARGE, /* it was drained; acknowledge it */
#if IMQTT_WITH_DIALECTS
    MQTT_NETWORK_OPENED, /* after mqtt_client_open() */
#endif
    MQTT_QOS2_PUBACK, /* only for the log: a QoS 2 publish was answered with PUBACK. The next event
                         is its MQTT_PUBLISHED, unless it was reported as late before */
};

/* Spans are valid until the next call of any function of the client. */
struct mqtt_event {
    enum mqtt_event_kind kind;
    uint16_t packet_id; /* on the wire; 0 for QoS 0 */
    uint8_t qos;
    uint8_t tag;       /* PUBLISHED: as given to mqtt_client_begin_publish() */
    bool acknowledged; /* PUBLISHED, SUBSCRIBED, UNSUBSCRIBED: the broker answered in time */
    bool reported;     /* SUBSCRIBED, UNSUBSCRIBED: an answer after its time was reported as over:
                          the list changes, the host has had its URC */
    bool session_present; /* CONNECTED */
#if IMQTT_WITH_DIALECTS
    uint16_t label; /* PUBLISHED, SUBSCRIBED, UNSUBSCRIBED: as given to mqtt_client_mark() */
#endif
    struct span topic;      /* MESSAGE */
    struct span payload;    /* MESSAGE */
    uint32_t payload_bytes; /* MESSAGE, MESSAGE_TOO_LARGE; with IMQTT_WITH_NEWS also PUBLISHED */
    struct span filters;    /* SUBSCRIBED, UNSUBSCRIBED: packet_take_filter() walks them */
    struct span codes; /* SUBSCRIBED: a SUBACK code for each filter; empty if not acknowledged */
    uint64_t due_ms;   /* PUBLISHED, SUBSCRIBED, UNSUBSCRIBED: by when it was to be answered, on the
                        clock that stands still while paused */
    struct imqtt_failure
        failure; /* DISCONNECTED; and why, where `acknowledged` is false; CONNECTED: no
                                     failure, with a remark. Never a NULL text */
};

#define MQTT_NO_FAILURE ((struct imqtt_failure){IMQTT_STAGE_NONE, 0, ""})

#endif
