/* script.h: transcripts as lines: from .at files, and from ```transcript blocks of Markdown pages.
 */
#ifndef TESTS_TRANSCRIPTS_SCRIPT_H
#define TESTS_TRANSCRIPTS_SCRIPT_H

#include "imqtt/dialect.h"
#include "tests/transcripts/buffer.h"

struct script_line {
    const char *file;
    unsigned number;
    struct span text;
};

/* One modem's life: the lines between two headings, or those of one block of a page. */
struct scene {
    struct script_line title;
    size_t first, count;                 /* of its lines */
    bool is_page;                        /* from a Markdown page */
    struct span needs, file_needs;       /* of this scene, and of all in its file (needs.h) */
    const struct imqtt_dialect *dialect; /* NULL: imqtt's own */
};

struct script {
    struct script_line *lines;
    size_t line_count;
    struct scene *scenes;
    size_t scene_count;
    struct span file_needs;                   /* of the file that is being read */
    const struct imqtt_dialect *file_dialect; /* likewise */
    char **texts; /* what was read, and the names of the files, both for script_free() */
    size_t text_count;
};

/* Adds a file's scenes; a file that ends in .md has one for each block. Prints what is wrong. */
bool script_read(struct script *script, const char *path);
void script_free(struct script *script);

/* NULL: there is none of that name, or not in this build. */
const struct imqtt_dialect *find_dialect(struct span name);

/* Takes `start` off the text, if it begins so. */
bool take_start(struct span *text, const char *start);

/* Whether the host types this line: `AT...`, `> ...` or `>~ ...`; and what, escapes unresolved. */
bool is_typed(struct span line, struct span *text);

#endif
