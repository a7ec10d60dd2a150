/* event_streams.h: streams to clients: server-sent events and recordings. */
#ifndef IMQTTD_CONTROL_EVENT_STREAMS_H
#define IMQTTD_CONTROL_EVENT_STREAMS_H

struct control;
struct events_client;

/* So much may wait for a client that does not read; then it is cut off. Its connection included it
 * costs 1 MiB. */
#define EVENTS_CLIENT_BYTES 950272

#define EVENTS_GATHER_MS 4 /* what comes within is sent together, but for the first */
#define EVENTS_PING_MS   10000
#define EVENTS_CLIENTS   64

/* To each client, so that one that is gone is noticed. */
void events_ping(struct control *control);

/* EVENTS_GATHER_MS are over. */
void events_gathered(struct control *control);

/* All streams end: the program does. */
void events_end_all(struct control *control);

/* Its request is over. */
void events_client_end(struct events_client *client);

#endif
