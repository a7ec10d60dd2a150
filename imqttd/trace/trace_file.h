/* trace_file.h: --trace FILE: everything that happens, appended as JSON lines. */
#ifndef IMQTTD_TRACE_TRACE_FILE_H
#define IMQTTD_TRACE_TRACE_FILE_H

#include "host/loop/loop.h"
#include "host/refusal.h"
#include "imqttd/trace/trace.h"

struct trace_file;

/* NULL: *refusal tells. The file is mode 0600. */
struct trace_file *trace_file_new(struct trace *trace, struct loop *loop, const char *name,
                                  struct host_refusal *refusal);

/* Writes the rest. NULL is allowed. */
void trace_file_end(struct trace *trace, struct trace_file *file);

#endif
