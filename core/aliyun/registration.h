/* registration.h: one dynamic registration (M2.16) as a state machine: events in, the next step
 * out. It does nothing itself: the owner holds the MQTT connection, the store and the host.
 *
 *     idle -> connecting   _begin(): the owner connects with aliyun_sign_registration()
 *          -> waiting      _connected(): for the platform's message, IMQTT_REGISTER_TIMEOUT_MS
 *          -> saving       _message() was it, and the result is to be stored
 *          -> leaving      DISCONNECT is on its way
 *          -> idle         ALIYUN_REPORT, exactly once, whatever happens
 *
 * Each event returns the step to take. An event that does not belong to the state is harmless and
 * answers ALIYUN_STAY. The times of opening and CONNACK are the MQTT client's; that of saving is
 * the store port's, which always answers.
 */
#ifndef CORE_ALIYUN_REGISTRATION_H
#define CORE_ALIYUN_REGISTRATION_H

#include "core/aliyun/push.h"

enum aliyun_step {
    ALIYUN_STAY,   /* nothing */
    ALIYUN_SAVE,   /* store `answer`, then call _saved() */
    ALIYUN_LEAVE,  /* end the connection with DISCONNECT; _disconnected() follows */
    ALIYUN_REPORT, /* it is over: look at `succeeded`, `answer` and `failure`, write the URC */
};

enum aliyun_registration_state {
    ALIYUN_IDLE,
    ALIYUN_CONNECTING,
    ALIYUN_WAITING,
    ALIYUN_SAVING,
    ALIYUN_LEAVING,
};

/* All zero is idle. The owner may look at everything and changes nothing. */
struct aliyun_registration {
    enum aliyun_registration_state state;
    enum aliyun_mode mode;
    bool stored;    /* type 1: the result is stored before it is reported */
    bool link_lost; /* while saving */
    bool succeeded;
    uint64_t deadline_ms;         /* of the message, while waiting */
    struct aliyun_answer answer;  /* meaningful while saving, and if it succeeded */
    struct imqtt_failure failure; /* why not: stage REGISTER, or NONE after _give_up(); its text is
                                     valid during the step that reports it */
};

/* The owner begins to connect. Only in ALIYUN_IDLE. stored: AT+IMQTTDYNREG's <type> is 1. */
void aliyun_registration_begin(struct aliyun_registration *registration, enum aliyun_mode mode,
                               bool stored);

/* CONNACK 0 came. */
void aliyun_registration_connected(struct aliyun_registration *registration, uint64_t now_ms);

/* An inbound message, which the owner acknowledges in any case before it takes the step. */
enum aliyun_step aliyun_registration_message(struct aliyun_registration *registration,
                                             struct span topic, struct span payload);

/* The connection or the attempt is over; failure as the MQTT client gives it. */
enum aliyun_step aliyun_registration_disconnected(struct aliyun_registration *registration,
                                                  const struct imqtt_failure *failure);

/* The store's answer. safe false: nothing was stored, so nothing is reported but the failure. */
enum aliyun_step aliyun_registration_saved(struct aliyun_registration *registration, bool safe);

/* The host gives it up (AT+IMQTTDISCONN). A result that has come already is still reported: what is
 * stored and what the host was told must agree. */
enum aliyun_step aliyun_registration_give_up(struct aliyun_registration *registration);

/* Time has passed. */
enum aliyun_step aliyun_registration_tick(struct aliyun_registration *registration,
                                          uint64_t now_ms);

/* When _tick() is due, or UINT64_MAX. */
uint64_t aliyun_registration_next_deadline(const struct aliyun_registration *registration);

static inline bool aliyun_registration_is_under_way(const struct aliyun_registration *registration)
{
    return registration->state != ALIYUN_IDLE;
}

#endif
