#include "imqttctl/hex_bytes.h"

#include <stdlib.h>
#include <string.h>

static int digit_of(char hex)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = hex != '\0' ? strchr(digits, hex) : NULL;
    return at != NULL ? (int)(at - digits) : -1;
}

uint8_t *hex_bytes_of(const json_t *event, size_t *count)
{
    const char *hex = json_string_value(json_object_get(event, "hex"));
    size_t digits = hex != NULL ? strlen(hex) : 1;
    uint8_t *bytes = digits % 2 == 0 ? malloc(digits / 2 + 1) : NULL;
    for (size_t i = 0; bytes != NULL && i < digits; i += 2) {
        int high = digit_of(hex[i]), low = digit_of(hex[i + 1]);
        if (high < 0 || low < 0) {
            free(bytes);
            return NULL;
        }
        bytes[i / 2] = (uint8_t)(high << 4 | low);
    }
    *count = digits / 2;
    return bytes;
}
