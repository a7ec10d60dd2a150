#include "scenario/commands.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "imqttd/need.h"
#include "scenario/bench.h"
#include "scenario/junit.h"
#include "scenario/play_options.h"
#include "scenario/player.h"
#include "scenario/suite.h"

int scenario_command_check(int count, char **words)
{
    struct suite suite = {NULL, 0, 0};
    if (count == 0)
        (void)fputs("imqttctl check: FILE: is missing\n", stderr);
    for (int i = 0; i < count; i++)
        suite_add(&suite, words[i]);
    bool is_good = count > 0 && suite.mistakes == 0;
    suite_free(&suite);
    return is_good ? SCENARIO_OK : SCENARIO_BAD;
}

/* ---- what is told --------------------------------------------------------------------------- */

static const char *step_name(const struct step *step)
{
    return step != NULL ? step_rows[step->kind].name : "begin";
}

/* The whole story of a failure; free it. */
static char *tell_failure(const struct player *player, enum verdict verdict)
{
    char *text = NULL, line[300];
    size_t bytes;
    FILE *to = open_memstream(&text, &bytes);
    const struct step *step = player->step;
    if (to == NULL)
        return need_copy("no memory");
    (void)fprintf(to, "%s:%u:%u: %s: %s\n", player->scenario->file, step != NULL ? step->line : 1,
                  step != NULL ? step->column : 1, step_name(step),
                  verdict == VERDICT_TIMED_OUT ? "the scenario's time is over" : "failed");
    (void)fprintf(to, "    expected: %s\n    came:     %s\n    seed:     %" PRIu64 "\n",
                  player->expected, player->came[0] != '\0' ? player->came : "nothing",
                  player->seed);
    (void)fputs("    the last lines of traffic (ms, who, what):\n", to);
    for (size_t i = 0; traffic_show(&player->traffic, i, line, sizeof line); i++)
        (void)fprintf(to, "    %s\n", line);
    (void)fclose(to);
    return text;
}

/* The host program of a bench; NULL: there is none. */
struct host_start {
    struct bench *bench;
    const struct bench_wish *wish;
    char problem[BENCH_PROBLEM_BYTES];
};

/* A host starts when it is listened to, so that its first line is heard. */
static const char *begin_host(void *context, const struct scenario *scenario)
{
    struct host_start *start = context;
    (void)printf("playing   %s\n", scenario_name(scenario));
    (void)fflush(stdout);
    if (start == NULL || bench_start_host(start->bench, start->wish, start->problem))
        return NULL;
    return start->problem;
}

static void tell(const struct junit_case *result)
{
    const char *word = result->failure == NULL ? "passed"
                       : result->is_error      ? "TIMED OUT"
                                               : "FAILED";
    (void)printf("%-9s %s (%.1f s)\n%s", word, result->name, result->took_s,
                 result->failure != NULL ? result->failure : "");
    (void)fflush(stdout);
}

/* ---- one scenario --------------------------------------------------------------------------- */

struct play {
    struct play_options options;
    struct control_target target;
    struct suite suite;
    struct junit_case *results;
    size_t failed, timed_out;
};

/* A folder gets a file for each scenario. NULL: it cannot be written, and was told. */
static FILE *open_recording(const char *path, const struct scenario *scenario)
{
    struct stat about;
    char inside[4096];
    const char *slash = strrchr(scenario->file, '/');
    if (stat(path, &about) == 0 && S_ISDIR(about.st_mode)) {
        (void)snprintf(inside, sizeof inside, "%s/%s.jsonl", path,
                       slash != NULL ? slash + 1 : scenario->file);
        path = inside;
    }
    FILE *file = fopen(path, "we");
    if (file == NULL)
        (void)fprintf(stderr, "imqttctl play: --record %s: %s\n", path, strerror(errno));
    return file;
}

static void play_with(struct play *play, const struct scenario *scenario,
                      const struct control_target *target, struct player_wish *wish,
                      struct junit_case *result)
{
    struct player player;
    enum verdict verdict = player_play(&player, scenario, target, wish);
    if (verdict != VERDICT_PASSED)
        result->failure = tell_failure(&player, verdict);
    result->is_error = verdict == VERDICT_TIMED_OUT;
    play->failed += verdict == VERDICT_FAILED;
    play->timed_out += verdict == VERDICT_TIMED_OUT;
    player_end(&player);
}

