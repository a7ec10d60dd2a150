#include "core/session/diagnosis.h"

static uint8_t printable(uint8_t byte)
{
    return byte < ' ' || byte == 0x7F || byte == '"' || byte == '\\' ? ' ' : byte;
}

void diagnosis_set(struct diagnosis *diagnosis, const struct imqtt_failure *failure)
{
    struct span text = span_text(failure->text != NULL ? failure->text : "");
    if (text.count > IMQTT_FAILURE_TEXT_BYTES)
        text.count = IMQTT_FAILURE_TEXT_BYTES;
    diagnosis->stage = failure->stage;
    diagnosis->code = failure->code;
    for (size_t i = 0; i < text.count; i++)
        diagnosis->text[i] = (char)printable(text.bytes[i]);
    diagnosis->text[text.count] = '\0';
}

void diagnosis_clear(struct diagnosis *diagnosis)
{
    diagnosis->stage = IMQTT_STAGE_NONE;
    diagnosis->code = 0;
    diagnosis->text[0] = '\0';
}
