/* config_table.h: the one table of what a configuration may say. The parser, --print-config, the
 * command line's options of the same names and the manual page come from it or are held against it.
 */
#ifndef IMQTTD_CONFIG_CONFIG_TABLE_H
#define IMQTTD_CONFIG_CONFIG_TABLE_H

#include "imqttd/config/config_key.h"

extern const struct config_key config_keys[];
extern const size_t config_key_count;

/* NULL: there is none of that name in that section. */
const struct config_key *config_key_find(const char *name, enum config_section_kind section);

#endif
