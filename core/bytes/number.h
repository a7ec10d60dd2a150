/* number.h: decimal numbers as hosts type them. */
#ifndef CORE_BYTES_NUMBER_H
#define CORE_BYTES_NUMBER_H

#include "core/bytes/span.h"

/* Digits only, no sign, min <= value <= max. false otherwise; *value is then untouched. */
bool number_parse(struct span text, uint32_t min, uint32_t max, uint32_t *value);

#endif
