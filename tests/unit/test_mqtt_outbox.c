#include "core/mqtt/outbox.h"

#include "tests/unit/mqtt_fixture.h"

/* A committed request whose packet is filled with the low byte of its number. */
static struct request *add(struct outbox *outbox, size_t packet_bytes, uint16_t packet_id)
{
    struct request *request = outbox_begin(outbox, packet_bytes);
    if (request == NULL)
        return NULL;
    request->type = MQTT_PUBLISH;
    request->qos = 1;
    request->packet_id = packet_id;
    memset(request_packet(request), (uint8_t)packet_id, packet_bytes);
    outbox_commit(outbox);
    return request;
}

static void expect_filled(struct request *request)
{
    for (size_t i = 0; i < request->packet_bytes; i++)
        assert_int_equal(request_packet(request)[i], (uint8_t)request->packet_id);
}

static uint16_t first_id(const struct outbox *outbox)
{
    const struct request *first = outbox_first(outbox);
    return first != NULL ? first->packet_id : 0;
}

static void step(struct outbox *outbox, enum outbox_cursor cursor)
{
    outbox_pass(outbox, cursor, outbox_at(outbox, cursor));
}

static void remove_id(struct outbox *outbox, uint16_t packet_id)
{
    outbox_remove(outbox, outbox_find(outbox, packet_id));
}

/* ---- records -------------------------------------------------------------------------------- */

static void test_order_and_finding(void **state)
{
    struct fixture *f = *state;
    struct outbox outbox;
    outbox_init(&outbox, &f->memory);
    assert_true(outbox_is_empty(&outbox));
    assert_null(outbox_first(&outbox));
    for (uint16_t id = 1; id <= 5; id++)
        add(&outbox, 10 + id, id);
    uint16_t expected = 1;
    for (struct request *r = outbox_first(&outbox); r != NULL; r = outbox_after(&outbox, r)) {
        assert_int_equal(r->packet_id, expected++);
        expect_filled(r);
    }
    assert_int_equal(expected, 6);
    assert_int_equal(outbox_find(&outbox, 4)->packet_id, 4);
    assert_null(outbox_find(&outbox, 6));
    outbox_clear(&outbox);
}

static void test_removal_leaves_holes(void **state)
{
    struct fixture *f = *state;
    struct outbox outbox;
    outbox_init(&outbox, &f->memory);
    for (uint16_t id = 1; id <= 4; id++)
        add(&outbox, 20, id);
    remove_id(&outbox, 2);
    remove_id(&outbox, 3);
    assert_null(outbox_find(&outbox, 2));
    assert_int_equal(outbox_after(&outbox, outbox_first(&outbox))->packet_id, 4);
    remove_id(&outbox, 1);
    assert_int_equal(first_id(&outbox), 4);
    remove_id(&outbox, 4);
    assert_true(outbox_is_empty(&outbox));
    outbox_clear(&outbox);
}

static void test_draft(void **state)
{
    struct fixture *f = *state;
    struct outbox outbox;
    outbox_init(&outbox, &f->memory);
    assert_null(outbox_draft(&outbox));
    struct request *draft = outbox_begin(&outbox, 100);
    assert_ptr_equal(outbox_draft(&outbox), draft);
    assert_int_equal(draft->position, REQUEST_NOT_SENT);
    assert_true(outbox_is_empty(&outbox));
    outbox_abandon(&outbox);
    assert_null(outbox_draft(&outbox));
    assert_true(outbox_is_empty(&outbox));
    outbox_begin(&outbox, 100)->packet_id = 7;
    outbox_commit(&outbox);
    assert_int_equal(first_id(&outbox), 7);
    outbox_clear(&outbox);
}

/* What goes on around it leaves the draft where it is. */
static void test_draft_does_not_move(void **state)
{
    struct fixture *f = *state;
    struct outbox outbox;
    outbox_init(&outbox, &f->memory);
    for (uint16_t id = 1; id <= 8; id++)
        add(&outbox, 40, id);
    struct request *draft = outbox_begin(&outbox, 40);
    for (uint16_t id = 1; id <= 8; id++)
        remove_id(&outbox, id);
    outbox_tidy(&outbox);
    assert_ptr_equal(outbox_draft(&outbox), draft);
    draft->packet_id = 9;
    memset(request_packet(draft), 9, 40);
    outbox_commit(&outbox);
    assert_int_equal(first_id(&outbox), 9);
    expect_filled(outbox_first(&outbox));
    outbox_clear(&outbox);
}

static void test_records_are_aligned(void **state)
{
    struct fixture *f = *state;
    struct outbox outbox;
    outbox_init(&outbox, &f->memory);
    for (uint16_t id = 1; id <= 20; id++)
        assert_int_equal((uintptr_t)add(&outbox, id, id) % sizeof(uint64_t), 0);
    outbox_clear(&outbox);
}

/* ---- cursors -------------------------------------------------------------------------------- */

