#include "scenario/child.h"

#include <err.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define GRACE_MS 2000

static _Noreturn void become(char *const *words, struct child_output output, pid_t parent)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent)
        _exit(127);
    if (output.out >= 0)
        dup2(output.out, STDOUT_FILENO);
    if (output.err >= 0)
        dup2(output.err, STDERR_FILENO);
    execvp(words[0], words);
    warn("%s", words[0]);
    _exit(127);
}

bool child_start(struct child *child, char *const *words, struct child_output output)
{
    pid_t parent = getpid(), pid = fork();
    if (pid == 0)
        become(words, output, parent);
    if (pid < 0)
        return false;
    *child = (struct child){pid, (int)syscall(SYS_pidfd_open, pid, 0)};
    return true;
}

bool child_has_ended(struct child *child, int *status)
{
    if (child->pid == 0 || waitpid(child->pid, status, WNOHANG) != child->pid)
        return false;
    close(child->ended);
    child->pid = 0;
    return true;
}

bool child_wait(struct child *child, int timeout_ms)
{
    int status = -1;
    struct pollfd wait = {.fd = child->ended, .events = POLLIN};
    if (poll(&wait, 1, timeout_ms) > 0 && child_has_ended(child, &status))
        return status == 0;
    child_end(child);
    return false;
}

static void bury(struct child *child)
{
    int status;
    waitpid(child->pid, &status, 0);
    close(child->ended);
    child->pid = 0;
}

void child_end(struct child *child)
{
    int status;
    struct pollfd wait = {.fd = child->ended, .events = POLLIN};
    if (child->pid == 0 || child_has_ended(child, &status))
        return;
    kill(child->pid, SIGTERM);
    if (poll(&wait, 1, GRACE_MS) <= 0)
        kill(child->pid, SIGKILL);
    bury(child);
}

void child_kill(struct child *child)
{
    if (child->pid == 0)
        return;
    kill(child->pid, SIGKILL);
    bury(child);
}
