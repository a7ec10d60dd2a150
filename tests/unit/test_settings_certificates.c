/* Files that a host has brought: their limits, and records that are damaged. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "core/settings/certificates.h"
#include "imqtt/limits.h"
#include "tests/unit/lender.h"

static struct lender lender;
static struct certificates files;

static int begin(void **state)
{
    (void)state;
    lender_init(&lender);
    certificates_init(&files, &lender.port);
    return 0;
}

static int end(void **state)
{
    (void)state;
    certificates_clear(&files);
    return lender.blocks == 0 ? 0 : -1;
}

static bool put(const char *name, const char *text)
{
    struct certificate file = {1, span_text(name), span_text(text)};
    return certificates_put(&files, &file);
}

static void assert_holds(const char *name, const char *text)
{
    struct certificate found;
    assert_true(certificates_find(&files, span_text(name), &found));
    assert_true(span_equal(found.bytes, span_text(text)));
}

static void a_file_takes_the_place_of_the_one_of_its_name(void **state)
{
    (void)state;
    assert_true(put("ca", "first"));
    assert_true(put("key", "secret"));
    assert_true(put("ca", "second"));
    assert_int_equal(files.count, 2);
    assert_holds("ca", "second");
    assert_holds("key", "secret");
    assert_int_equal(certificates_free_bytes(&files), CERTIFICATES_BYTES - strlen("secondsecret"));
    assert_true(certificates_remove(&files, span_text("ca")));
    assert_false(certificates_remove(&files, span_text("ca")));
    assert_holds("key", "secret");
}

static void there_are_so_many(void **state)
{
    char name[8];
    (void)state;
    for (int i = 0; i < IMQTT_CERTIFICATES; i++) {
        (void)snprintf(name, sizeof name, "%d", i);
        assert_true(put(name, "text"));
    }
    assert_false(put("more", "text"));
    assert_true(put("0", "another"));
    assert_int_equal(files.count, IMQTT_CERTIFICATES);
    assert_holds("0", "another");
}

static void what_is_too_long_is_refused(void **state)
{
    static uint8_t bytes[IMQTT_CERTIFICATE_BYTES + 1];
    struct certificate large = {1, span_text("large"), span_of(bytes, sizeof bytes)};
    struct certificate long_name = {1, span_of(bytes, CERTIFICATE_NAME_BYTES + 1),
                                    span_text("text")};
    (void)state;
    assert_false(certificates_put(&files, &large));
    assert_false(certificates_put(&files, &long_name));
    large.bytes.count--;
    long_name.name.count--;
    assert_true(certificates_put(&files, &large));
    assert_true(certificates_put(&files, &long_name));
}

static void without_memory_nothing_changes(void **state)
{
    (void)state;
    assert_true(put("ca", "first"));
    lender.limit_bytes = 0;
    static char text[4096];
    memset(text, 'x', sizeof text - 1);
    assert_false(put("ca", text));
    assert_holds("ca", "first");
    lender.limit_bytes = SIZE_MAX;
}

/* ---- the record ------------------------------------------------------------------------------- */

static size_t write_record(uint8_t *bytes, size_t capacity)
{
    struct out record = out_on(bytes, capacity);
    certificates_put_record(&files, &record);
    assert_false(record.overflowed);
    return record.count;
}

static void assert_refused(const uint8_t *bytes, size_t count)
{
    assert_false(certificates_take_record(&files, span_of(bytes, count)));
    assert_holds("ca", "text");
    assert_int_equal(files.count, 2);
}

static void a_record_is_taken_whole_or_not_at_all(void **state)
{
    uint8_t bytes[64];
    (void)state;
    assert_true(put("key", "secret"));
    assert_true(put("ca", "text"));
    size_t count = write_record(bytes, sizeof bytes), first = 1 + 4 + strlen("keysecret");
    for (size_t cut = 0; cut < count; cut++)
        if (cut != 1 && cut != first)
            assert_refused(bytes, cut);
    certificates_clear(&files);
    assert_true(certificates_take_record(&files, span_of(bytes, count)));
    assert_holds("key", "secret");
    assert_holds("ca", "text");
    bytes[0]++;
    assert_refused(bytes, count);
    assert_true(certificates_take_record(&files, span_of((const uint8_t *)"\1", 1)));
    assert_int_equal(files.count, 0);
}

static void put_entry(struct out *record, size_t name_bytes, size_t bytes)
{
    out_u8(record, 1);
    out_u8(record, (uint8_t)name_bytes);
    out_u16(record, (uint16_t)bytes);
    for (size_t i = 0; i < name_bytes + bytes; i++)
        out_u8(record, 'a');
}

/* As many entries, each with a name and a file of so many bytes. */
static bool takes(size_t entries, size_t name_bytes, size_t file_bytes)
{
    static uint8_t bytes[2 * IMQTT_CERTIFICATE_BYTES];
    struct out record = out_on(bytes, sizeof bytes);
    out_u8(&record, 1);
    for (size_t i = 0; i < entries; i++)
        put_entry(&record, name_bytes, file_bytes);
    assert_false(record.overflowed);
    return certificates_take_record(&files, out_written(&record));
}

static void a_record_beyond_the_limits_is_refused(void **state)
{
    (void)state;
    assert_true(takes(1, 1, 1));
    assert_false(takes(1, 0, 1));
    assert_true(takes(1, CERTIFICATE_NAME_BYTES, 1));
    assert_false(takes(1, CERTIFICATE_NAME_BYTES + 1, 1));
    assert_true(takes(1, 1, IMQTT_CERTIFICATE_BYTES));
    assert_false(takes(1, 1, IMQTT_CERTIFICATE_BYTES + 1));
    assert_false(takes(IMQTT_CERTIFICATES + 1, 1, 1));
}

static void a_record_without_memory_is_refused(void **state)
{
    (void)state;
    lender.limit_bytes = 0;
    assert_false(takes(1, 1, 1));
    lender.limit_bytes = SIZE_MAX;
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_file_takes_the_place_of_the_one_of_its_name),
        TEST(there_are_so_many),
        TEST(what_is_too_long_is_refused),
        TEST(without_memory_nothing_changes),
        TEST(a_record_is_taken_whole_or_not_at_all),
        TEST(a_record_beyond_the_limits_is_refused),
        TEST(a_record_without_memory_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
