/* config_checks.h: what a configuration names outside of itself, looked at before anything is touched: by
 * --check-config, at the start and by a reload.
 */
#ifndef IMQTTD_CONFIG_CHECKS_H
#define IMQTTD_CONFIG_CHECKS_H

#include "imqttd/config/config.h"

/* Files of certificates, keys and the token, and who may reach the ports. What is wrong is noted as
 * faults of the configuration, where it stands. */
void config_checks_note(struct config *config, const struct document *options);

#endif
