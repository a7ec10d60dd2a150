/* document_files.h: the files of a configuration, read into one document. */
#ifndef IMQTTD_CONFIG_DOCUMENT_FILES_H
#define IMQTTD_CONFIG_DOCUMENT_FILES_H

#include <stdio.h>

#include "imqttd/config/document.h"

/* FILE, then the *.conf of FILE.d, sorted. What is wrong is in document->faults. */
void document_read(struct document *document, const char *file);

/* One stream; name is for faults. */
void document_read_stream(struct document *document, FILE *stream, const char *name);

#endif
