/* One scrape: the figures of all modems as they were when it began, written in portions. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "imqttd/fleet/watches.h"
#include "imqttd/metrics/metrics_store.h"
#include "imqttd/metrics/process_figures.h"
#include "imqttd/trace/json_text.h"

/* Modems at a time, so that a portion takes less than a millisecond: they are looked at, which
 * means fetching each from memory, or written. */
#define LOOKED_AT 250
#define WRITTEN   50

struct scraped {
    char name[80];
    bool is_there; /* it has not ended before it was looked at */
    uint64_t values[METRIC_SLOTS];
};

struct scrape {
    const struct metrics *metrics;
    struct watches *watches;
    bool per_modem;
    struct scraped *scraped; /* all modems, by name */
    size_t modems;
    struct scraped sum;
    size_t looked_at;
    size_t row, at; /* what is written next */
};

/* ---- the snapshot --------------------------------------------------------------------------- */

struct scrape *scrape_begin(struct metrics *metrics, struct watches *watches, bool per_modem)
{
    struct scrape *scrape = calloc(1, sizeof *scrape);
    if (scrape == NULL)
        return NULL;
    struct watch **sorted = watches_sorted(watches, &scrape->modems);
    scrape->metrics = metrics;
    scrape->watches = watches;
    scrape->per_modem = per_modem;
    scrape->sum.is_there = true;
    scrape->scraped = calloc(scrape->modems + 1, sizeof *scrape->scraped);
    if (scrape->scraped == NULL) {
        free(scrape);
        return NULL;
    }
    for (size_t i = 0; i < scrape->modems; i++)
        strncpy(scrape->scraped[i].name, host_modem_name(sorted[i]->modem),
                sizeof scrape->scraped[i].name - 1);
    return scrape;
}

void scrape_end(struct scrape *scrape)
{
    if (scrape == NULL)
        return;
    free(scrape->scraped);
    free(scrape);
}

static void add_up(struct scraped *sum, const uint64_t *values)
{
    for (size_t i = 0; i < METRIC_SLOTS; i++)
        sum->values[i] += values[i];
}

/* By name: modems may have ended, and others begun, since the portion before. */
static void look_at(const struct scrape *scrape, struct scraped *scraped)
{
    const struct watch *watch = watch_find_sorted(scrape->watches, scraped->name);
    if (watch == NULL)
        return;
    metrics_refresh(watch);
    memcpy(scraped->values, watch->metrics->values, sizeof scraped->values);
    scraped->is_there = true;
}

/* The sums are taken at the end of it, with what modems did that have ended by then. */
static void look_at_some(struct scrape *scrape)
{
    for (size_t i = 0; i < LOOKED_AT && scrape->looked_at < scrape->modems; i++)
        look_at(scrape, &scrape->scraped[scrape->looked_at++]);
    if (scrape->per_modem || scrape->looked_at < scrape->modems)
        return;
    for (size_t i = 0; i < scrape->modems; i++)
        add_up(&scrape->sum, scrape->scraped[i].values);
    add_up(&scrape->sum, scrape->metrics->gone.values);
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

static void put_some(struct scrape *scrape, struct json_text *text, const struct metric_row *row)
{
    for (size_t i = 0; i < WRITTEN && scrape->at < scrape->modems; i++) {
        const struct scraped *scraped = &scrape->scraped[scrape->at++];
        if (scraped->is_there)
            put_modem(scrape, text, row, scraped);
    }
}

bool scrape_go_on(struct scrape *scrape, struct json_text *text)
{
    if (scrape->looked_at < scrape->modems) {
        look_at_some(scrape);
        return true;
    }
    if (scrape->row == metric_row_count) {
        put_program(scrape, text);
        return false;
    }
    const struct metric_row *row = &metric_rows[scrape->row];
    if (scrape->at == 0)
        put_head(text, row->name, row->type, row->help);
    if (scrape->per_modem)
        put_some(scrape, text, row);
    else
        put_modem(scrape, text, row, &scrape->sum);
    if (!scrape->per_modem || scrape->at >= scrape->modems) {
        scrape->row++;
        scrape->at = 0;
    }
    return true;
}
