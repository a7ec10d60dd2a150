/* One scrape: the figures of all modems as they were when it began, written in portions. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "imqttd/fleet/watches.h"
#include "imqttd/metrics/metrics_store.h"
#include "imqttd/metrics/process_figures.h"
#include "imqttd/trace/json_text.h"

#define PORTION 500 /* modems of one metric at a time */

struct scraped {
    char name[64];
    uint64_t values[METRIC_SLOTS];
};

struct scrape {
    const struct metrics *metrics;
    bool per_modem;
    size_t modems; /* how many there are, however many are listed */
    struct scraped *scraped;
    size_t count;
    size_t row, at; /* what comes next */
};

/* ---- the snapshot --------------------------------------------------------------------------- */

static void add_up(struct scraped *sum, const uint64_t *values)
{
    for (size_t i = 0; i < METRIC_SLOTS; i++)
        sum->values[i] += values[i];
}

static void take_snapshot(struct scrape *scrape, struct watch *const *watches)
{
    for (size_t i = 0; i < scrape->modems; i++) {
        metrics_refresh(watches[i]);
        struct scraped *to = &scrape->scraped[scrape->per_modem ? i : 0];
        add_up(to, watches[i]->metrics->values);
        if (scrape->per_modem)
            snprintf(to->name, sizeof to->name, "%s", host_modem_name(watches[i]->modem));
    }
    if (!scrape->per_modem)
        add_up(&scrape->scraped[0], scrape->metrics->gone.values);
}

struct scrape *scrape_begin(struct metrics *metrics, struct watches *watches, bool per_modem)
{
    struct scrape *scrape = calloc(1, sizeof *scrape);
    if (scrape == NULL)
        return NULL;
    struct watch **sorted = watches_sorted(watches, &scrape->modems);
    scrape->metrics = metrics;
    scrape->per_modem = per_modem;
    scrape->count = per_modem ? scrape->modems : 1;
    scrape->scraped = calloc(scrape->count + 1, sizeof *scrape->scraped);
    if (scrape->scraped == NULL) {
        free(scrape);
        return NULL;
    }
    take_snapshot(scrape, sorted);
    return scrape;
}

void scrape_end(struct scrape *scrape)
{
    if (scrape == NULL)
        return;
    free(scrape->scraped);
    free(scrape);
}

/* ---- the text ------------------------------------------------------------------------------- */

static void put_head(struct json_text *text, const char *name, const char *type, const char *help)
{
    json_put(text, "# HELP ");
    json_put(text, name);
    json_put(text, " ");
    json_put(text, help);
    json_put(text, "\n# TYPE ");
    json_put(text, name);
    json_put(text, " ");
    json_put(text, type);
    json_put(text, "\n");
}

/* modem: "" for none. A modem's name has nothing that would need escaping. */
static void put_sample(struct json_text *text, const char *name, const char *suffix,
                       const char *modem, const char *labels, const char *value)
{
    char line[256];
    bool has_both = *modem != '\0' && *labels != '\0';
    if (*modem == '\0' && *labels == '\0')
        snprintf(line, sizeof line, "%s%s %s\n", name, suffix, value);
    else if (*modem == '\0')
        snprintf(line, sizeof line, "%s%s{%s} %s\n", name, suffix, labels, value);
    else
        snprintf(line, sizeof line, "%s%s{modem=\"%s\"%s%s} %s\n", name, suffix, modem,
                 has_both ? "," : "", labels, value);
    json_put(text, line);
}

static void put_whole(struct json_text *text, const char *name, const char *suffix,
                      const char *modem, const char *labels, uint64_t number)
{
    char value[24];
    snprintf(value, sizeof value, "%" PRIu64, number);
    put_sample(text, name, suffix, modem, labels, value);
}

/* bins: one a bucket and one for the rest, not added up. */
static void put_histogram(struct json_text *text, const char *name, const char *modem,
                          const uint64_t *bins, uint64_t sum_us)
{
    uint64_t total = 0;
    char value[32], labels[32];
    for (size_t i = 0; i < METRIC_BUCKETS; i++) {
        snprintf(labels, sizeof labels, "le=\"%g\"", metric_bucket_ms[i] / 1000.0);
        put_whole(text, name, "_bucket", modem, labels, total += bins[i]);
    }
    total += bins[METRIC_BUCKETS];
    put_whole(text, name, "_bucket", modem, "le=\"+Inf\"", total);
    snprintf(value, sizeof value, "%.6f", (double)sum_us / 1000000);
    put_sample(text, name, "_sum", modem, "", value);
    put_whole(text, name, "_count", modem, "", total);
}

/* Series of several labels that have never moved are left out where there is one for each modem. */
static void put_modem(const struct scrape *scrape, struct json_text *text,
                      const struct metric_row *row, const struct scraped *of)
{
    const uint64_t *values = of->values + row->slot;
    if (*row->type == 'h') {
        put_histogram(text, row->name, of->name, values,
                      of->values[SLOT_ACKNOWLEDGEMENT_MS] * 1000);
        return;
    }
    for (size_t i = 0; i < row->series; i++)
        if (!scrape->per_modem || row->labels == NULL || values[i] != 0)
            put_whole(text, row->name, "", of->name, row->labels != NULL ? row->labels[i] : "",
                      values[i]);
}

static void put_program(const struct scrape *scrape, struct json_text *text)
{
    put_head(text, "imqtt_build_info", "gauge", "The version of the program");
    put_sample(text, "imqtt_build_info", "", "", "version=\"" IMQTT_VERSION "\"", "1");
    put_head(text, "imqtt_modems", "gauge", "Modems that there are");
    put_whole(text, "imqtt_modems", "", "", "", scrape->modems);
    put_head(text, "imqtt_loop_delay_seconds", "histogram", "How late the event loop is");
    put_histogram(text, "imqtt_loop_delay_seconds", "", scrape->metrics->delays,
                  scrape->metrics->delay_us);
    process_figures_put(text);
}

bool scrape_go_on(struct scrape *scrape, struct json_text *text)
{
    if (scrape->row == metric_row_count) {
        put_program(scrape, text);
        return false;
    }
    const struct metric_row *row = &metric_rows[scrape->row];
    if (scrape->at == 0)
        put_head(text, row->name, row->type, row->help);
    for (size_t i = 0; i < PORTION && scrape->at < scrape->count; i++)
        put_modem(scrape, text, row, &scrape->scraped[scrape->at++]);
    if (scrape->at >= scrape->count) {
        scrape->row++;
        scrape->at = 0;
    }
    return true;
}
