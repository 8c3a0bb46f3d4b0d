#define _GNU_SOURCE
#include "CSpawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/prctl.h>
#include <sys/syscall.h>

// What getdents64 gives; glibc's own reader of directories would need malloc, which is not to be called after fork.
struct entry {
    uint64_t inode;
    int64_t offset;
    unsigned short length;
    unsigned char type;
    char name[];
};

// "/proc/<process>/<file>"
static int open_of_process(const char *process, const char *file) {
    char path[64] = "/proc/";
    if (strlen(process) > 16) return -1;
    strcat(strcat(strcat(path, process), "/"), file);
    return open(path, O_RDONLY | O_CLOEXEC);
}

// Whether the environment that the process was started with has the entry; read in pieces, however large it is.
static int has_mark(const char *process, const char *mark) {
    static const size_t capacity = 32 << 10;
    char buffer[capacity];
    size_t length = strlen(mark) + 1, kept = 1;
    int file = open_of_process(process, "environ");
    if (file < 0 || length + 1 > capacity / 2) {
        if (file >= 0) close(file);
        return 0;
    }
    // Every entry begins after a NUL and ends with one.
    buffer[0] = 0;
    int found = 0;
    ssize_t count;
    while (!found && (count = read(file, buffer + kept, capacity - kept)) > 0) {
        size_t filled = kept + (size_t)count;
        for (char *at = buffer; (at = memmem(at, filled - (size_t)(at - buffer), mark, length)) != NULL; at++) {
            if (at > buffer && at[-1] == 0) {
                found = 1;
                break;
            }
        }
        kept = filled < length ? filled : length;
        memmove(buffer, buffer + filled - kept, kept);
    }
    close(file);
    return found;
}

// What /proc/<process>/stat says; all zero if the process is gone.
struct standing {
    char state;
    pid_t parent;
    pid_t group;
};

static struct standing standing_of(const char *process) {
    struct standing none = {0}, found = {0};
    char buffer[512];
    int file = open_of_process(process, "stat");
    if (file < 0) return none;
    ssize_t count = read(file, buffer, sizeof buffer - 1);
    close(file);
    if (count <= 0) return none;
    buffer[count] = 0;
    // The name in parentheses may hold anything; then ") S 1 2 …".
    char *end = strrchr(buffer, ')');
    if (end == NULL || strlen(end) < 6) return none;
    found.state = end[2];
    found.parent = (pid_t)strtol(end + 4, &end, 10);
    found.group = (pid_t)strtol(end, NULL, 10);
    return found;
}

// Calls `visit` with every process that there is until it returns other than 0.
static void for_each_process(int (*visit)(const char *process, void *context), void *context) {
    _Alignas(struct entry) char buffer[8192];
    int directory = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC), stop = directory < 0;
    long count;
    while (!stop && (count = syscall(SYS_getdents64, directory, buffer, sizeof buffer)) > 0) {
        for (long at = 0; !stop && at < count;) {
            struct entry *entry = (struct entry *)(buffer + at);
            at += entry->length;
            if (entry->name[0] >= '1' && entry->name[0] <= '9') stop = visit(entry->name, context);
        }
    }
    if (directory >= 0) close(directory);
}

struct search {
    const char *mark;
    pid_t parent;
    pid_t *found;
    int capacity;
    int total;
};

static int collect(const char *name, void *context) {
    struct search *search = context;
    pid_t process = (pid_t)strtol(name, NULL, 10);
    if (process <= 1 || process == getpid()) return 0;
    int is_child = search->parent > 0 && standing_of(name).parent == search->parent;
    if (is_child || has_mark(name, search->mark)) search->found[search->total++] = process;
    return search->total == search->capacity;
}

int dtci_find_processes(const char *mark, pid_t parent, pid_t *found, int capacity) {
    struct search search = {.mark = mark, .parent = parent, .found = found, .capacity = capacity};
    for_each_process(collect, &search);
    return search.total;
}

struct membership {
    pid_t group;
    int is_alive;
};

static int is_member(const char *name, void *context) {
    struct membership *membership = context;
    struct standing standing = standing_of(name);
    membership->is_alive = standing.group == membership->group && standing.state != 'Z' && standing.state != 'X';
    return membership->is_alive;
}

