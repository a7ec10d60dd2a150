#include "host/store/store.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "host/loop/alarm.h"
#include "host/store/store_folder.h"
#include "host/store/store_records.h"
#include "host/store/store_worker.h"

struct store_job {
    struct job job; /* first: it is all that the worker knows */
    struct store *store;
    struct modem_store *modem;
    enum database_use use;
    bool (*run)(struct store_job *job);                           /* in the worker's thread */
    void (*complain)(struct store_job *job, const char *problem); /* there too, if it failed */
    uint64_t patience_ends_ms;
    enum imqtt_record which;
    struct record record; /* that was loaded, or a copy of what is to be saved */
    int64_t unread_id;    /* of the record that is to be kept aside */
    bool succeeded;
};

struct store {
    struct worker worker; /* first: it ends with it */
    const struct observer *observer;
    const char *folder;
    struct database database;    /* the worker's */
    uint64_t impatient_until_ms; /* likewise: another program had its chance */
    struct store_job opening;
};

struct modem_store {
    struct store *store;
    const struct modem_store_owner *owner; /* NULL: closed */
    void *owner_context;
    unsigned under_way;
    struct store_job loading, saving;
    struct alarm *patience; /* rings when a load takes too long */
    bool is_loading;        /* the job is */
    bool is_owed;           /* the owner waits for what was loaded */
    enum imqtt_record owed;
    int64_t loaded_ids[IMQTT_RECORD_COUNT];
    int64_t unread_ids[IMQTT_RECORD_COUNT]; /* not to be overwritten */
    bool has_complained;                    /* the worker's: that nothing can be loaded */
    char terminal[];
};

/* ---- jobs ----------------------------------------------------------------------------------- */

static uint64_t now_ms(void)
{
    return uv_hrtime() / 1000000;
}

static struct store_job *after(const struct store_job *job)
{
    return (struct store_job *)job->job.next;
}

static enum database_use use_of(const struct store_job *first, const struct store_job *end)
{
    enum database_use use = DATABASE_TO_READ;
    for (const struct store_job *job = first; job != end; job = after(job))
        if (job->use == DATABASE_TO_WRITE)
            use = DATABASE_TO_WRITE;
    return use;
}

static unsigned patience_ms(const struct store_job *job)
{
    uint64_t now = now_ms();
    if (now >= job->patience_ends_ms || now < job->store->impatient_until_ms)
        return 0;
    return (unsigned)(job->patience_ends_ms - now);
}

/* A modem that starts asks three times, and would wait three times for the same lock. */
static void lose_patience(struct store *store, const struct store_job *job)
{
    if (patience_ms(job) == 0)
        store->impatient_until_ms = now_ms() + STORE_PATIENCE_MS;
}

static bool run_all(struct store_job *first, const struct store_job *end)
{
    for (struct store_job *job = first; job != end; job = after(job))
        if (!job->run(job))
            return false;
    return true;
}

/* Runs the jobs before end in one transaction. */
static bool run_together(struct store *store, struct store_job *first, const struct store_job *end)
{
    struct database *database = &store->database;
    enum database_use use = use_of(first, end);
    bool succeeded = database_open(database, use, patience_ms(first)) &&
                     database_begin(database, use) && run_all(first, end) &&
                     database_commit(database);
    if (!succeeded) {
        database_roll_back(database);
        lose_patience(store, first);
    }
    for (struct store_job *job = first; job != end; job = after(job))
        job->succeeded = succeeded;
    return succeeded;
}

/* To wait for the disk once for all that have gathered is what makes a thousand modems cheap. Only
 * if that fails each has its own try, and its own problem. */
static void work(struct worker *worker, struct job *jobs)
{
    struct store *store = (struct store *)worker;
    struct store_job *first = (struct store_job *)jobs;
    if (after(first) != NULL && run_together(store, first, NULL))
        return;
    for (struct store_job *job = first; job != NULL; job = after(job))
        if (!run_together(store, job, after(job)))
            job->complain(job, store->database.problem);
}

/* Closing writes the database's log back, and so may wait for the disk: not in the loop's thread. */
static void finish(struct worker *worker)
{
    database_close(&((struct store *)worker)->database);
}

static void ask(struct store_job *job)
{
    job->patience_ends_ms = now_ms() + STORE_PATIENCE_MS;
    worker_ask(&job->store->worker, &job->job);
}

