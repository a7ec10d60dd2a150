/* factory.h: the factory values (commands.md section 5). */
#ifndef CORE_SETTINGS_FACTORY_H
#define CORE_SETTINGS_FACTORY_H

#include "core/settings/settings.h"

/* As the table has them, changed as the owner says. */
void settings_init(struct settings *settings, const struct imqtt_memory_port *memory,
                   const struct factory_changes *changes);

/* Back to them: AT&F. */
void settings_reset(struct settings *settings);

#endif
