#include "imqttctl/replay_lines.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "driver_report/secret_words.h"

void replay_lines_add(struct replay_lines *lines, const uint8_t *bytes, size_t count)
{
    size_t needed = lines->count + count + 1;
    if (needed > lines->room) {
        char *grown = realloc(lines->bytes, 2 * needed);
        if (grown == NULL)
            return;
        lines->bytes = grown;
        lines->room = 2 * needed;
    }
    for (size_t i = 0; i < count; i++)
        if (bytes[i] != '\0') /* it would end a line that is none */
            lines->bytes[lines->count++] = (char)bytes[i];
    lines->bytes[lines->count] = '\0';
}

static void drop_taken(struct replay_lines *lines)
{
    if (lines->taken > 0)
        memmove(lines->bytes, lines->bytes + lines->taken, lines->count - lines->taken + 1);
    lines->count -= lines->taken;
    lines->taken = 0;
}

char *replay_lines_next(struct replay_lines *lines)
{
    if (lines->count == 0)
        return NULL;
    drop_taken(lines);
    size_t blank = strspn(lines->bytes, "\r\n");
    char *line = lines->bytes + blank;
    size_t bytes = strcspn(line, "\r\n");
    bool is_prompt = strcmp(line, ">") == 0;
    if (bytes == 0 || (line[bytes] == '\0' && !is_prompt)) {
        lines->taken = blank;
        return NULL;
    }
    lines->taken = blank + bytes + !is_prompt;
    line[bytes] = '\0';
    return line;
}

void replay_lines_clear(struct replay_lines *lines)
{
    free(lines->bytes);
    *lines = (struct replay_lines){.bytes = NULL};
}

/* Where something stands that is another each time; 0: nowhere. `length` is that of the recorded. */
static size_t changing_part(const char *line)
{
    static const char *const names[] = {
        "+IMQTTPUB:",   "+IMQTTPUBIN:",  "+IMQTTPUBEX:", "+IMQTTSUB:",
        "+IMQTTUNSUB:", "+IMQTTRCVPUB:", "+IMQTTRECV:",  "+IMQTTSUBEX:"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t bytes = strlen(names[i]);
        if (strncmp(line, names[i], bytes) == 0 && isdigit((unsigned char)line[bytes]))
            return bytes;
    }
    return 0;
}

bool replay_line_is_urc(const char *line)
{
    return changing_part(line) > 0 || strncmp(line, "+IMQTTCOUNT:", 12) == 0 ||
           strncmp(line, "+IMQTTCONN:", 11) == 0;
}

/* One of a single byte is one star. */
static bool has_secret(const char *recorded)
{
    struct secret_place place;
    size_t from = 0;
    return strstr(recorded, "**") != NULL ||
           (strchr(recorded, '*') != NULL &&
            secret_words_next((const uint8_t *)recorded, strlen(recorded), &from, &place));
}

static bool equal_around_stars(const char *recorded, const char *said)
{
    const char *star = strchr(recorded, '*');
    const char *behind = strrchr(recorded, '*') + 1;
    size_t before = (size_t)(star - recorded), after = strlen(behind), bytes = strlen(said);
    return bytes >= before + after && memcmp(recorded, said, before) == 0 &&
           strcmp(said + bytes - after, behind) == 0;
}

bool replay_lines_equal(const char *recorded, const char *said)
{
    if (strcmp(recorded, said) == 0)
        return true;
    if (strncmp(recorded, "+CCLK:", 6) == 0)
        return strncmp(said, "+CCLK:", 6) == 0;
    if (has_secret(recorded))
        return equal_around_stars(recorded, said);
    size_t id = changing_part(recorded);
    if (id == 0 || changing_part(said) != id || strncmp(recorded, said, id) != 0)
        return false;
    return strcmp(recorded + id + strspn(recorded + id, "0123456789"),
                  said + id + strspn(said + id, "0123456789")) == 0;
}
