/* The values of a modem's keys. */
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "host/faults/fault_words.h"
#include "host/terminal/serial_line.h"
#include "imqttd/config/config_values.h"
#include "imqttd/config/plan.h"
#include "imqttd/need.h"

/* ---- where its host is ---------------------------------------------------------------------- */

static bool take_terminal(struct modem_plan *plan, enum terminal_type type, const char *value,
                          char why[CONFIG_WHY_BYTES])
{
    if (plan->type != TERMINAL_NONE && plan->type != type)
        return config_refuse(why, "this modem has a terminal already: %s",
                             terminal_type_word(plan->type));
    if (*value == '\0' && type != TERMINAL_STDIO)
        return config_refuse(why, "the terminal needs a name");
    plan->type = type;
    plan->where = value;
    return true;
}

bool put_pty(void *plan, const struct config_key *key, const char *value,
             char why[CONFIG_WHY_BYTES])
{
    (void)key;
    return take_terminal(plan, TERMINAL_PTY, value, why);
}

bool put_unix(void *plan, const struct config_key *key, const char *value,
              char why[CONFIG_WHY_BYTES])
{
    (void)key;
    return take_terminal(plan, TERMINAL_UNIX, value, why) && config_check_socket(value, why);
}

bool put_stdio(void *plan, const struct config_key *key, const char *value,
               char why[CONFIG_WHY_BYTES])
{
    (void)key;
    return take_terminal(plan, TERMINAL_STDIO, value, why);
}

/* The terminal is taken first: a value that is wrong is not also missing. */
bool put_tcp(void *plan, const struct config_key *key, const char *value,
             char why[CONFIG_WHY_BYTES])
{
    struct endpoint address;
    (void)key;
    return take_terminal(plan, TERMINAL_TCP, value, why) &&
           (endpoint_parse(&address, value, strlen(value)) ||
            config_refuse(why, "%s", endpoint_complaint(value)));
}

/* DEV and DEV,BAUD: the device alone is where it is. */
bool put_serial(void *plan, const struct config_key *key, const char *value,
                char why[CONFIG_WHY_BYTES])
{
    struct modem_plan *modem = plan;
    unsigned long baud = SERIAL_BAUD_DEFAULT;
    const char *comma = strrchr(value, ',');
    (void)key;
    if (!take_terminal(plan, TERMINAL_SERIAL, value, why))
        return false;
    if (comma == value)
        return config_refuse(why, "the device needs a name");
    if (comma != NULL &&
        !config_read_number(&baud, comma + 1, SERIAL_BAUD_MIN, SERIAL_BAUD_MAX, why))
        return config_refuse(why, "no such baud rate");
    modem->baud = (uint32_t)baud;
    return true;
}

bool put_fleet(void *plan, const struct config_key *key, const char *value,
               char why[CONFIG_WHY_BYTES])
{
    (void)plan, (void)key, (void)value;
    why[0] = '\0';
    return true;
}

/* ---- what it is ----------------------------------------------------------------------------- */

bool put_identity(void *plan, const struct config_key *key, const char *value,
                  char why[CONFIG_WHY_BYTES])
{
    enum imqtt_identity_field field = (enum imqtt_identity_field)key->min;
    const char *rule = imqtt_identity_problem(field, value);
    if (rule != NULL)
        return config_refuse(why, "must be %s", rule);
    ((struct modem_plan *)plan)->identity.given[field] = value;
    return true;
}

bool put_cmee(void *plan, const struct config_key *key, const char *value,
              char why[CONFIG_WHY_BYTES])
{
    unsigned long form;
    if (!config_read_number(&form, value, key->min, key->max, why))
        return false;
    ((struct modem_plan *)plan)->error_form = (uint8_t)form;
    return true;
}

static bool put_choice(bool *field, const char *value, const char *no, const char *yes,
                       char why[CONFIG_WHY_BYTES])
{
    *field = strcmp(value, yes) == 0;
    return *field || strcmp(value, no) == 0 || config_refuse(why, "neither %s nor %s", no, yes);
}

bool put_tls_min(void *plan, const struct config_key *key, const char *value,
                 char why[CONFIG_WHY_BYTES])
{
    (void)key;
    return put_choice(&((struct modem_plan *)plan)->tls_from_1_3, value, "1.2", "1.3", why);
}

static bool list_dialects(char why[CONFIG_WHY_BYTES])
{
    char names[80] = "";
    for (size_t i = 0; imqtt_dialect_name(i) != NULL; i++) {
        size_t used = strlen(names);
        (void)snprintf(names + used, sizeof names - used, "%s%s", i > 0 ? ", " : "",
                       imqtt_dialect_name(i));
    }
    return config_refuse(why, "not one of %s", names);
}

bool put_dialect(void *plan, const struct config_key *key, const char *value,
                 char why[CONFIG_WHY_BYTES])
{
    struct modem_plan *modem = plan;
    (void)key;
    modem->dialect = imqtt_dialect_named(value);
    return modem->dialect != NULL || list_dialects(why);
}

bool put_esp_boot(void *plan, const struct config_key *key, const char *value,
                  char why[CONFIG_WHY_BYTES])
{
    (void)key;
    return put_choice(&((struct modem_plan *)plan)->is_wired, value, "wifi", "eth", why);
}

