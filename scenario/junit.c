#include "scenario/junit.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* XML 1.0 has no other control characters at all; text that is no UTF-8 does not come here. */
static void put_text(FILE *file, const char *text)
{
    static const char special[] = "&<>\"\n";
    static const char *const names[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#10;"};
    for (; *text != '\0'; text++) {
        const char *found = strchr(special, *text);
        unsigned char byte = (unsigned char)*text;
        if (found != NULL)
            (void)fputs(names[found - special], file);
        else
            (void)fputc(byte < ' ' || byte == 0x7F ? '?' : byte, file);
    }
}

static void put_attribute(FILE *file, const char *name, const char *value)
{
    (void)fprintf(file, " %s=\"", name);
    put_text(file, value);
    (void)fputc('"', file);
}

static void put_failure(FILE *file, const struct junit_case *each)
{
    char first[200];
    const char *kind = each->is_error ? "error" : "failure";
    (void)snprintf(first, sizeof first, "%.*s", (int)strcspn(each->failure, "\n"), each->failure);
    (void)fprintf(file, "\n      <%s", kind);
    put_attribute(file, "message", first);
    put_attribute(file, "type", each->is_error ? "timeout" : "scenario");
    (void)fputc('>', file);
    put_text(file, each->failure);
    (void)fprintf(file, "</%s>\n    ", kind);
}

static void put_case(FILE *file, const struct junit_case *each)
{
    (void)fputs("    <testcase", file);
    put_attribute(file, "name", each->name);
    put_attribute(file, "classname", each->file);
    (void)fprintf(file, " time=\"%.3f\">", each->took_s);
    if (each->failure != NULL)
        put_failure(file, each);
    (void)fputs("</testcase>\n", file);
}

static void put_suite(FILE *file, const char *suite, const struct junit_case *cases, size_t count)
{
    size_t failures = 0, errors = 0;
    double took_s = 0;
    char now[32];
    time_t clock = time(NULL);
    struct tm utc;
    (void)strftime(now, sizeof now, "%Y-%m-%dT%H:%M:%S", gmtime_r(&clock, &utc));
    for (size_t i = 0; i < count; i++) {
        failures += cases[i].failure != NULL && !cases[i].is_error;
        errors += cases[i].failure != NULL && cases[i].is_error;
        took_s += cases[i].took_s;
    }
    (void)fputs("  <testsuite", file);
    put_attribute(file, "name", suite);
    (void)fprintf(file,
                  " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"0\" time=\"%.3f\""
                  " timestamp=\"%s\">\n",
                  count, failures, errors, took_s, now);
    for (size_t i = 0; i < count; i++)
        put_case(file, &cases[i]);
    (void)fputs("  </testsuite>\n", file);
}

bool junit_write(const char *path, const char *suite, const struct junit_case *cases, size_t count)
{
    FILE *file = fopen(path, "we");
    if (file == NULL)
        return false;
    (void)fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n", file);
    put_suite(file, suite, cases, count);
    (void)fputs("</testsuites>\n", file);
    bool is_written = !ferror(file);
    return fclose(file) == 0 && is_written;
}
