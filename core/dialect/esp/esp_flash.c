/* esp_flash.c: AT+SYSFLASH: certificates and keys, as the partitions of a flash memory. A key is never
 * read back. */
#include "core/dialect/esp/esp_flash.h"
#include "core/dialect/esp/esp_commands.h"
#include "core/dialect/module/answers.h"
#include "core/modem/certificate_service.h"
#include "core/modem/data_prompt.h"
#include "core/modem/say.h"

#if IMQTT_WITH_DIALECTS

enum { PARTITION_BYTES = IMQTT_CERTIFICATE_BYTES, ERASED = 0xFF };
enum operation { ERASE = 0, WRITE = 1, READ = 2 };

/* ---- Espressif's container: F1 F1, items (2), bytes (4); each item: type, id, bytes (2), data; the low
 * byte first ------------------------------------------------------------------------------------------ */

enum { MAGIC = 0xF1, HEADER_BYTES = 8, ITEM_BYTES = 4 };

static bool is_filler(int byte)
{
    return byte == ERASED || byte == 0;
}

static struct span without_filler(struct span bytes)
{
    while (bytes.count > 0 && is_filler(span_last(bytes)))
        bytes.count--;
    return bytes;
}

struct span esp_flash_unpack(struct span partition)
{
    struct span header, item, data = SPAN_EMPTY;
    if (partition.count < 2 || partition.bytes[0] != MAGIC || partition.bytes[1] != MAGIC)
        return without_filler(partition);
    if (span_take(&partition, HEADER_BYTES, &header) && span_take(&partition, ITEM_BYTES, &item))
        span_take(&partition, (size_t)item.bytes[2] | (size_t)item.bytes[3] << 8, &data);
    return without_filler(data);
}

/* ---- what a partition holds ---------------------------------------------------------------------------- */

static const char *const partitions[] = {ESP_FLASH_CERTIFICATE, ESP_FLASH_KEY, ESP_FLASH_CA};
#define PARTITIONS (sizeof partitions / sizeof partitions[0])

/* Behind its last byte a partition is erased. */
static struct span content_of(const struct imqtt_modem *modem, struct span name)
{
    struct certificate file;
    return certificates_find(&modem->certificates, name, &file) ? file.bytes : SPAN_EMPTY;
}

/* The part of the content from `begin` to `end`. */
static struct span part_of(struct span content, size_t begin, size_t end)
{
    struct span part = SPAN_EMPTY;
    if (end > content.count)
        end = content.count;
    if (begin < end && span_skip(&content, begin))
        span_take(&content, end - begin, &part);
    return part;
}

static bool put_erased(struct fifo *fifo, size_t count)
{
    if (count == 0)
        return true;
    struct out out = fifo_begin(fifo, count);
    uint8_t *place = out_claim(&out, count);
    if (place != NULL)
        memset(place, ERASED, count);
    fifo_end(fifo, &out);
    return place != NULL;
}

/* Content from `begin` to `end`, erased where there is none. */
static bool put_content(struct fifo *fifo, struct span content, size_t begin, size_t end)
{
    struct span part = part_of(content, begin, end);
    bool is_put = part.count == 0 || fifo_put(fifo, part);
    return is_put && put_erased(fifo, end - begin - part.count);
}

/* ---- AT+SYSFLASH=<operation>,"<partition>"[,<offset>,<length>] --------------------------------------------- */

struct region {
    enum operation operation;
    struct span name;
    uint32_t begin, end;
};

static bool is_partition(struct span name)
{
    for (size_t i = 0; i < PARTITIONS; i++)
        if (span_equal(name, span_text(partitions[i])))
            return true;
    return false;
}

static void take_region(struct params *params, struct region *region)
{
    region->operation = (enum operation)params_number(params, ERASE, READ);
    region->name = params_text(params, CERTIFICATE_NAME_BYTES).raw;
    region->begin = 0;
    region->end = PARTITION_BYTES;
    if (!is_partition(region->name))
        params_fail(params, IMQTT_BAD_PARAMETERS);
    if (region->operation == ERASE && !params_more(params))
        return;
    region->begin = params_number(params, 0, PARTITION_BYTES - 1);
    region->end = region->begin + params_number(params, 1, PARTITION_BYTES - region->begin);
}

