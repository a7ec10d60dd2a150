#include "scenario/player.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <time.h>

#include "host/net/endpoint.h"
#include "imqttd/need.h"
#include "scenario/bench.h"
#include "scenario/recording.h"
#include "scenario/steps.h"

#define TURN_MS  200 /* how long is waited before the modem's state is looked at again */
#define SEED_MAX UINT64_C(9007199254740991)

#define SETTLE_MS        50
#define SETTLE_BROKER_MS 500

volatile sig_atomic_t player_is_interrupted;

static int64_t real_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t player_now_ms(const struct player *player)
{
    return real_now_ms() + player->skipped_ms;
}

bool player_expected(struct player *player, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(player->expected, sizeof player->expected, format, arguments);
    va_end(arguments);
    return false;
}

bool player_came(struct player *player, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(player->came, sizeof player->came, format, arguments);
    va_end(arguments);
    return false;
}

static bool break_off(struct player *player, const char *why)
{
    player->is_broken = true;
    return player_came(player, "%s", why);
}

/* ---- what can end it ------------------------------------------------------------------------ */

/* A host program may end well before the scenario does; none of the others may. */
static bool look_at_processes(struct player *player)
{
    static const char *const names[] = {"daemon", "broker", "host program"};
    for (size_t i = 0; i < player->wish.process_count; i++) {
        int status;
        if (!child_has_ended(&player->wish.processes[i], &status))
            continue;
        if (i == BENCH_HOST && WIFEXITED(status) && WEXITSTATUS(status) == 0)
            continue;
        player->is_broken = true;
        return WIFSIGNALED(status) ? player_came(player, "the %s was ended by signal %d", names[i],
                                                 WTERMSIG(status))
                                   : player_came(player, "the %s ended with status %d", names[i],
                                                 WEXITSTATUS(status));
    }
    return true;
}

static void take_events(struct player *player)
{
    for (json_t *event; (event = control_link_next(player->link)) != NULL; json_decref(event)) {
        traffic_add(&player->traffic, event);
        if (player->wish.recording != NULL)
            recording_add(player->wish.recording, event, &player->recording_began_ms);
    }
}

/* For how long nothing must have come before time is skipped. What comes from a real broker to the
 * scenario's own client comes in real time: more is left to it. */
static int64_t settling_ms(const struct player *player)
{
    bool is_from_broker = player->step != NULL && (player->step->kind == STEP_EXPECT_MQTT ||
                                                   player->step->kind == STEP_PUBLISH);
    return is_from_broker ? SETTLE_BROKER_MS : SETTLE_MS;
}

/* The daemon skips as much as nothing happens in, and nothing while a real broker is waited for. */
static bool skip_time(struct player *player, int64_t most_ms)
{
    json_t *answer = NULL;
    json_t *wanted = json_pack("{sI}", "skip_ms", (json_int_t)most_ms);
    if (!player_ask_path(player, "POST", "/v1/clock", wanted, &answer))
        return false;
    player->skipped_ms += json_integer_value(json_object_get(answer, "skipped_ms"));
    json_decref(answer);
    return true;
}

static bool take_turn(struct player *player, int64_t timeout_ms)
{
    struct pollfd others[4];
    unsigned count = 0;
    for (size_t i = 0; i < player->wish.process_count; i++)
        if (player->wish.processes[i].pid != 0)
            others[count++] =
                (struct pollfd){.fd = player->wish.processes[i].ended, .events = POLLIN};
    if (player->peer != NULL)
        others[count++] = mqtt_peer_wants(player->peer);
    bool is_there = control_link_wait(player->link, others, count,
                                      (int)(timeout_ms < TURN_MS ? timeout_ms : TURN_MS));
    take_events(player);
    if (player_is_interrupted)
        return break_off(player, "it was interrupted");
    if (!look_at_processes(player))
        return false;
    if (!is_there)
        return break_off(player, "the daemon has ended the stream of events");
    if (player->peer != NULL && !mqtt_peer_run(player->peer))
        return break_off(player, "the broker has ended the connection of the scenario's client");
    return true;
}

