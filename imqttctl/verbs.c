#include "imqttctl/verbs.h"

#include <string.h>

#include "scenario/commands.h"
#include "imqttctl/fault_arguments.h"

static const struct verb verbs[] = {
    {"list", "[GLOB]", "the modems, a line each", {COMPLETES_MODEM}, verb_list},
    {"show", "NAME", "everything about one modem", {COMPLETES_MODEM}, verb_show},
    {"radio",
     "NAME [signal=S] [registered=R] [sim=X]",
     "change what its radio finds",
     {COMPLETES_MODEM,
      "signal= registered=no registered=home registered=searching registered=denied "
      "registered=roaming sim=ready sim=absent"},
     verb_radio},
    {"power",
     "NAME off|on|cycle",
     "switch its power",
     {COMPLETES_MODEM, "off on cycle"},
     verb_power},
    {"urc", "NAME TEXT", "let it say a URC", {COMPLETES_MODEM}, verb_urc},
    {"link",
     "NAME cut|close",
     "end its connection to the broker (RST, FIN)",
     {COMPLETES_MODEM, "cut close"},
     verb_link},
    {"type", "NAME TEXT", "play its host: type a line", {COMPLETES_MODEM}, verb_type},
    {"fault",
     "add NAME TYPE [K=V ...] | list NAME | remove NAME [FAULT]",
     "make something go wrong",
     {"add list remove", COMPLETES_MODEM, FAULT_TYPE_WORDS},
     verb_fault},
    {"reset", "", "remove all faults, all radios good, all powered", {NULL}, verb_reset},
    {"reload", "", "read the configuration again", {NULL}, verb_reload},
    {"trace",
     "[GLOB] [--pcapng FILE]",
     "what is said and sent, as it happens, until it is interrupted",
     {COMPLETES_MODEM, COMPLETES_FILE},
     verb_trace},
    {"record",
     "NAME FILE",
     "write a recording until it is interrupted",
     {COMPLETES_MODEM, COMPLETES_FILE},
     verb_record},
    {"replay",
     "FILE [NAME] [--terminal T] [--fast] [--secret N=V ...]",
     "play the host of a recording, compare what the modem says",
     {COMPLETES_FILE, COMPLETES_MODEM},
     verb_replay},
    {"report",
     "FILE [--junit FILE] [--lang en|zh] | --live NAME [--lang en|zh] | --rules [en|zh]",
     "what the host of a recording, or of a modem that runs, did wrong",
     {COMPLETES_FILE, COMPLETES_MODEM},
     verb_report},
    {"play",
     SCENARIO_PLAY_USAGE,
     "play scenarios, with a daemon, a broker and a host program of their own if asked for",
     {COMPLETES_FILE},
     verb_play},
    {"check", "FILE ...", "say what is wrong with scenarios", {COMPLETES_FILE}, verb_check},
    {"metrics", "", "the daemon's metrics", {NULL}, verb_metrics},
    {"help", "[VERB]", "this", {NULL}, verb_help},
    {NULL, "", NULL, {NULL}, NULL},
};

const struct verb *verbs_all(void)
{
    return verbs;
}

/* The end of the table: there is none. */
static const struct verb *find(const char *name)
{
    const struct verb *verb = verbs;
    while (verb->name != NULL && strcmp(verb->name, name) != 0)
        verb++;
    return verb;
}

const struct verb *verbs_find(const char *name)
{
    const struct verb *verb = find(name);
    return verb->name != NULL ? verb : NULL;
}

enum ctl_exit verbs_wrong_usage(const char *name)
{
    return ctl_say(CTL_USAGE, "usage: %s %s", name, find(name)->arguments);
}

static void print_verb(FILE *file, const struct verb *verb)
{
    (void)fprintf(file, "  %s%s%s\n      %s\n", verb->name, verb->arguments[0] != '\0' ? " " : "",
                  verb->arguments, verb->help);
}

enum ctl_exit verbs_run(struct ctl *ctl, int count, char **words)
{
    const struct verb *verb = verbs_find(words[0]);
    struct verb_arguments arguments = {count - 1, words + 1};
    if (verb == NULL)
        return ctl_say(CTL_USAGE, "no such verb: %s (imqttctl help)", words[0]);
    if (count == 2 && strcmp(words[1], "--help") == 0) {
        print_verb(stdout, verb);
        return CTL_DONE;
    }
    bool was_json = ctl->json;
    ctl->json |= arguments_take_flag(&arguments, "--json");
    enum ctl_exit end = verb->run(ctl, &arguments);
    if (fflush(stdout) != 0 && end == CTL_DONE)
        end = ctl_say(CTL_FAILED, "standard output cannot be written");
    ctl->json = was_json;
    return end;
}

void verbs_print_help(FILE *file)
{
    for (const struct verb *verb = verbs; verb->name != NULL; verb++)
        print_verb(file, verb);
}

enum ctl_exit verb_help(struct ctl *ctl, struct verb_arguments *arguments)
{
    (void)ctl;
    if (arguments->count == 0) {
        verbs_print_help(stdout);
        return CTL_DONE;
    }
    const struct verb *verb = verbs_find(arguments->words[0]);
    if (arguments->count > 1 || verb == NULL)
        return verbs_wrong_usage("help");
    print_verb(stdout, verb);
    return CTL_DONE;
}
