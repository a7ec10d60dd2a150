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
    struct drawer *drawer;
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

struct drawer {
    struct store *store;
    const struct drawer_owner *owner; /* NULL: closed */
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
    job->drawer->under_way++;
    ask(job);
}

/* ---- loading -------------------------------------------------------------------------------- */

static bool run_load(struct store_job *job)
{
    record_clear(&job->record); /* of a try with others that failed */
    bool loaded =
        records_load(&job->store->database, job->drawer->terminal, job->which, &job->record);
    if (loaded)
        job->drawer->has_complained = false;
    return loaded;
}

/* A modem loads several records at its start: one complaint will do. */
static void complain_of_loading(struct store_job *job, const char *problem)
{
    struct drawer *drawer = job->drawer;
    if (!drawer->has_complained)
        observer_log(drawer->store->observer, LEVEL_ERROR, drawer->terminal,
                     "stored settings cannot be loaded: %s; the modem goes on without them",
                     problem);
    drawer->has_complained = true;
}

static enum imqtt_load outcome_of(bool succeeded, const struct record *record)
{
    if (!succeeded)
        return IMQTT_LOAD_FAILED;
    return record->id != 0 ? IMQTT_LOAD_FOUND : IMQTT_LOAD_NOTHING;
}

static void end(struct drawer *drawer)
{
    alarm_end(drawer->patience);
    free(drawer);
}

/* Only here: the owner may have closed it while it was told. */
static void let_go(struct drawer *drawer)
{
    drawer->under_way--;
    if (drawer->owner == NULL && drawer->under_way == 0)
        end(drawer);
}

static void answer_owner(struct drawer *drawer, bool succeeded, const struct record *record)
{
    drawer->is_owed = false;
    alarm_stop(drawer->patience);
    drawer->unread_ids[drawer->owed] = succeeded ? 0 : RECORD_ANY_ID;
    if (drawer->owner != NULL)
        drawer->owner->loaded(drawer->owner_context, outcome_of(succeeded, record), record->bytes,
                              record->count);
}

static void answer_load(struct job *of_worker)
{
    struct store_job *job = (struct store_job *)of_worker;
    struct drawer *drawer = job->drawer;
    struct record record = job->record;
    job->record = (struct record){0}; /* the owner may load the next one from within */
    if (!job->succeeded)
        record_clear(&record);
    drawer->is_loading = false;
    if (drawer->is_owed && drawer->owed == job->which) {
        drawer->loaded_ids[job->which] = record.id;
        answer_owner(drawer, job->succeeded, &record);
    }
    record_clear(&record);
    let_go(drawer);
}

/* The modem goes on with its factory values; what is stored is not overwritten, but kept aside. */
static void lose_patience_with_loading(void *owner)
{
    static const struct record nothing = {0};
    struct drawer *drawer = owner;
    if (!drawer->is_owed)
        return;
    observer_log(drawer->store->observer, LEVEL_ERROR, drawer->terminal,
                 "stored settings cannot be loaded: the disk does not answer; the modem goes on "
                 "without them");
    answer_owner(drawer, false, &nothing);
}

/* While an earlier load hangs, another would only wait behind it. */
static void load(void *context, enum imqtt_record which)
{
    struct drawer *drawer = context;
    drawer->is_owed = true;
    drawer->owed = which;
    alarm_set(drawer->patience, drawer->is_loading ? 0 : STORE_LOAD_MAX_MS);
    if (drawer->is_loading)
        return;
    drawer->is_loading = true;
    ask_for(&drawer->loading, which);
}

/* ---- saving --------------------------------------------------------------------------------- */

static bool run_save(struct store_job *job)
{
    return records_save(&job->store->database, job->drawer->terminal, job->which, &job->record,
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
    observer_log(job->store->observer, LEVEL_ERROR, job->drawer->terminal,
                 "%s not saved: %s; what was stored before stays", what[job->which], problem);
}

static void answer_save(struct job *of_worker)
{
    struct store_job *job = (struct store_job *)of_worker;
    struct drawer *drawer = job->drawer;
    record_clear(&job->record);
    if (job->succeeded)
        drawer->unread_ids[job->which] = 0;
    if (drawer->owner != NULL)
        drawer->owner->saved(drawer->owner_context, job->succeeded);
    let_go(drawer);
}

/* A copy: the modem may end before it is written. */
static void save(void *context, enum imqtt_record which, const uint8_t *bytes, size_t count)
{
    struct drawer *drawer = context;
    drawer->saving.record = record_copy(bytes, count);
    drawer->saving.unread_id = drawer->unread_ids[which];
    ask_for(&drawer->saving, which);
}

/* ---- drawers -------------------------------------------------------------------------------- */

struct drawer *drawer_open(struct store *store, const char *terminal,
                           const struct drawer_owner *owner, void *owner_context)
{
    size_t bytes = strlen(terminal) + 1;
    struct drawer *drawer = calloc(1, sizeof *drawer + bytes);
    if (drawer == NULL)
        return NULL;
    drawer->patience = alarm_new(store->worker.loop, lose_patience_with_loading, drawer);
    if (drawer->patience == NULL) {
        free(drawer);
        return NULL;
    }
    drawer->store = store;
    drawer->owner = owner;
    drawer->owner_context = owner_context;
    drawer->loading = (struct store_job){.job = {.answer = answer_load},
                                         .store = store,
                                         .drawer = drawer,
                                         .use = DATABASE_TO_READ,
                                         .run = run_load,
                                         .complain = complain_of_loading};
    drawer->saving = (struct store_job){.job = {.answer = answer_save},
                                        .store = store,
                                        .drawer = drawer,
                                        .use = DATABASE_TO_WRITE,
                                        .run = run_save,
                                        .complain = complain_of_saving};
    memcpy(drawer->terminal, terminal, bytes);
    return drawer;
}

void drawer_close(struct drawer *drawer)
{
    if (drawer == NULL)
        return;
    drawer->owner = NULL;
    drawer->is_owed = false;
    alarm_stop(drawer->patience);
    if (drawer->under_way == 0)
        end(drawer);
}

struct imqtt_store_port drawer_port(struct drawer *drawer)
{
    if (drawer == NULL)
        return (struct imqtt_store_port){0};
    return (struct imqtt_store_port){.context = drawer, .load = load, .save = save};
}

void drawer_keep_aside(struct drawer *drawer, enum imqtt_record which)
{
    drawer->unread_ids[which] = drawer->loaded_ids[which];
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
