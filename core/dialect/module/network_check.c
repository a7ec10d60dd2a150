#include "core/dialect/module/network_check.h"
#include "core/modem/parts.h"

#if IMQTT_WITH_DIALECTS

enum imqtt_status network_end_params(struct at_call *call)
{
    const struct imqtt_modem *modem = call->context;
    enum imqtt_status status = params_end(call->params);
    if (status != IMQTT_DONE)
        return status;
    return radio_is_attached(&modem->radio) ? IMQTT_DONE : IMQTT_NO_NETWORK_SERVICE;
}

#endif
