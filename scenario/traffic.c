#include "scenario/traffic.h"

#include <stdlib.h>
#include <string.h>

#include "imqttd/need.h"
#include "scenario/glob.h"

void traffic_free(struct traffic *traffic)
{
    for (size_t i = 0; i < traffic->count; i++)
        free(traffic->lines[i].text);
    free(traffic->lines);
    *traffic = (struct traffic){0};
}

static const char *word(const json_t *event, const char *key)
{
    const char *text = json_string_value(json_object_get(event, key));
    return text != NULL ? text : "";
}

static void add(struct traffic *traffic, enum traffic_side side, const json_t *event, char *text)
{
    if (traffic->count == traffic->room) {
        traffic->room = traffic->room * 2 + 64;
        traffic->lines = need_resize(traffic->lines, traffic->room * sizeof *traffic->lines);
    }
    struct traffic_line *line = &traffic->lines[traffic->count++];
    *line = (struct traffic_line){side, json_number_value(json_object_get(event, "t_ms")), NULL};
    line->text = text;
}

/* ---- AT ------------------------------------------------------------------------------------- */

static int digit(char character)
{
    return character <= '9' ? character - '0' : character - 'a' + 10;
}

/* The line's bytes, without the line ends on both of its sides. */
static char *line_of(const char *hex)
{
    size_t count = strlen(hex) / 2, begin = 0;
    char *text = need_new(count + 1);
    for (size_t i = 0; i < count; i++)
        text[i] = (char)(digit(hex[2 * i]) << 4 | digit(hex[2 * i + 1]));
    while (count > 0 && strchr("\r\n", text[count - 1]) != NULL)
        count--;
    while (begin < count && strchr("\r\n", text[begin]) != NULL)
        begin++;
    memmove(text, text + begin, count - begin);
    text[count - begin] = '\0';
    return text;
}

static void add_at(struct traffic *traffic, const json_t *event)
{
    bool is_host = strcmp(word(event, "dir"), "host") == 0;
    char *text = line_of(word(event, "hex"));
    if (*text == '\0')
        free(text);
    else
        add(traffic, is_host ? TRAFFIC_HOST : TRAFFIC_MODEM, event, text);
}

/* ---- the others, only to be shown ----------------------------------------------------------- */

static bool is_telling(const char *key)
{
    static const char *const dull[] = {"t_ms", "modem", "kind", "dir", "packet", "what"};
    for (size_t i = 0; i < sizeof dull / sizeof *dull; i++)
        if (strcmp(dull[i], key) == 0)
            return false;
    return true;
}

static void add_other(struct traffic *traffic, const json_t *event)
{
    char text[512];
    const char *key;
    json_t *value;
    int at = snprintf(text, sizeof text, "%s %s%s%s%s", word(event, "kind"), word(event, "dir"),
                      json_object_get(event, "dir") != NULL ? " " : "", word(event, "packet"),
                      word(event, "what"));
    json_object_foreach((json_t *)event, key, value)
    {
        char *shown = is_telling(key) ? json_dumps(value, JSON_ENCODE_ANY) : NULL;
        if (shown != NULL && at < (int)sizeof text)
            at += snprintf(text + at, sizeof text - (size_t)at, " %s %s", key, shown);
        free(shown);
    }
    add(traffic, TRAFFIC_OTHER, event, need_copy(text));
}

void traffic_add(struct traffic *traffic, const json_t *event)
{
    const char *kind = word(event, "kind"), *what = word(event, "what");
    if (strcmp(kind, "at") == 0)
        add_at(traffic, event);
    else if (strcmp(what, "command") != 0 && strcmp(what, "urc") != 0) /* they are lines already */
        add_other(traffic, event);
}

/* ---- search --------------------------------------------------------------------------------- */

size_t traffic_find(const struct traffic *traffic, size_t from, enum traffic_side side,
                    const char *glob)
{
    for (size_t i = from; i < traffic->count; i++) {
        const struct traffic_line *line = &traffic->lines[i];
        if (line->side == side && glob_matches(glob, line->text, strlen(line->text), true))
            return i;
    }
    return traffic->count;
}

const char *traffic_last(const struct traffic *traffic, size_t from, enum traffic_side side)
{
    for (size_t i = traffic->count; i > from; i--)
        if (traffic->lines[i - 1].side == side)
            return traffic->lines[i - 1].text;
    return NULL;
}

bool traffic_show(const struct traffic *traffic, size_t index, char *text, size_t room)
{
    static const char *const sides[] = {"host  >", "modem <", "      ·"};
    size_t first = traffic->count > TRAFFIC_SHOWN ? traffic->count - TRAFFIC_SHOWN : 0;
    if (first + index >= traffic->count)
        return false;
    const struct traffic_line *line = &traffic->lines[first + index];
    (void)snprintf(text, room, "%12.3f %s %s", line->t_ms, sides[line->side], line->text);
    for (char *each = text; *each != '\0'; each++)
        if ((unsigned char)*each < ' ' || *each == 0x7F)
            *each = '?';
    return true;
}
