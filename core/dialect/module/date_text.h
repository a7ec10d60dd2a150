/* date_text.h: a date as makers write it where no manual of V.250 or 3GPP says how. */
#ifndef CORE_DIALECT_MODULE_DATE_TEXT_H
#define CORE_DIALECT_MODULE_DATE_TEXT_H

#include "core/bytes/out.h"
#include "core/device/clock.h"

/* yy/MM/dd,hh:mm:ss */
void date_put(struct out *line, const struct date *date);

#endif
