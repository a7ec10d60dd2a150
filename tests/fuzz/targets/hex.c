/* Hex strings (core/bytes/hex.h): what is valid decodes, and encodes back to the same digits. */
#include <ctype.h>
#include <stdlib.h>

#include "core/bytes/hex.h"
#include "tests/fuzz/target.h"

static bool is_hex(struct span text)
{
    for (size_t i = 0; i < text.count; i++)
        if (!isxdigit(text.bytes[i]))
            return false;
    return text.count % 2 == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct span digits = span_of(bytes, count);
    promise(hex_is_valid(digits) == is_hex(digits), "hex is pairs of hex digits");
    if (!hex_is_valid(digits))
        return 0;
    uint8_t *decoded = malloc(count / 2 + 1), *encoded = malloc(count + 1);
    struct out out = out_on(decoded, count / 2), again = out_on(encoded, count);
    hex_decode(digits, &out);
    promise(!out.overflowed && out.count == count / 2, "two digits are a byte");
    out_hex(&again, out_written(&out));
    promise(!again.overflowed && span_equal_ignoring_case(out_written(&again), digits),
            "what was decoded encodes to the same digits");
    free(decoded);
    free(encoded);
    return 0;
}