static enum imqtt_status keep(struct imqtt_modem *modem, struct span name, struct span bytes)
{
    struct certificate file = {IMQTT_PEM_ANY, name, bytes};
    return certificate_keep(modem, &file);
}

static enum imqtt_status erase_all(struct imqtt_modem *modem, struct span name)
{
    enum imqtt_status status = certificate_drop(modem, &name);
    return status == IMQTT_NOT_ALLOWED ? IMQTT_DONE : status;
}

/* Up to its last byte that is not erased. */
static enum imqtt_status erase(struct imqtt_modem *modem, const struct region *region)
{
    struct span content = content_of(modem, region->name);
    struct fifo *built = modem_typed(modem);
    bool is_tail = region->end >= content.count;
    if (is_tail && region->begin == 0)
        return erase_all(modem, region->name);
    size_t end = is_tail ? region->begin : content.count;
    fifo_clear(built);
    bool is_built = put_content(built, content, 0, region->begin) &&
                    (is_tail || (put_erased(built, region->end - region->begin) &&
                                 put_content(built, content, region->end, end)));
    enum imqtt_status status = IMQTT_UNKNOWN_ERROR;
    if (is_built)
        status = keep(modem, region->name, fifo_waiting(built));
    typed_forget(&modem->typed);
    return status;
}

/* What stands before the data in the partition goes before it here. */
static enum imqtt_status prompt(struct imqtt_modem *modem, const struct region *region)
{
    struct typed_wish wish = {.end = TYPED_BY_COUNT, .bytes = region->end - region->begin};
    enum imqtt_status status = modem_prompt(modem, "\r\nOK\r\n>", &wish);
    struct span content = content_of(modem, region->name);
    if (!put_content(modem_typed(modem), content, 0, region->begin))
        modem->typed.is_lost = true;
    return status;
}

/* Once only, even if the store has no time yet. */
static bool put_rest(struct imqtt_modem *modem, const struct region *region)
{
    struct span content = content_of(modem, region->name);
    struct fifo *built = modem_typed(modem);
    bool has_rest = built->count > region->end || content.count <= region->end;
    return has_rest || put_content(built, content, region->end, content.count);
}

static enum imqtt_status write(struct imqtt_modem *modem, const struct region *region)
{
    if (!modem_has_data(modem))
        return prompt(modem, region);
    return put_rest(modem, region) ? keep(modem, region->name, modem_data(modem))
                                   : IMQTT_UNKNOWN_ERROR;
}

static enum imqtt_status read(struct imqtt_modem *modem, const struct region *region)
{
    struct span content = content_of(modem, region->name);
    struct span part = part_of(content, region->begin, region->end);
    if (span_equal(region->name, span_text(ESP_FLASH_KEY)))
        return IMQTT_NOT_ALLOWED;
    struct out line = modem_begin_line(modem);
    out_text(&line, "+SYSFLASH:");
    out_decimal(&line, (int32_t)(region->end - region->begin));
    out_u8(&line, ',');
    out_span(&line, part);
    for (size_t at = region->begin + part.count; at < region->end; at++)
        out_u8(&line, ERASED);
    return modem_end_line(modem, &line);
}

enum imqtt_status esp_flash_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct region region;
    take_region(call->params, &region);
    enum imqtt_status status = params_end(call->params);
    if (status != IMQTT_DONE)
        return status;
    switch (region.operation) {
    case ERASE:
        return erase(modem, &region);
    case WRITE:
        return write(modem, &region);
    default:
        return read(modem, &region);
    }
}

/* ---- AT+SYSFLASH?: name, type, subtype, place, size; the places are made up ---------------------------------- */

enum imqtt_status esp_flash_read(struct at_call *call)
{
    static const char *const lines[] = {
        "+SYSFLASH:\"" ESP_FLASH_CERTIFICATE "\",64,12,0x37000,0x4000",
        "+SYSFLASH:\"" ESP_FLASH_KEY "\",64,13,0x3b000,0x4000",
        "+SYSFLASH:\"" ESP_FLASH_CA "\",64,14,0x3f000,0x4000",
    };
    _Static_assert(PARTITION_BYTES == 0x4000, "the size that is shown");
    enum imqtt_status status = IMQTT_DONE;
    for (size_t i = 0; status == IMQTT_DONE && i < sizeof lines / sizeof lines[0]; i++)
        status = answer_text(call, lines[i]);
    return status;
}

#endif
