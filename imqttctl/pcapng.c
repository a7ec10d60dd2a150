#include "imqttctl/pcapng.h"

#include <stdlib.h>
#include <string.h>

#define LINKTYPE_RTAC_SERIAL 250
#define BLOCK_SECTION        0x0A0D0D0AU
#define BLOCK_INTERFACE      1U
#define BLOCK_PACKET         6U
#define BYTE_ORDER_MAGIC     0x1A2B3C4DU
#define OPTION_NAME          2U
#define RTAC_HEADER_BYTES    12U
#define RTAC_TRANSMITTED     1 /* DATA_TX_START: by the host */
#define RTAC_RECEIVED        2 /* DATA_RX_START */
#define NAME_BYTES           64U

/* What cannot be written stays known to the stream: pcapng_end() looks. */
static void put_bytes(FILE *file, const void *bytes, size_t count)
{
    (void)fwrite(bytes, 1, count, file);
}

static void put16(FILE *file, uint16_t value)
{
    put_bytes(file, &value, sizeof value);
}

static void put32(FILE *file, uint32_t value)
{
    put_bytes(file, &value, sizeof value);
}

static void put8(FILE *file, uint8_t value)
{
    put_bytes(file, &value, sizeof value);
}

static void pad(FILE *file, size_t bytes)
{
    for (; bytes % 4 != 0; bytes++)
        put8(file, 0);
}

static uint32_t padded(size_t bytes)
{
    return (uint32_t)((bytes + 3) / 4 * 4);
}

/* Numbers stand in the byte order of this machine: the magic number says which. */
bool pcapng_begin(struct pcapng *pcapng, const char *file)
{
    *pcapng = (struct pcapng){.file = fopen(file, "wbe")};
    if (pcapng->file == NULL)
        return false;
    put32(pcapng->file, BLOCK_SECTION);
    put32(pcapng->file, 28);
    put32(pcapng->file, BYTE_ORDER_MAGIC);
    put16(pcapng->file, 1);
    put16(pcapng->file, 0);
    put32(pcapng->file, UINT32_MAX); /* how long the section is: not said */
    put32(pcapng->file, UINT32_MAX);
    put32(pcapng->file, 28);
    return true;
}

static void put_interface(FILE *file, const char *name)
{
    size_t name_bytes = strnlen(name, NAME_BYTES);
    uint32_t bytes = 20 + 4 + padded(name_bytes) + 4;
    put32(file, BLOCK_INTERFACE);
    put32(file, bytes);
    put16(file, LINKTYPE_RTAC_SERIAL);
    put16(file, 0);
    put32(file, 0); /* packets are never cut */
    put16(file, OPTION_NAME);
    put16(file, (uint16_t)name_bytes);
    put_bytes(file, name, name_bytes);
    pad(file, name_bytes);
    put32(file, 0); /* no more options */
    put32(file, bytes);
}

static unsigned interface_of(struct pcapng *pcapng, const char *name)
{
    for (unsigned i = 0; i < pcapng->count; i++)
        if (strcmp(pcapng->names[i], name) == 0)
            return i;
    if (pcapng->count == PCAPNG_INTERFACES)
        return PCAPNG_INTERFACES - 1;
    pcapng->names[pcapng->count] = strdup(name);
    if (pcapng->names[pcapng->count] == NULL)
        return 0;
    put_interface(pcapng->file, name);
    return pcapng->count++;
}

static void put_big_endian(FILE *file, uint32_t value)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        put8(file, (uint8_t)(value >> shift));
}

/* Time, kind of event, control lines, and two bytes of no meaning; numbers big-endian. */
static void put_rtac_header(FILE *file, bool from_host, uint64_t unix_us)
{
    put_big_endian(file, (uint32_t)(unix_us / 1000000));
    put_big_endian(file, (uint32_t)(unix_us % 1000000));
    put8(file, from_host ? RTAC_TRANSMITTED : RTAC_RECEIVED);
    put8(file, 0);
    put16(file, 0);
}

bool pcapng_put(struct pcapng *pcapng, const char *modem, bool from_host, uint64_t unix_us,
                const uint8_t *bytes, size_t count)
{
    FILE *file = pcapng->file;
    unsigned interface = interface_of(pcapng, modem);
    uint32_t packet = RTAC_HEADER_BYTES + (uint32_t)count, block = 32 + padded(packet);
    put32(file, BLOCK_PACKET);
    put32(file, block);
    put32(file, interface);
    put32(file, (uint32_t)(unix_us >> 32));
    put32(file, (uint32_t)unix_us);
    put32(file, packet);
    put32(file, packet);
    put_rtac_header(file, from_host, unix_us);
    put_bytes(file, bytes, count);
    pad(file, packet);
    put32(file, block);
    return fflush(file) == 0;
}

bool pcapng_end(struct pcapng *pcapng)
{
    for (unsigned i = 0; i < pcapng->count; i++)
        free(pcapng->names[i]);
    bool is_good = ferror(pcapng->file) == 0;
    return (fclose(pcapng->file) == 0) && is_good;
}
