/* Configurations: what is wrong is named where it stands, and what is right comes to plans. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "imqttd/config/config.h"
#include "imqttd/config/document_files.h"

static const struct document no_options;

static struct config read_text(const char *text)
{
    struct config config = {0};
    FILE *stream = fmemopen((void *)text, strlen(text), "r");
    document_read_stream(&config.document, stream, "t.conf");
    fclose(stream);
    config_build(&config, &no_options);
    return config;
}

static void expect_fault(const char *text, const char *line)
{
    struct config config = read_text(text);
    assert_int_equal(config.document.faults.count, 1);
    assert_string_equal(config.document.faults.lines[0], line);
    config_free(&config);
}

static void nothing_wrong(struct config *config)
{
    if (config->document.faults.count > 0)
        fail_msg("%s", config->document.faults.lines[0]);
}

static void test_a_modem_is_planned(void **state)
{
    (void)state;
    struct config config = read_text("[imqttd]\nlog = debug\n[defaults]\nboot-urcs = no\n"
                                     "[modem m]\npty = /tmp/m\ncmee=2\nreconnect = 1s..2m\n");
    nothing_wrong(&config);
    assert_int_equal(config.program.log_level, LEVEL_DEBUG);
    assert_int_equal(config.modem_count, 1);
    const struct modem_plan *plan = config.modems[0];
    assert_string_equal(plan->name, "m");
    assert_string_equal(plan->stored_as, "m");
    assert_string_equal(plan->where, "/tmp/m");
    assert_false(plan->boot_urcs);
    assert_int_equal(plan->error_form, 2);
    assert_int_equal(plan->reconnect_max_s, 120);
    config_free(&config);
}

static void test_a_fleet_counts(void **state)
{
    (void)state;
    setenv("IMQTT_TEST_INDEX", "4000", 1);
    struct config config = read_text("[modem m-%d]\npty = /tmp/m%d\ncount = 3\n"
                                     "first = env:IMQTT_TEST_INDEX\n"
                                     "source-address = 127.0.0.1,127.0.0.2\n"
                                     "preset = AT+IMQTTUSER=\"u%d\",\"p\"\n");
    nothing_wrong(&config);
    assert_int_equal(config.modem_count, 3);
    assert_string_equal(config.modems[2]->name, "m-4002");
    assert_string_equal(config.modems[2]->where, "/tmp/m4002");
    assert_string_equal(config.modems[2]->presets[0], "AT+IMQTTUSER=\"u4002\",\"p\"");
    assert_string_equal(config.modems[1]->source_address, "127.0.0.2");
    assert_string_equal(config.modems[2]->source_address, "127.0.0.1");
    config_free(&config);
}

static void test_values_replace_and_add_up(void **state)
{
    (void)state;
    struct config config = read_text("[defaults]\nboot-urcs = no\npreset = ATE0\n"
                                     "[modem m]\nstdio =\nboot-urcs = yes\npreset = AT+CMEE=1\n"
                                     "cmee = 0\ncmee = 1\n"
                                     "connect-to = a:1=b:2\nconnect-to = c:1=d:2\n");
    nothing_wrong(&config);
    assert_true(config.modems[0]->boot_urcs);
    assert_int_equal(config.modems[0]->preset_count, 2);
    assert_int_equal(config.modems[0]->error_form, 1);
    assert_int_equal(config.modems[0]->redirects.count, 2);
    config_free(&config);
}

static void test_long_lines_and_semicolons_stay_whole(void **state)
{
    char text[700] = "[modem m]\nstdio =\npreset = AT+IMQTTLWT=\"t ; u\",0,0,\"";
    size_t end = strlen(text);
    (void)state;
    memset(text + end, 'x', 300);
    strcpy(text + end + 300, "\"\n");
    struct config config = read_text(text);
    assert_int_equal(config.modem_count, 1);
    assert_int_equal(config.modems[0]->preset_count, 1);
    assert_non_null(strstr(config.modems[0]->presets[0], "t ; u"));
    assert_int_equal(strlen(config.modems[0]->presets[0]), 326);
    config_free(&config);
}

static void test_each_fault_is_named(void **state)
{
    (void)state;
    expect_fault("[modem m]\nstdio =\nspeed = 3\n", "t.conf:3: speed: no such key here");
    expect_fault("[modem m]\nstdio =\ncmee = 3\n", "t.conf:3: cmee = 3: not from 0 to 2");
    expect_fault("[modem m]\nstdio =\n[modem m]\n", "t.conf:3: modem m is given twice");
    expect_fault("[modem m]\npty = /p\n[modem n]\ncmee = 1\npty = /p\n",
                 "t.conf:5: pty /p is the terminal of modem m as well");
    expect_fault("[modm m]\nx = 1\n",
                 "t.conf:1: [modm m]: the sections are [imqttd], [defaults] and [modem NAME]");
    expect_fault("[modem m]\nstdio =\nboot-urcs\n", "t.conf:3: neither [SECTION] nor KEY = VALUE");
    expect_fault("cmee = 1\n", "t.conf:1: a key before the first section");
    expect_fault("[modem m]\ncmee = 1\n",
                 "t.conf:1: modem m has no terminal: one of pty, serial, tcp, unix, stdio");
    expect_fault("[modem m]\nstdio =\npreset = AT+CSQ\n",
                 "t.conf:3: preset AT+CSQ: a preset may only set something");
    expect_fault("[modem m]\nstdio =\npreset = AT+NOSUCH=1\n",
                 "t.conf:3: preset AT+NOSUCH=1: the modem refuses it: operation not supported");
    expect_fault("[modem m]\nstdio =\nkeep-session = disk\n",
                 "t.conf:3: keep-session = disk needs state");
    expect_fault("[imqttd]\nstate = /s\n[modem m]\nunix = /u\nkeep-session = disk\n",
                 "t.conf:3: keep-session = disk is for pty, serial and stdio, not for unix");
    expect_fault("[modem m]\nstdio =\nkeep-session = tape\n",
                 "t.conf:3: keep-session = tape: neither memory nor disk");
    expect_fault("[defaults]\ncmee = 9\n", "t.conf:2: cmee = 9: not from 0 to 2");
    expect_fault("[modem m]\nstdio =\nfault = latncy\n",
                 "t.conf:3: fault = latncy: type: there is no fault of the type latncy");
}

static void test_what_nobody_gets_is_checked_as_well(void **state)
{
    (void)state;
    expect_fault("[imqttd]\nlog = loud\nlog = info\n",
                 "t.conf:2: log = loud: not one of error, warning, info, debug");
    expect_fault("[defaults]\ncmee = 7\n[modem m]\nstdio =\ncmee = 1\n",
                 "t.conf:2: cmee = 7: not from 0 to 2");
    expect_fault("[modem m-%d]\ntcp = 127.0.0.1:0\ncount = 0\ncount = 1\n",
                 "t.conf:3: count = 0: not from 1 to 100000");
    expect_fault("[modem m]\nstdio =\nfault = mute name=x\nfault = stall link=uart name=x\n",
                 "t.conf:4: fault = stall link=uart name=x: name: there is a fault of that name");
}

static void test_a_mistake_in_defaults_is_one_and_stands_there(void **state)
{
    (void)state;
    expect_fault("[defaults]\nkeep-session = disk\n[modem m]\nstdio =\n[modem n]\npty = /n\n",
                 "t.conf:2: keep-session = disk needs state");
    expect_fault("[defaults]\ntls-cert = /c\n[modem m]\nstdio =\n[modem n]\npty = /n\n",
                 "t.conf:2: tls-cert and tls-key go together");
    expect_fault("[modem m-%d]\npty = /m%d\ncount = 50000\nidentity.imsi = %d\n",
                 "t.conf:4: identity.imsi = 0: must be 15 digits");
}

static void test_a_path_that_no_socket_can_have_is_named(void **state)
{
    char path[109] = "/", text[200], line[256];
    (void)state;
    memset(path + 1, 'x', sizeof path - 2);
    for (int i = 0; i < 2; i++) {
        const char *section = i == 0 ? "imqttd" : "modem m", *key = i == 0 ? "control" : "unix";
        snprintf(text, sizeof text, "[%s]\n%s = %s\n", section, key, path);
        snprintf(line, sizeof line, "t.conf:2: %s = %s: a socket's path has 107 bytes at most", key,
                 path);
        expect_fault(text, line);
    }
}

static void test_what_counts_is_printed(void **state)
{
    char printed[1000] = "";
    (void)state;
    struct config config = read_text("[imqttd]\nlog = error\nlog = debug\n[modem m]\nstdio =\n"
                                     "cmee = 1\npreset = ATE0\ncmee = 2\npreset = ATV1\n");
    nothing_wrong(&config);
    FILE *stream = fmemopen(printed, sizeof printed, "w");
    config_print(&config, &no_options, stream);
    fclose(stream);
    assert_null(strstr(printed, "error"));
    assert_non_null(strstr(printed, "log = debug\n"));
    assert_non_null(strstr(printed, "stdio = \npreset = ATE0\ncmee = 2\npreset = ATV1\n"));
    config_free(&config);
}

static void test_a_refused_secret_is_not_told(void **state)
{
    (void)state;
    struct config config =
        read_text("[modem m]\nstdio =\npreset = AT+IMQTTUSER=\"u\",\"canary\",9\n");
    assert_int_equal(config.document.faults.count, 1);
    assert_null(strstr(config.document.faults.lines[0], "canary"));
    config_free(&config);
}

/* By the line of its own file, which nobody else can read. */
static void test_a_refused_line_of_a_preset_file_is_named(void **state)
{
    char name[] = "/tmp/imqtt-presets-XXXXXX", text[200], line[200];
    int file = mkstemp(name);
    (void)state;
    assert_true(file >= 0);
    dprintf(file, "# mine\nATE0\n\nAT+IMQTTUSER=\"u\",\"canary\",9\n");
    close(file);
    snprintf(text, sizeof text, "[modem m]\nstdio =\npreset-file = %s\n", name);
    snprintf(line, sizeof line, "%s:4: preset *****: the modem refuses it: incorrect parameters",
             name);
    expect_fault(text, line);
    unlink(name);
}