bool player_turn(struct player *player, int64_t timeout_ms)
{
    int64_t settling = settling_ms(player), began_ms = real_now_ms();
    if (!player->wish.is_fast || timeout_ms == 0)
        return take_turn(player, timeout_ms);
    size_t lines = player->traffic.count;
    while (player->traffic.count == lines && real_now_ms() - began_ms < settling)
        if (!take_turn(player, settling - (real_now_ms() - began_ms)))
            return false;
    int64_t left_ms = timeout_ms - (real_now_ms() - began_ms);
    return player->traffic.count > lines || left_ms <= 0 || skip_time(player, left_ms);
}

bool player_wait(struct player *player, uint64_t within_ms, bool (*is_true)(struct player *player))
{
    int64_t deadline = player_now_ms(player) + (int64_t)within_ms;
    if (deadline > player->deadline_ms)
        deadline = player->deadline_ms;
    for (;;) {
        int64_t left = deadline - player_now_ms(player);
        if (!player_turn(player, 0))
            return false;
        if (is_true(player))
            return true;
        if (left <= 0 || !player_turn(player, left))
            return false;
    }
}

/* ---- requests ------------------------------------------------------------------------------- */

static const char *error_text(const json_t *answer)
{
    const char *text =
        json_string_value(json_object_get(json_object_get(answer, "error"), "message"));
    return text != NULL ? text : "no reason";
}

bool player_ask_path(struct player *player, const char *method, const char *path, json_t *body,
                     json_t **answer)
{
    json_t *said = NULL;
    long status = control_link_ask(player->link, method, path, body, &said);
    bool is_done = status >= 200 && status < 300;
    if (status == 0)
        break_off(player, "the daemon does not answer");
    else if (!is_done)
        player_came(player, "the daemon refuses it: %s", error_text(said));
    if (is_done && answer != NULL)
        *answer = said;
    else
        json_decref(said);
    return is_done;
}

bool player_ask(struct player *player, const char *method, const char *behind, json_t *body,
                json_t **answer)
{
    char *path = control_modem_path(player->modem, behind);
    bool is_done = player_ask_path(player, method, path, body, answer);
    free(path);
    return is_done;
}

static bool choose_modem(struct player *player)
{
    json_t *answer;
    const char *wanted = player->wish.modem != NULL ? player->wish.modem
                                                    : player->scenario->head[SCENARIO_MODEM].text;
    player_expected(player, wanted != NULL ? "a modem %s" : "one modem", wanted);
    long status = control_link_ask(player->link, "GET", "/v1/modems", NULL, &answer);
    json_t *modems = json_object_get(answer, "modems"), *modem;
    size_t index;
    if (wanted == NULL && json_array_size(modems) == 1)
        wanted = json_string_value(json_object_get(json_array_get(modems, 0), "name"));
    json_array_foreach(modems, index, modem)
    {
        const char *name = json_string_value(json_object_get(modem, "name"));
        if (wanted != NULL && strcmp(name, wanted) == 0)
            (void)snprintf(player->modem, sizeof player->modem, "%s", name);
    }
    if (status != 200)
        break_off(player, "no daemon is there");
    else if (player->modem[0] == '\0')
        player_came(player, "%zu modems, and none of that name", json_array_size(modems));
    json_decref(answer);
    return player->modem[0] != '\0';
}

/* ---- the broker's other client -------------------------------------------------------------- */

