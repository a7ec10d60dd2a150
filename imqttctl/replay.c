/* replay: plays the host of a recording, and compares what the modem says. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "driver_report/secret_words.h"
#include "imqttctl/daemon_client.h"
#include "imqttctl/hex_bytes.h"
#include "imqttctl/interrupt.h"
#include "imqttctl/recording_reader.h"
#include "imqttctl/replay_lines.h"
#include "imqttctl/replay_secrets.h"
#include "imqttctl/replay_terminal.h"
#include "imqttctl/verbs.h"

#define LATE_MS     10000 /* so much later than recorded may the modem say something */
#define LINES_MAX   256   /* recorded between two lines of the host, or said too early */
#define SHOWN_BYTES 160

struct line_list {
    char *lines[LINES_MAX];
    size_t count;
};

struct replay {
    struct recording_reader reader;
    struct replay_secrets secrets;
    bool is_fast;
    int terminal;
    struct interrupt interrupt;
    struct replay_lines recorded, said;
    struct line_list expected, early; /* early: URCs that came before their turn */
    double host_ms, event_ms;         /* in the recording: when the host last spoke; now */
};

/* ---- lists of lines ------------------------------------------------------------------------- */

static void list_add(struct line_list *list, const char *line)
{
    char *copy = list->count < LINES_MAX ? strdup(line) : NULL;
    if (copy != NULL)
        list->lines[list->count++] = copy;
}

static void list_remove(struct line_list *list, size_t index)
{
    free(list->lines[index]);
    list->count--;
    memmove(&list->lines[index], &list->lines[index + 1],
            (list->count - index) * sizeof *list->lines);
}

static void list_clear(struct line_list *list)
{
    while (list->count > 0)
        list_remove(list, list->count - 1);
}

/* ---- what is compared ----------------------------------------------------------------------- */

/* What the user gave for stars stands in an echo. */
static enum ctl_exit differs(struct replay *replay, const char *recorded, const char *said)
{
    char shown[SHOWN_BYTES + 1];
    (void)snprintf(shown, sizeof shown, "%s", said);
    secret_words_star((uint8_t *)shown, strlen(shown));
    return ctl_say(CTL_FAILED, "%s:%lu: recorded: %.*s, said: %s", replay->reader.name,
                   replay->reader.number, SHOWN_BYTES, recorded, shown);
}

/* Recorded lines that were said early are done. */
static void take_recorded(struct replay *replay)
{
    for (char *line; (line = replay_lines_next(&replay->recorded)) != NULL;) {
        size_t i = 0;
        while (i < replay->early.count && !replay_lines_equal(line, replay->early.lines[i]))
            i++;
        if (i < replay->early.count)
            list_remove(&replay->early, i);
        else
            list_add(&replay->expected, line);
    }
}

static enum ctl_exit take_said(struct replay *replay, const char *line)
{
    struct line_list *expected = &replay->expected;
    bool is_urc = replay_line_is_urc(line);
    for (size_t i = 0; i < expected->count; i++) {
        if (replay_lines_equal(expected->lines[i], line)) {
            list_remove(expected, i);
            return CTL_DONE;
        }
        if (!is_urc && !replay_line_is_urc(expected->lines[i]))
            return differs(replay, expected->lines[i], line);
    }
    if (!is_urc)
        return differs(replay, "nothing more", line);
    list_add(&replay->early, line);
    return CTL_DONE;
}

/* ---- the terminal --------------------------------------------------------------------------- */

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

enum waited { WAITED_INPUT, WAITED_LONG, WAITED_INTERRUPT };

static enum waited wait_for(struct replay *replay, short events, int64_t until_ms)
{
    int64_t left_ms = until_ms - now_ms();
    struct pollfd fds[] = {{.fd = replay->terminal, .events = events},
                           {.fd = replay->interrupt.fd, .events = POLLIN}};
    if (left_ms < 0)
        return WAITED_LONG;
    int ready = poll(fds, 2, (int)left_ms);
    if (fds[1].revents != 0)
        return WAITED_INTERRUPT;
    return ready > 0 ? WAITED_INPUT : WAITED_LONG;
}

