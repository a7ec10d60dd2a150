/* inspect.h: what a modem is and has, for whoever watches it: a control interface, a debugger, a
 * test. Nothing here changes the modem, but for the last function. Secrets come out as "*****".
 */
#ifndef IMQTT_INSPECT_H
#define IMQTT_INSPECT_H

#include "imqtt/modem.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Told each setting in the order of AT&V: its name ("keep_alive_s") and its value as text; both
 * valid during the call, neither NUL-terminated beyond name. */
typedef void imqtt_setting_visitor(void *context, const char *name, const uint8_t *value,
                                   size_t value_bytes, bool is_number);
IMQTT_PUBLIC void imqtt_modem_visit_settings(const struct imqtt_modem *modem,
                                             imqtt_setting_visitor *visit, void *context);

/* Told each live subscription, in the order they were made. */
typedef void imqtt_subscription_visitor(void *context, const uint8_t *filter, size_t filter_bytes,
                                        uint8_t granted_qos);
IMQTT_PUBLIC void imqtt_modem_visit_subscriptions(const struct imqtt_modem *modem,
                                                  imqtt_subscription_visitor *visit, void *context);

/* What AT+IMQTTERR? would say; text is NUL-terminated and valid until the modem is next called. */
IMQTT_PUBLIC struct imqtt_failure imqtt_modem_last_failure(const struct imqtt_modem *modem);

/* The time of day as AT+CCLK? shows it, but UTC, in ms since 1970; without the family of the clock 0.
 * A clock that was never set began at the first moment of 2000. */
IMQTT_PUBLIC uint64_t imqtt_modem_unix_time_ms(const struct imqtt_modem *modem, uint64_t now_ms);

struct imqtt_counts {
    size_t inbox_messages;  /* wait for AT+IMQTTRECV */
    size_t outbox_requests; /* accepted and not yet done */
    size_t urcs_waiting_bytes;
    size_t output_waiting_bytes; /* for the terminal */
    bool awaits_pingresp;
};
IMQTT_PUBLIC struct imqtt_counts imqtt_modem_counts(const struct imqtt_modem *modem);

/* What its host types now is data, not command lines. */
IMQTT_PUBLIC bool imqtt_modem_awaits_data(const struct imqtt_modem *modem);

/* Its host has typed the beginning of a command line, and not its end. */
IMQTT_PUBLIC bool imqtt_modem_is_within_line(const struct imqtt_modem *modem);

/* Says a URC of somebody else's, framed, and by the rules of URCs. false: there is no memory, or the
 * text has a control byte. */
IMQTT_PUBLIC bool imqtt_modem_say_urc(struct imqtt_modem *modem, const char *text, uint64_t now_ms);

#ifdef __cplusplus
}
#endif

#endif
