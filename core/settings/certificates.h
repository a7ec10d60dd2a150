/* certificates.h: files that a host has brought, by their names: authorities, certificates, keys. What
 * is in them is not looked at here. */
#ifndef CORE_SETTINGS_CERTIFICATES_H
#define CORE_SETTINGS_CERTIFICATES_H

#include "core/bytes/fifo.h"

#define CERTIFICATE_NAME_BYTES 108

struct certificates {
    struct fifo files; /* each: kind, length of the name, of the file (2), both */
    uint8_t count;
};

struct certificate {
    uint8_t kind; /* enum imqtt_pem_kind */
    struct span name, bytes;
};

/* Nothing is borrowed yet; memory must outlive it. */
void certificates_init(struct certificates *files, const struct imqtt_memory_port *memory);
/* Forgets all, wiped, and gives the memory back. */
void certificates_clear(struct certificates *files);

/* Valid until the next change. */
bool certificates_find(const struct certificates *files, struct span name,
                       struct certificate *found);

/* Instead of the one of that name. false, and nothing has changed: there are IMQTT_CERTIFICATES of
 * them, or there is no memory. The name must not lie in these files. */
bool certificates_put(struct certificates *files, const struct certificate *file);
bool certificates_remove(struct certificates *files, struct span name);

/* Walks them: start with certificates_all(); false at the end. */
struct span certificates_all(const struct certificates *files);
bool certificates_next(struct span *rest, struct certificate *file);

/* How many bytes more files could have. */
size_t certificates_free_bytes(const struct certificates *files);
#define CERTIFICATES_BYTES (IMQTT_CERTIFICATES * (size_t)IMQTT_CERTIFICATE_BYTES)

/* The record of all of them; take is whole or not at all. */
void certificates_put_record(const struct certificates *files, struct out *record);
bool certificates_take_record(struct certificates *files, struct span record);

#endif
