/* document_reader.h: one file's lines, read by inih. */
#ifndef IMQTTD_CONFIG_DOCUMENT_READER_H
#define IMQTTD_CONFIG_DOCUMENT_READER_H

#include <stdio.h>

#include "imqttd/config/document.h"

/* name stays as long as the document. */
void document_read_lines(struct document *document, FILE *stream, const char *name);

/* A name that a modem may have: letters, digits, '.', '_', '-'; %d where it may be a fleet's. */
bool document_is_name(const char *name, bool with_counter);

#endif
