#define _GNU_SOURCE
#include "CSpawn.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

// Handlers of the parent must not run in the child, which borrows its memory until exec; ignored signals would be
// inherited through exec.
static void restore_signals(void) {
    struct sigaction standard = {.sa_handler = SIG_DFL};
    for (int number = 1; number < NSIG; number++) {
        struct sigaction present;
        if (sigaction(number, NULL, &present) == 0 && present.sa_handler != SIG_DFL) sigaction(number, &standard, NULL);
    }
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static void close_the_rest(void) {
#ifdef SYS_close_range
    if (syscall(SYS_close_range, 3u, ~0u, 0u) == 0) return;
#endif
    long limit = sysconf(_SC_OPEN_MAX);
    for (int descriptor = 3; descriptor < (limit < 0 ? 1024 : limit); descriptor++) close(descriptor);
}

// Runs in the child, in the parent's memory: async-signal-safe calls only, ends in exec or _exit.
static void become(const dtci_child *child, pid_t parent, volatile int *failure) {
    if (setsid() < 0) goto failed;
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0) goto failed;
    if (getppid() != parent) _exit(127);
    if (dup2(child->input, 0) < 0 || dup2(child->output, 1) < 0 || dup2(child->errors, 2) < 0) goto failed;
    if (chdir(child->directory) < 0) goto failed;
    close_the_rest();
    restore_signals();
    execve(child->path, child->arguments, child->environment);
failed:
    *failure = errno;
    _exit(127);
}

pid_t dtci_spawn(const dtci_child *child) {
    volatile int failure = 0;
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t parent = getpid();
    // vfork: no page tables are copied, however large this process is, and the error comes back in shared memory.
    pid_t pid = vfork();
    if (pid == 0) become(child, parent, &failure);
    int error = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (pid < 0) return -error;
    if (failure == 0) return pid;
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {}
    return -failure;
}

int dtci_process_descriptor(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0u); }

int dtci_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

int dtci_memory_file(void) { return memfd_create("dt-ci", MFD_CLOEXEC); }

static const int64_t peak_unit = 1024;

#else
#include <spawn.h>

pid_t dtci_spawn(const dtci_child *child) {
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t actions;
    sigset_t all, none;
    sigfillset(&all);
    sigdelset(&all, SIGKILL);
    sigdelset(&all, SIGSTOP);
    sigemptyset(&none);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(
        &attributes,
        POSIX_SPAWN_SETSID | POSIX_SPAWN_CLOEXEC_DEFAULT | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    posix_spawn_file_actions_adddup2(&actions, child->input, 0);
    posix_spawn_file_actions_adddup2(&actions, child->output, 1);
    posix_spawn_file_actions_adddup2(&actions, child->errors, 2);
    posix_spawn_file_actions_addchdir_np(&actions, child->directory);
    pid_t pid = 0;
    int failure = posix_spawn(&pid, child->path, &actions, &attributes, child->arguments, child->environment);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return failure == 0 ? pid : -failure;
}

int dtci_process_descriptor(pid_t pid) { return -1; }

int dtci_pipe(int ends[2]) {
    if (pipe(ends) < 0) return -1;
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    return 0;
}

int dtci_memory_file(void) { return -1; }

static const int64_t peak_unit = 1;
#endif

int dtci_has_ended(pid_t pid) {
    siginfo_t ending = {0};
    if (waitid(P_PID, (id_t)pid, &ending, WEXITED | WNOHANG | WNOWAIT) < 0) return errno != EINTR;
    return ending.si_pid != 0;
}

static int64_t microseconds(struct timeval time) { return (int64_t)time.tv_sec * 1000000 + time.tv_usec; }

int dtci_reap(pid_t pid, dtci_ending *ending) {
    int status = 0;
    struct rusage usage;
    while (wait4(pid, &status, 0, &usage) < 0) {
        if (errno != EINTR) return -errno;
    }
    ending->code = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
    ending->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    ending->user_microseconds = microseconds(usage.ru_utime);
    ending->system_microseconds = microseconds(usage.ru_stime);
    ending->peak_bytes = (int64_t)usage.ru_maxrss * peak_unit;
    return 0;
}

static volatile int trap_pipe = -1;

static void tell_pipe(int number) {
    int before = errno;
    unsigned char byte = (unsigned char)number;
    // A full pipe already holds more signals than anybody needs.
    if (write(trap_pipe, &byte, 1) < 0) errno = before;
    errno = before;
}

int dtci_trap_signal(int number, int pipe) {
    trap_pipe = pipe;
    struct sigaction action = {.sa_handler = tell_pipe, .sa_flags = SA_RESTART};
    return sigaction(number, &action, NULL);
}

int dtci_is_ignored(int number) {
    struct sigaction present;
    return sigaction(number, NULL, &present) == 0 && present.sa_handler == SIG_IGN;
}

pid_t dtci_any_ended(void) {
    siginfo_t ending = {0};
    return waitid(P_ALL, 0, &ending, WEXITED | WNOHANG | WNOWAIT) == 0 ? ending.si_pid : 0;
}

void dtci_reap_group(pid_t group) {
    while (waitpid(-group, NULL, WNOHANG) > 0) {}
}

int64_t dtci_own_peak_bytes(void) {
    struct rusage usage;
    return getrusage(RUSAGE_SELF, &usage) == 0 ? (int64_t)usage.ru_maxrss * peak_unit : 0;
}