static void ask_for(struct store_job *job, enum imqtt_record which)
{
    job->which = which;
    job->modem->under_way++;
    ask(job);
}

/* ---- loading -------------------------------------------------------------------------------- */

static bool run_load(struct store_job *job)
{
    record_clear(&job->record); /* of a try with others that failed */
    bool loaded =
        records_load(&job->store->database, job->modem->terminal, job->which, &job->record);
    if (loaded)
        job->modem->has_complained = false;
    return loaded;
}

/* A modem loads several records at its start: one complaint will do. */
static void complain_of_loading(struct store_job *job, const char *problem)
{
    struct modem_store *modem = job->modem;
    if (!modem->has_complained)
        observer_log(modem->store->observer, LEVEL_ERROR, modem->terminal,
                     "stored settings cannot be loaded: %s; the modem goes on without them",
                     problem);
    modem->has_complained = true;
}

static enum imqtt_load outcome_of(bool succeeded, const struct record *record)
{
    if (!succeeded)
        return IMQTT_LOAD_FAILED;
    return record->id != 0 ? IMQTT_LOAD_FOUND : IMQTT_LOAD_NOTHING;
}

static void end(struct modem_store *modem)
{
    alarm_end(modem->patience);
    free(modem);
}

/* Only here: the owner may have closed it while it was told. */
static void let_go(struct modem_store *modem)
{
    modem->under_way--;
    if (modem->owner == NULL && modem->under_way == 0)
        end(modem);
}

static void answer_owner(struct modem_store *modem, bool succeeded, const struct record *record)
{
    modem->is_owed = false;
    alarm_stop(modem->patience);
    modem->unread_ids[modem->owed] = succeeded ? 0 : RECORD_ANY_ID;
    if (modem->owner != NULL)
        modem->owner->loaded(modem->owner_context, outcome_of(succeeded, record), record->bytes,
                             record->count);
}

static void answer_load(struct job *of_worker)
{
    struct store_job *job = (struct store_job *)of_worker;
    struct modem_store *modem = job->modem;
    struct record record = job->record;
    job->record = (struct record){0}; /* the owner may load the next one from within */
    if (!job->succeeded)
        record_clear(&record);
    modem->is_loading = false;
    if (modem->is_owed && modem->owed == job->which) {
        modem->loaded_ids[job->which] = record.id;
        answer_owner(modem, job->succeeded, &record);
    }
    record_clear(&record);
    let_go(modem);
}

/* The modem goes on with its factory values; what is stored is not overwritten, but kept aside. */
static void lose_patience_with_loading(void *owner)
{
    static const struct record nothing = {0};
    struct modem_store *modem = owner;
    if (!modem->is_owed)
        return;
    observer_log(modem->store->observer, LEVEL_ERROR, modem->terminal,
                 "stored settings cannot be loaded: the disk does not answer; the modem goes on "
                 "without them");
    answer_owner(modem, false, &nothing);
}

/* While an earlier load hangs, another would only wait behind it. */
static void load(void *context, enum imqtt_record which)
{
    struct modem_store *modem = context;
    modem->is_owed = true;
    modem->owed = which;
    alarm_set(modem->patience, modem->is_loading ? 0 : STORE_LOAD_MAX_MS);
    if (modem->is_loading)
        return;
    modem->is_loading = true;
    ask_for(&modem->loading, which);
}

/* ---- saving --------------------------------------------------------------------------------- */

static bool run_save(struct store_job *job)
{
    return records_save(&job->store->database, job->modem->terminal, job->which, &job->record,
                        job->unread_id);
}

static void complain_of_saving(struct store_job *job, const char *problem)
{
    static const char *const what[IMQTT_RECORD_COUNT] = {
        [IMQTT_RECORD_SETTINGS] = "settings",
        [IMQTT_RECORD_TRIPLE] = "the registered triple",
        [IMQTT_RECORD_TOKEN] = "the registered token",
        [IMQTT_RECORD_PACKET_IDS] = "the packet ids",
        [IMQTT_RECORD_SESSION] = "the session",
        [IMQTT_RECORD_CERTIFICATES] = "the host's certificates",
    };
    observer_log(job->store->observer, LEVEL_ERROR, job->modem->terminal,
                 "%s not saved: %s; what was stored before stays", what[job->which], problem);
}

