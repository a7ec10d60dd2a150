/* replay: runs files through a fuzz target, for builds without libFuzzer.
 *
 * usage: fuzz_TARGET FILE-OR-FOLDER...    each file of a folder; a folder that is not there is
 * empty
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/target.h"
#include "tests/transcripts/buffer.h"

/* Its name comes first: of a crash it is the last line before the report. */
static void run(const char *path, size_t *runs)
{
    struct buffer bytes = BUFFER_EMPTY;
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        exit(2);
    }
    for (int byte; (byte = fgetc(file)) != EOF;)
        buffer_put_u8(&bytes, (uint8_t)byte);
    fclose(file);
    fprintf(stderr, "%s\n", path);
    struct span input = buffer_span(&bytes);
    LLVMFuzzerTestOneInput(input.bytes, input.count);
    buffer_free(&bytes);
    (*runs)++;
}

static void run_folder(const char *path, size_t *runs)
{
    struct dirent **entries = NULL;
    int count = scandir(path, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        char name[4096];
        snprintf(name, sizeof name, "%s/%s", path, entries[i]->d_name);
        if (entries[i]->d_name[0] != '.')
            run(name, runs);
        free(entries[i]);
    }
    free(entries);
}

static int is_folder(const char *path)
{
    DIR *folder = opendir(path);
    if (folder != NULL)
        closedir(folder);
    return folder != NULL || errno == ENOENT;
}

int main(int count, char **arguments)
{
    size_t runs = 0;
    for (int i = 1; i < count; i++)
        if (is_folder(arguments[i]))
            run_folder(arguments[i], &runs);
        else
            run(arguments[i], &runs);
    printf("%zu inputs\n", runs);
    return runs > 0 ? 0 : 1;
}
