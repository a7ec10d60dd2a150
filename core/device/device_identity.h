/* device_identity.h: the values of imqtt/identity.h as this modem has them: given, or derived. */
#ifndef CORE_DEVICE_DEVICE_IDENTITY_H
#define CORE_DEVICE_DEVICE_IDENTITY_H

#include "core/bytes/out.h"
#include "imqtt/identity.h"

/* Writes a field, at most IMQTT_IDENTITY_TEXT_BYTES. */
void identity_put(const struct imqtt_identity *identity, enum imqtt_identity_field field,
                  struct out *out);

/* Bits that modems of different names differ in, another set for each `purpose`; purposes below
 * IMQTT_IDENTITY_FIELD_COUNT are taken. */
uint64_t identity_bits(const struct imqtt_identity *identity, unsigned purpose);

#endif
