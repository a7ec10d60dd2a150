#include "scenario/parse.h"

#include <stdlib.h>
#include <string.h>

#include "host/faults/fault.h"
#include "imqttd/need.h"
#include "scenario/parse_value.h"

struct parser {
    struct yaml_source source;
    struct scenario *scenario;
    size_t step_room;
};

static bool refuse(struct parser *parser, const char *what)
{
    return yaml_refuse(&parser->source, yaml_place(&parser->source), "%s", what);
}

/* A key stands where it must; its text is copied, for the next event takes it away. */
static char *take_key(struct parser *parser, enum yaml_kind kind)
{
    if (kind == YAML_SCALAR)
        return need_copy(yaml_text(&parser->source));
    refuse(parser, "a key must be a word");
    return NULL;
}

/* seen: the keys of a mapping so far, a bit each. */
static bool note_key(struct parser *parser, struct yaml_place place, const char *name, size_t at,
                     uint32_t *seen)
{
    if ((*seen & 1U << at) != 0)
        return yaml_refuse(&parser->source, place, "%s is there twice", name);
    *seen |= 1U << at;
    return true;
}

/* ---- a fault -------------------------------------------------------------------------------- */

static bool refuse_fault(struct parser *parser, struct yaml_place place,
                         const struct fault_problem *problem)
{
    return yaml_refuse(&parser->source, place, "%s%s%s", problem->key,
                       problem->key[0] != '\0' ? ": " : "", problem->text);
}

/* "when" may be a mapping, as in the control interface, or the command alone. */
static bool read_when(struct parser *parser)
{
    if (yaml_next(&parser->source) != YAML_SCALAR ||
        strcmp(yaml_text(&parser->source), "command") != 0)
        return refuse(parser, "when has one key, command");
    return yaml_next(&parser->source) == YAML_SCALAR || refuse(parser, "command must be a text");
}

struct fault_word {
    char *key, *value;
    struct yaml_place place;
};

#define FAULT_WORDS 16

static bool read_fault_value(struct parser *parser, struct fault_word *word)
{
    enum yaml_kind kind = yaml_next(&parser->source);
    bool is_when = strcmp(word->key, "when") == 0 && kind == YAML_MAP;
    if (is_when && !read_when(parser))
        return false;
    if (!is_when && kind != YAML_SCALAR)
        return yaml_refuse(&parser->source, yaml_place(&parser->source),
                           "%s must be a single value", word->key);
    word->place = yaml_place(&parser->source);
    word->value = need_copy(yaml_text(&parser->source));
    return !is_when || yaml_next(&parser->source) == YAML_MAP_END ||
           refuse(parser, "when has one key, command");
}

static bool read_fault_words(struct parser *parser, struct fault_word *words, size_t *count)
{
    enum yaml_kind kind;
    while ((kind = yaml_next(&parser->source)) != YAML_MAP_END) {
        if (*count == FAULT_WORDS)
            return refuse(parser, "a fault has not so many keys");
        struct fault_word *word = &words[*count];
        struct yaml_place place = yaml_place(&parser->source);
        if ((word->key = take_key(parser, kind)) == NULL)
            return false;
        (*count)++;
        for (size_t i = 0; i + 1 < *count; i++)
            if (strcmp(words[i].key, word->key) == 0)
                return yaml_refuse(&parser->source, place, "%s is there twice", word->key);
        if (!read_fault_value(parser, word))
            return false;
    }
    return true;
}

static const struct fault_word *find_type(const struct fault_word *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(words[i].key, "type") == 0)
            return &words[i];
    return NULL;
}

static bool make_fault(struct parser *parser, struct yaml_place place, struct fault *fault,
                       const struct fault_word *words, size_t count)
{
    struct fault_problem problem = {.key = ""};
    const struct fault_word *type = find_type(words, count);
    if (type == NULL)
        return yaml_refuse(&parser->source, place, "type is missing");
    if (!fault_begin(fault, type->value, &problem))
        return refuse_fault(parser, type->place, &problem);
    for (size_t i = 0; i < count; i++)
        if (&words[i] != type && !fault_put(fault, words[i].key, words[i].value, &problem))
            return refuse_fault(parser, words[i].place, &problem);
    return fault_finish(fault, &problem) || refuse_fault(parser, place, &problem);
}

static bool read_fault(struct parser *parser, struct yaml_place place, struct step *step)
{
    struct fault_word words[FAULT_WORDS] = {{0}};
    size_t count = 0;
    step->fault = need_new(sizeof *step->fault);
    bool is_good = read_fault_words(parser, words, &count) &&
                   make_fault(parser, place, step->fault, words, count);
    for (size_t i = 0; i < count; i++) {
        free(words[i].key);
        free(words[i].value);
    }
    return is_good;
}

/* ---- a step --------------------------------------------------------------------------------- */

static const struct step_row *find_row(const char *name)
{
    for (size_t i = 0; i < STEP_KINDS; i++)
        if (strcmp(step_rows[i].name, name) == 0)
            return &step_rows[i];
    return NULL;
}

static bool read_step_key(struct parser *parser, const struct step_row *row, struct step *step,
                          const char *name, uint32_t *seen)
{
    struct yaml_place place = yaml_place(&parser->source);
    size_t at = parse_find_key(row->keys, STEP_KEYS, name);
    if (at == STEP_KEYS)
        return yaml_refuse(&parser->source, place, "%s has no key %s", row->name, name);
    if (!note_key(parser, place, name, at, seen))
        return false;
    if (yaml_next(&parser->source) != YAML_SCALAR)
        return yaml_refuse(&parser->source, yaml_place(&parser->source),
                           "%s must be a single value", name);
    return parse_value(&parser->source, &row->keys[at], &step->values[at]);
}

