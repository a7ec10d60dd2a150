#include "testcloud/devices.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MOST_WORDS 8

/* ---- a line --------------------------------------------------------------------------------- */

struct words {
    char *word[MOST_WORDS];
    size_t count;
};

/* Cuts the line up in place. A comment has no words, and neither has a line with too many. */
static struct words words_of(char *line)
{
    struct words words = {.count = 0};
    char *rest = line;
    for (char *word; (word = strtok_r(rest, " \t\r\n", &rest)) != NULL;) {
        if (words.count == MOST_WORDS || (words.count == 0 && word[0] == '#'))
            return (struct words){.count = 0};
        words.word[words.count++] = word;
    }
    return words;
}

static bool begins_with(const struct words *words, const char *kind, size_t count,
                        const char *product_key)
{
    return words->count >= count && strcmp(words->word[0], kind) == 0 &&
           strcmp(words->word[1], product_key) == 0;
}

static bool is_device_line(const struct words *words, const struct device *device)
{
    return begins_with(words, "device", 3, device->product_key) &&
           strcmp(words->word[2], device->device_name) == 0;
}

static bool copy_word(const char *word, char *to, size_t room)
{
    return names_copy(word, strlen(word), to, room);
}

static bool read_credentials(const struct words *words, struct device *device)
{
    const char *kind = words->word[4];
    if (words->count == 6 && strcmp(kind, "secret") == 0)
        return copy_word(words->word[5], device->secret, sizeof device->secret);
    return words->count == 7 && strcmp(kind, "token") == 0 &&
           copy_word(words->word[5], device->client_id, sizeof device->client_id) &&
           copy_word(words->word[6], device->token, sizeof device->token);
}

static bool read_device(const struct words *words, struct device *device)
{
    if (words->count < 5)
        return false;
    device->active = strcmp(words->word[3], "active") == 0;
    return (device->active || strcmp(words->word[3], "new") == 0) &&
           read_credentials(words, device);
}

/* Whether it worked is asked once, at the end: is_on_disk(). */
static void write_device(FILE *out, const struct device *device)
{
    (void)fprintf(out, "device %s %s %s ", device->product_key, device->device_name,
                  device->active ? "active" : "new");
    if (device->secret[0] != '\0')
        (void)fprintf(out, "secret %s\n", device->secret);
    else
        (void)fprintf(out, "token %s %s\n", device->client_id, device->token);
}

/* ---- the file ------------------------------------------------------------------------------- */

/* A file being read line by line; begin with everything but `in` zero. */
struct lines {
    FILE *in;
    char *line;
    size_t room;
};

static char *next_line(struct lines *lines)
{
    return getline(&lines->line, &lines->room, lines->in) < 0 ? NULL : lines->line;
}

static void end_lines(struct lines *lines)
{
    free(lines->line);
    (void)fclose(lines->in);
}

bool devices_find_product(const char *file, const char *product_key, char secret[NAME_BYTES + 1])
{
    struct lines lines = {.in = fopen(file, "re")};
    bool found = false;
    if (lines.in == NULL)
        return false;
    while (!found && next_line(&lines) != NULL) {
        struct words words = words_of(lines.line);
        found = begins_with(&words, "product", 3, product_key) && words.count == 3 &&
                copy_word(words.word[2], secret, NAME_BYTES + 1);
    }
    end_lines(&lines);
    return found;
}

bool devices_find(const char *file, const char *product_key, const char *device_name,
                  struct device *device)
{
    struct lines lines = {.in = fopen(file, "re")};
    bool found = false;
    memset(device, 0, sizeof *device);
    copy_word(product_key, device->product_key, sizeof device->product_key);
    copy_word(device_name, device->device_name, sizeof device->device_name);
    if (lines.in == NULL)
        return false;
    while (!found && next_line(&lines) != NULL) {
        struct words words = words_of(lines.line);
        found = is_device_line(&words, device) && read_device(&words, device);
    }
    end_lines(&lines);
    return found;
}

static void write_line(FILE *out, const char *line)
{
    (void)fputs(line, out);
    if (strchr(line, '\n') == NULL) /* the last one, as some editors leave it */
        (void)fputc('\n', out);
}

/* Copies every line, with `device` in the place of its old one. */
static void copy_lines(FILE *in, FILE *out, const struct device *device)
{
    struct lines lines = {.in = in};
    bool put = false;
    while (next_line(&lines) != NULL) {
        char *line = strdup(lines.line);
        struct words words = line != NULL ? words_of(line) : (struct words){.count = 0};
        if (!is_device_line(&words, device)) {
            write_line(out, lines.line);
        } else if (!put) {
            write_device(out, device);
            put = true;
        }
        free(line);
    }
    if (!put)
        write_device(out, device);
    end_lines(&lines);
}

static bool is_on_disk(FILE *out)
{
    bool written = fflush(out) == 0 && ferror(out) == 0 && fsync(fileno(out)) == 0;
    return fclose(out) == 0 && written;
}

bool devices_put(const char *file, const struct device *device)
{
    char changed[PATH_MAX];
    if (snprintf(changed, sizeof changed, "%s.new", file) >= (int)sizeof changed)
        return false;
    FILE *out = fopen(changed, "we");
    if (out == NULL)
        return false;
    FILE *in = fopen(file, "re");
    if (in != NULL)
        copy_lines(in, out, device);
    else
        write_device(out, device);
    return is_on_disk(out) && rename(changed, file) == 0;
}
