#include "core/settings/factory.h"
#include "core/settings/fields.h"

/* A dialect may have no echo; AT+CMEE is the owner's first. */
static void use_dialect_values(struct settings *settings)
{
#if IMQTT_WITH_DIALECTS
    const struct factory_changes *factory = &settings->factory;
    for (size_t i = 0; i < factory->dialect_count; i++) {
        enum setting setting = (enum setting)factory->dialect[i].setting;
        if (setting != SETTING_ERROR_FORM || factory->error_form == 0)
            setting_put_number(settings, setting, factory->dialect[i].value);
    }
#else
    (void)settings;
#endif
}

static void use_factory_values(struct settings *settings)
{
    for (enum setting setting = 0; setting < SETTING_COUNT; setting++)
        if (!setting_is_string(setting))
            setting_put_number(settings, setting, setting_fields[setting].factory);
    settings->answers.echo = !settings->factory.echo_off;
    settings->answers.error_form = settings->factory.error_form;
    use_dialect_values(settings);
    if (IMQTT_WITH_RECONNECT && settings->factory.reconnect_min_s != 0)
        settings->reconnect = (struct reconnect_settings){true, settings->factory.reconnect_min_s,
                                                          settings->factory.reconnect_max_s};
}

void settings_init(struct settings *settings, const struct imqtt_memory_port *memory,
                   const struct factory_changes *changes)
{
    settings->factory = *changes;
    strings_init(&settings->strings, memory, IMQTT_MEMORY_SETTINGS);
    use_factory_values(settings);
}

void settings_reset(struct settings *settings)
{
    strings_clear(&settings->strings);
    use_factory_values(settings);
}
