/* The network of a modem: where its connections come from, what it shares, and what faults do to it,
 * against a listening socket of the test's own in a real loop. */
#include "tests/unit/host_store_fixture.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "host/loop/alarm.h"
#include "host/net/name_cache.h"
#include "host/net/network.h"

#define WAIT_MS 5000

struct bench {
    struct loop loop;
    struct network_shared shared;
    struct fault_set faults;
    struct network network;
    struct tls_settings tls;
    int listener;
    int broker; /* -1: nobody has been taken yet */
    uint16_t port;
    bool is_open, has_ended, is_late;
    enum imqtt_stage stage;
    int32_t code;
    char text[128];
    uint8_t got[64];
    size_t count;
    struct alarm *alarm;
};

static void on_opened(void *owner)
{
    struct bench *bench = owner;
    bench->is_open = true;
    network_watch(&bench->network, true, false);
    uv_stop(&bench->loop.uv);
}

static void on_received(void *owner, const uint8_t *bytes, size_t count)
{
    struct bench *bench = owner;
    memcpy(bench->got + bench->count, bytes, count);
    bench->count += count;
    uv_stop(&bench->loop.uv);
}

static void on_room(void *owner)
{
    (void)owner;
}

static void on_ended(void *owner, const struct imqtt_failure *failure)
{
    struct bench *bench = owner;
    bench->has_ended = true;
    bench->stage = failure->stage;
    bench->code = failure->code;
    snprintf(bench->text, sizeof bench->text, "%s", failure->text);
    uv_stop(&bench->loop.uv);
}

static void give_up(void *owner)
{
    struct bench *bench = owner;
    bench->is_late = true;
    uv_stop(&bench->loop.uv); /* libuv would wait after its timers */
}

static const struct network_owner owner = {on_opened, on_received, on_room, on_ended};

static int listen_somewhere(uint16_t *port)
{
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t bytes = sizeof here;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&here, bytes), 0);
    assert_int_equal(listen(fd, 200), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&here, &bytes), 0);
    *port = ntohs(here.sin_port);
    return fd;
}

static int set_up(void **state)
{
    struct bench *bench = calloc(1, sizeof *bench);
    loop_init(&bench->loop);
    network_shared_init(&bench->shared, &bench->loop);
    fault_set_init(&bench->faults, &bench->loop);
    bench->alarm = alarm_new(&bench->loop, give_up, bench);
    bench->listener = listen_somewhere(&bench->port);
    bench->broker = -1;
    *state = bench;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *bench = *state;
    network_end(&bench->network);
    fault_set_end(&bench->faults);
    network_shared_end(&bench->shared);
    alarm_end(bench->alarm);
    close(bench->listener);
    if (bench->broker >= 0)
        close(bench->broker);
    while (bench->shared.linger_room.count > 0)
        uv_run(&bench->loop.uv, UV_RUN_ONCE);
    uv_run(&bench->loop.uv,
           UV_RUN_NOWAIT); /* a stop that was asked for outside of a turn is over */
    loop_close(&bench->loop);
    free(bench);
    return 0;
}

static bool begin(struct bench *bench, const char *source, struct host_refusal *refusal)
{
    struct network_config config = {
        .tls = &bench->tls, .source_address = source, .faults = &bench->faults};
    return network_init(&bench->network, &bench->shared, &config, &owner, bench, refusal);
}

static void call(struct bench *bench, const char *source)
{
    struct host_refusal refusal;
    assert_true(begin(bench, source, &refusal));
    network_open(&bench->network, "127.0.0.1", bench->port, false);
}

static void run_until(struct bench *bench, const bool *what)
{
    alarm_set(bench->alarm, WAIT_MS);
    while (!*what && !bench->is_late)
        uv_run(&bench->loop.uv, UV_RUN_ONCE);
    alarm_stop(bench->alarm);
    assert_true(*what);
}

static void run_until_received(struct bench *bench, size_t count)
{
    alarm_set(bench->alarm, WAIT_MS);
    while (bench->count < count && !bench->is_late)
        uv_run(&bench->loop.uv, UV_RUN_ONCE);
    alarm_stop(bench->alarm);
    assert_int_equal(bench->count, count);
}

static void connect_to_broker(struct bench *bench)
{
    call(bench, NULL);
    run_until(bench, &bench->is_open);
    bench->broker = accept(bench->listener, NULL, NULL);
}

static void add(struct bench *bench, const char *line)
{
    struct fault fault;
    struct fault_problem problem;
    if (!fault_parse(&fault, line, &problem) || !fault_set_add(&bench->faults, &fault, &problem))
        fail_msg("'%s': %s", line, problem.text);
}

