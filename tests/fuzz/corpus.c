/* fuzz_corpus: where fuzzing begins: inputs for every target, made of the transcripts.
 *
 * usage: fuzz_corpus FOLDER TRANSCRIPT...    FOLDER/<target>/NNNN
 *        fuzz_corpus --dictionary            on standard output, as libFuzzer reads it
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "core/modem/spelling.h"
#include "imqtt/dialect.h"
#include "tests/fuzz/steps.h"
#include "tests/fuzz/words.h"
#include "tests/transcripts/packets.h"
#include "tests/transcripts/script.h"

struct corpus {
    const char *folder;
    unsigned written;
};

/* ---- files ---------------------------------------------------------------------------------- */

static void fail(const char *path)
{
    perror(path);
    exit(1);
}

static void make_folder(const char *path)
{
    if (mkdir(path, 0777) != 0 && errno != EEXIST)
        fail(path);
}

static void write_input(struct corpus *corpus, const char *target, const struct buffer *input)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", corpus->folder, target);
    make_folder(path);
    snprintf(path, sizeof path, "%s/%s/%05u", corpus->folder, target, corpus->written++);
    struct span bytes = buffer_span(input);
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(bytes.bytes, 1, bytes.count, file) != bytes.count)
        fail(path);
    fclose(file);
}

/* The bytes behind some bytes of choices. */
static void write_behind(struct corpus *corpus, const char *target, const char *choices,
                         size_t count, struct span bytes)
{
    struct buffer input = BUFFER_EMPTY;
    if (bytes.count == 0)
        return;
    buffer_put(&input, span_of((const uint8_t *)choices, count));
    buffer_put(&input, bytes);
    write_input(corpus, target, &input);
    buffer_free(&input);
}

#define WRITE_BEHIND(corpus, target, choices, bytes)                                               \
    write_behind(corpus, target, choices, sizeof choices - 1, bytes)

/* ---- a scene as the engine's steps ---------------------------------------------------------- */

static void put_step(struct buffer *engine, enum step step, bool at_once)
{
    buffer_put_u8(engine, (uint8_t)((unsigned)step | (at_once ? STEP_AT_ONCE : 0U)));
}

static void put_typed(struct buffer *engine, struct span typed)
{
    enum { MOST = UINT8_MAX };
    while (typed.count > 0) {
        struct span part;
        span_take(&typed, typed.count < MOST ? typed.count : MOST, &part);
        put_step(engine, STEP_TYPE, typed.count > 0);
        buffer_put_u8(engine, (uint8_t)part.count);
        buffer_put(engine, part);
    }
}

static void put_heard(struct buffer *engine, struct span packet)
{
    put_step(engine, STEP_HEAR, false);
    buffer_put_u16(engine, (uint16_t)(packet.count < UINT16_MAX ? packet.count : UINT16_MAX));
    buffer_put(engine, packet);
}

static void put_wait(struct buffer *engine, struct span text)
{
    unsigned long ms = 0;
    for (uint8_t digit; span_take_u8(&text, &digit) && digit >= '0' && digit <= '9';)
        ms = ms * 10 + digit - '0';
    for (; ms > 0; ms -= ms < UINT16_MAX ? ms : UINT16_MAX) {
        put_step(engine, STEP_WAIT, false);
        buffer_put_u16(engine, (uint16_t)(ms < UINT16_MAX ? ms : UINT16_MAX));
    }
}

/* Events that are one step, whatever else their line says. */
static void put_event(struct buffer *engine, struct span line)
{
    static const struct {
        const char *start;
        enum step step;
        uint8_t choices[3];
        size_t choice_count;
    } events[] = {
        {"net: opened", STEP_OPEN, {0}, 0},
        {"net: failed", STEP_FAIL, {2, 104}, 2},
        {"net: full", STEP_NETWORK_TAKES, {0}, 1},
        {"net: has room", STEP_NETWORK_TAKES, {UINT8_MAX}, 1},
        {"host: stops", STEP_HOST_TAKES, {0}, 1},
        {"host: reads", STEP_HOST_TAKES, {UINT8_MAX}, 1},
        {"store: fails", STEP_STORE, {1}, 1},
        {"store: waits", STEP_STORE, {2}, 1},
        {"store: works", STEP_STORE, {0}, 1},
        {"store: answers", STEP_STORE, {0}, 1},
        {"crypto: fails", STEP_CRYPTO, {1}, 1},
        {"crypto: works", STEP_CRYPTO, {0}, 1},
        {"radio: registered", STEP_RADIO, {0, 1}, 2},
        {"radio: signal", STEP_RADIO, {9, 0}, 2},
        {"memory: refuses", STEP_MEMORY, {IMQTT_MEMORY_PURPOSE_COUNT, 1}, 2},
        {"power: off", STEP_POWER, {0}, 0},
        {"power: shut", STEP_SHUT_DOWN, {0}, 0},
    };
    for (size_t i = 0; i < sizeof events / sizeof events[0]; i++)
        if (take_start(&(struct span){line.bytes, line.count}, events[i].start)) {
            put_step(engine, events[i].step, false);
            buffer_put(engine, span_of(events[i].choices, events[i].choice_count));
            return;
        }
}

