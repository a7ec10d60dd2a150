#include "imqttd/control/token_file.h"

#include <ctype.h>
#include <errno.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define TOKEN_BYTES_MIN 16
#define TOKEN_BYTES_MAX 512

static const char *read_token(unsigned char digest[TOKEN_DIGEST_BYTES], FILE *file)
{
    char token[TOKEN_BYTES_MAX + 2];
    size_t count = fread(token, 1, sizeof token, file);
    while (count > 0 && isspace((unsigned char)token[count - 1]))
        count--;
    if (count >= TOKEN_BYTES_MIN && count <= TOKEN_BYTES_MAX)
        SHA256((const unsigned char *)token, count, digest);
    explicit_bzero(token, sizeof token);
    return count < TOKEN_BYTES_MIN   ? "the token has fewer than 16 bytes"
           : count > TOKEN_BYTES_MAX ? "the token has more than 512 bytes"
                                     : NULL;
}

bool token_file_read(unsigned char digest[TOKEN_DIGEST_BYTES], const char *name,
                     struct host_refusal *refusal)
{
    struct stat status;
    FILE *file = fopen(name, "re");
    const char *why = NULL;
    if (file == NULL)
        return refuse(refusal, "--token-file", name, strerror(errno));
    if (fstat(fileno(file), &status) != 0)
        why = strerror(errno);
    else if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        why = "others can read it: chmod 600";
    else
        why = read_token(digest, file);
    (void)fclose(file);
    return why == NULL || refuse(refusal, "--token-file", name, why);
}
