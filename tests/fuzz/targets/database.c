/* The store's whole file (host/store/store_database.h): whatever a disk has made of it, it is
 * loaded, stored to and loaded again without harm, and what was stored in it is there then. The
 * input is changes to a sound file: a place (2 bytes), how many bytes (1), the bytes. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/store/store_folder.h"
#include "host/store/store_records.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/target.h"

#define TERMINAL   "pty /tmp/modem"
#define FILE_BYTES 65536

static char folder[64];
static char file[96];
static uint8_t sound[FILE_BYTES];
static size_t sound_bytes;

static const struct observer nobody;

static bool save(struct database *database, const char *text)
{
    struct record record = record_copy((const uint8_t *)text, strlen(text));
    bool is_saved = database_open(database, DATABASE_TO_WRITE, 0) &&
                    database_begin(database, DATABASE_TO_WRITE) &&
                    records_save(database, TERMINAL, IMQTT_RECORD_SETTINGS, &record, 0);
    is_saved = is_saved && database_commit(database);
    if (!is_saved && database->handle != NULL)
        database_roll_back(database);
    record_clear(&record);
    return is_saved;
}

/* true: it is there, with these bytes; NULL: with any. */
static bool load(struct database *database, const char *text)
{
    struct record record = {0};
    bool is_loaded = database_open(database, DATABASE_TO_READ, 0) &&
                     database_begin(database, DATABASE_TO_READ) &&
                     records_load(database, TERMINAL, IMQTT_RECORD_SETTINGS, &record);
    if (database->handle != NULL)
        database_roll_back(database);
    is_loaded = is_loaded && (text == NULL || (record.count == strlen(text) &&
                                               memcmp(record.bytes, text, record.count) == 0));
    record_clear(&record);
    return is_loaded;
}

static void remove_files(void)
{
    char command[128];
    (void)snprintf(command, sizeof command, "rm -rf %s", folder);
    promise(system(command) == 0, "the folder can be removed");
}

/* What a program leaves that has ended well. */
static void make_sound_file(void)
{
    struct database database = {.folder = folder, .observer = &nobody};
    promise(save(&database, "settings"), "a new file is made");
    database_close(&database);
    int fd = open(file, O_RDONLY);
    ssize_t count = read(fd, sound, sizeof sound);
    promise(count > 0 && count < FILE_BYTES, "it is small");
    sound_bytes = (size_t)count;
    close(fd);
    remove_files();
}

static void write_changed(struct span input)
{
    static uint8_t changed[FILE_BYTES];
    memcpy(changed, sound, sound_bytes);
    while (input.count > 0) {
        size_t place = take_u16(&input) % sound_bytes;
        struct span bytes = take_short(&input);
        size_t count = bytes.count < sound_bytes - place ? bytes.count : sound_bytes - place;
        if (count > 0)
            memcpy(changed + place, bytes.bytes, count);
    }
    int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC, S_IRUSR | S_IWUSR);
    promise(write(fd, changed, sound_bytes) == (ssize_t)sound_bytes, "the file is written");
    close(fd);
}

static void prepare(void)
{
    (void)snprintf(folder, sizeof folder, "/tmp/imqtt-fuzz-%ld", (long)getpid());
    (void)snprintf(file, sizeof file, "%s/%s", folder, STORE_FILE);
    promise(mkdir(folder, S_IRWXU) == 0, "a folder can be made");
    if (sound_bytes == 0) {
        make_sound_file();
        promise(mkdir(folder, S_IRWXU) == 0, "a folder can be made again");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    prepare();
    struct database database = {.folder = folder, .observer = &nobody};
    write_changed(span_of(bytes, count));
    (void)load(&database, NULL);
    if (save(&database, "new"))
        promise(load(&database, "new"), "what was stored is loaded");
    database_close(&database);
    remove_files();
    return 0;
}