/* A daemon and a broker for this scenario alone. */
static void play_on_bench(struct play *play, const struct scenario *scenario,
                          const struct player_wish *plain, struct junit_case *result)
{
    struct player_wish wish = *plain;
    const struct play_options *options = &play->options;
    struct bench_wish bench_wish = {
        .modem = wish.modem != NULL ? wish.modem : scenario->head[SCENARIO_MODEM].text,
        .has_broker = options->has_broker,
        .has_virtual_time = options->is_fast,
        .settings = options->settings,
        .setting_count = options->setting_count,
        .host = options->host};
    struct bench bench;
    char problem[BENCH_PROBLEM_BYTES], address[32];
    struct host_start host = {.bench = &bench, .wish = &bench_wish};
    if (bench_start(&bench, &bench_wish, problem)) {
        wish.begun_context = &host;
        (void)snprintf(address, sizeof address, "127.0.0.1:%u", (unsigned)bench.broker_port);
        if (options->has_broker && wish.broker == NULL)
            wish.broker = address;
        wish.processes = bench.processes;
        wish.process_count = BENCH_PROCESSES;
        play_with(play, scenario, &(struct control_target){.socket = bench.socket}, &wish, result);
    } else {
        result->failure = need_new(BENCH_PROBLEM_BYTES + 2);
        (void)sprintf(result->failure, "%s\n", problem);
        play->failed++;
    }
    bench_end(&bench);
}

static double seconds_since(const struct timespec *began)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - began->tv_sec) + (double)(now.tv_nsec - began->tv_nsec) / 1e9;
}

static bool play_one(struct play *play, const struct scenario *scenario, struct junit_case *result)
{
    const struct play_options *options = &play->options;
    struct player_wish wish = {.begun = begin_host,
                               .modem = options->modem,
                               .broker = options->broker,
                               .seed = options->seed,
                               .has_seed = options->has_seed,
                               .is_fast = options->is_fast};
    struct timespec began;
    clock_gettime(CLOCK_MONOTONIC, &began);
    if (options->record != NULL &&
        (wish.recording = open_recording(options->record, scenario)) == NULL)
        return false;
    *result = (struct junit_case){.name = need_copy(scenario_name(scenario)),
                                  .file = need_copy(scenario->file)};
    if (options->has_daemon)
        play_on_bench(play, scenario, &wish, result);
    else
        play_with(play, scenario, &play->target, &wish, result);
    result->took_s = seconds_since(&began);
    if (wish.recording != NULL)
        (void)fclose(wish.recording);
    tell(result);
    return true;
}

/* ---- all of them ---------------------------------------------------------------------------- */

static void interrupt(int number)
{
    (void)number;
    player_is_interrupted = 1;
}

static void listen_for_interrupts(void)
{
    struct sigaction action = {.sa_handler = interrupt};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGPIPE, &(struct sigaction){.sa_handler = SIG_IGN}, NULL);
}

static bool is_playable(const struct play *play)
{
    struct stat about;
    const char *record = play->options.record;
    if (play->suite.mistakes > 0)
        return false;
    if (record == NULL || play->suite.count == 1 ||
        (stat(record, &about) == 0 && S_ISDIR(about.st_mode)))
        return true;
    (void)fprintf(stderr, "imqttctl play: --record %s: for several scenarios, name a folder\n",
                  record);
    return false;
}

static int play_all(struct play *play)
{
    size_t count = 0;
    play->results = need_new((play->suite.count + 1) * sizeof *play->results);
    while (count < play->suite.count && !player_is_interrupted) {
        if (!play_one(play, &play->suite.scenarios[count], &play->results[count]))
            return SCENARIO_FAILED;
        count++;
    }
    const char *junit = play->options.junit;
    if (junit != NULL && !junit_write(junit, "imqtt scenarios", play->results, count)) {
        (void)fprintf(stderr, "imqttctl play: --junit %s: %s\n", junit, strerror(errno));
        return SCENARIO_FAILED;
    }
    if (play->failed > 0 || player_is_interrupted)
        return SCENARIO_FAILED;
    return play->timed_out > 0 ? SCENARIO_TIMED_OUT : SCENARIO_OK;
}

static void end(struct play *play)
{
    for (size_t i = 0; play->results != NULL && i < play->suite.count; i++) {
        free(play->results[i].name);
        free(play->results[i].file);
        free(play->results[i].failure);
    }
    free(play->results);
    suite_free(&play->suite);
    play_options_end(&play->options);
}

static bool is_daemon_there(const struct control_target *target)
{
    struct control_link *link = control_link_new(target);
    json_t *answer = NULL;
    bool is_there =
        link != NULL && control_link_ask(link, "GET", "/v1/version", NULL, &answer) != 0;
    json_decref(answer);
    control_link_end(link);
    if (!is_there)
        (void)fprintf(stderr, "imqttctl play: no daemon is there (%s)\n",
                      target->address != NULL ? target->address : target->socket);
    return is_there;
}

int scenario_command_play(int count, char **words, const struct control_target *target)
{
    struct play play = {.target = *target};
    int status = SCENARIO_BAD;
    if (play_options_read(&play.options, count, words)) {
        for (char **file = play.options.files; *file != NULL; file++)
            suite_add(&play.suite, *file);
        listen_for_interrupts();
        bool is_good = is_playable(&play);
        if (is_good && !play.options.has_daemon && !is_daemon_there(target))
            status = SCENARIO_NO_DAEMON;
        else if (is_good)
            status = play_all(&play);
    }
    end(&play);
    return status;
}
