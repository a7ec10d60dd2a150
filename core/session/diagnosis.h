/* diagnosis.h: why the last connection, request or registration failed: AT+IMQTTERR?. */
#ifndef CORE_SESSION_DIAGNOSIS_H
#define CORE_SESSION_DIAGNOSIS_H

#include "core/bytes/span.h"
#include "imqtt/failure.h"
#include "imqtt/limits.h"

struct diagnosis {
    enum imqtt_stage stage;
    int32_t code;
    char text[IMQTT_FAILURE_TEXT_BYTES + 1]; /* NUL-terminated */
};

/* Copies; a text that is too long is cut, quotes and control bytes become spaces. */
void diagnosis_set(struct diagnosis *diagnosis, const struct imqtt_failure *failure);
void diagnosis_clear(struct diagnosis *diagnosis);

#endif
