#include "tests/unit/params_fixture.h"

#include <stdlib.h>

static void note_text(struct out *words, struct text text)
{
    size_t before = words->count;
    text_put(text, words);
    assert_int_equal(words->count - before, text_bytes(text));
    out_u8(words, '|');
}

void note_number(struct out *words, uint32_t number)
{
    out_decimal(words, (int32_t)number);
    out_u8(words, '|');
}

void read_once(uint8_t *line, size_t count, reader *read, struct reading *reading)
{
    struct params params = params_of(line, count);
    reading->words = out_on(reading->bytes, sizeof reading->bytes);
    read(&params, &reading->words);
    reading->status = params_end(&params);
}

static void assert_words(const struct reading *reading, struct span expected)
{
    assert_int_equal(reading->words.count, expected.count);
    assert_memory_equal(reading->bytes, expected.bytes, expected.count);
}

void assert_reads(reader *read, struct span line, struct span words, enum imqtt_status status)
{
    uint8_t *copy = malloc(line.count > 0 ? line.count : 1);
    assert_non_null(copy);
    if (line.count > 0)
        memcpy(copy, line.bytes, line.count);
    for (int turn = 0; turn < 2; turn++) {
        struct reading reading;
        read_once(copy, line.count, read, &reading);
        if (reading.status != status)
            fail_msg("%.*s: %d, not %d", (int)line.count, (const char *)line.bytes,
                     (int)reading.status, (int)status);
        if (status == IMQTT_DONE)
            assert_words(&reading, words);
    }
    free(copy);
}

void assert_good(reader *read, const char *line, const char *words)
{
    assert_reads(read, span_text(line), span_text(words), IMQTT_DONE);
}

void assert_bad(reader *read, const char *line, enum imqtt_status status)
{
    assert_reads(read, span_text(line), SPAN_EMPTY, status);
}

void texts(struct params *params, struct out *words)
{
    do {
        note_text(words, params_text(params, 12));
    } while (params_more(params));
}

void hex(struct params *params, struct out *words)
{
    out_span(words, params_hex(params));
}

void publish_params(struct params *params, struct out *words)
{
    note_text(words, params_text(params, 12));
    note_number(words, params_number(params, 0, 2));
    note_text(words, params_message(params));
    note_number(words, params_optional_number(params, 0, 1, 0));
}

void optional_number(struct params *params, struct out *words)
{
    note_number(words, params_optional_number(params, 0, 1, 7));
}
