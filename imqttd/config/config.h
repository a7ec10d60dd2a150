/* config.h: from files and options to plans. */
#ifndef IMQTTD_CONFIG_CONFIG_H
#define IMQTTD_CONFIG_CONFIG_H

#include <stdio.h>

#include "imqttd/config/document.h"
#include "imqttd/config/plan.h"

/* The program's plan points into the document. */
struct config {
    struct document document; /* its faults are those of the whole configuration */
    struct program_plan program;
    struct modem_plan **modems; /* in the order they were given; may be taken out (NULL) */
    size_t modem_count;
};

/* What options say, in the words of the configuration; they win. Sections of modems are terminals. */
void config_build(struct config *config, const struct document *options);

/* Reads a file and builds. file NULL: options alone. */
void config_read(struct config *config, const char *file, const struct document *options);

/* Where a value of the program's stands: the one that counts. */
struct config_place config_program_place(const struct config *config,
                                         const struct document *options, const char *key);

/* As one would write it, the options that win included, secrets as "*****". */
void config_print(const struct config *config, const struct document *options, FILE *stream);

void config_free(struct config *config);

#endif
