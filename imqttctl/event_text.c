#include "imqttctl/event_text.h"

#include <string.h>
#include <time.h>

#define PLAIN  "\033[0m"
#define CYAN   "\033[36m"
#define GREEN  "\033[32m"
#define GREY   "\033[90m"
#define YELLOW "\033[33m"
#define RED    "\033[31m"

static const char *text_of(const json_t *event, const char *key)
{
    const char *text = json_string_value(json_object_get(event, key));
    return text != NULL ? text : "";
}

static bool is_word(const json_t *event, const char *key, const char *word)
{
    return strcmp(text_of(event, key), word) == 0;
}

static double wall_clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return 1000.0 * (double)now.tv_sec + (double)now.tv_nsec / 1e6;
}

void event_printer_set_clock(struct event_printer *printer, const json_t *event)
{
    if (printer->began_ms == 0)
        printer->began_ms = wall_clock_ms() - json_number_value(json_object_get(event, "t_ms"));
}

static void print_time(struct event_printer *printer, double t_ms)
{
    char text[16];
    struct tm parts;
    double at_ms = printer->began_ms + t_ms;
    time_t seconds = (time_t)(at_ms / 1000);
    if (localtime_r(&seconds, &parts) == NULL ||
        strftime(text, sizeof text, "%H:%M:%S", &parts) == 0)
        text[0] = '\0';
    (void)fprintf(printer->file, "%s.%03d ", text, (int)((long long)at_ms % 1000));
}

/* key=value for everything that is not in every event. */
static void print_fields(FILE *file, const json_t *event)
{
    static const char *const common[] = {"t_ms", "modem", "kind", "dir", "packet", "what"};
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)event, key, value)
    {
        bool is_common = false;
        for (size_t i = 0; i < sizeof common / sizeof *common; i++)
            is_common |= strcmp(key, common[i]) == 0;
        if (is_common)
            continue;
        (void)fprintf(file, " %s=", key);
        (void)json_dumpf(value, file, JSON_COMPACT | JSON_ENCODE_ANY);
    }
}

static const char *colour_of(const json_t *event)
{
    if (is_word(event, "kind", "at"))
        return is_word(event, "dir", "host") ? CYAN : GREEN;
    if (is_word(event, "kind", "fault"))
        return RED;
    return is_word(event, "kind", "mqtt") ? GREY : YELLOW;
}

/* < and > as in the documents: > the host's, < the modem's. */
static void print_body(FILE *file, const json_t *event)
{
    if (is_word(event, "kind", "at")) {
        (void)fprintf(file, "%s %s", is_word(event, "dir", "host") ? ">" : "<",
                      text_of(event, "text"));
        return;
    }
    if (is_word(event, "kind", "mqtt"))
        (void)fprintf(file, "mqtt %s %s", text_of(event, "dir"), text_of(event, "packet"));
    else
        (void)fprintf(file, "%s %s", text_of(event, "kind"), text_of(event, "what"));
    print_fields(file, event);
}

void event_print(struct event_printer *printer, const json_t *event)
{
    FILE *file = printer->file;
    if (json_object_get(event, "kind") == NULL)
        return;
    event_printer_set_clock(printer, event);
    print_time(printer, json_number_value(json_object_get(event, "t_ms")));
    (void)fprintf(file, "%s ", text_of(event, "modem"));
    if (printer->has_colours)
        (void)fputs(colour_of(event), file);
    print_body(file, event);
    (void)fputs(printer->has_colours ? PLAIN "\n" : "\n", file);
}