/* ---- the parts of a scene ------------------------------------------------------------------- */

struct parts {
    struct buffer engine, typed, heard;
};

static void add_parameters(struct corpus *corpus, struct span typed)
{
    size_t equals = span_find(typed, '=');
    if (span_skip(&typed, equals + 1) && typed.count > 1) {
        typed.count--; /* its CR */
        WRITE_BEHIND(corpus, "params", "\x02\x9A", typed);
        WRITE_BEHIND(corpus, "hex", "", typed);
    }
}

static void add_typed(struct corpus *corpus, struct parts *parts, struct span text, bool is_line)
{
    struct buffer typed = BUFFER_EMPTY;
    if (is_line)
        buffer_put(&typed, text);
    else
        buffer_put_escaped(&typed, text);
    if (is_line)
        buffer_put_u8(&typed, '\r');
    put_typed(&parts->engine, buffer_span(&typed));
    buffer_put(&parts->typed, buffer_span(&typed));
    add_parameters(corpus, buffer_span(&typed));
    buffer_free(&typed);
}

/* The payload of a PUBLISH to one of the platform's topics is behind "/ext/reg…". */
static void add_heard(struct corpus *corpus, struct parts *parts, struct span words)
{
    struct buffer packet = BUFFER_EMPTY;
    if (packet_from_words(words, &packet) == NULL) {
        struct span bytes = buffer_span(&packet);
        size_t brace = span_find(bytes, '{');
        put_heard(&parts->engine, bytes);
        buffer_put(&parts->heard, bytes);
        span_skip(&bytes, brace);
        WRITE_BEHIND(corpus, "registration", "\x00", bytes);
    }
    buffer_free(&packet);
}

/* As the target takes them: triple, token and session with their lengths, then the settings. */
static void write_stored(struct corpus *corpus, enum imqtt_record which, struct span record)
{
    char session[] = {'\x00', '\x00', (char)record.count};
    if (which != IMQTT_RECORD_SESSION)
        WRITE_BEHIND(corpus, "record", "\x00\x00\x00", record);
    else if (record.count <= UINT8_MAX)
        write_behind(corpus, "record", session, sizeof session, record);
}

static void add_stored(struct corpus *corpus, struct parts *parts, struct span words)
{
    static const char *const names[] = {"settings ", "triple ", "token ", "packet-ids ",
                                        "session "};
    struct buffer bytes = BUFFER_EMPTY;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (take_start(&words, names[i]) && packet_from_words(words, &bytes) == NULL) {
            struct span record = buffer_span(&bytes);
            put_step(&parts->engine, STEP_STORE_HOLDS, false);
            buffer_put_u8(&parts->engine, (uint8_t)i);
            buffer_put_u8(&parts->engine, (uint8_t)record.count);
            buffer_put(&parts->engine, span_of(record.bytes, record.count & UINT8_MAX));
            write_stored(corpus, (enum imqtt_record)i, record);
        }
    buffer_free(&bytes);
}

static void add_line(struct corpus *corpus, struct parts *parts, struct span line)
{
    struct span text = line;
    if (take_start(&text, ">~ "))
        add_typed(corpus, parts, text, false);
    else if (take_start(&text, "> "))
        add_typed(corpus, parts, text, true);
    else if (take_start(&text, "broker: "))
        add_heard(corpus, parts, text);
    else if (take_start(&text, "wait "))
        put_wait(&parts->engine, text);
    else if (take_start(&text, "store: ") && span_find(text, ' ') < text.count)
        add_stored(corpus, parts, text);
    else
        put_event(&parts->engine, line);
}

/* The header of targets/dialects.c has a byte more: which dialect. */
static void write_for_dialect(struct corpus *corpus, uint8_t dialect, struct span steps)
{
    struct buffer input = BUFFER_EMPTY;
    const uint8_t header[] = {0, 0, 0, dialect};
    buffer_put(&input, span_of(header, sizeof header));
    buffer_put(&input, steps);
    write_input(corpus, "dialects", &input);
    buffer_free(&input);
}

static void write_scene(struct corpus *corpus, const struct script *script,
                        const struct scene *scene)
{
    struct parts parts = {BUFFER_EMPTY, BUFFER_EMPTY, BUFFER_EMPTY};
    for (size_t i = 0; i < scene->count; i++)
        add_line(corpus, &parts, script->lines[scene->first + i].text);
    WRITE_BEHIND(corpus, "engine", "\x00\x00\x00", buffer_span(&parts.engine));
    for (uint8_t dialect = 0; imqtt_dialect_name(dialect + 1U) != NULL; dialect++)
        write_for_dialect(corpus, dialect, buffer_span(&parts.engine));
    WRITE_BEHIND(corpus, "line", "\x04", buffer_span(&parts.typed));
    WRITE_BEHIND(corpus, "reader", "\x08", buffer_span(&parts.heard));
    if (parts.heard.count <= UINT8_MAX) {
        char hear[] = {'\x00', '\x00', '\x01', '\x02', (char)parts.heard.count};
        write_behind(corpus, "client", hear, sizeof hear, buffer_span(&parts.heard));
    }
    buffer_free(&parts.engine);
    buffer_free(&parts.typed);
    buffer_free(&parts.heard);
}

