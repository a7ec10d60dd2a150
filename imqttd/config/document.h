/* document.h: what the files and options say, section by section, before it is known what it means.
 */
#ifndef IMQTTD_CONFIG_DOCUMENT_H
#define IMQTTD_CONFIG_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "imqttd/config/config_faults.h"
#include "imqttd/config/config_key.h"

struct config_entry {
    struct config_entry *next;
    const struct config_key *key;
    struct config_place place;
    bool is_secret; /* from a preset-file */
    char *value;
};

struct config_section {
    struct config_section *next;
    enum config_section_kind kind;
    char *name; /* a modem's; else "" */
    struct config_place place;
    struct config_entry *entries; /* in the order they were read */
};

/* All zero: empty. */
struct document {
    struct config_section *sections;
    struct config_faults faults;
    char **files; /* the names that places point to */
    size_t file_count;
};

/* The section, made if it is not there. name "" but for a modem's. */
struct config_section *document_section(struct document *document, enum config_section_kind kind,
                                        const char *name, struct config_place place);

/* One more value, behind the others. */
struct config_entry *document_put(struct config_section *section, const struct config_key *key,
                                  const char *value, struct config_place place);

/* A later one of the section replaces it: what adds up is never replaced. */
bool document_is_replaced(const struct config_entry *entry);

void document_free(struct document *document);

#endif
