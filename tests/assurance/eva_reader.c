/* eva_reader.c: the reader on any bytes that a broker sends, in two pieces, with and without memory. */
#include "core/mqtt/reader.h"
#include "tests/assurance/any_bytes.h"

/* As the client does: until nothing more comes out. */
static void take_all(struct reader *reader, struct span in)
{
    struct mqtt_packet packet;
    for (size_t round = 0; round <= ANY_BYTES && in.count > 0; round++) {
        size_t before = in.count;
        if (reader_take(reader, &in, &packet) != READER_PACKET && in.count == before)
            break;
    }
    reader_tidy(reader);
}

int main(void)
{
    for (size_t first = 0; first <= ANY_BYTES; first++) {
        struct reader reader;
        reader_init(&reader, &any_memory);
        reader_reset(&reader, MQTT_3_1_1);
        take_all(&reader, any_span(first));
        take_all(&reader, any_span(ANY_BYTES - first));
    }
    return 0;
}
