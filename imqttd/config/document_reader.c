/* inih tells neither line numbers nor what it could not read after the first mistake, cuts lines at
 * 200 bytes and takes comments behind a value away. So it is given lines that are short and clean,
 * by a reader that counts, and the value is taken from the line as it stands in the file.
 */
#include "imqttd/config/document_reader.h"
#include "imqttd/config/config_table.h"

#include <ctype.h>
#include <errno.h>
#include <ini.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "imqttd/config/plan.h"
#include "imqttd/need.h"

struct reading {
    struct document *document;
    FILE *stream;
    struct config_place place;
    char *line; /* without spaces around it */
    size_t room;
    bool waits_for_pair; /* inih has not yet found one in this line */
    struct config_section *section;
    bool skips; /* the section is none */
};

static void fault(struct reading *reading, const char *text)
{
    config_fault(&reading->document->faults, reading->place, "%s", text);
}

bool document_is_name(const char *name, bool with_counter)
{
    size_t count = 0;
    for (; *name != '\0'; name++, count++) {
        if (with_counter && name[0] == '%' && name[1] == 'd')
            name++;
        else if (!isalnum((unsigned char)*name) && strchr("._-", *name) == NULL)
            return false;
    }
    return count > 0 && count <= MODEM_NAME_BYTES;
}

/* ---- sections ------------------------------------------------------------------------------- */

static bool is_new_modem(struct reading *reading, const char *name)
{
    for (struct config_section *each = reading->document->sections; each != NULL; each = each->next)
        if (each->kind == SECTION_MODEM && strcmp(each->name, name) == 0 &&
            each->place.file == reading->place.file)
            return false;
    return true;
}

static void begin_modem(struct reading *reading, const char *name)
{
    if (!document_is_name(name, true))
        fault(reading, "a modem's name has 1 to 40 letters, digits, '.', '_', '-'");
    else if (!is_new_modem(reading, name))
        config_fault(&reading->document->faults, reading->place, "modem %s is given twice", name);
    reading->section = document_section(reading->document, SECTION_MODEM, name, reading->place);
}

static void begin_section(struct reading *reading, const char *name)
{
    reading->skips = false;
    if (strcmp(name, "imqttd") == 0)
        reading->section = document_section(reading->document, SECTION_PROGRAM, "", reading->place);
    else if (strcmp(name, "defaults") == 0)
        reading->section =
            document_section(reading->document, SECTION_DEFAULTS, "", reading->place);
    else if (strncmp(name, "modem ", 6) == 0)
        begin_modem(reading, name + 6 + strspn(name + 6, " \t"));
    else {
        reading->skips = true;
        config_fault(&reading->document->faults, reading->place,
                     "[%s]: the sections are [imqttd], [defaults] and [modem NAME]", name);
    }
}

static void look_at_section(struct reading *reading)
{
    size_t count = strlen(reading->line);
    if (reading->line[count - 1] != ']') {
        fault(reading, "a section ends in ]");
        reading->skips = true;
        return;
    }
    char *name = need_copy_bytes(reading->line + 1, count - 2);
    begin_section(reading, name);
    free(name);
}

/* ---- lines ---------------------------------------------------------------------------------- */

static void trim(struct reading *reading)
{
    char *start = reading->line + strspn(reading->line, " \t\r\n\f\v");
    size_t count = strlen(start);
    while (count > 0 && isspace((unsigned char)start[count - 1]))
        count--;
    memmove(reading->line, start, count);
    reading->line[count] = '\0';
}

static bool is_clean(const char *line, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if ((unsigned char)line[i] < ' ' && strchr("\t\r\n", line[i]) == NULL)
            return false;
    return memchr(line, '\0', count) == NULL;
}

static void end_line(struct reading *reading)
{
    if (reading->waits_for_pair && !reading->skips)
        fault(reading, "neither [SECTION] nor KEY = VALUE");
    reading->waits_for_pair = false;
}

