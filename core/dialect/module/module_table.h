/* module_table.h: the commands of V.250 and 3GPP that every dialect has. */
#ifndef CORE_DIALECT_MODULE_MODULE_TABLE_H
#define CORE_DIALECT_MODULE_MODULE_TABLE_H

#include "core/at/command.h"

extern const struct at_table module_table;

#endif