/* ---- where connections come from ------------------------------------------------------------ */

static void it_comes_from_its_address(void **state)
{
    struct bench *bench = *state;
    struct sockaddr_in peer;
    socklen_t bytes = sizeof peer;
    call(bench, "127.0.0.3");
    run_until(bench, &bench->is_open);
    bench->broker = accept(bench->listener, (struct sockaddr *)&peer, &bytes);
    assert_string_equal(inet_ntoa(peer.sin_addr), "127.0.0.3");
}

static void an_address_that_is_not_ours_is_named(void **state)
{
    struct bench *bench = *state;
    call(bench, "192.0.2.1");
    run_until(bench, &bench->has_ended);
    assert_int_equal(bench->stage, IMQTT_STAGE_TCP);
    assert_int_equal(bench->code, EADDRNOTAVAIL);
    assert_string_equal(bench->text,
                        "cannot connect from 192.0.2.1: Cannot assign requested address");
}

static void an_address_of_the_other_family_is_named(void **state)
{
    struct bench *bench = *state;
    call(bench, "::1");
    run_until(bench, &bench->has_ended);
    assert_int_equal(bench->code, EAFNOSUPPORT);
}

static void what_is_no_address_is_refused(void **state)
{
    struct bench *bench = *state;
    struct host_refusal refusal;
    assert_false(begin(bench, "localhost", &refusal));
    assert_string_equal(refusal.setting, "source-address");
    assert_string_equal(refusal.value, "localhost");
}

/* ---- what is shared ------------------------------------------------------------------------- */

static void equal_settings_share_a_context(void **state)
{
    struct bench *bench = *state;
    struct host_refusal refusal;
    char one[] = "/dev/null", two[] = "/dev/null"; /* equal, not the same */
    struct tls_contexts *all = &bench->shared.tls_contexts;
    struct tls_settings plain = {0}, other = {.min_version = TLS_FROM_1_3};
    struct tls_context *first = tls_context_take(all, &plain, &refusal);
    assert_ptr_equal(tls_context_take(all, &plain, &refusal), first);
    struct tls_context *second = tls_context_take(all, &other, &refusal);
    assert_ptr_not_equal(second, first);
    assert_null(tls_context_take(all, &(struct tls_settings){.ca_file = one}, &refusal));
    assert_null(tls_context_take(all, &(struct tls_settings){.ca_file = two}, &refusal));
    tls_context_release(first);
    assert_ptr_equal(tls_context_take(all, &plain, &refusal), first);
    tls_context_release(first);
    tls_context_release(first);
    tls_context_release(second);
    assert_null(all->first);
}

/* The oldest goes first; none is left over. */
static void so_many_connections_linger(void **state)
{
    struct bench *bench = *state;
    struct host_refusal refusal;
    int brokers[LINGER_MAX + 10];
    assert_true(begin(bench, NULL, &refusal));
    for (size_t i = 0; i < LINGER_MAX + 10; i++) {
        bench->is_open = false;
        network_open(&bench->network, "127.0.0.1", bench->port, false);
        run_until(bench, &bench->is_open);
        brokers[i] = accept(bench->listener, NULL, NULL);
        network_close(&bench->network);
    }
    assert_int_equal(bench->shared.linger_room.count, LINGER_MAX);
    for (size_t i = 0; i < LINGER_MAX + 10; i++)
        close(brokers[i]);
}

static void a_name_is_kept_until_its_time(void **state)
{
    (void)state;
    static struct name_cache cache;
    struct addresses addresses = {.count = 1};
    assert_true(address_parse(&addresses.each[0], "192.0.2.1"));
    name_cache_keep(&cache, "Broker.example", &addresses, 1000);
    assert_non_null(name_cache_find(&cache, "broker.EXAMPLE", 999));
    assert_null(name_cache_find(&cache, "broker.example", 1000));
    name_cache_keep(&cache, "broker.example", &addresses, 2000);
    name_cache_forget(&cache, "broker.example");
    assert_null(name_cache_find(&cache, "broker.example", 1500));
    for (int i = 0; i <= NAME_CACHE_NAMES; i++)
        name_cache_keep(&cache, (char[]){'a', (char)('a' + i), 0}, &addresses, 2000);
    assert_null(name_cache_find(&cache, "aa", 1));
    assert_non_null(name_cache_find(&cache, "ab", 1));
}