static bool read_step_keys(struct parser *parser, const struct step_row *row, struct step *step)
{
    enum yaml_kind kind;
    uint32_t seen = 0;
    while ((kind = yaml_next(&parser->source)) != YAML_MAP_END) {
        char *name = take_key(parser, kind);
        bool is_good = name != NULL && read_step_key(parser, row, step, name, &seen);
        free(name);
        if (!is_good)
            return false;
    }
    return true;
}

static bool has_one(const struct step_row *row, const struct step *step)
{
    for (size_t i = 0; i < parse_key_count(row->keys, STEP_KEYS); i++)
        if (step->values[i].is_given && strcmp(row->keys[i].name, "within") != 0)
            return true;
    return false;
}

/* What stands behind "- KIND:". */
static bool read_step_body(struct parser *parser, const struct step_row *row, struct step *step)
{
    enum yaml_kind kind = yaml_next(&parser->source);
    struct yaml_place place = yaml_place(&parser->source);
    bool is_good;
    if (kind == YAML_SCALAR && row->is_short)
        is_good = parse_value(&parser->source, &row->keys[0], &step->values[0]);
    else if (kind != YAML_MAP)
        return yaml_refuse(&parser->source, place, "%s needs %s", row->name,
                           row->is_short ? "a value, or keys and values" : "keys and values");
    else if (row->has_fault)
        return read_fault(parser, place, step);
    else
        is_good = read_step_keys(parser, row, step);
    if (is_good && row->needs_one && !has_one(row, step))
        return yaml_refuse(&parser->source, place, "%s says nothing", row->name);
    return is_good && parse_complete(&parser->source, place, row->keys, STEP_KEYS, step->values);
}

static struct step *new_step(struct parser *parser)
{
    struct scenario *scenario = parser->scenario;
    if (scenario->step_count == parser->step_room) {
        parser->step_room = parser->step_room * 2 + 16;
        scenario->steps = need_resize(scenario->steps, parser->step_room * sizeof *scenario->steps);
    }
    struct step *step = &scenario->steps[scenario->step_count++];
    *step = (struct step){.kind = STEP_KINDS};
    return step;
}

static bool read_step(struct parser *parser, enum yaml_kind kind)
{
    if (kind != YAML_MAP)
        return refuse(parser, "a step is a kind and what it needs, like \"delay: 500ms\"");
    if (yaml_next(&parser->source) != YAML_SCALAR)
        return refuse(parser, "a step needs its kind");
    struct yaml_place place = yaml_place(&parser->source);
    const struct step_row *row = find_row(yaml_text(&parser->source));
    if (row == NULL)
        return yaml_refuse(&parser->source, place, "there is no step %.64s",
                           yaml_text(&parser->source));
    struct step *step = new_step(parser);
    *step = (struct step){(enum step_kind)(row - step_rows), place.line, place.column, {{0}}, NULL};
    if (!read_step_body(parser, row, step))
        return false;
    return yaml_next(&parser->source) == YAML_MAP_END ||
           refuse(parser, "a step has one kind: begin the next one with a dash");
}

static bool read_steps(struct parser *parser)
{
    enum yaml_kind kind = yaml_next(&parser->source);
    if (kind != YAML_LIST)
        return refuse(parser, "steps must be a list");
    while ((kind = yaml_next(&parser->source)) != YAML_LIST_END)
        if (!read_step(parser, kind))
            return false;
    return true;
}

/* ---- the file ------------------------------------------------------------------------------- */

static bool read_head(struct parser *parser, struct yaml_place place, const char *name,
                      uint32_t *seen)
{
    size_t at = parse_find_key(scenario_keys, SCENARIO_KEYS, name);
    if (at == SCENARIO_KEYS && strcmp(name, "steps") != 0)
        return yaml_refuse(&parser->source, place, "a scenario has no key %.64s", name);
    if (!note_key(parser, place, name, at, seen))
        return false;
    if (at == SCENARIO_KEYS)
        return read_steps(parser);
    if (yaml_next(&parser->source) != YAML_SCALAR)
        return yaml_refuse(&parser->source, yaml_place(&parser->source),
                           "%s must be a single value", name);
    return parse_value(&parser->source, &scenario_keys[at], &parser->scenario->head[at]);
}

static bool read_top(struct parser *parser)
{
    enum yaml_kind kind = yaml_next(&parser->source);
    struct yaml_place beginning = yaml_place(&parser->source);
    uint32_t seen = 0;
    if (kind != YAML_MAP)
        return refuse(parser, "a scenario is keys and values");
    while ((kind = yaml_next(&parser->source)) != YAML_MAP_END) {
        struct yaml_place place = yaml_place(&parser->source);
        char *name = take_key(parser, kind);
        bool is_good = name != NULL && read_head(parser, place, name, &seen);
        free(name);
        if (!is_good)
            return false;
    }
    if (parser->scenario->step_count == 0)
        yaml_refuse(&parser->source, beginning, "there are no steps");
    return parse_complete(&parser->source, beginning, scenario_keys, SCENARIO_KEYS,
                          parser->scenario->head) &&
           yaml_next(&parser->source) == YAML_END && !parser->source.has_failed;
}

bool scenario_parse(struct scenario *scenario, const char *file, char problem[PARSE_PROBLEM_BYTES])
{
    struct parser parser = {.scenario = scenario};
    *scenario = (struct scenario){.file = need_copy(file)};
    bool is_good = yaml_source_open(&parser.source, file) && read_top(&parser);
    if (!is_good) {
        (void)snprintf(problem, PARSE_PROBLEM_BYTES, "%s:%u:%u: %s", file,
                       parser.source.problem_at.line, parser.source.problem_at.column,
                       parser.source.problem);
        scenario_free(scenario);
    }
    yaml_source_close(&parser.source);
    return is_good;
}
