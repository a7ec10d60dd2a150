/* record.h: what a modem stores, as bytes: a version, and behind it what the kind of record has.
 * Numbers are two bytes, high one first; a string is its length and its bytes. */
#ifndef CORE_SETTINGS_RECORD_H
#define CORE_SETTINGS_RECORD_H

#include "core/bytes/out.h"

void record_put_string(struct out *record, struct span string);
bool record_take_string(struct span *record, struct span *string);

#endif
