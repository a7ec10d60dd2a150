#include "core/dialect/module/own_address.h"
#include "core/device/device_identity.h"

#define ADDRESS_PURPOSE IMQTT_IDENTITY_FIELD_COUNT

void own_address_make(const struct imqtt_modem *modem, unsigned last, uint8_t bytes[IPV4_BYTES])
{
    uint64_t bits = identity_bits(&modem->options.identity, ADDRESS_PURPOSE);
    bytes[0] = 10;
    bytes[1] = (uint8_t)(bits >> 8);
    bytes[2] = (uint8_t)bits;
    bytes[3] = (uint8_t)last;
}

void own_address_put(const struct imqtt_modem *modem, unsigned cid, struct out *out)
{
    uint8_t bytes[IPV4_BYTES];
    own_address_make(modem, cid, bytes);
    for (size_t i = 0; i < IPV4_BYTES; i++) {
        if (i > 0)
            out_u8(out, '.');
        out_decimal(out, bytes[i]);
    }
}
