/* connect_service.h: a connection begins, for whoever asks for it. */
#ifndef CORE_MODEM_CONNECT_SERVICE_H
#define CORE_MODEM_CONNECT_SERVICE_H

#include "core/modem/parts.h"

/* As connection_open() has it; a registration is in the way. */
enum imqtt_status modem_connect(struct imqtt_modem *modem);

#if IMQTT_WITH_DIALECTS
/* The same, for whoever has called modem_secure(), to tell its failure apart. */
enum imqtt_status modem_connect_secured(struct imqtt_modem *modem);
#endif

/* 16 random bits; without a source of them, others for each modem and each time. */
uint16_t modem_random(const struct imqtt_modem *modem);

/* Whether a connection of either kind can begin. */
enum imqtt_status modem_check_free(const struct imqtt_modem *modem);

#endif
