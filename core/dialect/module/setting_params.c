#include "core/dialect/module/setting_params.h"
#include "core/modem/parts.h"

uint16_t take_setting(struct params *params, const struct settings *settings, enum setting setting)
{
    struct setting_range range = setting_range(setting, settings->factory.wide_limits);
    uint32_t value = params_number(params, range.zero ? 0 : range.min, range.max);
    if (!setting_is_in(range, value))
        params_fail(params, IMQTT_BAD_PARAMETERS);
    return (uint16_t)value;
}

uint16_t take_optional_setting(struct params *params, const struct settings *settings,
                               enum setting setting)
{
    bool is_there = params_more(params);
    return is_there ? take_setting(params, settings, setting) : setting_number(settings, setting);
}

enum imqtt_status setting_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    enum setting setting = (enum setting)call->command->which;
    uint16_t value = take_setting(call->params, &modem->settings, setting);
    enum imqtt_status status = params_end(call->params);
    if (status == IMQTT_DONE)
        setting_put_number(&modem->settings, setting, value);
    return status;
}
