#include "core/settings/factory.h"
#include "core/settings/fields.h"

struct settings settings_factory(const struct imqtt_memory_port *memory,
                                 const struct factory_changes *changes)
{
    struct settings settings = {.strings = strings_on(memory, IMQTT_MEMORY_SETTINGS),
                                .factory = *changes};
    for (enum setting setting = 0; setting < SETTING_COUNT; setting++)
        if (!setting_is_string(setting))
            setting_put_number(&settings, setting, setting_fields[setting].factory);
    settings.answers.echo = !changes->echo_off;
    settings.answers.error_form = changes->error_form;
    if (changes->reconnect_min_s != 0)
        settings.reconnect =
            (struct reconnect_settings){true, changes->reconnect_min_s, changes->reconnect_max_s};
    return settings;
}

void settings_reset(struct settings *settings)
{
    strings_clear(&settings->strings);
    *settings = settings_factory(settings->strings.lease.port, &settings->factory);
}