static void answer_save(struct job *of_worker)
{
    struct store_job *job = (struct store_job *)of_worker;
    struct modem_store *modem = job->modem;
    record_clear(&job->record);
    if (job->succeeded)
        modem->unread_ids[job->which] = 0;
    if (modem->owner != NULL)
        modem->owner->saved(modem->owner_context, job->succeeded);
    let_go(modem);
}

/* A copy: the modem may end before it is written. */
static void save(void *context, enum imqtt_record which, const uint8_t *bytes, size_t count)
{
    struct modem_store *modem = context;
    modem->saving.record = record_copy(bytes, count);
    modem->saving.unread_id = modem->unread_ids[which];
    ask_for(&modem->saving, which);
}

/* ---- one modem ------------------------------------------------------------------------------ */

struct modem_store *modem_store_open(struct store *store, const char *terminal,
                                     const struct modem_store_owner *owner, void *owner_context)
{
    size_t bytes = strlen(terminal) + 1;
    struct modem_store *modem = calloc(1, sizeof *modem + bytes);
    if (modem == NULL)
        return NULL;
    modem->patience = alarm_new(store->worker.loop, lose_patience_with_loading, modem);
    if (modem->patience == NULL) {
        free(modem);
        return NULL;
    }
    modem->store = store;
    modem->owner = owner;
    modem->owner_context = owner_context;
    modem->loading = (struct store_job){.job = {.answer = answer_load},
                                        .store = store,
                                        .modem = modem,
                                        .use = DATABASE_TO_READ,
                                        .run = run_load,
                                        .complain = complain_of_loading};
    modem->saving = (struct store_job){.job = {.answer = answer_save},
                                       .store = store,
                                       .modem = modem,
                                       .use = DATABASE_TO_WRITE,
                                       .run = run_save,
                                       .complain = complain_of_saving};
    memcpy(modem->terminal, terminal, bytes);
    return modem;
}

void modem_store_close(struct modem_store *modem)
{
    if (modem == NULL)
        return;
    modem->owner = NULL;
    modem->is_owed = false;
    alarm_stop(modem->patience);
    if (modem->under_way == 0)
        end(modem);
}

struct imqtt_store_port modem_store_port(struct modem_store *modem)
{
    if (modem == NULL)
        return (struct imqtt_store_port){0};
    return (struct imqtt_store_port){.context = modem, .load = load, .save = save};
}

void modem_store_keep_aside(struct modem_store *modem, enum imqtt_record which)
{
    modem->unread_ids[which] = modem->loaded_ids[which];
}

/* ---- the store ------------------------------------------------------------------------------ */

static bool run_open(struct store_job *job)
{
    (void)job; /* it is open, or this would not run */
    return true;
}

static void complain_of_opening(struct store_job *job, const char *problem)
{
    observer_log(job->store->observer, LEVEL_ERROR, "store",
                 "%s/" STORE_FILE ": %s; nothing can be saved", job->store->folder, problem);
}

static void answer_open(struct job *job)
{
    (void)job;
}

static struct store *refuse(const char **why, const char *reason)
{
    *why = reason;
    return NULL;
}

struct store *store_open(struct loop *loop, const struct observer *observer, const char *folder,
                         const char **why)
{
    *why = store_folder_prepare(folder, observer);
    if (*why != NULL)
        return NULL;
    struct store *store = calloc(1, sizeof *store);
    if (store == NULL)
        return refuse(why, strerror(ENOMEM));
    int error = worker_start(&store->worker, loop, work, finish);
    if (error != 0)
        return refuse(why, uv_strerror(error)); /* the loop knows it: it is not freed */
    store->observer = store->database.observer = observer;
    store->folder = store->database.folder = folder;
    store->opening = (struct store_job){.job = {.answer = answer_open},
                                        .store = store,
                                        .use = DATABASE_TO_WRITE,
                                        .run = run_open,
                                        .complain = complain_of_opening};
    ask(&store->opening);
    return store;
}

static void forget(struct worker *worker)
{
    free(worker); /* it begins the store */
}

bool store_close(struct store *store)
{
    return store == NULL ||
           (store->worker.under_way == 0 && worker_end(&store->worker, STORE_CLOSE_MAX_MS, forget));
}
