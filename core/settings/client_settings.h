/* client_settings.h: what a host has set for each of the clients that its dialect counts, and what it
 * prepares for a later command: for a client and a key a number or bytes. What was not set is not
 * there; the dialect knows what then holds. Bytes that are replaced are wiped: some are passwords. */
#ifndef CORE_SETTINGS_CLIENT_SETTINGS_H
#define CORE_SETTINGS_CLIENT_SETTINGS_H

#include "core/bytes/fifo.h"

struct client_settings {
    struct fifo entries; /* each: client, key, length (4), bytes */
};

/* Nothing is borrowed yet; memory must outlive it. */
void client_settings_init(struct client_settings *settings, const struct imqtt_memory_port *memory);
/* Forgets all and gives the memory back. */
void client_settings_clear(struct client_settings *settings);

/* Empty: there is none. Valid until the next change. */
struct span client_string(const struct client_settings *settings, uint8_t client, uint8_t key);
uint32_t client_number(const struct client_settings *settings, uint8_t client, uint8_t key,
                       uint32_t otherwise);
bool client_has(const struct client_settings *settings, uint8_t client, uint8_t key);

/* false: there is no memory, and nothing has changed. A value must not lie in these settings. */
bool client_put_number(struct client_settings *settings, uint8_t client, uint8_t key,
                       uint32_t value);
bool client_put_string(struct client_settings *settings, uint8_t client, uint8_t key,
                       struct span value);
/* The same, for a string of `bytes` that the caller writes at once and in full. */
bool client_begin_string(struct client_settings *settings, uint8_t client, uint8_t key,
                         size_t bytes, struct out *value);

void client_forget(struct client_settings *settings, uint8_t client, uint8_t key);
/* All of a client's. */
void client_forget_all(struct client_settings *settings, uint8_t client);

#endif
