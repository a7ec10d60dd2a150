#include "core/settings/settings.h"

struct settings settings_factory(const struct imqtt_memory_port *memory)
{
    return (struct settings){
        .mode = MODE_STANDARD,
        .receive_mode = RECEIVE_AT_ONCE,
        .request = {.timeout_s = IMQTT_TIMEOUT_DEFAULT_S,
                    .clean_session = true,
                    .keep_alive_s = IMQTT_KEEP_ALIVE_DEFAULT_S,
                    .version = MQTT_3_1_1},
        .s_registers = {'\r', '\n', '\b'},
        .strings = strings_on(memory, IMQTT_MEMORY_SETTINGS),
    };
}
