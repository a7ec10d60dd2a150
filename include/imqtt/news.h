/* news.h: what happens in a modem, told to whoever owns it: for a log, for metrics, a trace, a test.
 *
 * News never hold a secret, and never a payload. What nobody wants costs nothing (struct imqtt_news_port).
 */
#ifndef IMQTT_NEWS_H
#define IMQTT_NEWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "imqtt/failure.h"
#include "imqtt/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* X(name, its word in logs, events and metrics): which fields of struct imqtt_news it fills. */
#define IMQTT_NEWS(X)                                                                              \
    X(IMQTT_NEWS_BOOTED, "booted")         /* it takes commands: at start, and after a reboot */   \
    X(IMQTT_NEWS_CONNECTING, "connecting") /* broker */                                            \
    X(IMQTT_NEWS_CONNECTED, "connected")   /* broker, session_present, took_ms */                  \
    X(IMQTT_NEWS_REFUSED, "refused")       /* an attempt failed: broker, failure, took_ms */       \
    X(IMQTT_NEWS_LOST, "lost")             /* broker, failure */                                   \
    X(IMQTT_NEWS_DISCONNECTED, "disconnected") /* as the host asked: broker */                     \
    X(IMQTT_NEWS_RECONNECTING, "reconnecting") /* by itself: broker, took_ms until the attempt */  \
    X(IMQTT_NEWS_SUBSCRIBED, "subscribed") /* id, topic (the filter), qos granted or 128,      \
                                                  failure; one for each filter */   \
    X(IMQTT_NEWS_UNSUBSCRIBED, "unsubscribed") /* id, topic, failure; one for each filter */       \
    X(IMQTT_NEWS_PUBLISHED, "published")       /* id, qos, bytes, failure, took_ms */              \
    X(IMQTT_NEWS_RECEIVED, "received")         /* id, qos, topic, bytes */                         \
    X(IMQTT_NEWS_DROPPED, "dropped")           /* an inbound message: id, qos, bytes, text */      \
    X(IMQTT_NEWS_REGISTERED, "registered")     /* AT+IMQTTDYNREG has ended: failure */             \
    X(IMQTT_NEWS_COMMAND, "command") /* topic (its name, as in AT+CLAC), result,         \
                                                  took_ms; one for each command */         \
    X(IMQTT_NEWS_URC, "urc")         /* one was queued: bytes */                                   \
    X(IMQTT_NEWS_RADIO, "radio")     /* signal, registered */                                      \
    X(IMQTT_NEWS_RECORD_UNREADABLE, "record_unreadable") /* number (enum imqtt_record), text */    \
    X(IMQTT_NEWS_WARNING, "warning") /* text, number: what its owner should know */

enum imqtt_news_kind {
#define IMQTT_NEWS_VALUE(name, word) name,
    IMQTT_NEWS(IMQTT_NEWS_VALUE)
#undef IMQTT_NEWS_VALUE
        IMQTT_NEWS_KIND_COUNT
};

/* What is not filled is zero. Pointers are valid during the call. */
struct imqtt_news {
    enum imqtt_news_kind kind;
    const char *host; /* the broker as the host named it, NUL-terminated; also of what failed */
    uint16_t port;
    bool tls;
    bool session_present;
    uint16_t packet_id; /* on the wire; 0 for QoS 0 */
    uint8_t qos;
    const uint8_t *topic; /* a topic, a topic filter, or a command's name; not NUL-terminated */
    size_t topic_bytes;
    uint32_t bytes;               /* of the payload, or of the URC */
    uint32_t took_ms;             /* from the request to this */
    enum imqtt_status result;     /* of a command */
    struct imqtt_failure failure; /* stage IMQTT_STAGE_NONE: none */
    const char *text;             /* English; NULL: none */
    uint32_t number;              /* what the text speaks of */
    uint8_t signal;               /* CSQ as the host would read it */
    uint8_t registered;           /* 27.007 <stat> likewise */
    uint8_t client;               /* whose connection it is about: imqtt/clients.h; 0: the first */
};

/* The word of a kind of news. */
static inline const char *imqtt_news_word(enum imqtt_news_kind kind)
{
    static const char *const words[] = {
#define IMQTT_NEWS_WORD(name, word) word,
        IMQTT_NEWS(IMQTT_NEWS_WORD)
#undef IMQTT_NEWS_WORD
    };
    return words[kind];
}

/* Of those, each message and each command makes one or more. */
#define IMQTT_NEWS_OF_TRAFFIC                                                                      \
    (1U << IMQTT_NEWS_PUBLISHED | 1U << IMQTT_NEWS_RECEIVED | 1U << IMQTT_NEWS_COMMAND |           \
     1U << IMQTT_NEWS_URC)

struct imqtt_news_port {
    void *context;
    void (*tell)(void *context, const struct imqtt_news *news); /* NULL: nobody listens */
    /* The set of kinds (1U << kind) that somebody wants; it may change at any time. Others are neither
     * made nor told, but for what failed: that always is. NULL: all kinds. */
    const uint32_t *kinds;
};

#ifdef __cplusplus
}
#endif

#endif
