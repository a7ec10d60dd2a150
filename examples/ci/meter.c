/* meter: a host program as firmware has one: it sends readings through an AT+IMQTT modem, answers
 * commands that come for it, and lives through whatever the field does to modem and network.
 *
 * usage: meter TERMINAL     every reading on /up/meter; "ok COMMAND" for each command on /down/meter
 *
 * Its rules, each the remedy for a trouble that really happens (docs/scenarios.md):
 *   - a command is sent only when the one before has its final result, or its time is over;
 *   - whatever comes in between is a URC, and is noted, not taken for an answer;
 *   - a reading is done when +IMQTTPUB says 0, and is sent again until then;
 *   - an attempt that failed is followed by a pause that doubles;
 *   - a modem that says nothing to three AT, or RDY, is set up from the beginning;
 *   - a command that came twice is carried out once.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define READING_PAUSE_MS   300
#define PROBE_TIMEOUT_MS   500
#define PROBES             3
#define COMMAND_TIMEOUT_MS 8000
#define REPORT_TIMEOUT_MS  6000
#define PAUSE_FIRST_MS     1500
#define PAUSE_MAX_MS       8000
#define COMMANDS_KEPT      16
#define LINE_BYTES         2048

enum result { RESULT_OK, RESULT_ERROR, RESULT_SILENCE };

struct meter {
    int fd;
    char line[LINE_BYTES];
    size_t count;

    /* What URCs have said. */
    bool has_to_begin; /* the modem knows nothing of us: it was reset, or does not answer */
    bool is_connected, is_refused, has_mail;
    int report; /* of the latest publish: 0 done, 1 failed, -1 none yet */

    char answer[LINE_BYTES]; /* the latest line of information */
    unsigned reading;
    char done[COMMANDS_KEPT][64]; /* commands that were carried out */
    unsigned done_count;
};

static long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool begins(const char *line, const char *with)
{
    return strncmp(line, with, strlen(with)) == 0;
}

/* ---- lines ---------------------------------------------------------------------------------- */

static void say(struct meter *meter, const char *text)
{
    for (size_t sent = 0, bytes = strlen(text); sent < bytes;) {
        ssize_t count = write(meter->fd, text + sent, bytes - sent);
        if (count < 0 && errno != EINTR)
            exit(EXIT_FAILURE); /* the terminal is gone */
        sent += count > 0 ? (size_t)count : 0;
    }
}

static bool read_byte(struct meter *meter, char *byte, long deadline_ms)
{
    struct pollfd wait = {.fd = meter->fd, .events = POLLIN};
    long left = deadline_ms - now_ms();
    if (poll(&wait, 1, left > 0 ? (int)left : 0) <= 0)
        return false;
    if (read(meter->fd, byte, 1) == 1)
        return true;
    exit(EXIT_FAILURE);
}

/* The next line that is not empty, or the prompt; false: none until the deadline. What came of it
 * so far is kept. */
static bool read_line(struct meter *meter, long deadline_ms)
{
    char byte;
    while (read_byte(meter, &byte, deadline_ms)) {
        bool is_prompt = byte == '>' && meter->count == 0;
        if (byte != '\r' && byte != '\n' && meter->count + 1 < LINE_BYTES)
            meter->line[meter->count++] = byte;
        if (!is_prompt && byte != '\n')
            continue;
        meter->line[meter->count] = '\0';
        if (meter->count > 0) {
            meter->count = 0;
            return true;
        }
    }
    return false;
}

/* Notes what a line says about the modem, whenever it comes. */
static void note(struct meter *meter)
{
    const char *line = meter->line, *comma = strchr(line, ',');
    if (begins(line, "RDY"))
        meter->has_to_begin = true;
    else if (begins(line, "+IMQTTCONN:"))
        meter->is_connected = !(meter->is_refused = line[11] == '-');
    else if (begins(line, "+IMQTTCOUNT:"))
        meter->has_mail = true;
    else if (comma != NULL && (begins(line, "+IMQTTPUB:") || begins(line, "+IMQTTPUBEX:")))
        meter->report = atoi(comma + 1);
    else if (line[0] == '+')
        memcpy(meter->answer, line, sizeof meter->answer);
}

static void take_message(struct meter *meter);