static void test_cursors_skip_holes(void **state)
{
    struct fixture *f = *state;
    struct outbox outbox;
    outbox_init(&outbox, &f->memory);
    assert_null(outbox_at(&outbox, OUTBOX_UNSENT));
    for (uint16_t id = 1; id <= 4; id++)
        add(&outbox, 20, id);
    step(&outbox, OUTBOX_UNSENT);
    remove_id(&outbox, 1);
    remove_id(&outbox, 3);
    assert_int_equal(outbox_at(&outbox, OUTBOX_UNSENT)->packet_id, 2);
    assert_int_equal(outbox_at(&outbox, OUTBOX_UNWRITTEN)->packet_id, 2);
    step(&outbox, OUTBOX_UNSENT);
    assert_int_equal(outbox_at(&outbox, OUTBOX_UNSENT)->packet_id, 4);
    step(&outbox, OUTBOX_UNSENT);
    assert_null(outbox_at(&outbox, OUTBOX_UNSENT));
    add(&outbox, 20, 5);
    assert_int_equal(outbox_at(&outbox, OUTBOX_UNSENT)->packet_id, 5);
    outbox_rewind(&outbox);
    assert_int_equal(outbox_at(&outbox, OUTBOX_UNSENT)->packet_id, 2);
    outbox_clear(&outbox);
}

/* ---- memory --------------------------------------------------------------------------------- */

static void test_small_block_is_kept(void **state)
{
    struct fixture *f = *state;
    struct outbox outbox;
    outbox_init(&outbox, &f->memory);
    for (uint16_t id = 1; id <= 100; id++) {
        add(&outbox, 64, id);
        remove_id(&outbox, id);
        outbox_tidy(&outbox);
        assert_int_equal(f->lent_bytes[IMQTT_MEMORY_OUTBOX], 256);
    }
    outbox_clear(&outbox);
    assert_int_equal(f->lent_bytes[IMQTT_MEMORY_OUTBOX], 0);
}

static void test_large_block_is_given_back(void **state)
{
    struct fixture *f = *state;
    struct outbox outbox;
    outbox_init(&outbox, &f->memory);
    add(&outbox, 5000, 1);
    remove_id(&outbox, 1);
    assert_true(f->lent_bytes[IMQTT_MEMORY_OUTBOX] > 5000);
    outbox_tidy(&outbox);
    assert_int_equal(f->lent_bytes[IMQTT_MEMORY_OUTBOX], 0);
    outbox_clear(&outbox);
}

static void test_cap(void **state)
{
    struct fixture *f = *state;
    struct outbox outbox;
    outbox_init(&outbox, &f->memory);
    size_t largest = IMQTT_OUTBOX_BYTES - sizeof(struct request);
    assert_null(outbox_begin(&outbox, largest + 1));
    assert_null(outbox_begin(&outbox, SIZE_MAX));
    assert_non_null(add(&outbox, largest, 1));
    assert_null(outbox_begin(&outbox, 1));
    remove_id(&outbox, 1);
    assert_non_null(add(&outbox, largest, 2));
    assert_int_equal(f->most_bytes[IMQTT_MEMORY_OUTBOX], IMQTT_OUTBOX_BYTES);
    outbox_clear(&outbox);
}

static void test_refused_memory(void **state)
{
    struct fixture *f = *state;
    struct outbox outbox;
    outbox_init(&outbox, &f->memory);
    f->refused = 1U << IMQTT_MEMORY_OUTBOX;
    assert_null(outbox_begin(&outbox, 1));
    assert_null(outbox_draft(&outbox));
    f->refused = 0;
    add(&outbox, 100, 1);
    f->refused = 1U << IMQTT_MEMORY_OUTBOX;
    assert_null(outbox_begin(&outbox, 1000));
    assert_int_equal(first_id(&outbox), 1);
    outbox_clear(&outbox);
}

/* A steady stream through a full outbox: holes at its start are used again, in few moves. */
static void test_stream_through_a_full_outbox(void **state)
{
    struct fixture *f = *state;
    struct outbox outbox;
    outbox_init(&outbox, &f->memory);
    uint16_t oldest = 1, newest = 0;
    unsigned refused = 0;
    while (newest < 20000) {
        if (add(&outbox, 100, newest + 1) != NULL) {
            newest++;
            continue;
        }
        refused++;
        expect_filled(outbox_first(&outbox));
        assert_int_equal(first_id(&outbox), oldest);
        remove_id(&outbox, oldest++);
    }
    assert_true(refused < 20000);
    assert_int_equal(f->lent_bytes[IMQTT_MEMORY_OUTBOX], IMQTT_OUTBOX_BYTES);
    outbox_clear(&outbox);
}

