/* session_news.h: what has happened on the link to the broker: a dialect makes URCs of it, and the
 * news port gets the same. */
#ifndef CORE_SESSION_SESSION_NEWS_H
#define CORE_SESSION_SESSION_NEWS_H

#include "core/session/broker_link.h"
#include "imqtt/news.h"

enum session_news_kind {
    SESSION_CONNECTED,    /* event->session_present */
    SESSION_REFUSED,      /* an attempt failed: event->failure */
    SESSION_LOST,         /* event->failure */
    SESSION_DISCONNECTED, /* as the host asked */
    SESSION_PUBLISHED,    /* event->acknowledged, tag */
    SESSION_SUBSCRIBED,   /* event->filters, codes */
    SESSION_UNSUBSCRIBED, /* event->filters, acknowledged */
    SESSION_MESSAGE,      /* to be shown now */
    SESSION_SHOWN_BEFORE, /* a QoS 2 message that came again */
    SESSION_BUFFERED,     /* it waits in the inbox, with `waiting` in all */
    SESSION_DROPPED,      /* an inbound message: warning, number */
    SESSION_REMARK,       /* nothing but a warning */
#if IMQTT_WITH_DIALECTS
    SESSION_OPENED, /* the network stands; CONNECT has not been sent */
#endif
};

struct session_news {
    enum session_news_kind kind;
    bool is_known;      /* the host has had its URC: an answer that came late */
    uint8_t waiting;    /* messages in the inbox */
    bool is_first_full; /* DROPPED: the first one since there last was room in the inbox */
#if IMQTT_WITH_DIALECTS
    uint8_t slot; /* BUFFERED: where it waits */
#endif
    const struct mqtt_event *event; /* that it comes from */
    const char *warning;            /* NULL, or what the modem's owner should know */
    uint32_t number;                /* what that speaks of */
#if IMQTT_WITH_DIALECTS
    enum mqtt_state before;   /* the end of a connection: how far it had come */
    struct broker_link *link; /* on which it happened */
#endif
};

/* Tells the modem's owner, if it wants that. */
void session_news_tell(const struct session_news *news, const struct broker_link *link,
                       uint64_t now_ms, const struct imqtt_news_port *port);

/* For a port that session_news_complete() has seen. */
static inline bool session_news_is_wanted(const struct imqtt_news_port *port,
                                          enum imqtt_news_kind kind)
{
    return (*port->kinds >> kind & 1) != 0;
}

/* Every port has a set of kinds, so that there is one thing to look at: none without a listener. */
void session_news_complete(struct imqtt_news_port *port);

/* Any news, to a port with a listener: what nobody wants, and has not failed, stays untold. */
void session_news_pass(const struct imqtt_news_port *port, const struct imqtt_news *news);

#endif