/* Of a modem that is connected: where to. */
static bool find_broker(struct player *player, struct endpoint *where)
{
    json_t *modem = NULL;
    const char *text = player->wish.broker;
    bool is_found = text != NULL && endpoint_parse(where, text, strlen(text));
    if (text != NULL)
        return is_found || player_came(player, "%s is not of the form HOST:PORT", text);
    if (!player_ask(player, "GET", "", NULL, &modem))
        return false;
    text = json_string_value(json_object_get(json_object_get(modem, "connection"), "broker"));
    is_found = text != NULL && endpoint_parse(where, text, strlen(text));
    json_decref(modem);
    return is_found || player_came(player, "the modem is not connected, and no broker was named");
}

struct mqtt_peer *player_peer(struct player *player)
{
    struct endpoint where;
    const char *problem;
    if (player->peer != NULL || !find_broker(player, &where))
        return player->peer;
    player->peer = mqtt_peer_new(where.host, where.port, &problem);
    if (player->peer == NULL)
        player_came(player, "%s (%s:%u)", problem, where.host, (unsigned)where.port);
    return player->peer;
}

/* What is published before the first step that asks for it must be heard, too. */
static bool begin_peer(struct player *player)
{
    for (size_t i = 0; i < player->scenario->step_count && player->wish.broker != NULL; i++) {
        enum step_kind kind = player->scenario->steps[i].kind;
        if (kind == STEP_EXPECT_MQTT || kind == STEP_PUBLISH)
            return player_peer(player) != NULL;
    }
    return true;
}

/* ---- beginning and end ---------------------------------------------------------------------- */

static uint64_t choose_seed(const struct player *player)
{
    uint64_t seed = 0;
    const struct step_value *given = &player->scenario->head[SCENARIO_SEED];
    if (player->wish.has_seed)
        return player->wish.seed;
    if (given->is_given)
        return given->number;
    if (getrandom(&seed, sizeof seed, 0) != sizeof seed)
        seed = (uint64_t)real_now_ms();
    return seed % SEED_MAX;
}

static bool begin(struct player *player, const struct control_target *target)
{
    player->deadline_ms =
        player_now_ms(player) + (int64_t)player->scenario->head[SCENARIO_TIMEOUT].number;
    player->link = control_link_new(target);
    player->seed = choose_seed(player);
    if (player->link == NULL || !choose_modem(player))
        return false;
    if (player->wish.recording != NULL)
        recording_begin(player->wish.recording, player->modem, player->seed);
    player_expected(player, "a stream of events, and a broker");
    if (!control_link_follow(player->link, player->modem))
        return break_off(player, "the daemon does not answer");
    if (!begin_peer(player))
        return false;
    player_expected(player, "the host program starts");
    const char *problem = player->wish.begun(player->wish.begun_context, player->scenario);
    return problem == NULL || break_off(player, problem);
}

/* A scenario's faults end with it. */
static void remove_faults(struct player *player)
{
    for (size_t i = 0; i < player->fault_count; i++) {
        char behind[64];
        json_t *answer;
        (void)snprintf(behind, sizeof behind, "/faults/%s", player->faults[i]);
        char *path = control_modem_path(player->modem, behind);
        control_link_ask(player->link, "DELETE", path, NULL, &answer);
        json_decref(answer);
        free(path);
    }
}

enum verdict player_play(struct player *player, const struct scenario *scenario,
                         const struct control_target *target, const struct player_wish *wish)
{
    *player = (struct player){.scenario = scenario, .wish = *wish};
    bool is_good = begin(player, target);
    for (size_t i = 0; is_good && i < scenario->step_count; i++) {
        player->step = &scenario->steps[i];
        player->expected[0] = player->came[0] = '\0';
        is_good = step_run(player, player->step);
    }
    bool is_late = player_now_ms(player) >= player->deadline_ms;
    if (player->link != NULL)
        remove_faults(player);
    if (is_good)
        return VERDICT_PASSED;
    return is_late && !player->is_broken ? VERDICT_TIMED_OUT : VERDICT_FAILED;
}

void player_end(struct player *player)
{
    mqtt_peer_end(player->peer);
    control_link_end(player->link);
    traffic_free(&player->traffic);
    free(player->faults);
}