static void test_shrunk_record_frees_its_packet(void **state)
{
    struct fixture *f = *state;
    struct outbox outbox;
    outbox_init(&outbox, &f->memory);
    size_t half = IMQTT_OUTBOX_BYTES / 2 - sizeof(struct request);
    add(&outbox, half, 1);
    add(&outbox, half, 2);
    assert_null(outbox_begin(&outbox, 1000));
    outbox_shrink(&outbox, outbox_find(&outbox, 1));
    add(&outbox, 1000, 3);
    assert_int_equal(outbox_find(&outbox, 1)->packet_bytes, 0);
    expect_filled(outbox_find(&outbox, 2));
    expect_filled(outbox_find(&outbox, 3));
    remove_id(&outbox, 1);
    remove_id(&outbox, 2);
    remove_id(&outbox, 3);
    assert_int_equal(outbox.live_bytes, 0);
    outbox_clear(&outbox);
}

/* ---- all at once, against a model ----------------------------------------------------------- */

#define MODEL_RECORDS 2000

struct model {
    struct outbox outbox;
    uint16_t ids[MODEL_RECORDS]; /* committed and not removed, in order */
    uint32_t sizes[MODEL_RECORDS];
    size_t count;
    size_t cursors[OUTBOX_CURSORS]; /* indexes into ids */
    uint16_t newest;
    uint32_t random;
};

static uint32_t random_below(struct model *model, uint32_t limit)
{
    model->random = model->random * 1664525 + 1013904223;
    return (model->random >> 8) % limit;
}

static void model_add(struct model *model)
{
    uint32_t size = random_below(model, random_below(model, 10) == 0 ? 3000 : 200);
    if (model->count == MODEL_RECORDS || add(&model->outbox, size, model->newest + 1) == NULL)
        return;
    model->ids[model->count] = ++model->newest;
    model->sizes[model->count++] = size;
}

static void model_remove(struct model *model)
{
    if (model->count == 0)
        return;
    size_t index = random_below(model, random_below(model, 2) == 0 ? 1 : (uint32_t)model->count);
    remove_id(&model->outbox, model->ids[index]);
    model->count--;
    for (size_t i = index; i < model->count; i++) {
        model->ids[i] = model->ids[i + 1];
        model->sizes[i] = model->sizes[i + 1];
    }
    for (size_t i = 0; i < OUTBOX_CURSORS; i++)
        model->cursors[i] -= model->cursors[i] > index;
}

static void model_step(struct model *model)
{
    enum outbox_cursor cursor = random_below(model, OUTBOX_CURSORS);
    if (model->cursors[cursor] == model->count)
        return;
    step(&model->outbox, cursor);
    model->cursors[cursor]++;
}

static void model_shrink(struct model *model)
{
    if (model->count == 0)
        return;
    size_t index = random_below(model, (uint32_t)model->count);
    outbox_shrink(&model->outbox, outbox_find(&model->outbox, model->ids[index]));
    model->sizes[index] = 0;
}

static void model_check(struct model *model)
{
    size_t index = 0;
    struct outbox *outbox = &model->outbox;
    for (struct request *r = outbox_first(outbox); r != NULL; r = outbox_after(outbox, r)) {
        assert_int_equal(r->packet_id, model->ids[index]);
        assert_int_equal(r->packet_bytes, model->sizes[index++]);
        expect_filled(r);
    }
    assert_int_equal(index, model->count);
    for (size_t i = 0; i < OUTBOX_CURSORS; i++) {
        struct request *request = outbox_at(outbox, i);
        bool is_end = model->cursors[i] == model->count;
        assert_int_equal(request == NULL, is_end);
        assert_true(is_end || request->packet_id == model->ids[model->cursors[i]]);
    }
}

static void test_random_use(void **state)
{
    struct fixture *f = *state;
    struct model model = {.random = 1};
    outbox_init(&model.outbox, &f->memory);
    for (unsigned i = 0; i < 60000; i++) {
        uint32_t what = random_below(&model, 20);
        if (what < 9)
            model_add(&model);
        else if (what < 17)
            model_remove(&model);
        else if (what < 19)
            model_step(&model);
        else
            model_shrink(&model);
        if (i % 50 == 0)
            model_check(&model);
        if (i % 5000 == 0)
            outbox_tidy(&model.outbox);
    }
    assert_true(model.newest > 5000);
    outbox_clear(&model.outbox);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MQTT_TEST(test_order_and_finding),
        MQTT_TEST(test_removal_leaves_holes),
        MQTT_TEST(test_draft),
        MQTT_TEST(test_draft_does_not_move),
        MQTT_TEST(test_records_are_aligned),
        MQTT_TEST(test_cursors_skip_holes),
        MQTT_TEST(test_small_block_is_kept),
        MQTT_TEST(test_large_block_is_given_back),
        MQTT_TEST(test_cap),
        MQTT_TEST(test_refused_memory),
        MQTT_TEST(test_stream_through_a_full_outbox),
        MQTT_TEST(test_shrunk_record_frees_its_packet),
        MQTT_TEST(test_random_use),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