int dtci_is_group_alive(pid_t group) {
    if (kill(-group, 0) < 0 && errno != EPERM) return 0;
    struct membership membership = {.group = group};
    for_each_process(is_member, &membership);
    return membership.is_alive;
}

static void adopt_orphans(void) { prctl(PR_SET_CHILD_SUBREAPER, 1); }

static void take_name(void) { prctl(PR_SET_NAME, "dt-ci-watchdog"); }

static void close_from(unsigned first) {
#ifdef SYS_close_range
    if (syscall(SYS_close_range, first, ~0u, 0u) == 0) return;
#endif
    long limit = sysconf(_SC_OPEN_MAX);
    for (int file = (int)first; file < (limit < 0 ? 1024 : limit); file++) close(file);
}
#else
int dtci_find_processes(const char *mark, pid_t parent, pid_t *found, int capacity) { return 0; }

int dtci_is_group_alive(pid_t group) { return kill(-group, 0) == 0 || errno == EPERM; }

static void adopt_orphans(void) {}

static void take_name(void) {}

static void close_from(unsigned first) {
    for (int file = (int)first; file < getdtablesize(); file++) close(file);
}
#endif

extern char **environ;

// The watchdog belongs to no run: neither a signal to a group nor the sweep of an outer dt-ci is meant for it.
static void become_independent(int pipe) {
    setsid();
    for (int number = 1; number < NSIG; number++) signal(number, SIG_IGN);
    take_name();
    for (char **variable = environ; variable != NULL && *variable != NULL; variable++) {
        memset(*variable, 0, strlen(*variable));
    }
    // The pipes that dt-ci was given must not stay open because of the watchdog.
    dup2(pipe, 0);
    close_from(1);
    if (chdir("/") != 0) _exit(1);
}

static void kill_all(const volatile int32_t *groups, const char *mark) {
    pid_t found[256];
    for (int pass = 0; pass < 100; pass++) {
        for (int slot = 0; slot < DTCI_WATCHDOG_SLOTS; slot++) {
            if (pass == 0 && groups[slot] > 1) kill(-groups[slot], SIGKILL);
        }
        int count = dtci_find_processes(mark, 0, found, 256);
        for (int index = 0; index < count; index++) kill(found[index], SIGKILL);
        if (count == 0) return;
        usleep(10000);
    }
}

static void watch(int pipe, const volatile int32_t *groups, const char *mark) {
    become_independent(pipe);
    char farewell;
    ssize_t count;
    while ((count = read(0, &farewell, 1)) < 0 && errno == EINTR) {}
    if (count == 0) kill_all(groups, mark);
    _exit(0);
}

int dtci_watchdog_start(dtci_watchdog *dog, const char *mark) {
    int ends[2];
    size_t size = DTCI_WATCHDOG_SLOTS * sizeof(int32_t);
    int32_t *groups = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (groups == MAP_FAILED) return -errno;
    if (dtci_pipe(ends) < 0) {
        munmap(groups, size);
        return -errno;
    }
    sigset_t all, before;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before);
    pid_t pid = fork();
    if (pid == 0) watch(ends[0], groups, mark);
    int error = errno;
    sigprocmask(SIG_SETMASK, &before, NULL);
    close(ends[0]);
    if (pid < 0) {
        close(ends[1]);
        munmap(groups, size);
        return -error;
    }
    adopt_orphans();
    *dog = (dtci_watchdog){.pid = pid, .pipe = ends[1], .groups = groups};
    return 0;
}

void dtci_watchdog_note(const dtci_watchdog *dog, int slot, pid_t group) {
    __atomic_store_n(&dog->groups[slot], group, __ATOMIC_SEQ_CST);
}

void dtci_watchdog_end(const dtci_watchdog *dog) {
    char farewell = 'q';
    while (write(dog->pipe, &farewell, 1) < 0 && errno == EINTR) {}
    close(dog->pipe);
    while (waitpid(dog->pid, NULL, 0) < 0 && errno == EINTR) {}
    munmap(dog->groups, DTCI_WATCHDOG_SLOTS * sizeof(int32_t));
}
