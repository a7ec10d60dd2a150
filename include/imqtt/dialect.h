/* dialect.h: how a modem's host says its commands and hears its news. Behaviour is the modem's own;
 * a dialect only spells. One is chosen for each modem, by struct imqtt_options. */
#ifndef IMQTT_DIALECT_H
#define IMQTT_DIALECT_H

#include "imqtt/public.h"

#ifdef __cplusplus
extern "C" {
#endif

struct imqtt_dialect;

/* AT+IMQTT…, as commands.md has it. */
IMQTT_PUBLIC extern const struct imqtt_dialect imqtt_dialect_default;

#ifdef __cplusplus
}
#endif

#endif
