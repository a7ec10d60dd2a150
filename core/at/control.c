#include "core/at/control.h"

bool control_drop(uint8_t *bytes, size_t count)
{
    bool clean = true, quoted = false, escaped = false;
    size_t kept = 0;
    if (!has_control(span_of(bytes, count)))
        return true;
    for (size_t i = 0; i < count; i++) {
        if (is_control(bytes[i])) {
            if (!quoted)
                continue;
            clean = false;
        }
        if (bytes[i] == '"' && !escaped)
            quoted = !quoted;
        escaped = bytes[i] == '\\' && !escaped;
        bytes[kept++] = bytes[i];
    }
    memset(bytes + kept, ' ', count - kept);
    return clean;
}
