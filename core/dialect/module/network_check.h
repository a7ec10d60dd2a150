/* network_check.h: commands of other makers' dialects that need the network. */
#ifndef CORE_DIALECT_MODULE_NETWORK_CHECK_H
#define CORE_DIALECT_MODULE_NETWORK_CHECK_H

#include "core/at/command.h"

/* params_end(), and NO_NETWORK_SERVICE where the radio is not attached. */
enum imqtt_status network_end_params(struct at_call *call);

#endif
