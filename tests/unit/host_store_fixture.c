#include "tests/unit/host_store_fixture.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CANARY "canary-in-the-coal-mine "

/* ---- the log -------------------------------------------------------------------------------- */

static struct {
    pthread_mutex_t mutex;
    char text[1 << 16];
    size_t count;
} the_log = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static void log_line(void *context, enum log_level level, const char *about, const char *text)
{
    (void)context;
    pthread_mutex_lock(&the_log.mutex);
    size_t room = sizeof the_log.text - the_log.count;
    int count =
        snprintf(the_log.text + the_log.count, room, "%d %s: %s\n", (int)level, about, text);
    bool has_room = count >= 0 && (size_t)count < room;
    the_log.count += has_room ? (size_t)count : 0;
    pthread_mutex_unlock(&the_log.mutex);
    assert_true(has_room); /* a test that fails does not come back: not with the lock */
}

const struct observer test_observer = {.log = log_line};

static unsigned lines_with(const char *words)
{
    unsigned lines = 0;
    const char *at = the_log.text;
    while ((at = strstr(at, words)) != NULL) {
        lines++;
        at += strcspn(at, "\n");
    }
    return lines;
}

unsigned logged(const char *words)
{
    pthread_mutex_lock(&the_log.mutex);
    unsigned lines = lines_with(words);
    pthread_mutex_unlock(&the_log.mutex);
    return lines;
}

/* ---- the program ---------------------------------------------------------------------------- */

void program_start(struct program *program)
{
    const char *why;
    assert_int_equal(loop_init(&program->loop), 0);
    program->store = store_open(&program->loop, &test_observer, program->folder, &why);
    assert_non_null(program->store);
    program_run(program);
}

void program_run(struct program *program)
{
    loop_run(&program->loop);
}

void program_end(struct program *program)
{
    program_run(program);
    assert_true(store_close(program->store));
    loop_close(&program->loop);
    program->store = NULL;
}

int program_set_up(void **state)
{
    struct program *program = calloc(1, sizeof *program);
    assert_non_null(program);
    the_log.count = 0;
    the_log.text[0] = '\0';
    strcpy(program->root, "/tmp/imqtt-store-XXXXXX");
    assert_non_null(mkdtemp(program->root));
    snprintf(program->folder, sizeof program->folder, "%s/state", program->root);
    program_start(program);
    *state = program;
    return 0;
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status;
    (void)type;
    (void)walk;
    return remove(path);
}