/* ---- what no transcript has ----------------------------------------------------------------- */

/* What AT&W stores, at first and with every setting set. */
static void write_records(struct corpus *corpus)
{
    static const struct machine_options options = {.has_store = true};
    static const char *const settings[] = {
        "AT&W\r",
        "ATE0S3=7+CMEE=2;+CREG=2;+CGREG=1;+CEREG=2\rAT+IMQTTMODE=1,1,1\rAT+IMQTTUSER=u,p\r"
        "AT+IMQTTADDR=broker,1883,imqtt\rAT+IMQTTLWT=/w,2,bye,1\rAT+IMQTTAUTH=k,d,s\r"
        "AT+IMQTTPARA=TIMEOUT,1,CLEAN,0,KEEPALIVE,60,VERSION,3.1\rAT&W\r",
    };
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++) {
        struct machine machine = {.pieces = PIECES_WHOLE};
        machine_start(&machine, &options);
        buffer_put_text(&machine.host.in, settings[i]);
        machine_run(&machine);
        WRITE_BEHIND(corpus, "record", "\x00\x00\x00",
                     buffer_span(&machine.clients[0].records[IMQTT_RECORD_SETTINGS].bytes));
        machine_end(&machine);
    }
}

/* A registration from its beginning to its report: connected, the message, saved, gone. */
static void write_registrations(struct corpus *corpus)
{
    static const char message[] = "{\"deviceSecret\":\"6a1f29d0\",\"clientId\":\"c\","
                                  "\"deviceToken\":\"t\",\"other\":{\"deviceSecret\":[1,2]}}";
    for (uint8_t choices = 0; choices < 4; choices++) {
        struct buffer input = BUFFER_EMPTY;
        const uint8_t begin[] = {1, choices & 1, choices >> 1, 0, 1, 0};
        buffer_put(&input, span_of(begin, sizeof begin));
        buffer_put_u16(&input, sizeof message - 1);
        buffer_put_text(&input, message);
        buffer_put(&input, span_of((const uint8_t[]){2, 1, 3, 0}, 4));
        write_input(corpus, "registration", &input);
        buffer_free(&input);
    }
    WRITE_BEHIND(corpus, "registration", "\x00", span_text(message));
}

/* For targets/answers.c: each useful line of each dialect, with data if it asks for some, a broker that
 * answers and a message. */
static void write_conversations(struct corpus *corpus)
{
    for (uint8_t i = 0; imqtt_dialect_name(i) != NULL; i++) {
        size_t lines = useful_lines_of(imqtt_dialect_named(imqtt_dialect_name(i)))->count;
        for (uint8_t pieces = 0; pieces < 3; pieces++) {
            struct buffer input = BUFFER_EMPTY;
            buffer_put(&input, span_of((const uint8_t[]){pieces, 0, 0, i}, 4));
            for (uint8_t line = 0; line < lines; line++) {
                const uint8_t steps[] = {0, 0, 1,  line, 0, 0, 1, line, 10, 0, 0, 0, 0,
                                         0, 0, 10, 0,    0, 0, 0, 0,    0,  8, 0, 1};
                buffer_put(&input, span_of(steps, sizeof steps));
            }
            write_input(corpus, "answers", &input);
            buffer_free(&input);
        }
    }
}

/* ---- the dictionary ------------------------------------------------------------------------- */

static void print_word(const char *word)
{
    if (word[0] == '\0')
        return;
    putchar('"');
    for (; *word != '\0'; word++)
        if (*word < ' ' || *word > '~' || *word == '"' || *word == '\\')
            printf("\\x%02X", (unsigned)(uint8_t)*word);
        else
            putchar(*word);
    puts("\"");
}

static void print_dictionary(void)
{
    for (size_t i = 0; i < imqtt_dialect_default.commands.count; i++)
        print_word(imqtt_dialect_default.commands.commands[i].name);
    for (size_t i = 0; i < useful_line_count; i++)
        print_word(useful_lines[i]);
    for (size_t i = 0; i < parameter_count; i++)
        print_word(parameters[i]);
    for (size_t i = 0; i < topic_count; i++)
        print_word(topics[i]);
}

int main(int count, char **arguments)
{
    struct script script = {.line_count = 0};
    if (count == 2 && strcmp(arguments[1], "--dictionary") == 0) {
        print_dictionary();
        return 0;
    }
    if (count < 3) {
        fputs("usage: fuzz_corpus FOLDER TRANSCRIPT... | --dictionary\n", stderr);
        return 2;
    }
    struct corpus corpus = {.folder = arguments[1]};
    make_folder(corpus.folder);
    for (int i = 2; i < count; i++)
        if (!script_read(&script, arguments[i]))
            return 1;
    for (size_t i = 0; i < script.scene_count; i++)
        write_scene(&corpus, &script, &script.scenes[i]);
    write_records(&corpus);
    write_registrations(&corpus);
    write_conversations(&corpus);
    script_free(&script);
    printf("%u inputs\n", corpus.written);
    return 0;
}
