#include "tests/transcripts/script.h"
#include "tests/transcripts/needs.h"

#include <errno.h>
#include <stdlib.h>

/* Room for one more item: twice as many each time the array is full. */
static void *grow(void *array, size_t count, size_t item_bytes)
{
    bool is_full = (count & (count - 1)) == 0;
    if (!is_full)
        return array;
    array = realloc(array, (count > 0 ? 2 * count : 1) * item_bytes);
    if (array == NULL)
        abort();
    return array;
}

/* ---- lines --------------------------------------------------------------------------------- */

bool take_start(struct span *text, const char *start)
{
    struct span head, rest = *text;
    if (!span_take(&rest, strlen(start), &head) || !span_equal(head, span_text(start)))
        return false;
    *text = rest;
    return true;
}

bool is_typed(struct span line, struct span *text)
{
    struct span prefix;
    *text = line;
    if (take_start(text, ">~ ") || take_start(text, "> "))
        return true;
    return span_take(&line, 2, &prefix) && span_equal_ignoring_case(prefix, span_text("AT"));
}

static void add_line(struct script *script, const struct script_line *line)
{
    struct scene *scene = &script->scenes[script->scene_count - 1];
    script->lines = grow(script->lines, script->line_count, sizeof *script->lines);
    script->lines[script->line_count++] = *line;
    scene->count++;
}

static void add_scene(struct script *script, const struct script_line *title, bool is_page)
{
    script->scenes = grow(script->scenes, script->scene_count, sizeof *script->scenes);
    script->scenes[script->scene_count++] = (struct scene){.title = *title,
                                                           .first = script->line_count,
                                                           .is_page = is_page,
                                                           .dialect = script->file_dialect,
                                                           .file_needs = script->file_needs};
}

static bool complain(const struct script_line *line, const char *problem)
{
    fprintf(stderr, "%s:%u: %s\n", line->file, line->number, problem);
    return false;
}

/* ---- texts --------------------------------------------------------------------------------- */

static char *keep_text(struct script *script, char *text)
{
    script->texts = grow(script->texts, script->text_count, sizeof *script->texts);
    return script->texts[script->text_count++] = text;
}

static char *read_text(struct script *script, const char *path)
{
    FILE *file = fopen(path, "rb");
    struct buffer text = BUFFER_EMPTY;
    if (file == NULL) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        return NULL;
    }
    for (int byte; (byte = fgetc(file)) != EOF;)
        buffer_put_u8(&text, (uint8_t)byte);
    fclose(file);
    buffer_put_u8(&text, '\0');
    return keep_text(script, (char *)text.block);
}

static bool take_line(struct span *text, struct script_line *line)
{
    if (text->count == 0)
        return false;
    span_take(text, span_find(*text, '\n'), &line->text);
    span_skip(text, 1);
    line->number++;
    return true;
}

/* ---- .at files and their parts ------------------------------------------------------------- */

static bool read_lines(struct script *script, const char *path);

/* The path of a part is relative to the file that includes it. */
static bool include(struct script *script, const struct script_line *line, struct span name)
{
    const char *slash = strrchr(line->file, '/');
    size_t folder_bytes = slash != NULL ? (size_t)(slash - line->file) + 1 : 0;
    char *path = keep_text(script, calloc(1, folder_bytes + name.count + 1));
    memcpy(path, line->file, folder_bytes);
    memcpy(path + folder_bytes, name.bytes, name.count);
    return read_lines(script, path);
}

/* Before the first scene of a file they are those of all its scenes. */
static bool note_needs(struct script *script, const struct script_line *line, struct span needs)
{
    struct scene *last = script->scene_count > 0 ? &script->scenes[script->scene_count - 1] : NULL;
    if (!needs_are_known(needs))
        return complain(line, "no such need");
    if (last != NULL && last->title.file == line->file)
        last->needs = needs;
    else
        script->file_needs = needs;
    return true;
}

const struct imqtt_dialect *find_dialect(struct span name)
{
#if IMQTT_WITH_DIALECTS
    char text[16] = {0};
    if (name.count < sizeof text)
        memcpy(text, name.bytes, name.count);
    return imqtt_dialect_named(text);
#else
    (void)name;
    return NULL;
#endif
}

/* Before the first scene of a file it is that of all its scenes. */
static bool note_dialect(struct script *script, const struct script_line *line, struct span name)
{
    struct scene *last = script->scene_count > 0 ? &script->scenes[script->scene_count - 1] : NULL;
    const struct imqtt_dialect *dialect = find_dialect(name);
    if (dialect == NULL && IMQTT_WITH_DIALECTS)
        return complain(line, "no such dialect");
    if (last != NULL && last->title.file == line->file)
        last->dialect = dialect;
    else
        script->file_dialect = dialect;
    return true;
}

static bool add_script_line(struct script *script, const struct script_line *line)
{
    struct span text = line->text;
    if (text.count == 0 || span_first(text) == '#')
        return true;
    if (take_start(&text, "== ")) {
        add_scene(script, &(struct script_line){line->file, line->number, text}, false);
        return true;
    }
    if (take_start(&text, "needs: "))
        return note_needs(script, line, text);
    if (take_start(&text, "dialect: "))
        return note_dialect(script, line, text);
    if (script->scene_count == 0)
        return complain(line, "a scene begins with == and its title");
    if (take_start(&text, "include "))
        return include(script, line, text);
    add_line(script, line);
    return true;
}

static bool read_lines(struct script *script, const char *path)
{
    char *text = read_text(script, path);
    if (text == NULL)
        return false;
    struct span rest = span_text(text);
    struct script_line line = {path, 0, SPAN_EMPTY};
    while (take_line(&rest, &line))
        if (!add_script_line(script, &line))
            return false;
    return true;
}

/* ---- pages --------------------------------------------------------------------------------- */

static void add_block(struct script *script, struct span *rest, struct script_line *line)
{
    struct script_line title = {line->file, line->number, span_text("a block of the page")};
    add_scene(script, &title, true);
    while (take_line(rest, line) && !span_equal(line->text, span_text("```")))
        if (line->text.count > 0 && span_first(line->text) != '#')
            add_line(script, line);
}

static bool read_page(struct script *script, const char *path)
{
    char *text = read_text(script, path);
    if (text == NULL)
        return false;
    struct span rest = span_text(text);
    struct script_line line = {path, 0, SPAN_EMPTY};
    while (take_line(&rest, &line)) {
        struct span fence = line.text;
        if (take_start(&fence, "```transcript")) {
            script->file_dialect = fence.count > 0 ? find_dialect(span_trim(fence)) : NULL;
            add_block(script, &rest, &line);
        }
    }
    return true;
}

bool script_read(struct script *script, const char *path)
{
    const char *dot = strrchr(path, '.');
    script->file_needs = SPAN_EMPTY;
    script->file_dialect = NULL;
    if (dot != NULL && strcmp(dot, ".md") == 0)
        return read_page(script, path);
    return read_lines(script, path);
}

void script_free(struct script *script)
{
    for (size_t i = 0; i < script->text_count; i++)
        free(script->texts[i]);
    free(script->texts);
    free(script->lines);
    free(script->scenes);
}