/* What inih gets to see: no comment behind a value, and no more than it takes. */
static void put_line(char *line, int room, const char *from)
{
    size_t count = strnlen(from, (size_t)room - 2);
    memcpy(line, from, count);
    line[count] = '\0';
    for (char *semicolon = line; (semicolon = strchr(semicolon, ';')) != NULL;)
        *semicolon = '?';
    memcpy(line + count, "\n", sizeof "\n");
}

static const char byte_order_mark[] = "\xEF\xBB\xBF";

static void look_at_line(struct reading *reading, size_t count)
{
    if (!is_clean(reading->line, count)) {
        fault(reading, "a control byte");
        reading->line[0] = '\0';
    }
    if (reading->place.line == 1 && strncmp(reading->line, byte_order_mark, 3) == 0)
        memset(reading->line, ' ', 3);
    trim(reading);
    bool is_comment = strchr(";#", reading->line[0]) != NULL; /* or empty */
    if (is_comment)
        reading->line[0] = '\0';
    else if (reading->line[0] == '[')
        look_at_section(reading);
    else
        reading->waits_for_pair = true;
}

static char *read_line(char *line, int room, void *context)
{
    struct reading *reading = context;
    end_line(reading);
    ssize_t count = getline(&reading->line, &reading->room, reading->stream);
    if (count < 0)
        return NULL;
    reading->place.line++;
    look_at_line(reading, (size_t)count);
    put_line(line, room, reading->line);
    return line;
}

/* ---- keys ----------------------------------------------------------------------------------- */

/* The lines of a file of presets, which stand in the section as if they had been typed there. The
 * document holds the file's name. */
static void read_presets(struct reading *reading, const char *file, FILE *stream)
{
    struct config_place place = {file, 0};
    const struct config_key *preset = config_key_find("preset", SECTION_MODEM);
    char *line = NULL;
    size_t room = 0;
    for (ssize_t count; (count = getline(&line, &room, stream)) >= 0;) {
        place.line++;
        while (count > 0 && isspace((unsigned char)line[count - 1]))
            line[--count] = '\0';
        if (count > 0 && line[0] != '#' && line[0] != ';')
            document_put(reading->section, preset, line, place)->is_secret = true;
    }
    if (ferror(stream))
        config_fault(&reading->document->faults, reading->place, "%s: cannot be read", file);
    if (line != NULL)
        explicit_bzero(line, room);
    free(line);
}

static void open_presets(struct reading *reading, const char *file)
{
    struct stat status;
    FILE *stream = fopen(file, "re");
    if (stream == NULL || fstat(fileno(stream), &status) != 0)
        config_fault(&reading->document->faults, reading->place, "%s: %s", file, strerror(errno));
    else if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        config_fault(&reading->document->faults, reading->place,
                     "%s: others can read it: chmod 600", file);
    else
        read_presets(reading, file, stream);
    if (stream != NULL)
        (void)fclose(stream);
}

static void put_pair(struct reading *reading, const char *name, const char *value)
{
    const struct config_key *key = config_key_find(name, reading->section->kind);
    if (key == NULL) {
        config_fault(&reading->document->faults, reading->place, "%s: no such key here", name);
        return;
    }
    const struct config_entry *entry = document_put(reading->section, key, value, reading->place);
    if (strcmp(name, "preset-file") == 0 && *value != '\0')
        open_presets(reading, entry->value);
}

static int take_pair(void *context, const char *section, const char *name, const char *value)
{
    struct reading *reading = context;
    (void)section;
    reading->waits_for_pair = false;
    if (reading->skips)
        return 1;
    if (reading->section == NULL) {
        fault(reading, "a key before the first section");
        return 1;
    }
    value = reading->line + strcspn(reading->line, "=:");
    put_pair(reading, name, *value == '\0' ? value : value + 1 + strspn(value + 1, " \t"));
    return 1;
}

void document_read_lines(struct document *document, FILE *stream, const char *name)
{
    struct reading reading = {.document = document, .stream = stream, .place = {name, 0}};
    (void)ini_parse_stream(read_line, &reading, take_pair, &reading);
    end_line(&reading);
    if (reading.line != NULL)
        explicit_bzero(reading.line, reading.room);
    free(reading.line);
}
