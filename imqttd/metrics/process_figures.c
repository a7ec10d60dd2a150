#include "imqttd/metrics/process_figures.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "imqttd/trace/json_text.h"

static void put(struct json_text *text, const char *name, const char *type, const char *help,
                double value)
{
    char lines[320];
    snprintf(lines, sizeof lines, "# HELP %s %s\n# TYPE %s %s\n%s %.17g\n", name, help, name, type,
             name, value);
    json_put(text, lines);
}

/* Since Linux 6.2 the folder's size is their number; to count twenty thousand takes 10 ms. */
static double open_descriptors(void)
{
    struct stat status;
    if (stat("/proc/self/fd", &status) == 0 && status.st_size > 0)
        return (double)status.st_size;
    DIR *folder = opendir("/proc/self/fd");
    double count = 0;
    if (folder == NULL)
        return 0;
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;)
        count += entry->d_name[0] != '.';
    closedir(folder);
    return count - 1; /* the one that looked */
}

#define FIELDS_BEFORE_START 19

static const char *behind_fields(const char *at, unsigned count)
{
    for (; count > 0; count--) {
        at += strspn(at, " ");
        at += strcspn(at, " ");
    }
    return at;
}

static double take_number(const char **at)
{
    char *end;
    double number = strtod(*at, &end);
    *at = end;
    return number;
}

/* Fields of /proc/self/stat: the name is 2, 22 the start in ticks since boot, 23 bytes, 24 resident
 * pages. */
static void read_status(double *start_ticks, double *bytes, double *pages)
{
    char line[1024];
    FILE *file = fopen("/proc/self/stat", "re");
    size_t count = file != NULL ? fread(line, 1, sizeof line - 1, file) : 0;
    line[count] = '\0';
    const char *name_end = strrchr(line, ')');
    const char *at = behind_fields(name_end != NULL ? name_end + 1 : "", FIELDS_BEFORE_START);
    *start_ticks = take_number(&at);
    *bytes = take_number(&at);
    *pages = take_number(&at);
    if (file != NULL)
        (void)fclose(file);
}

static double started_at(double start_ticks)
{
    struct timespec now, since_boot;
    clock_gettime(CLOCK_REALTIME, &now);
    clock_gettime(CLOCK_BOOTTIME, &since_boot);
    double boot =
        (double)(now.tv_sec - since_boot.tv_sec) + (double)(now.tv_nsec - since_boot.tv_nsec) / 1e9;
    return boot + start_ticks / (double)sysconf(_SC_CLK_TCK);
}

void process_figures_put(struct json_text *text)
{
    struct rusage usage;
    struct rlimit files;
    double start_ticks, bytes, pages;
    getrusage(RUSAGE_SELF, &usage);
    getrlimit(RLIMIT_NOFILE, &files);
    read_status(&start_ticks, &bytes, &pages);
    put(text, "process_cpu_seconds_total", "counter", "Total user and system CPU time",
        (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
            (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6);
    put(text, "process_open_fds", "gauge", "Open file descriptors", open_descriptors());
    put(text, "process_max_fds", "gauge", "How many there may be", (double)files.rlim_cur);
    put(text, "process_virtual_memory_bytes", "gauge", "Virtual memory", bytes);
    put(text, "process_resident_memory_bytes", "gauge", "Resident memory",
        pages * (double)sysconf(_SC_PAGESIZE));
    put(text, "process_start_time_seconds", "gauge", "Unix time of its start",
        started_at(start_ticks));
}