bool put_limits(void *plan, const struct config_key *key, const char *value,
                char why[CONFIG_WHY_BYTES])
{
    (void)key;
    return put_choice(&((struct modem_plan *)plan)->wide_limits, value, "manual", "wide", why);
}

bool put_keep_session(void *plan, const struct config_key *key, const char *value,
                      char why[CONFIG_WHY_BYTES])
{
    (void)key;
    return put_choice(&((struct modem_plan *)plan)->keeps_session, value, "memory", "disk", why);
}

/* ---- presets -------------------------------------------------------------------------------- */

static bool is_command_line(const char *text)
{
    if (strncasecmp(text, "AT", 2) != 0)
        return false;
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < ' ' || *text == 0x7F)
            return false;
    return true;
}

bool put_preset(void *plan, const struct config_key *key, const char *value,
                char why[CONFIG_WHY_BYTES])
{
    struct modem_plan *modem = plan;
    (void)key;
    if (!is_command_line(value))
        return config_refuse(why, "not a command line that begins with AT");
    modem->presets =
        need_resize(modem->presets, (modem->preset_count + 1) * sizeof *modem->presets);
    modem->presets[modem->preset_count++] = value;
    return true;
}

/* Its lines have become presets when the file was read. */
bool put_preset_file(void *plan, const struct config_key *key, const char *value,
                     char why[CONFIG_WHY_BYTES])
{
    (void)plan;
    return *value != '\0' || config_refuse(why, "%s is missing", key->argument);
}

/* ---- where it connects, and how ------------------------------------------------------------- */

bool put_connect_to(void *plan, const struct config_key *key, const char *value,
                    char why[CONFIG_WHY_BYTES])
{
    struct modem_plan *modem = plan;
    size_t old = modem->redirects_text != NULL ? strlen(modem->redirects_text) : 0;
    char *text = need_new(old + strlen(value) + 2);
    sprintf(text, "%s%s%s", old > 0 ? modem->redirects_text : "", old > 0 ? "," : "", value);
    redirects_end(&modem->redirects);
    bool is_good = *value != '\0' && redirects_parse(&modem->redirects, text);
    if (is_good) {
        free(modem->redirects_text);
        modem->redirects_text = text;
        return true;
    }
    free(text);
    redirects_end(&modem->redirects);
    return config_refuse(why, "not of the form %s", key->argument);
}

static bool is_address(const char *text, size_t count)
{
    char address[INET6_ADDRSTRLEN];
    unsigned char bytes[16];
    if (count == 0 || count >= sizeof address)
        return false;
    memcpy(address, text, count);
    address[count] = '\0';
    return inet_pton(AF_INET, address, bytes) == 1 || inet_pton(AF_INET6, address, bytes) == 1;
}

bool put_source_address(void *plan, const struct config_key *key, const char *value,
                        char why[CONFIG_WHY_BYTES])
{
    (void)key;
    for (const char *text = value;; text++) {
        size_t count = strcspn(text, ",");
        if (!is_address(text, count))
            return config_refuse(why, "\"%.*s\" is no IP address", (int)count, text);
        text += count;
        if (*text == '\0')
            break;
    }
    ((struct modem_plan *)plan)->source_addresses = value;
    return true;
}

/* MIN..MAX with units; whole seconds. */
bool put_reconnect(void *plan, const struct config_key *key, const char *value,
                   char why[CONFIG_WHY_BYTES])
{
    struct modem_plan *modem = plan;
    const char *dots = strstr(value, "..");
    uint64_t min_ms, max_ms;
    char min[24];
    if (dots == NULL || (size_t)(dots - value) >= sizeof min)
        return config_refuse(why, "not of the form %s, as 1s..2m", key->argument);
    snprintf(min, sizeof min, "%.*s", (int)(dots - value), value);
    if (!fault_read_duration(&min_ms, min) || !fault_read_duration(&max_ms, dots + 2))
        return config_refuse(why, "not of the form %s, as 1s..2m", key->argument);
    if (min_ms < 1000 || max_ms < min_ms || max_ms > 3600000 || min_ms % 1000 || max_ms % 1000)
        return config_refuse(why, "MIN and MAX are whole seconds from 1s to 1h, MIN not over MAX");
    modem->reconnect_min_s = (uint16_t)(min_ms / 1000);
    modem->reconnect_max_s = (uint16_t)(max_ms / 1000);
    return true;
}

/* Those without a name get one of their own. */
static bool has_fault(const struct modem_plan *plan, const char *name)
{
    for (size_t i = 0; i < plan->fault_count; i++)
        if (*name != '\0' && strcmp(plan->faults[i].name, name) == 0)
            return true;
    return false;
}

bool put_fault(void *plan, const struct config_key *key, const char *value,
               char why[CONFIG_WHY_BYTES])
{
    struct modem_plan *modem = plan;
    struct fault fault;
    struct fault_problem problem = {0};
    (void)key;
    if (!fault_parse(&fault, value, &problem))
        return config_refuse(why, "%s%s%s", problem.key, *problem.key != '\0' ? ": " : "",
                             problem.text);
    if (has_fault(modem, fault.name))
        return config_refuse(why, "name: there is a fault of that name");
    modem->faults = need_resize(modem->faults, (modem->fault_count + 1) * sizeof fault);
    modem->faults[modem->fault_count++] = fault;
    return true;
}
