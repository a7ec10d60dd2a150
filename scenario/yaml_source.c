#include "scenario/yaml_source.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "imqttd/need.h"

#define FILE_MAX_BYTES ((size_t)64 << 20)

bool yaml_refuse(struct yaml_source *source, struct yaml_place place, const char *format, ...)
{
    va_list arguments;
    if (source->has_failed)
        return false;
    va_start(arguments, format);
    (void)vsnprintf(source->problem, sizeof source->problem, format, arguments);
    for (char *each = source->problem; *each != '\0'; each++)
        if ((unsigned char)*each < ' ' || *each == 0x7F)
            *each = '?'; /* of a value that is shown: a problem is one line, and moves no cursor */
    va_end(arguments);
    source->problem_at = place;
    source->has_failed = true;
    return false;
}

/* ---- the file ------------------------------------------------------------------------------- */

static const struct yaml_place beginning = {1, 1};

static bool read_all(struct yaml_source *source, FILE *file)
{
    size_t room = 0, count;
    do {
        if (source->bytes + 65536 > room)
            source->text = need_resize(source->text, room = room * 2 + 65536);
        count = fread(source->text + source->bytes, 1, 65536, file);
        source->bytes += count;
    } while (count > 0 && source->bytes <= FILE_MAX_BYTES);
    if (ferror(file))
        return yaml_refuse(source, beginning, "%s", strerror(errno));
    return source->bytes <= FILE_MAX_BYTES || yaml_refuse(source, beginning, "over 64 MiB");
}

/* Where a byte stands; columns count characters. */
static struct yaml_place place_of_byte(const struct yaml_source *source, size_t at)
{
    struct yaml_place place = beginning;
    for (size_t i = 0; i < at && i < source->bytes; i++) {
        bool is_inside = ((unsigned char)source->text[i] & 0xC0) == 0x80;
        place.column += !is_inside;
        if (source->text[i] == '\n')
            place = (struct yaml_place){place.line + 1, 1};
    }
    return place;
}

/* What a tab looks like depends on the editor, and in YAML what is written depends on columns. */
static bool has_no_tab(struct yaml_source *source)
{
    const char *tab = memchr(source->text, '\t', source->bytes);
    return tab == NULL || yaml_refuse(source, place_of_byte(source, (size_t)(tab - source->text)),
                                      "a tab: use spaces, and in a text \"\\t\"");
}

static bool read_file(struct yaml_source *source)
{
    FILE *file = fopen(source->file, "re");
    if (file == NULL)
        return yaml_refuse(source, beginning, "%s", strerror(errno));
    bool is_read = read_all(source, file);
    (void)fclose(file);
    return is_read && has_no_tab(source);
}

/* ---- events --------------------------------------------------------------------------------- */

static struct yaml_place place_of_mark(yaml_mark_t mark)
{
    return (struct yaml_place){(unsigned)mark.line + 1, (unsigned)mark.column + 1};
}

struct yaml_place yaml_place(const struct yaml_source *source)
{
    return source->has_event ? place_of_mark(source->event.start_mark) : beginning;
}

const char *yaml_text(const struct yaml_source *source)
{
    return (const char *)source->event.data.scalar.value;
}

bool yaml_is_plain(const struct yaml_source *source)
{
    return source->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
}

static void refuse_syntax(struct yaml_source *source)
{
    const yaml_parser_t *parser = &source->parser;
    const char *problem = parser->problem != NULL ? parser->problem : "cannot be read";
    bool is_bytes = parser->error == YAML_READER_ERROR;
    yaml_refuse(source,
                is_bytes ? place_of_byte(source, parser->problem_offset)
                         : place_of_mark(parser->problem_mark),
                "%s", problem);
}

static bool take_event(struct yaml_source *source)
{
    if (source->has_event)
        yaml_event_delete(&source->event);
    source->has_event = !source->has_failed && yaml_parser_parse(&source->parser, &source->event);
    if (!source->has_event)
        refuse_syntax(source);
    return source->has_event;
}

static enum yaml_kind refuse_here(struct yaml_source *source, const char *what)
{
    yaml_refuse(source, yaml_place(source), "%s", what);
    return YAML_END;
}

static enum yaml_kind check_node(struct yaml_source *source, const yaml_char_t *anchor,
                                 const yaml_char_t *tag, enum yaml_kind kind)
{
    if (anchor != NULL)
        return refuse_here(source, "anchors are not known here");
    return tag != NULL ? refuse_here(source, "tags are not known here") : kind;
}

static enum yaml_kind check_scalar(struct yaml_source *source)
{
    const yaml_event_t *event = &source->event;
    yaml_scalar_style_t style = event->data.scalar.style;
    if (style == YAML_LITERAL_SCALAR_STYLE || style == YAML_FOLDED_SCALAR_STYLE)
        return refuse_here(source, "block texts (| and >) are not known here: use quotes");
    if (memchr(event->data.scalar.value, '\0', event->data.scalar.length) != NULL)
        return refuse_here(source, "a text with a zero byte");
    return check_node(source, event->data.scalar.anchor, event->data.scalar.tag, YAML_SCALAR);
}

enum yaml_kind yaml_next(struct yaml_source *source)
{
    if (!take_event(source))
        return YAML_END;
    if (source->event.type == YAML_DOCUMENT_END_EVENT && !take_event(source))
        return YAML_END;
    const yaml_event_t *event = &source->event;
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return check_scalar(source);
    case YAML_MAPPING_START_EVENT:
        return check_node(source, event->data.mapping_start.anchor, event->data.mapping_start.tag,
                          YAML_MAP);
    case YAML_SEQUENCE_START_EVENT:
        return check_node(source, event->data.sequence_start.anchor, event->data.sequence_start.tag,
                          YAML_LIST);
    case YAML_MAPPING_END_EVENT:
        return YAML_MAP_END;
    case YAML_SEQUENCE_END_EVENT:
        return YAML_LIST_END;
    case YAML_ALIAS_EVENT:
        return refuse_here(source, "aliases are not known here");
    case YAML_DOCUMENT_START_EVENT:
        return refuse_here(source, "a second document");
    default:
        return YAML_END;
    }
}

/* ---- beginning and end ---------------------------------------------------------------------- */

bool yaml_source_open(struct yaml_source *source, const char *file)
{
    *source = (struct yaml_source){.file = file};
    yaml_parser_initialize(&source->parser);
    yaml_parser_set_encoding(&source->parser, YAML_UTF8_ENCODING);
    if (!read_file(source))
        return false;
    yaml_parser_set_input_string(&source->parser, (unsigned char *)source->text, source->bytes);
    bool has_begun = take_event(source); /* the stream */
    if (has_begun)
        has_begun = take_event(source); /* the document */
    if (!has_begun)
        return false;
    return source->event.type == YAML_DOCUMENT_START_EVENT ||
           yaml_refuse(source, beginning, "the file is empty");
}

void yaml_source_close(struct yaml_source *source)
{
    if (source->has_event)
        yaml_event_delete(&source->event);
    yaml_parser_delete(&source->parser);
    free(source->text);
}
