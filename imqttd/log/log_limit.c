#include "imqttd/log/log_limit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct limit_line {
    uint64_t hash; /* 0: free */
    uint64_t since_ms;
    uint32_t repeated;
    enum log_level level;
    char *text; /* once it was repeated: to say what was */
};

struct log_limit_source {
    struct log_limit_source *next; /* of the same bucket */
    struct log_limit_bucket bucket;
    struct limit_line lines[LOG_LIMIT_LINES];
    char name[];
};

static uint64_t hash_of(const char *text)
{
    uint64_t hash = 0xCBF29CE484222325;
    for (; *text != '\0'; text++)
        hash = (hash ^ (unsigned char)*text) * 0x100000001B3;
    return hash | 1;
}

/* ---- what was counted ----------------------------------------------------------------------- */

static void tell_repeated(struct log_limit *limit, const struct log_limit_source *source,
                          struct limit_line *line)
{
    char text[512];
    if (line->repeated == 0)
        return;
    snprintf(text, sizeof text, "repeated %u times: %s", line->repeated,
             line->text != NULL ? line->text : "a line");
    line->repeated = 0;
    limit->counting--;
    limit->write(limit->context, line->level, source->name, text);
}

static void tell_left_out(struct log_limit *limit, const char *about,
                          struct log_limit_bucket *bucket)
{
    char text[64];
    if (bucket->left_out == 0)
        return;
    snprintf(text, sizeof text, "%u lines were left out", bucket->left_out);
    bucket->left_out = 0;
    limit->counting--;
    limit->write(limit->context, LEVEL_WARNING, about, text);
}

static void count_repeated(struct log_limit *limit, struct limit_line *line, const char *text)
{
    limit->counting += line->repeated == 0;
    line->repeated++;
    if (line->text == NULL && asprintf(&line->text, "%s", text) < 0)
        line->text = NULL;
}

/* ---- sources and their lines ---------------------------------------------------------------- */

/* NULL: there are too many, or there is no memory. */
static struct log_limit_source *new_source(struct log_limit *limit, const char *about,
                                           uint64_t now_ms)
{
    size_t bytes = strlen(about) + 1;
    struct log_limit_source *source =
        limit->count < LOG_LIMIT_SOURCES ? calloc(1, sizeof *source + bytes) : NULL;
    if (source == NULL)
        return NULL;
    limit->count++;
    source->bucket = (struct log_limit_bucket){.filled_ms = now_ms, .tokens = LOG_LIMIT_BURST};
    memcpy(source->name, about, bytes);
    return source;
}

static struct log_limit_source *find_source(struct log_limit *limit, const char *about,
                                            uint64_t now_ms)
{
    struct log_limit_source **place = &limit->sources[hash_of(about) / 2 % LOG_LIMIT_BUCKETS];
    while (*place != NULL && strcmp((*place)->name, about) != 0)
        place = &(*place)->next;
    struct log_limit_source *source = *place;
    if (source == NULL)
        source = new_source(limit, about, now_ms);
    *place = source;
    return source;
}

/* The line as it was said before, or the place where it can be remembered. */
static struct limit_line *find_line(struct log_limit_source *source, uint64_t hash)
{
    struct limit_line *oldest = &source->lines[0];
    for (size_t i = 0; i < LOG_LIMIT_LINES; i++) {
        struct limit_line *line = &source->lines[i];
        if (line->hash == hash)
            return line;
        if (line->since_ms < oldest->since_ms || (line->hash == 0 && oldest->hash != 0))
            oldest = line;
    }
    return oldest;
}

/* true: it was said a moment ago, and is counted. */
static bool is_repeated(struct log_limit *limit, struct log_limit_source *source,
                        enum log_level level, const char *text, uint64_t now_ms)
{
    uint64_t hash = hash_of(text);
    struct limit_line *line = find_line(source, hash);
    if (line->hash == hash && now_ms - line->since_ms < LOG_LIMIT_REPEAT_MS) {
        count_repeated(limit, line, text);
        return true;
    }
    tell_repeated(limit, source, line);
    free(line->text);
    *line = (struct limit_line){.hash = hash, .since_ms = now_ms, .level = level};
    return false;
}

/* ---- how much ------------------------------------------------------------------------------- */

static void refill(struct log_limit_bucket *bucket, uint64_t now_ms, uint32_t burst,
                   uint32_t each_ms)
{
    uint64_t more = (now_ms - bucket->filled_ms) / each_ms;
    bucket->filled_ms += more * each_ms;
    bucket->tokens = more + bucket->tokens < burst ? (uint32_t)more + bucket->tokens : burst;
}

static bool take_token(struct log_limit *limit, const char *about, struct log_limit_bucket *bucket)
{
    if (bucket->tokens == 0) {
        limit->counting += bucket->left_out == 0;
        bucket->left_out++;
        return false;
    }
    bucket->tokens--;
    tell_left_out(limit, about, bucket);
    return true;
}

static void refill_all(struct log_limit *limit, uint64_t now_ms)
{
    if (!limit->has_begun)
        limit->all = (struct log_limit_bucket){.filled_ms = now_ms, .tokens = LOG_LIMIT_ALL_BURST};
    limit->has_begun = true;
    refill(&limit->all, now_ms, LOG_LIMIT_ALL_BURST, LOG_LIMIT_ALL_MS);
}

bool log_limit_take(struct log_limit *limit, enum log_level level, const char *about,
                    const char *text, uint64_t now_ms)
{
    struct log_limit_source *source = find_source(limit, about, now_ms);
    refill_all(limit, now_ms);
    if (source != NULL && is_repeated(limit, source, level, text, now_ms))
        return false;
    if (source != NULL)
        refill(&source->bucket, now_ms, LOG_LIMIT_BURST, LOG_LIMIT_EACH_MS);
    return (source == NULL || take_token(limit, source->name, &source->bucket)) &&
           take_token(limit, "log", &limit->all);
}

/* ---- now and then, and at the end ----------------------------------------------------------- */

static void tell_source(struct log_limit *limit, struct log_limit_source *source, bool all,
                        uint64_t now_ms)
{
    for (size_t i = 0; i < LOG_LIMIT_LINES; i++)
        if (all || now_ms - source->lines[i].since_ms >= LOG_LIMIT_REPEAT_MS)
            tell_repeated(limit, source, &source->lines[i]);
    refill(&source->bucket, now_ms, LOG_LIMIT_BURST, LOG_LIMIT_EACH_MS);
    if (all || source->bucket.tokens > 0)
        tell_left_out(limit, source->name, &source->bucket);
}

void log_limit_tell(struct log_limit *limit, bool all, uint64_t now_ms)
{
    for (size_t i = 0; limit->counting > 0 && i < LOG_LIMIT_BUCKETS; i++)
        for (struct log_limit_source *each = limit->sources[i]; each != NULL; each = each->next)
            tell_source(limit, each, all, now_ms);
    refill_all(limit, now_ms);
    if (all || limit->all.tokens > 0)
        tell_left_out(limit, "log", &limit->all);
}

static void free_source(struct log_limit_source *source)
{
    for (size_t i = 0; i < LOG_LIMIT_LINES; i++)
        free(source->lines[i].text);
    free(source);
}

void log_limit_end(struct log_limit *limit)
{
    for (size_t i = 0; i < LOG_LIMIT_BUCKETS; i++)
        for (struct log_limit_source *each = limit->sources[i], *next; each != NULL; each = next) {
            next = each->next;
            free_source(each);
        }
    memset(limit->sources, 0, sizeof limit->sources);
    limit->count = limit->counting = 0;
}
