/* yaml_source.h: the events of a YAML file, strictly: one document in UTF-8 of mappings, lists and
 * texts that stand as they are. Tabs, anchors, aliases, tags and block texts (| and >) are refused.
 *
 * The first mistake is kept, with its place, and ends everything: from then on each event is an end.
 */
#ifndef SCENARIO_YAML_SOURCE_H
#define SCENARIO_YAML_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <yaml.h>

#define YAML_PROBLEM_BYTES 256

struct yaml_place {
    unsigned line, column; /* from 1 */
};

struct yaml_source {
    const char *file;
    char *text;
    size_t bytes;
    yaml_parser_t parser;
    yaml_event_t event; /* the latest */
    bool has_event, has_failed;
    struct yaml_place problem_at;
    char problem[YAML_PROBLEM_BYTES];
};

enum yaml_kind { YAML_END, YAML_SCALAR, YAML_MAP, YAML_MAP_END, YAML_LIST, YAML_LIST_END };

/* false: it cannot be read, or is not what a YAML file begins with. */
bool yaml_source_open(struct yaml_source *source, const char *file);
void yaml_source_close(struct yaml_source *source);

/* The next event. What belongs to the one before is gone. */
enum yaml_kind yaml_next(struct yaml_source *source);

struct yaml_place yaml_place(const struct yaml_source *source);

/* The latest scalar. A text that stands without quotes may mean nothing, or a number. */
const char *yaml_text(const struct yaml_source *source);
bool yaml_is_plain(const struct yaml_source *source);

/* Keeps what is wrong, if nothing was before. Returns false. */
bool yaml_refuse(struct yaml_source *source, struct yaml_place place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