static void test_fifty_faults_are_fifty_lines(void **state)
{
    char text[4096] = "[modem m]\nstdio =\n";
    (void)state;
    for (int i = 0; i < 50; i++)
        sprintf(text + strlen(text), "unknown%d = 1\n", i);
    struct config config = read_text(text);
    assert_int_equal(config.document.faults.count, 50);
    assert_string_equal(config.document.faults.lines[49], "t.conf:52: unknown49: no such key here");
    config_free(&config);
}

static void test_printing_hides_secrets(void **state)
{
    char *printed;
    size_t count;
    (void)state;
    struct config config =
        read_text("[modem m]\nstdio =\npreset = AT+IMQTTUSER=\"u\",\"canary\"\n");
    FILE *stream = open_memstream(&printed, &count);
    config_print(&config, &no_options, stream);
    fclose(stream);
    assert_null(strstr(printed, "canary"));
    assert_non_null(strstr(printed, "preset = AT+IMQTTUSER=\"u\",\"*****\"\n"));
    free(printed);
    config_free(&config);
}

static void test_what_is_the_same_stays(void **state)
{
    (void)state;
    struct config one = read_text("[modem m]\npty = a\ncmee = 1\n");
    struct config same = read_text("[defaults]\ncmee=1\n[modem m]\ncmee = 1\n pty = a\n");
    struct config other = read_text("[modem m]\npty = a\ncmee = 2\n");
    assert_false(modem_plan_equal(one.modems[0], other.modems[0]));
    assert_true(modem_plan_equal(one.modems[0], one.modems[0]));
    assert_int_equal(same.modem_count, 1);
    config_free(&one);
    config_free(&same);
    config_free(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_modem_is_planned),
        cmocka_unit_test(test_a_fleet_counts),
        cmocka_unit_test(test_values_replace_and_add_up),
        cmocka_unit_test(test_long_lines_and_semicolons_stay_whole),
        cmocka_unit_test(test_each_fault_is_named),
        cmocka_unit_test(test_what_nobody_gets_is_checked_as_well),
        cmocka_unit_test(test_a_mistake_in_defaults_is_one_and_stands_there),
        cmocka_unit_test(test_a_path_that_no_socket_can_have_is_named),
        cmocka_unit_test(test_what_counts_is_printed),
        cmocka_unit_test(test_a_refused_secret_is_not_told),
        cmocka_unit_test(test_a_refused_line_of_a_preset_file_is_named),
        cmocka_unit_test(test_fifty_faults_are_fifty_lines),
        cmocka_unit_test(test_printing_hides_secrets),
        cmocka_unit_test(test_what_is_the_same_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