static enum result await_result(struct meter *meter, const char *wanted, int timeout_ms)
{
    long deadline = now_ms() + timeout_ms;
    while (!meter->has_to_begin && read_line(meter, deadline)) {
        if (strcmp(meter->line, wanted) == 0)
            return RESULT_OK;
        if (strcmp(meter->line, "ERROR") == 0 || begins(meter->line, "+CME ERROR:"))
            return RESULT_ERROR;
        if (begins(meter->line, "+IMQTTRECV:"))
            take_message(meter);
        else
            note(meter);
    }
    return RESULT_SILENCE;
}

static enum result ask(struct meter *meter, const char *text, int timeout_ms)
{
    meter->answer[0] = '\0';
    say(meter, text);
    say(meter, "\r");
    return await_result(meter, "OK", timeout_ms);
}

/* Behind a command without an answer: was it the answer that got lost, or is it the modem? */
static void probe(struct meter *meter)
{
    for (int i = 0; i < PROBES && !meter->has_to_begin; i++)
        if (ask(meter, "AT", PROBE_TIMEOUT_MS) != RESULT_SILENCE)
            return;
    meter->has_to_begin = true;
}

static bool done(struct meter *meter, const char *text)
{
    enum result result = ask(meter, text, COMMAND_TIMEOUT_MS);
    if (result == RESULT_SILENCE)
        probe(meter);
    return result == RESULT_OK;
}

/* URCs are heard meanwhile. */
static void pause_for(struct meter *meter, long time_ms)
{
    long deadline = now_ms() + time_ms;
    while (!meter->has_to_begin && read_line(meter, deadline))
        note(meter);
}

static bool await(struct meter *meter, const bool *one, const bool *other, int timeout_ms)
{
    long deadline = now_ms() + timeout_ms;
    while (!*one && !*other && !meter->has_to_begin && read_line(meter, deadline))
        note(meter);
    return *one;
}

/* ---- messages ------------------------------------------------------------------------------- */

static bool reported(struct meter *meter)
{
    long deadline = now_ms() + REPORT_TIMEOUT_MS;
    while (meter->report < 0 && !meter->has_to_begin && read_line(meter, deadline))
        note(meter);
    return meter->report == 0;
}

/* As hex: a digit that gets lost on the line makes an error, not another reading. */
static bool publish_reading(struct meter *meter)
{
    char text[64], line[256];
    int at = snprintf(line, sizeof line, "AT+IMQTTPUBIN=/up/meter,1,");
    snprintf(text, sizeof text, "reading %u", meter->reading);
    for (const char *each = text; *each != '\0'; each++)
        at += snprintf(line + at, sizeof line - (size_t)at, "%02X", (unsigned char)*each);
    meter->report = -1;
    return done(meter, line) && reported(meter);
}

/* Any bytes go this way. A URC may come before the prompt, and between it and the data. */
static bool publish_bytes(struct meter *meter, const char *text)
{
    char line[128];
    snprintf(line, sizeof line, "AT+IMQTTPUBEX=/up/meter,1,0,%zu\r", strlen(text));
    meter->report = -1;
    say(meter, line);
    if (await_result(meter, ">", COMMAND_TIMEOUT_MS) != RESULT_OK)
        return false;
    say(meter, text);
    return await_result(meter, "OK", COMMAND_TIMEOUT_MS) == RESULT_OK && reported(meter);
}

static bool is_done(const struct meter *meter, const char *wanted)
{
    for (unsigned i = 0; i < COMMANDS_KEPT; i++)
        if (strcmp(meter->done[i], wanted) == 0)
            return true;
    return false;
}

/* The payload is hex, as the last field; it is carried out when all lines have been read. */
static void take_message(struct meter *meter)
{
    char text[64] = "";
    const char *hex = strrchr(meter->line, ',');
    if (hex == NULL || hex[1] != '"')
        return;
    hex += 2;
    for (size_t i = 0; i + 1 < sizeof text; i++) {
        unsigned byte;
        if (sscanf(hex + 2 * i, "%2x", &byte) != 1)
            break;
        text[i] = (char)byte;
    }
    if (!is_done(meter, text))
        strcpy(meter->done[meter->done_count++ % COMMANDS_KEPT], text);
}

