#include "scenario/bench.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define READY_MS     10000
#define BROKER_TRIES 3

static bool fail(char problem[BENCH_PROBLEM_BYTES], const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(problem, BENCH_PROBLEM_BYTES, format, arguments);
    va_end(arguments);
    return false;
}

static FILE *create(const struct bench *bench, const char *name, char path[BENCH_PATH_BYTES + 32])
{
    (void)snprintf(path, BENCH_PATH_BYTES + 32, "%s/%s", bench->folder, name);
    return fopen(path, "we");
}

/* ---- the broker ----------------------------------------------------------------------------- */

static int local_socket(uint16_t port, int (*act)(int, const struct sockaddr *, socklen_t))
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && act(fd, (struct sockaddr *)&address, sizeof address) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

static uint16_t free_port(void)
{
    struct sockaddr_in address = {0};
    socklen_t bytes = sizeof address;
    int fd = local_socket(0, bind);
    if (fd < 0)
        return 0;
    getsockname(fd, (struct sockaddr *)&address, &bytes);
    close(fd);
    return ntohs(address.sin_port);
}

/* Mosquitto tells nobody that it listens: it is tried, every few milliseconds. */
static bool broker_listens(struct bench *bench)
{
    int status;
    for (int waited = 0; waited < READY_MS; waited += 5) {
        struct pollfd ended = {.fd = bench->processes[BENCH_BROKER].ended, .events = POLLIN};
        int fd = local_socket(bench->broker_port, connect);
        if (fd >= 0)
            return close(fd) == 0;
        if (poll(&ended, 1, 5) > 0 && child_has_ended(&bench->processes[BENCH_BROKER], &status))
            return false;
    }
    return false;
}

/* Where Debian puts it, which is not on the path of every user. */
static char *broker_program(void)
{
    static char program[] = "/usr/sbin/mosquitto", by_path[] = "mosquitto";
    return access(program, X_OK) == 0 ? program : by_path;
}

/* Starts a program that says nothing. */
static bool start_quietly(struct child *child, char *const *words)
{
    int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    bool is_started = child_start(child, words, (struct child_output){nowhere, nowhere});
    close(nowhere);
    return is_started;
}

/* Of nobody: the modem of a bench does not look, for it is led here by every name. */
static bool make_certificate(const struct bench *bench)
{
    char key[BENCH_PATH_BYTES + 32], certificate[BENCH_PATH_BYTES + 32];
    struct child child = {0};
    (void)snprintf(key, sizeof key, "%s/key.pem", bench->folder);
    (void)snprintf(certificate, sizeof certificate, "%s/certificate.pem", bench->folder);
    char *words[] = {"openssl",
                     "req",
                     "-x509",
                     "-newkey",
                     "ec",
                     "-pkeyopt",
                     "ec_paramgen_curve:P-256",
                     "-nodes",
                     "-days",
                     "2",
                     "-subj",
                     "/CN=imqtt bench",
                     "-keyout",
                     key,
                     "-out",
                     certificate,
                     NULL};
    return start_quietly(&child, words) && child_wait(&child, READY_MS);
}

static bool write_broker_configuration(const struct bench *bench, char path[BENCH_PATH_BYTES + 32])
{
    FILE *file = create(bench, "mosquitto.conf", path);
    if (file == NULL)
        return false;
    (void)fprintf(file,
                  "allow_anonymous true\nlog_dest none\nmax_queued_messages 0\n"
                  "max_inflight_messages 0\n%slistener %u 127.0.0.1\nlistener %u 127.0.0.1\n"
                  "certfile %s/certificate.pem\nkeyfile %s/key.pem\n",
                  geteuid() == 0 ? "user root\n" : "", (unsigned)bench->broker_port,
                  (unsigned)bench->tls_port, bench->folder, bench->folder);
    return fclose(file) == 0;
}

static bool try_broker(struct bench *bench)
{
    char path[BENCH_PATH_BYTES + 32];
    bench->broker_port = free_port();
    bench->tls_port = free_port();
    if (!make_certificate(bench) || !write_broker_configuration(bench, path))
        return false;
    char *words[] = {broker_program(), "-c", path, NULL};
    return start_quietly(&bench->processes[BENCH_BROKER], words) && broker_listens(bench);
}

/* Somebody else may take the port between finding it and listening on it. */
static bool start_broker(struct bench *bench, char problem[BENCH_PROBLEM_BYTES])
{
    for (int i = 0; i < BROKER_TRIES; i++) {
        if (try_broker(bench))
            return true;
        child_end(&bench->processes[BENCH_BROKER]);
    }
    return fail(problem, "the broker (mosquitto) does not start");
}

/* ---- the daemon ----------------------------------------------------------------------------- */

