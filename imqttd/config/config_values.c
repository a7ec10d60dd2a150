#include "imqttd/config/config_values.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

#include "imqttd/config/plan.h"

bool config_refuse(char why[CONFIG_WHY_BYTES], const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(why, CONFIG_WHY_BYTES, format, arguments);
    va_end(arguments);
    return false;
}

bool config_read_number(unsigned long *number, const char *text, unsigned long min,
                        unsigned long max, char why[CONFIG_WHY_BYTES])
{
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 10 || text[digits] != '\0')
        return config_refuse(why, "not a whole number from %lu to %lu", min, max);
    *number = strtoul(text, NULL, 10);
    if (*number < min || *number > max)
        return config_refuse(why, "not from %lu to %lu", min, max);
    return true;
}

static void *field_of(void *plan, const struct config_key *key)
{
    return (char *)plan + key->offset;
}

bool put_text(void *plan, const struct config_key *key, const char *value,
              char why[CONFIG_WHY_BYTES])
{
    if (*value == '\0')
        return config_refuse(why, "%s is missing", key->argument);
    *(const char **)field_of(plan, key) = value;
    return true;
}

bool put_flag(void *plan, const struct config_key *key, const char *value,
              char why[CONFIG_WHY_BYTES])
{
    bool is_yes = strcmp(value, "yes") == 0;
    if (!is_yes && strcmp(value, "no") != 0)
        return config_refuse(why, "neither yes nor no");
    *(bool *)field_of(plan, key) = is_yes;
    return true;
}

bool put_number(void *plan, const struct config_key *key, const char *value,
                char why[CONFIG_WHY_BYTES])
{
    unsigned long number = 0;
    if (!config_read_number(&number, value, key->min, key->max, why))
        return false;
    *(uint32_t *)field_of(plan, key) = (uint32_t)number;
    return true;
}

bool config_check_socket(const char *path, char why[CONFIG_WHY_BYTES])
{
    return strlen(path) < sizeof((struct sockaddr_un *)NULL)->sun_path ||
           config_refuse(why, "a socket's path has 107 bytes at most");
}

/* A number of bytes with K, M or G. */
static bool read_size(uint64_t *bytes, const char *text, char why[CONFIG_WHY_BYTES])
{
    static const char units[] = "KMG";
    char digits[16] = "";
    size_t count = strspn(text, "0123456789");
    const char *unit = text[count] != '\0' ? strchr(units, text[count]) : NULL;
    unsigned long number = 0;
    if (unit == NULL || text[count + 1] != '\0' || count >= sizeof digits)
        return config_refuse(why, "not a number with K, M or G");
    memcpy(digits, text, count);
    if (!config_read_number(&number, digits, 1, 1048576, why))
        return false;
    *bytes = (uint64_t)number << (10 * (unit - units + 1));
    return true;
}

/* ---- the program's -------------------------------------------------------------------------- */

bool put_max_memory(void *plan, const struct config_key *key, const char *value,
                    char why[CONFIG_WHY_BYTES])
{
    struct program_plan *program = plan;
    (void)key;
    if (!read_size(&program->max_memory_bytes, value, why))
        return false;
    return program->max_memory_bytes >= 1048576 || config_refuse(why, "less than 1M");
}

bool put_log(void *plan, const struct config_key *key, const char *value,
             char why[CONFIG_WHY_BYTES])
{
    (void)key;
    return log_level_parse(&((struct program_plan *)plan)->log_level, value) ||
           config_refuse(why, "not one of error, warning, info, debug");
}

bool put_control(void *plan, const struct config_key *key, const char *value,
                 char why[CONFIG_WHY_BYTES])
{
    struct program_plan *program = plan;
    if (*value == '\0')
        return config_refuse(why, "%s is missing", key->argument);
    program->control = strcmp(value, "none") == 0 ? NULL : value;
    return config_check_socket(value, why);
}

bool put_control_tcp(void *plan, const struct config_key *key, const char *value,
                     char why[CONFIG_WHY_BYTES])
{
    struct program_plan *program = plan;
    (void)key;
    if (!endpoint_parse(&program->control_tcp, value, strlen(value)))
        return config_refuse(why, "%s", endpoint_complaint(value));
    program->has_control_tcp = true;
    return true;
}
