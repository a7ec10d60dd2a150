/* setting_params.h: settings as parameters, within the ranges of the one table of them. */
#ifndef CORE_DIALECT_MODULE_SETTING_PARAMS_H
#define CORE_DIALECT_MODULE_SETTING_PARAMS_H

#include "core/at/command.h"
#include "core/settings/fields.h"

/* A number that this setting may be. */
uint16_t take_setting(struct params *params, const struct settings *settings, enum setting setting);
/* The same, which may be missing at the end of the line: then the setting stays. */
uint16_t take_optional_setting(struct params *params, const struct settings *settings,
                               enum setting setting);

/* AT+X=<n> of a command whose one number is a setting. which: enum setting */
at_handler setting_set;

#endif
