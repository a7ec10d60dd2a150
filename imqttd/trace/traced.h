/* traced.h: what the trace holds of one modem while somebody listens to its bytes. Its lines and
 * packets get their 13 KiB when the first bytes come: a client may follow ten thousand modems, of
 * which most are quiet.
 */
#ifndef IMQTTD_TRACE_TRACED_H
#define IMQTTD_TRACE_TRACED_H

#include "host/loop/alarm.h"
#include "host/modem/tap.h"
#include "imqtt/news.h"
#include "imqttd/trace/at_lines.h"
#include "imqttd/trace/mqtt_packets.h"
#include "imqttd/trace/trace_hub.h"

struct tapped; /* both streams of the terminal, and of each client */

struct traced {
    struct traced *next;
    struct traced **link; /* what points to it */
    unsigned heard;       /* the kinds of events that somebody listens to */
    struct trace_hub *hub;
    struct host_modem *modem;
    struct loop *loop;
    struct tap tap;
    bool is_tapped;     /* somebody listens to its bytes */
    bool began_in_line; /* the beginning of what was typed then was not seen: it may say that the */
    bool began_in_data; /* rest is a secret */
    bool has_lost;      /* there was no memory: what follows would have no beginning */
    struct tapped *tapped; /* NULL: none has come */
};

/* false: there is no memory, and it stays as it was. */
bool traced_tap(struct traced *traced, struct loop *loop);
void traced_untap(struct traced *traced);

/* Its news, before they are told: a connection begins, or a command has ended. */
void traced_follow(struct traced *traced, const struct imqtt_news *news);

#endif
