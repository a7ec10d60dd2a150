/* play: plays transcripts on the modem's core.
 *
 * usage: play [--pieces whole|bytes|random] [--seed N] FILE...
 *            each scene must come out as written
 *        play --wrong FILE...
 *            each scene must not: this tests the player
 *        play --forms [--dialect NAME] FILE...
 *            every command must be typed in each of its forms; with a dialect, those that only it has
 *        play --refusals FILE...
 *            each modem must get over memory that it is refused
 */
#include <stdlib.h>

#include "tests/transcripts/forms.h"
#include "tests/transcripts/needs.h"
#include "tests/transcripts/refusals.h"

#define RANDOM_SEEDS 5

struct wish {
    const char *pieces; /* NULL: all of them */
    uint64_t seed;      /* 0: RANDOM_SEEDS of them */
    bool wrong, forms, refusals;
    const struct imqtt_dialect *dialect; /* whose forms */
};

static bool is_wished(const struct wish *wish, const char *pieces)
{
    return wish->pieces == NULL || strcmp(wish->pieces, pieces) == 0;
}

static bool play_as(const struct script *script, const struct scene *scene, enum pieces pieces,
                    uint64_t seed, bool wrong)
{
    struct manner manner = {pieces, seed, 0};
    enum verdict verdict = play_scene(script, scene, &manner, wrong);
    if (!wrong || verdict != SCENE_AS_WRITTEN)
        return wrong || verdict != SCENE_DIFFERS;
    fprintf(stderr, "%s:%u: plays as written, but should not\n", scene->title.file,
            scene->title.number);
    return false;
}

static bool play(const struct script *script, const struct scene *scene, const struct wish *wish)
{
    bool good = true;
    if (wish->refusals)
        return play_with_refusals(script, scene);
    if (is_wished(wish, "whole"))
        good = play_as(script, scene, PIECES_WHOLE, 0, wish->wrong);
    if (good && is_wished(wish, "bytes"))
        good = play_as(script, scene, PIECES_BYTES, 0, wish->wrong);
    uint64_t last = wish->seed > 0 ? wish->seed : RANDOM_SEEDS;
    for (uint64_t seed = wish->seed > 0 ? last : 1;
         good && is_wished(wish, "random") && seed <= last; seed++)
        good = play_as(script, scene, PIECES_RANDOM, seed, wish->wrong);
    return good;
}

static bool is_possible(const struct scene *scene)
{
    return needs_are_met(scene->needs) && needs_are_met(scene->file_needs);
}

static bool play_all(const struct script *script, const struct wish *wish)
{
    size_t differ = 0, left_out = 0;
    for (size_t i = 0; i < script->scene_count; i++)
        if (is_possible(&script->scenes[i]))
            differ += !play(script, &script->scenes[i], wish);
        else
            left_out++;
    printf("%zu scenes, %zu differ, %zu left out\n", script->scene_count, differ, left_out);
    return differ == 0;
}

/* Returns how many arguments the options are; -1 for a wrong one. */
static int take_options(int count, char **arguments, struct wish *wish)
{
    int i = 1;
    for (; i < count && strncmp(arguments[i], "--", 2) == 0; i++) {
        const char *value = i + 1 < count ? arguments[i + 1] : NULL;
        if (strcmp(arguments[i], "--wrong") == 0)
            wish->wrong = true;
        else if (strcmp(arguments[i], "--forms") == 0)
            wish->forms = true;
        else if (strcmp(arguments[i], "--refusals") == 0)
            wish->refusals = true;
        else if (strcmp(arguments[i], "--dialect") == 0 && value != NULL)
            wish->dialect = find_dialect(span_text(arguments[++i]));
        else if (strcmp(arguments[i], "--pieces") == 0 && value != NULL)
            wish->pieces = arguments[++i];
        else if (strcmp(arguments[i], "--seed") == 0 && value != NULL)
            wish->seed = strtoull(arguments[++i], NULL, 10);
        else
            return -1;
    }
    return wish->dialect != NULL ? i : -1;
}

int main(int count, char **arguments)
{
    struct wish wish = {.dialect = &imqtt_dialect_default};
    struct script script = {.line_count = 0};
    int first = take_options(count, arguments, &wish);
    if (first < 0 || first == count) {
        fputs("usage: play [--pieces P] [--seed N] [--wrong | --forms | --refusals] FILE...\n",
              stderr);
        return 2;
    }
    bool good = true;
    for (int i = first; i < count && good; i++)
        good = script_read(&script, arguments[i]);
    if (good)
        good =
            wish.forms ? count_missing_forms(&script, wish.dialect) == 0 : play_all(&script, &wish);
    script_free(&script);
    return good ? 0 : 1;
}
