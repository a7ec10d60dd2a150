/* session_events.h: what the MQTT client has to tell becomes the state of the link, and news. */
#ifndef CORE_SESSION_SESSION_EVENTS_H
#define CORE_SESSION_SESSION_EVENTS_H

#include "core/session/session_news.h"

/* *news is filled; receive_mode is the setting. The news are valid as long as the event. After SESSION_MESSAGE
 * one of the two below follows, after SESSION_SHOWN_BEFORE the first one with the newest URC. */
void session_take_event(struct broker_link *link, const struct mqtt_event *event,
                        uint8_t receive_mode, struct session_news *news);

/* The message was shown by the URC of this number: it is acknowledged once the terminal has it. */
void session_message_shown(struct broker_link *link, const struct mqtt_event *event, uint32_t urc);

/* It could not be shown: it is dropped, and *news says so. */
void session_message_refused(struct broker_link *link, const struct mqtt_event *event,
                             struct session_news *news);

/* Tells the broker of the messages whose URC the terminal has: all up to number `taken`. */
void session_acknowledge(struct broker_link *link, uint32_t taken);

#endif
