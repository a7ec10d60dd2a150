#include "core/session/diagnosis.h"

static const char *const stage_names[] = {
#define STAGE_NAME(name, text) text,
    IMQTT_STAGES(STAGE_NAME)
#undef STAGE_NAME
};

static uint8_t printable(uint8_t byte)
{
    return byte < ' ' || byte == 0x7F || byte == '"' || byte == '\\' ? ' ' : byte;
}

void diagnosis_set(struct diagnosis *diagnosis, const struct imqtt_failure *failure)
{
    struct span text = span_text(failure->text != NULL ? failure->text : "");
    if (text.count > sizeof diagnosis->text)
        text.count = sizeof diagnosis->text;
    diagnosis->stage = failure->stage;
    diagnosis->code = failure->code;
    diagnosis->text_count = (uint8_t)text.count;
    for (size_t i = 0; i < text.count; i++)
        diagnosis->text[i] = printable(text.bytes[i]);
}

void diagnosis_clear(struct diagnosis *diagnosis)
{
    diagnosis->stage = IMQTT_STAGE_NONE;
    diagnosis->code = 0;
    diagnosis->text_count = 0;
}

void diagnosis_put(const struct diagnosis *diagnosis, struct out *out)
{
    out_text(out, stage_names[diagnosis->stage]);
    out_u8(out, ',');
    out_decimal(out, diagnosis->code);
    out_text(out, ",\"");
    out_span(out, span_of(diagnosis->text, diagnosis->text_count));
    out_u8(out, '"');
}
