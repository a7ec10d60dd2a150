#include "core/settings/certificates.h"
#include "imqtt/limits.h"

#if IMQTT_WITH_DIALECTS

#define HEADER_BYTES 4
#define FILES_BYTES                                                                                \
    (CERTIFICATES_BYTES + IMQTT_CERTIFICATES * (HEADER_BYTES + CERTIFICATE_NAME_BYTES))
#define RECORD_FORMAT 1

void certificates_init(struct certificates *files, const struct imqtt_memory_port *memory)
{
    *files = (struct certificates){.count = 0};
    fifo_init(&files->files, memory, IMQTT_MEMORY_CERTIFICATES, FILES_BYTES);
}

void certificates_clear(struct certificates *files)
{
    struct lease *lease = &files->files.lease;
    if (lease->bytes != NULL)
        memset(lease->bytes, 0, lease->capacity);
    fifo_clear(&files->files);
    files->count = 0;
}

struct span certificates_all(const struct certificates *files)
{
    return fifo_waiting(&files->files);
}

bool certificates_next(struct span *rest, struct certificate *file)
{
    uint8_t name_bytes;
    uint16_t bytes;
    return span_take_u8(rest, &file->kind) && span_take_u8(rest, &name_bytes) &&
           span_take_u16(rest, &bytes) && span_take(rest, name_bytes, &file->name) &&
           span_take(rest, bytes, &file->bytes);
}

/* *place: how many bytes stand before it. */
static bool find_named(const struct certificates *files, struct span name,
                       struct certificate *found, size_t *place)
{
    struct span all = certificates_all(files), rest = all;
    for (*place = 0; certificates_next(&rest, found); *place = all.count - rest.count)
        if (span_equal(found->name, name))
            return true;
    return false;
}

bool certificates_find(const struct certificates *files, struct span name,
                       struct certificate *found)
{
    size_t place;
    return find_named(files, name, found, &place);
}

/* What stands before it closes the gap. */
bool certificates_remove(struct certificates *files, struct span name)
{
    struct certificate file;
    size_t place;
    if (!find_named(files, name, &file, &place))
        return false;
    size_t bytes = HEADER_BYTES + file.name.count + file.bytes.count;
    uint8_t *first = files->files.lease.bytes + files->files.start;
    memmove(first + bytes, first, place);
    memset(first, 0, bytes);
    fifo_take(&files->files, bytes);
    files->count--;
    return true;
}

bool certificates_put(struct certificates *files, const struct certificate *file)
{
    struct certificate old;
    bool is_old = certificates_find(files, file->name, &old);
    if ((!is_old && files->count == IMQTT_CERTIFICATES) ||
        file->bytes.count > IMQTT_CERTIFICATE_BYTES || file->name.count > CERTIFICATE_NAME_BYTES)
        return false;
    struct out entry =
        fifo_begin(&files->files, HEADER_BYTES + file->name.count + file->bytes.count);
    out_u8(&entry, file->kind);
    out_u8(&entry, (uint8_t)file->name.count);
    out_u16(&entry, (uint16_t)file->bytes.count);
    out_span(&entry, file->name);
    out_span(&entry, file->bytes);
    if (entry.overflowed)
        return false;
    fifo_end(&files->files, &entry);
    files->count++;
    if (is_old)
        certificates_remove(files, file->name);
    return true;
}

size_t certificates_free_bytes(const struct certificates *files)
{
    struct span rest = certificates_all(files);
    struct certificate file;
    size_t used = 0;
    while (certificates_next(&rest, &file))
        used += file.bytes.count;
    return CERTIFICATES_BYTES - used;
}

/* ---- the record ------------------------------------------------------------------------------- */

void certificates_put_record(const struct certificates *files, struct out *record)
{
    out_u8(record, RECORD_FORMAT);
    out_span(record, certificates_all(files));
}

static bool is_readable(struct span record)
{
    struct certificate file;
    unsigned count = 0;
    while (record.count > 0) {
        if (!certificates_next(&record, &file) || file.name.count == 0 ||
            file.name.count > CERTIFICATE_NAME_BYTES || file.bytes.count > IMQTT_CERTIFICATE_BYTES)
            return false;
        count++;
    }
    return count <= IMQTT_CERTIFICATES;
}

bool certificates_take_record(struct certificates *files, struct span record)
{
    uint8_t format;
    struct certificate file;
    if (!span_take_u8(&record, &format) || format != RECORD_FORMAT || !is_readable(record))
        return false;
    certificates_clear(files);
    while (certificates_next(&record, &file))
        if (!certificates_put(files, &file))
            return false;
    return true;
}

#endif
