/* Where packets begin and end: what is skipped and what is taken part by part stand at one place. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "host/faults/fault_random.h"
#include "host/net/mqtt_frames.h"

#define STREAM_BYTES 200000

static uint8_t stream[STREAM_BYTES + 20000];

/* Packets of all lengths of a header; sizes around each limit come often. */
static size_t make_stream(struct fault_random *random)
{
    static const uint32_t sizes[] = {0, 1, 2, 126, 127, 128, 129, 300, 16383, 16384, 16390};
    size_t bytes = 0;
    while (bytes < STREAM_BYTES) {
        uint32_t body = sizes[fault_random_below(random, sizeof sizes / sizeof sizes[0])];
        stream[bytes++] = (uint8_t)((1 + fault_random_below(random, 14)) << 4);
        uint32_t left = body;
        do {
            stream[bytes++] = (uint8_t)((left & 0x7F) | (left > 0x7F ? 0x80 : 0));
            left >>= 7;
        } while (left > 0);
        for (uint32_t i = 0; i < body; i++)
            stream[bytes++] = (uint8_t)fault_random_next(random);
    }
    return bytes;
}

static void take(struct mqtt_frames *frames, const uint8_t *bytes, size_t count)
{
    struct mqtt_frame_part part;
    while (mqtt_frames_next(frames, &bytes, &count, &part))
        assert_true(part.count > 0);
}

static void assert_at_one_place(const struct mqtt_frames *one, const struct mqtt_frames *other)
{
    assert_int_equal(one->header_bytes, other->header_bytes);
    assert_memory_equal(one->header, other->header, one->header_bytes);
    assert_int_equal(one->has_header, other->has_header);
    assert_int_equal(one->left_bytes, other->left_bytes);
    assert_int_equal(one->is_lost, other->is_lost);
}

static void compare(size_t bytes, struct fault_random *random, uint64_t longest)
{
    struct mqtt_frames skipped = {.left_bytes = 0}, taken = {.left_bytes = 0};
    for (size_t at = 0; at < bytes;) {
        size_t count = 1 + fault_random_below(random, longest);
        count = count < bytes - at ? count : bytes - at;
        mqtt_frames_skip(&skipped, stream + at, count);
        take(&taken, stream + at, count);
        assert_at_one_place(&skipped, &taken);
        at += count;
    }
}

static void skipping_is_taking(void **state)
{
    (void)state;
    struct fault_random random = {.state = 13};
    size_t bytes = make_stream(&random);
    const uint64_t longest[] = {1, 3, 100, 5000, 70000};
    for (size_t i = 0; i < sizeof longest / sizeof longest[0]; i++)
        compare(bytes, &random, longest[i]);
}

static void so_it_is_with_what_is_no_mqtt(void **state)
{
    (void)state;
    struct fault_random random = {.state = 14};
    for (int round = 0; round < 100; round++) {
        for (size_t i = 0; i < 1000; i++)
            stream[i] = (uint8_t)fault_random_next(&random);
        compare(1000, &random, 300);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(skipping_is_taking),
        cmocka_unit_test(so_it_is_with_what_is_no_mqtt),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
