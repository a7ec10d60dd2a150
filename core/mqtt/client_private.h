/* client_private.h: what the files of the client share. Nobody else includes it. */
#ifndef CORE_MQTT_CLIENT_PRIVATE_H
#define CORE_MQTT_CLIENT_PRIVATE_H

#include "core/mqtt/client.h"

#define CLIENT_NEVER UINT64_MAX

#define CLIENT_NO_FAILURE ((struct imqtt_failure){IMQTT_STAGE_NONE, 0, ""})

/* ---- client.c: the link --------------------------------------------------------------------- */

/* The link is over and the network closed already; the events that follow from it come now. */
void client_end_link(struct mqtt_client *client, struct imqtt_failure failure);

/* The same, but the network is still to be closed. */
void client_hang_up(struct mqtt_client *client, struct imqtt_failure failure);

/* The broker gave reason to hang up, or there is no memory for what it makes necessary. */
void client_hang_up_on_peer(struct mqtt_client *client, const char *text);

/* MQTT_DISCONNECTED, the last event of a link. What the session does not keep is forgotten. */
void client_report_end(struct mqtt_client *client, struct mqtt_event *event);

/* ---- client_time.c -------------------------------------------------------------------------- */

/* The clock of everything that waits to be read: it stands still while the owner cannot read. */
uint64_t client_answer_clock(const struct mqtt_client *client, uint64_t now_ms);

/* ---- client_output.c: the transmit buffer --------------------------------------------------- */

/* Whether the network has taken all bytes before a position of the transmit stream. */
static inline bool client_was_taken(const struct mqtt_client *client, uint64_t position)
{
    return position <= client->transmit.taken;
}

/* PUBACK, PUBREC, PUBREL or PUBCOMP; hangs up if there is no memory for it. */
void client_put_answer(struct mqtt_client *client, enum mqtt_packet_type type, uint16_t packet_id);

/* PINGREQ or DISCONNECT. */
void client_put_empty(struct mqtt_client *client, enum mqtt_packet_type type);

/* Hands waiting bytes to the network, once. true: it took them all. */
bool client_write(struct mqtt_client *client, uint64_t now_ms);

/* DISCONNECT, now or never, behind whatever the network still takes. */
void client_say_goodbye(struct mqtt_client *client, uint64_t now_ms);

/* Forgets what waits, and leaves no password behind. */
void client_clear_transmit(struct mqtt_client *client);

/* ---- client_reports.c: the events of requests -------------------------------------------------
 */

/* QoS 1 and 2 publishes: at most IMQTT_WINDOW of them are written and unanswered. */
static inline bool client_counts_in_window(const struct request *request)
{
    return request->type == MQTT_PUBLISH && request->qos > 0;
}

/* The request is done; its place in the window is free. Its packet stays readable for now. */
void client_finish(struct mqtt_client *client, struct request *request);

/* The answer came: the event, with `reported` as it was before. The request is finished. */
void client_report_answer(struct mqtt_client *client, struct request *request,
                          struct mqtt_event *event);

/* The topic filters of a SUBSCRIBE or UNSUBSCRIBE. */
struct span client_filters(struct request *request);

/* When nothing will have moved for as long as an answer may take, on the answer clock. */
static inline uint64_t client_stall_ms(const struct mqtt_client *client)
{
    return client->progress_ms + client->request_timeout_ms;
}

/* The oldest request that had no event yet, or NULL. */
struct request *client_unreported(const struct mqtt_client *client);

/* When that one is to be given up, on the answer clock. */
uint64_t client_request_due_ms(const struct mqtt_client *client);

/* Of the QoS 2 publish that was answered with PUBACK: client->early_id. */
void client_report_early(struct mqtt_client *client, struct mqtt_event *event);

/* Each: the next event of its kind, or false. */
bool client_next_written(struct mqtt_client *client, uint64_t now_ms, struct mqtt_event *event);
bool client_next_late(struct mqtt_client *client, uint64_t now_ms, struct mqtt_event *event);
bool client_next_lost(struct mqtt_client *client, struct mqtt_event *event);

#endif
