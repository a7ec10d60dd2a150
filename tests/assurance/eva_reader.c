/* eva_reader.c: the reader on the first packet of a broker, of any type, flags and bytes, in two pieces,
 * with and without memory.
 *
 * The first byte is gone through value by value: a type outside a table is refused by what the table says of
 * it, and Eva does not see that.
 */
#include "core/mqtt/reader.h"
#include "tests/assurance/any_bytes.h"

/* false: nothing more is looked at, because there is a packet or a mistake. */
static bool take_on(struct reader *reader, struct span in)
{
    struct mqtt_packet packet;
    while (in.count > 0) {
        size_t before = in.count;
        if (reader_take(reader, &in, &packet) != READER_MORE)
            return false;
        if (in.count == before)
            return true;
    }
    return true;
}

static void read_in_two(uint8_t first_byte, size_t first_count)
{
    struct reader reader;
    struct span all = any_span(ANY_BYTES);
    any_bytes[0] = first_byte;
    reader_init(&reader, &any_memory);
    reader_reset(&reader, MQTT_3_1_1);
    if (take_on(&reader, span_of(all.bytes, first_count)))
        (void)take_on(&reader, span_of(all.bytes + first_count, ANY_BYTES - first_count));
    reader_tidy(&reader);
}

int main(void)
{
    for (unsigned first_byte = 0; first_byte <= UINT8_MAX; first_byte++)
        for (size_t first_count = 1; first_count <= ANY_BYTES; first_count++)
            read_in_two((uint8_t)first_byte, first_count);
    return 0;
}