static bool write_configuration(const struct bench *bench, const struct bench_wish *wish,
                                char path[BENCH_PATH_BYTES + 32])
{
    FILE *file = create(bench, "imqttd.conf", path);
    if (file == NULL)
        return false;
    (void)fprintf(file,
                  "[imqttd]\ncontrol = %s\nlog = error\nvirtual-time = %s\n[modem %s]\npty = %s\n",
                  bench->socket, wish->has_virtual_time ? "yes" : "no",
                  wish->modem != NULL ? wish->modem : "modem", bench->pty);
    if (wish->has_broker)
        (void)fprintf(file,
                      "connect-to = *:8883=127.0.0.1:%u\nconnect-to = *=127.0.0.1:%u\n"
                      "tls-insecure = yes\n",
                      (unsigned)bench->tls_port, (unsigned)bench->broker_port);
    for (size_t i = 0; i < wish->setting_count; i++)
        (void)fprintf(file, "%s\n", wish->settings[i]);
    return fclose(file) == 0;
}

/* The daemon beside this program, or the one on the path. */
static char *daemon_program(char path[BENCH_PATH_BYTES])
{
    static char by_path[] = "imqttd";
    ssize_t count = readlink("/proc/self/exe", path, BENCH_PATH_BYTES - sizeof by_path);
    char *slash = count > 0 ? memrchr(path, '/', (size_t)count) : NULL;
    if (slash == NULL)
        return by_path;
    memcpy(slash + 1, by_path, sizeof by_path);
    return access(path, X_OK) == 0 ? path : by_path;
}

/* "ready pty …" is the first line it says, and says that the control interface is there. */
static bool daemon_is_ready(int output)
{
    struct pollfd said = {.fd = output, .events = POLLIN};
    char line[6];
    return poll(&said, 1, READY_MS) > 0 && read(output, line, sizeof line) == sizeof line &&
           memcmp(line, "ready ", sizeof line) == 0;
}

static bool start_daemon(struct bench *bench, const struct bench_wish *wish,
                         char problem[BENCH_PROBLEM_BYTES])
{
    char configuration[BENCH_PATH_BYTES + 32], program[BENCH_PATH_BYTES];
    int output[2];
    if (!write_configuration(bench, wish, configuration) || pipe2(output, O_CLOEXEC) != 0)
        return fail(problem, "%s: %s", bench->folder, strerror(errno));
    char *words[] = {daemon_program(program), "--config", configuration, NULL};
    bool is_ready =
        child_start(&bench->processes[BENCH_DAEMON], words, (struct child_output){output[1], -1});
    close(output[1]);
    is_ready = is_ready && daemon_is_ready(output[0]);
    close(output[0]);
    return is_ready || fail(problem, "the daemon (%s) does not start", words[0]);
}

/* ---- all of it ------------------------------------------------------------------------------ */

static bool make_folder(struct bench *bench, char problem[BENCH_PROBLEM_BYTES])
{
    const char *place = getenv("TMPDIR"), *pty = getenv("IMQTT_PTY");
    (void)snprintf(bench->folder, sizeof bench->folder, "%.200s/imqtt-bench-XXXXXX",
                   place != NULL && *place != '\0' ? place : "/tmp");
    if (mkdtemp(bench->folder) == NULL)
        return fail(problem, "%s: %s", bench->folder, strerror(errno));
    (void)snprintf(bench->socket, sizeof bench->socket, "%s/control", bench->folder);
    if (pty != NULL && *pty != '\0')
        (void)snprintf(bench->pty, sizeof bench->pty, "%s", pty);
    else
        (void)snprintf(bench->pty, sizeof bench->pty, "%s/modem", bench->folder);
    return true;
}

bool bench_start(struct bench *bench, const struct bench_wish *wish,
                 char problem[BENCH_PROBLEM_BYTES])
{
    *bench = (struct bench){.folder = ""};
    return make_folder(bench, problem) && (!wish->has_broker || start_broker(bench, problem)) &&
           start_daemon(bench, wish, problem);
}

bool bench_start_host(struct bench *bench, const struct bench_wish *wish,
                      char problem[BENCH_PROBLEM_BYTES])
{
    if (wish->host == NULL)
        return true;
    const char *before = getenv("IMQTT_PTY");
    if (before == NULL || *before == '\0')
        setenv("IMQTT_PTY", bench->pty, 1);
    bool is_started = child_start(&bench->processes[BENCH_HOST], wish->host,
                                  (struct child_output){STDERR_FILENO, -1});
    if (before == NULL || *before == '\0')
        unsetenv("IMQTT_PTY");
    return is_started || fail(problem, "%s: %s", wish->host[0], strerror(errno));
}

void bench_end(struct bench *bench)
{
    static const char *const files[] = {"mosquitto.conf", "imqttd.conf", "control",
                                        "modem",          "key.pem",     "certificate.pem"};
    child_end(&bench->processes[BENCH_HOST]);
    child_end(&bench->processes[BENCH_DAEMON]);
    child_kill(
        &bench->processes[BENCH_BROKER]); /* it keeps nothing, and would take 100 ms to end */
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char path[BENCH_PATH_BYTES + 32];
        (void)snprintf(path, sizeof path, "%s/%s", bench->folder, files[i]);
        unlink(path);
    }
    if (bench->folder[0] != '\0')
        rmdir(bench->folder);
}
