#include "imqttd/log/log_limit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t hash_of(const char *text)
{
    uint64_t hash = 0xCBF29CE484222325;
    for (; *text != '\0'; text++)
        hash = (hash ^ (unsigned char)*text) * 0x100000001B3;
    return hash | 1;
}

static void tell_repeated(struct log_limit *limit, const struct log_limit_source *source,
                          struct log_limit_line *line)
{
    char text[160];
    if (line->repeated == 0)
        return;
    snprintf(text, sizeof text, "repeated %u times: %s", line->repeated, line->text);
    line->repeated = 0;
    limit->write(limit->context, source->name, text);
}

static void tell_left_out(struct log_limit *limit, struct log_limit_source *source)
{
    char text[64];
    if (source->left_out == 0)
        return;
    snprintf(text, sizeof text, "%u lines were left out", source->left_out);
    source->left_out = 0;
    limit->write(limit->context, source->name, text);
}

static void tell_all(struct log_limit *limit, struct log_limit_source *source)
{
    for (size_t i = 0; i < LOG_LIMIT_LINES; i++)
        tell_repeated(limit, source, &source->lines[i]);
    tell_left_out(limit, source);
}

/* Its place goes to another source when it is needed: what it had counted is told before. */
static struct log_limit_source *find_source(struct log_limit *limit, const char *about,
                                            uint64_t now_ms)
{
    uint64_t hash = hash_of(about);
    struct log_limit_source *source = &limit->sources[hash % LOG_LIMIT_SOURCES];
    if (source->hash == hash)
        return source;
    if (source->hash != 0)
        tell_all(limit, source);
    *source =
        (struct log_limit_source){.hash = hash, .filled_ms = now_ms, .tokens = LOG_LIMIT_BURST};
    snprintf(source->name, sizeof source->name, "%s", about);
    return source;
}

/* The line as it was said before; else NULL, and *place is where it can be remembered. */
static struct log_limit_line *find_line(struct log_limit_source *source, uint64_t hash,
                                        struct log_limit_line **place)
{
    *place = &source->lines[0];
    for (size_t i = 0; i < LOG_LIMIT_LINES; i++) {
        struct log_limit_line *line = &source->lines[i];
        if (line->hash == hash)
            return line;
        if (line->since_ms < (*place)->since_ms || line->hash == 0)
            *place = line;
    }
    return NULL;
}

static void refill(struct log_limit_source *source, uint64_t now_ms)
{
    uint64_t more = (now_ms - source->filled_ms) / LOG_LIMIT_EACH_MS;
    source->filled_ms += more * LOG_LIMIT_EACH_MS;
    source->tokens =
        more + source->tokens < LOG_LIMIT_BURST ? (uint32_t)more + source->tokens : LOG_LIMIT_BURST;
}

static bool take_token(struct log_limit *limit, struct log_limit_source *source, uint64_t now_ms)
{
    refill(source, now_ms);
    if (source->tokens == 0) {
        source->left_out++;
        return false;
    }
    source->tokens--;
    tell_left_out(limit, source);
    return true;
}

bool log_limit_take(struct log_limit *limit, const char *about, const char *text, uint64_t now_ms)
{
    struct log_limit_line *place;
    if (limit->sources == NULL)
        limit->sources = calloc(LOG_LIMIT_SOURCES, sizeof *limit->sources);
    if (limit->sources == NULL)
        return true;
    struct log_limit_source *source = find_source(limit, about, now_ms);
    uint64_t hash = hash_of(text);
    struct log_limit_line *line = find_line(source, hash, &place);
    if (line != NULL && now_ms - line->since_ms < LOG_LIMIT_REPEAT_MS) {
        line->repeated++;
        return false;
    }
    if (line == NULL)
        line = place;
    tell_repeated(limit, source, line);
    line->hash = hash;
    line->since_ms = now_ms;
    snprintf(line->text, sizeof line->text, "%s", text);
    return take_token(limit, source, now_ms);
}

void log_limit_tell(struct log_limit *limit, bool all, uint64_t now_ms)
{
    if (limit->sources == NULL)
        return;
    for (size_t i = 0; i < LOG_LIMIT_SOURCES; i++) {
        struct log_limit_source *source = &limit->sources[i];
        for (size_t k = 0; source->hash != 0 && k < LOG_LIMIT_LINES; k++)
            if (all || now_ms - source->lines[k].since_ms >= LOG_LIMIT_REPEAT_MS)
                tell_repeated(limit, source, &source->lines[k]);
        refill(source, now_ms);
        if (source->hash != 0 && (all || source->tokens > 0))
            tell_left_out(limit, source);
    }
}

void log_limit_end(struct log_limit *limit)
{
    free(limit->sources);
    limit->sources = NULL;
}
