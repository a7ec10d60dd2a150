/* pcapng.h: the UART's bytes as a file that Wireshark opens: pcapng, linktype 250 (RTAC serial). */
#ifndef IMQTTCTL_PCAPNG_H
#define IMQTTCTL_PCAPNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define PCAPNG_INTERFACES 64 /* modems; what is said by more of them shares the last */

struct pcapng {
    FILE *file;
    char *names[PCAPNG_INTERFACES]; /* of modems; each is an interface */
    unsigned count;
};

/* false: it cannot be created, errno says why. */
bool pcapng_begin(struct pcapng *pcapng, const char *file);

/* At once: whoever reads along sees it. false: it is not on the disk, errno says why. */
bool pcapng_put(struct pcapng *pcapng, const char *modem, bool from_host, uint64_t unix_us,
                const uint8_t *bytes, size_t count);

/* Flushes and closes; false: not everything is on the disk. */
bool pcapng_end(struct pcapng *pcapng);

#endif
