/* dynreg.h: AT+IMQTTDYNREG in the modem: the state machine of core/aliyun wired to the MQTT client,
 * the store and the host, and the results that it keeps (M2.16). */
#ifndef CORE_MODEM_DYNREG_H
#define CORE_MODEM_DYNREG_H

#include "core/modem/parts.h"

void dynreg_init(struct dynreg *dynreg, const struct imqtt_memory_port *memory);

/* Begins the registration that DYNREG_ASKED_… describe, which nothing may be in the way of
 * (modem_check_free()); its outcome is news. */
enum imqtt_status dynreg_begin(struct imqtt_modem *modem, enum dynreg_type type,
                               enum aliyun_mode mode);
enum imqtt_status dynreg_give_up(struct imqtt_modem *modem);

/* What else it needs: NOT_SUPPORTED: the modem has no crypto port, or no store to keep the result
 * in; NOT_ALLOWED: TLS is off; NO_NETWORK_SERVICE: no radio. */
enum imqtt_status dynreg_check(const struct imqtt_modem *modem, enum dynreg_type type);

/* The result of a mode: three strings, empty if there is none. */
struct span dynreg_result(const struct dynreg *dynreg, enum aliyun_mode mode, unsigned i);

/* News for it, while it is under way. */
void dynreg_take_event(struct imqtt_modem *modem, const struct mqtt_event *event);
/* What the store held at start. false: it is not readable. */
bool dynreg_take_loaded(struct imqtt_modem *modem, enum aliyun_mode mode, struct span record);
/* The store's answer to ALIYUN_SAVE. */
void dynreg_take_saved(struct imqtt_modem *modem, bool safe);
/* The store has answered somebody else: what waits for it is saved. */
void dynreg_save_waiting(struct imqtt_modem *modem);
void dynreg_tick(struct imqtt_modem *modem);

#endif