static void addresses_are_read(void **state)
{
    (void)state;
    struct address address;
    assert_true(address_parse(&address, "192.0.2.1"));
    assert_int_equal(address_family(&address), AF_INET);
    assert_true(address_parse(&address, "2001:db8::1"));
    assert_int_equal(address_family(&address), AF_INET6);
    assert_true(address_parse(&address, "fe80::1%lo"));
    assert_true(address.socket.six.sin6_scope_id != 0);
    assert_false(address_parse(&address, "fe80::1%no-such-one"));
    assert_false(address_parse(&address, "localhost"));
    assert_false(address_parse(&address, ""));
    assert_false(address_parse(&address, "192.0.2.1 "));
}

/* ---- faults --------------------------------------------------------------------------------- */

static void connections_are_refused_at_a_stage(void **state)
{
    struct bench *bench = *state;
    add(bench, "refuse stage=tcp count=1");
    call(bench, NULL);
    assert_true(bench->has_ended);
    assert_int_equal(bench->stage, IMQTT_STAGE_TCP);
    assert_int_equal(bench->code, ECONNREFUSED);
    assert_true(network_is_idle(&bench->network));
    network_open(&bench->network, "127.0.0.1", bench->port, false);
    run_until(bench, &bench->is_open);
}

static void refusals_name_their_stage(void **state)
{
    struct bench *bench = *state;
    struct imqtt_failure failure;
    add(bench, "refuse stage=dns count=1");
    assert_false(broker_faults_refuse(&bench->faults, FAULT_STAGE_TCP, &failure));
    assert_true(broker_faults_refuse(&bench->faults, FAULT_STAGE_DNS, &failure));
    assert_int_equal(failure.stage, IMQTT_STAGE_DNS);
    assert_false(broker_faults_refuse(&bench->faults, FAULT_STAGE_DNS, &failure));
    assert_false(broker_faults_refuse(NULL, FAULT_STAGE_DNS, &failure));
}

static void a_fault_comes_into_an_open_connection(void **state)
{
    struct bench *bench = *state;
    connect_to_broker(bench);
    assert_int_equal(write(bench->broker, "\x40\x02\x00", 3), 3);
    run_until_received(bench, 3); /* half of a PUBACK */
    add(bench, "withhold packet=PUBACK name=w");
    assert_int_equal(write(bench->broker, "\x07\x40\x02\x00\x08\xd0\x00", 7), 7);
    run_until_received(bench, 6);
    assert_memory_equal(bench->got, "\x40\x02\x00\x07\xd0\x00", 6);
    assert_true(fault_set_remove(&bench->faults, "w"));
    assert_int_equal(write(bench->broker, "\x40\x02\x00\x09", 4), 4);
    run_until_received(bench, 10);
}

static void a_cut_ends_an_open_connection(void **state)
{
    struct bench *bench = *state;
    uint8_t byte;
    connect_to_broker(bench);
    add(bench, "cut");
    run_until(bench, &bench->has_ended);
    assert_int_equal(bench->stage, IMQTT_STAGE_PEER);
    assert_int_equal(bench->code, ECONNRESET);
    assert_int_equal(recv(bench->broker, &byte, 1, 0), -1);
    assert_int_equal(errno, ECONNRESET);
}

static void it_is_broken_from_outside(void **state)
{
    struct bench *bench = *state;
    uint8_t byte;
    connect_to_broker(bench);
    assert_true(network_break(&bench->network, CHANNEL_RESETS));
    assert_true(bench->has_ended);
    assert_int_equal(bench->code, ECONNRESET);
    assert_int_equal(recv(bench->broker, &byte, 1, 0), -1);
    assert_false(network_break(&bench->network, CHANNEL_RESETS));
}

#define NETWORK_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        NETWORK_TEST(it_comes_from_its_address),
        NETWORK_TEST(an_address_that_is_not_ours_is_named),
        NETWORK_TEST(an_address_of_the_other_family_is_named),
        NETWORK_TEST(what_is_no_address_is_refused),
        NETWORK_TEST(equal_settings_share_a_context),
        NETWORK_TEST(so_many_connections_linger),
        cmocka_unit_test(a_name_is_kept_until_its_time),
        cmocka_unit_test(addresses_are_read),
        NETWORK_TEST(connections_are_refused_at_a_stage),
        NETWORK_TEST(refusals_name_their_stage),
        NETWORK_TEST(a_fault_comes_into_an_open_connection),
        NETWORK_TEST(a_cut_ends_an_open_connection),
        NETWORK_TEST(it_is_broken_from_outside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
