/* dialect.h: how a modem's host says its commands and hears its news. Behaviour is the modem's own;
 * a dialect only spells. One is chosen for each modem, by struct imqtt_options.
 *
 * Settings that were stored under one dialect mean nothing under another: an application gives each
 * dialect records of its own.
 */
#ifndef IMQTT_DIALECT_H
#define IMQTT_DIALECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "imqtt/features.h"
#include "imqtt/public.h"

#ifdef __cplusplus
extern "C" {
#endif

struct imqtt_dialect;

/* AT+IMQTT…, as commands.md has it. */
IMQTT_PUBLIC extern const struct imqtt_dialect imqtt_dialect_default;

#if IMQTT_WITH_DIALECTS
/* Those of other makers; docs/dialects has a page for each. */
IMQTT_PUBLIC extern const struct imqtt_dialect imqtt_dialect_ica;   /* AliOS hosts, Neoway N21 */
IMQTT_PUBLIC extern const struct imqtt_dialect imqtt_dialect_qmt;   /* Quectel */
IMQTT_PUBLIC extern const struct imqtt_dialect imqtt_dialect_cmqtt; /* SIMCom SIM7600, A76xx */
IMQTT_PUBLIC extern const struct imqtt_dialect imqtt_dialect_esp;   /* ESP-AT */
IMQTT_PUBLIC extern const struct imqtt_dialect imqtt_dialect_sm;    /* SIMCom SIM7000, SIM7080 */

/* The one of that name; NULL: there is none. */
IMQTT_PUBLIC const struct imqtt_dialect *imqtt_dialect_named(const char *name);

/* Its name; NULL for imqtt's own, and for NULL. */
IMQTT_PUBLIC const char *imqtt_dialect_word(const struct imqtt_dialect *dialect);

/* Their names one after the other, beginning with 0; NULL: there are no more. */
IMQTT_PUBLIC const char *imqtt_dialect_name(size_t index);

/* How many clients its hosts count (imqtt/clients.h); 1: they know of one. NULL: imqtt's own. */
IMQTT_PUBLIC uint8_t imqtt_dialect_clients(const struct imqtt_dialect *dialect);

/* For who says something in a modem's place. Its information lines and URCs have no line end in front;
 * what is wrong with this command line, "AT+…", is ERROR whatever AT+CMEE says. NULL: imqtt's own. */
IMQTT_PUBLIC bool imqtt_dialect_has_bare_lines(const struct imqtt_dialect *dialect);
IMQTT_PUBLIC bool imqtt_dialect_has_plain_error(const struct imqtt_dialect *dialect,
                                                const char *line);
#endif

#ifdef __cplusplus
}
#endif

#endif
