#include "scenario/suite.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "imqttd/need.h"
#include "scenario/parse.h"

static void add_file(struct suite *suite, const char *file)
{
    char problem[PARSE_PROBLEM_BYTES];
    suite->scenarios = need_resize(suite->scenarios, (suite->count + 1) * sizeof *suite->scenarios);
    if (scenario_parse(&suite->scenarios[suite->count], file, problem)) {
        suite->count++;
    } else {
        (void)fprintf(stderr, "%s\n", problem);
        suite->mistakes++;
    }
}

static int is_scenario(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');
    return entry->d_name[0] != '.' && dot != NULL &&
           (strcmp(dot, ".yaml") == 0 || strcmp(dot, ".yml") == 0);
}

void suite_add(struct suite *suite, const char *path)
{
    struct dirent **entries;
    int count = scandir(path, &entries, is_scenario, alphasort);
    if (count < 0) { /* no folder */
        add_file(suite, path);
        return;
    }
    if (count == 0) {
        (void)fprintf(stderr, "%s:1:1: a folder without scenarios (*.yaml)\n", path);
        suite->mistakes++;
    }
    for (int i = 0; i < count; i++) {
        char *file = need_new(strlen(path) + strlen(entries[i]->d_name) + 2);
        (void)sprintf(file, "%s/%s", path, entries[i]->d_name);
        add_file(suite, file);
        free(file);
        free(entries[i]);
    }
    free(entries);
}

void suite_free(struct suite *suite)
{
    for (size_t i = 0; i < suite->count; i++)
        scenario_free(&suite->scenarios[i]);
    free(suite->scenarios);
}