static enum ctl_exit read_some(struct replay *replay)
{
    uint8_t bytes[4096];
    ssize_t count = read(replay->terminal, bytes, sizeof bytes);
    if (count > 0) {
        replay_lines_add(&replay->said, bytes, (size_t)count);
        return CTL_DONE;
    }
    if (count < 0 && (errno == EAGAIN || errno == EINTR))
        return CTL_DONE;
    return ctl_say(CTL_FAILED, "the terminal is closed: %s", count < 0 ? strerror(errno) : "end");
}

static enum ctl_exit take_lines(struct replay *replay)
{
    enum ctl_exit end = CTL_DONE;
    for (char *line; end == CTL_DONE && (line = replay_lines_next(&replay->said)) != NULL;)
        end = take_said(replay, line);
    return end;
}

/* Until the modem has said everything that it said before this place of the recording. */
static enum ctl_exit settle(struct replay *replay)
{
    int64_t until_ms = now_ms() + LATE_MS + (int64_t)(replay->event_ms - replay->host_ms);
    take_recorded(replay);
    enum ctl_exit end = take_lines(replay);
    while (end == CTL_DONE && replay->expected.count > 0) {
        switch (wait_for(replay, POLLIN, until_ms)) {
        case WAITED_LONG:
            return differs(replay, replay->expected.lines[0], "nothing in time");
        case WAITED_INTERRUPT:
            return ctl_say(CTL_FAILED, "interrupted");
        case WAITED_INPUT:
            end = read_some(replay);
        }
        if (end == CTL_DONE)
            end = take_lines(replay);
    }
    return end;
}

/* As long as the host waited after the modem's last word. */
static enum ctl_exit pause_before(struct replay *replay, double t_ms)
{
    int64_t until_ms = now_ms() + (int64_t)(t_ms - replay->event_ms);
    enum ctl_exit end = CTL_DONE;
    while (!replay->is_fast && end == CTL_DONE) {
        enum waited waited = wait_for(replay, POLLIN, until_ms);
        if (waited == WAITED_LONG)
            break;
        end = waited == WAITED_INPUT ? read_some(replay) : ctl_say(CTL_FAILED, "interrupted");
    }
    return end;
}

static enum ctl_exit write_all(struct replay *replay, const uint8_t *bytes, size_t count)
{
    while (count > 0) {
        ssize_t written = write(replay->terminal, bytes, count);
        if (written < 0 && errno != EAGAIN && errno != EINTR)
            return ctl_say(CTL_FAILED, "the terminal cannot be written: %s", strerror(errno));
        if (written > 0) {
            bytes += written;
            count -= (size_t)written;
        } else if (wait_for(replay, POLLOUT, now_ms() + LATE_MS) != WAITED_INPUT) {
            return ctl_say(CTL_FAILED, "the modem does not read");
        }
    }
    return CTL_DONE;
}

/* ---- events --------------------------------------------------------------------------------- */

static enum ctl_exit lacks_secret(const struct replay *replay, const char *name)
{
    if (*name == '\0')
        return ctl_say(CTL_FAILED, "%s:%lu: hidden as a whole, and cannot be replayed",
                       replay->reader.name, replay->reader.number);
    return ctl_say(CTL_FAILED, "%s:%lu: a secret is needed: --secret %s=VALUE", replay->reader.name,
                   replay->reader.number, name);
}

static enum ctl_exit say_starred(struct replay *replay, const uint8_t *bytes, size_t count)
{
    const char *name;
    size_t filled_bytes = 0;
    uint8_t *filled = replay_secrets_fill(&replay->secrets, bytes, count, &filled_bytes, &name);
    if (filled == NULL)
        return lacks_secret(replay, name);
    enum ctl_exit end = write_all(replay, filled, filled_bytes);
    explicit_bzero(filled, filled_bytes);
    free(filled);
    return end;
}

static enum ctl_exit say_bytes(struct replay *replay, const json_t *event, const uint8_t *bytes,
                               size_t count)
{
    bool is_starred = json_is_true(json_object_get(event, "starred"));
    enum ctl_exit end =
        is_starred ? say_starred(replay, bytes, count) : write_all(replay, bytes, count);
    replay_secrets_follow(&replay->secrets, bytes, count, is_starred);
    return end;
}