int program_tear_down(void **state)
{
    struct program *program = *state;
    if (program->store != NULL)
        program_end(program);
    nftw(program->root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    free(program);
    assert_int_equal(logged(CANARY), 0);
    return 0;
}

const char *program_file(const struct program *program, const char *name)
{
    static char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", program->folder, name);
    return path;
}

/* ---- those who ask -------------------------------------------------------------------------- */

static void take_answer(struct asker *asker)
{
    asker->answers++;
    if (asker->leaves_when_told)
        asker_leave(asker);
}

static void on_loaded(void *owner, enum imqtt_load outcome, const uint8_t *bytes, size_t count)
{
    struct asker *asker = owner;
    assert_true(count <= sizeof asker->bytes);
    asker->outcome = outcome;
    asker->count = count;
    if (count > 0)
        memcpy(asker->bytes, bytes, count);
    take_answer(asker);
}

static void on_saved(void *owner, bool safe)
{
    struct asker *asker = owner;
    asker->safe = safe;
    take_answer(asker);
}

void asker_come(struct asker *asker, struct program *program, const char *terminal)
{
    static const struct modem_store_owner owner = {.loaded = on_loaded, .saved = on_saved};
    memset(asker, 0, sizeof *asker);
    asker->store = modem_store_open(program->store, terminal, &owner, asker);
    assert_non_null(asker->store);
    asker->port = modem_store_port(asker->store);
}

void asker_leave(struct asker *asker)
{
    modem_store_close(asker->store);
    asker->store = NULL;
}

void asker_ask(struct asker *asker, enum imqtt_record which)
{
    asker->port.load(asker->port.context, which);
}

/* The bytes are gone as soon as the call is over: more than the port's contract allows the core. */
void asker_put(struct asker *asker, enum imqtt_record which, const char *text)
{
    char bytes[256];
    int count = snprintf(bytes, sizeof bytes, CANARY "%s", text);
    asker->port.save(asker->port.context, which, (const uint8_t *)bytes, (size_t)count);
    memset(bytes, 0, sizeof bytes);
}

bool asker_has(const struct asker *asker, const char *text)
{
    char bytes[256];
    int count = snprintf(bytes, sizeof bytes, CANARY "%s", text);
    return asker->outcome == IMQTT_LOAD_FOUND && asker->count == (size_t)count &&
           memcmp(asker->bytes, bytes, asker->count) == 0;
}

bool save_as(struct program *program, const char *terminal, const char *text)
{
    static struct asker asker;
    asker_come(&asker, program, terminal);
    asker_put(&asker, IMQTT_RECORD_SETTINGS, text);
    program_run(program);
    asker_leave(&asker);
    assert_int_equal(asker.answers, 1);
    return asker.safe;
}

static struct asker *asked_as(struct program *program, const char *terminal)
{
    static struct asker asker;
    asker_come(&asker, program, terminal);
    asker_ask(&asker, IMQTT_RECORD_SETTINGS);
    program_run(program);
    asker_leave(&asker);
    assert_int_equal(asker.answers, 1);
    return &asker;
}

bool load_as(struct program *program, const char *terminal, const char *text)
{
    const struct asker *asker = asked_as(program, terminal);
    return text == NULL ? asker->outcome == IMQTT_LOAD_NOTHING : asker_has(asker, text);
}

bool fails_to_load_as(struct program *program, const char *terminal)
{
    return asked_as(program, terminal)->outcome == IMQTT_LOAD_FAILED;
}

/* ---- files ---------------------------------------------------------------------------------- */

int sql(const char *path, const char *statement)
{
    sqlite3 *handle;
    sqlite3_stmt *query;
    int number = 0;
    assert_int_equal(sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(handle, statement, -1, &query, NULL), SQLITE_OK);
    int code = sqlite3_step(query);
    if (code == SQLITE_ROW)
        number = sqlite3_column_int(query, 0);
    assert_true(code == SQLITE_ROW || code == SQLITE_DONE);
    sqlite3_finalize(query);
    sqlite3_close(handle);
    return number;
}

char *read_file(const char *path, size_t *count)
{
    struct stat status;
    int fd = open(path, O_RDONLY);
    assert_true(fd >= 0);
    assert_int_equal(fstat(fd, &status), 0);
    *count = (size_t)status.st_size;
    char *bytes = calloc(1, *count + 1);
    assert_non_null(bytes);
    assert_int_equal(read(fd, bytes, *count), (ssize_t)*count);
    close(fd);
    return bytes;
}

void write_file(const char *path, const void *bytes, size_t count)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, count), (ssize_t)count);
    close(fd);
}

static bool is_aside(const char *name, const char *end)
{
    static const char beginning[] = "imqtt.db.corrupt-";
    size_t bytes = strlen(name), end_bytes = strlen(end);
    return strncmp(name, beginning, sizeof beginning - 1) == 0 && bytes >= end_bytes &&
           strcmp(name + bytes - end_bytes, end) == 0;
}

const char *find_aside(const struct program *program, const char *end)
{
    static char name[NAME_MAX + 1];
    const struct dirent *entry;
    unsigned found = 0;
    DIR *folder = opendir(program->folder);
    assert_non_null(folder);
    while ((entry = readdir(folder)) != NULL) {
        if (!is_aside(entry->d_name, end))
            continue;
        found++;
        snprintf(name, sizeof name, "%s", entry->d_name);
    }
    closedir(folder);
    assert_true(found <= 1);
    return found == 1 ? name : NULL;
}