static bool read_mail(struct meter *meter)
{
    unsigned answered = meter->done_count;
    bool is_good = true;
    while (is_good && meter->has_mail) {
        unsigned before = meter->done_count;
        meter->has_mail = false;
        is_good = done(meter, "AT+IMQTTRECV=10");
        meter->has_mail |= meter->done_count > before; /* until none is left */
    }
    for (; is_good && answered < meter->done_count; answered++) {
        char text[80];
        snprintf(text, sizeof text, "ok %s", meter->done[answered % COMMANDS_KEPT]);
        is_good = publish_bytes(meter, text) || publish_bytes(meter, text);
    }
    return is_good;
}

/* ---- from power on to connected ------------------------------------------------------------- */

/* A line that was begun before, by whoever, is ended first. */
static void find_modem(struct meter *meter)
{
    do {
        meter->has_to_begin = meter->is_connected = meter->has_mail = false;
    } while (ask(meter, "AT", PROBE_TIMEOUT_MS) != RESULT_OK);
}

static bool set_up(struct meter *meter)
{
    return done(meter, "ATE0") && done(meter, "AT+CMEE=1") && done(meter, "AT+IMQTTMODE=2,1,1") &&
           done(meter, "AT+IMQTTRECVHEX=1") &&
           done(meter, "AT+IMQTTPARA=TIMEOUT,1,CLEAN,0,KEEPALIVE,60,VERSION,3.1.1") &&
           done(meter, "AT+IMQTTADDR=broker.example.com,8883,\"meter\"");
}

static bool is_registered(struct meter *meter)
{
    if (!done(meter, "AT+CSQ") || !done(meter, "AT+CREG?"))
        return false;
    const char *comma = strchr(meter->answer, ',');
    return comma != NULL && (comma[1] == '1' || comma[1] == '5');
}

static bool connect_broker(struct meter *meter)
{
    meter->is_refused = false;
    if (!is_registered(meter) || !done(meter, "AT+IMQTTCONN"))
        return false;
    if (!await(meter, &meter->is_connected, &meter->is_refused, 20000))
        return done(meter, "AT+IMQTTERR?") && false;
    meter->has_mail = true; /* what was kept before */
    return done(meter, "AT+IMQTTSUB=/down/meter,1");
}

/* Until the connection is lost, or does not deliver: then it is given up, whatever it says. */
static void serve(struct meter *meter)
{
    for (unsigned failures = 0; failures < 2 && meter->is_connected && !meter->has_to_begin;) {
        if ((meter->has_mail && !read_mail(meter)) || !publish_reading(meter)) {
            failures++;
            continue;
        }
        failures = 0;
        meter->reading++;
        pause_for(meter, READING_PAUSE_MS);
    }
    if (meter->is_connected && !meter->has_to_begin && done(meter, "AT+IMQTTDISCONN"))
        await(meter, &meter->is_refused, &meter->is_refused, 10000);
    meter->is_connected = false;
}

static bool open_terminal(struct meter *meter, const char *path)
{
    struct termios line;
    meter->fd = open(path, O_RDWR | O_NOCTTY);
    if (meter->fd < 0 || tcgetattr(meter->fd, &line) != 0)
        return false;
    cfmakeraw(&line);
    return tcsetattr(meter->fd, TCSANOW, &line) == 0;
}

int main(int argc, char **argv)
{
    static struct meter meter;
    const char *path = argc > 1 ? argv[1] : getenv("IMQTT_PTY");
    if (path == NULL || !open_terminal(&meter, path)) {
        fprintf(stderr, "meter: %s: %s\n", path != NULL ? path : "usage: meter TERMINAL",
                strerror(errno));
        return EXIT_FAILURE;
    }
    for (;;) {
        long pause_ms = PAUSE_FIRST_MS;
        find_modem(&meter);
        while (!meter.has_to_begin && set_up(&meter)) {
            if (connect_broker(&meter)) {
                pause_ms = PAUSE_FIRST_MS;
                serve(&meter);
            }
            pause_for(&meter, pause_ms);
            pause_ms = pause_ms * 2 < PAUSE_MAX_MS ? pause_ms * 2 : PAUSE_MAX_MS;
        }
    }
}
