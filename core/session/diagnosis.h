/* diagnosis.h: why the last connection, request or registration failed: AT+IMQTTERR?. */
#ifndef CORE_SESSION_DIAGNOSIS_H
#define CORE_SESSION_DIAGNOSIS_H

#include "core/bytes/out.h"
#include "imqtt/limits.h"
#include "imqtt/ports.h"

struct diagnosis {
    enum imqtt_stage stage;
    int32_t code;
    uint8_t text_count;
    uint8_t text[IMQTT_FAILURE_TEXT_BYTES];
};

/* Copies; a text that is too long is cut, quotes and control bytes become spaces. */
void diagnosis_set(struct diagnosis *diagnosis, const struct imqtt_failure *failure);
void diagnosis_clear(struct diagnosis *diagnosis);

/* <stage>,<code>,"<text>" */
void diagnosis_put(const struct diagnosis *diagnosis, struct out *out);

#endif
