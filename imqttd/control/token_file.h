/* token_file.h: the token that the control interface asks for on TCP, in a file of its owner's. */
#ifndef IMQTTD_CONTROL_TOKEN_FILE_H
#define IMQTTD_CONTROL_TOKEN_FILE_H

#include <stdbool.h>

#include "host/refusal.h"

#define TOKEN_DIGEST_BYTES 32

/* The SHA-256 of the token. false: *refusal tells, and the digest stays as it was. */
bool token_file_read(unsigned char digest[TOKEN_DIGEST_BYTES], const char *name,
                     struct host_refusal *refusal);

#endif