static enum ctl_exit host_says(struct replay *replay, const json_t *event, uint8_t *bytes,
                               size_t count)
{
    double t_ms = json_number_value(json_object_get(event, "t_ms"));
    enum ctl_exit end = settle(replay);
    if (end == CTL_DONE)
        end = pause_before(replay, t_ms);
    if (end == CTL_DONE)
        end = say_bytes(replay, event, bytes, count);
    replay->host_ms = replay->event_ms = t_ms;
    return end;
}

static enum ctl_exit take_event(struct replay *replay, const json_t *event)
{
    const char *kind = json_string_value(json_object_get(event, "kind"));
    const char *dir = json_string_value(json_object_get(event, "dir"));
    enum ctl_exit end = CTL_DONE;
    size_t count;
    if (strcmp(kind, "at") != 0)
        return CTL_DONE;
    uint8_t *bytes = hex_bytes_of(event, &count);
    if (bytes == NULL)
        return recording_say(&replay->reader, "hex is wrong");
    if (strcmp(dir, "host") == 0) {
        end = host_says(replay, event, bytes, count);
    } else {
        replay_lines_add(&replay->recorded, bytes, count);
        replay->event_ms = json_number_value(json_object_get(event, "t_ms"));
    }
    free(bytes);
    return end;
}

static enum ctl_exit play(struct replay *replay)
{
    enum ctl_exit end = CTL_DONE;
    for (json_t *event; end == CTL_DONE && (event = recording_next(&replay->reader)) != NULL;) {
        end = take_event(replay, event);
        json_decref(event);
    }
    if (end == CTL_DONE)
        end = replay->reader.is_wrong ? CTL_FAILED : settle(replay);
    if (end == CTL_DONE && replay->early.count > 0)
        end = differs(replay, "nothing more", replay->early.lines[0]);
    return end;
}

/* ---- the verb ------------------------------------------------------------------------------- */

static char *terminal_of(struct ctl *ctl, const char *name)
{
    struct control_answer answer;
    char *path = control_modem_path(name, ""), *terminal = NULL;
    if (daemon_ask(ctl->client, "GET", path, NULL, &answer) == CTL_DONE) {
        const char *text = json_string_value(json_object_get(answer.json, "terminal"));
        terminal = strdup(text != NULL ? text : "");
    }
    control_answer_end(&answer);
    free(path);
    return terminal;
}

static enum ctl_exit replay_on(struct replay *replay, const char *terminal)
{
    enum ctl_exit end = CTL_FAILED;
    replay->terminal = terminal != NULL ? replay_terminal_open(terminal) : -1;
    if (replay->terminal < 0)
        return CTL_FAILED;
    if (interrupt_begin(&replay->interrupt))
        end = play(replay);
    interrupt_end(&replay->interrupt);
    close(replay->terminal);
    replay_lines_clear(&replay->recorded);
    replay_lines_clear(&replay->said);
    list_clear(&replay->expected);
    list_clear(&replay->early);
    return end;
}

static bool take_secrets(struct replay *replay, struct verb_arguments *arguments)
{
    bool is_wrong = false;
    for (char *secret;
         (secret = arguments_take_value(arguments, "--secret", &is_wrong)) != NULL && !is_wrong;) {
        is_wrong = strchr(secret, '=') == NULL || replay->secrets.count == REPLAY_SECRETS;
        if (!is_wrong)
            replay->secrets.given[replay->secrets.count++] = secret;
    }
    return !is_wrong;
}

enum ctl_exit verb_replay(struct ctl *ctl, struct verb_arguments *arguments)
{
    struct replay replay = {.is_fast = arguments_take_flag(arguments, "--fast")};
    bool is_wrong = false;
    const char *given = arguments_take_value(arguments, "--terminal", &is_wrong);
    if (is_wrong || !take_secrets(&replay, arguments) || arguments->count < 1 ||
        arguments->count > 2 || arguments_stray_option(arguments) != NULL)
        return verbs_wrong_usage("replay");
    if (!recording_open(&replay.reader, arguments->words[0]))
        return CTL_FAILED;
    const char *name = json_string_value(json_object_get(replay.reader.head, "modem"));
    if (arguments->count == 2)
        name = arguments->words[1];
    char *found = given == NULL ? terminal_of(ctl, name != NULL ? name : "") : NULL;
    enum ctl_exit end = replay_on(&replay, given != NULL ? given : found);
    free(found);
    recording_close(&replay.reader);
    return end;
}
