#include "host/modem/modem_config.h"

struct modem_config modem_config_default(void)
{
    static const struct imqtt_identity derived;
    return (struct modem_config){
        .identity = &derived,
        .boot_urcs = true,
        .echo = true,
        .radio =
            {.signal = 25, .registered = 1, .sim_ready = true, .area = 0x1A2B, .cell = 0x01C3D201},
    };
}
