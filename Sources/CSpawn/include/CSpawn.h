// Starting and ending child processes: what Swift cannot call itself (vfork, raw system calls) and nothing more.
#ifndef CSPAWN_H
#define CSPAWN_H

#include <stdint.h>
#include <sys/types.h>

// A child to start; strings and arrays as execve wants them.
typedef struct {
    const char *path;
    char *const *arguments;
    char *const *environment;
    const char *directory;
    // Become descriptors 0, 1 and 2; everything else is closed.
    int input;
    int output;
    int errors;
} dtci_child;

// Starts the child in a session (and so a process group) of its own, with default signal handling and, on Linux, killed
// when the calling thread ends. The process id, or the negated errno of the first step that failed.
pid_t dtci_spawn(const dtci_child *child);

// How a child ended.
typedef struct {
    int code;
    // 0 if it exited by itself.
    int signal;
    int64_t user_microseconds;
    int64_t system_microseconds;
    int64_t peak_bytes;
} dtci_ending;

// Whether the child has ended; it stays a zombie, so that its id is not given to another process.
int dtci_has_ended(pid_t pid);

// Takes the ended child's zombie away. 0, or the negated errno.
int dtci_reap(pid_t pid, dtci_ending *ending);

// Takes away zombies of the process group that this process adopted.
void dtci_reap_group(pid_t group);

// A descriptor that becomes readable when the process ends; -1 where the system has none.
int dtci_process_descriptor(pid_t pid);

// The largest resident size that this process has had, in bytes.
int64_t dtci_own_peak_bytes(void);

// An anonymous file in memory; -1 where the system has none.
int dtci_memory_file(void);

// A pipe that no child inherits; 0, or -1 with errno.
int dtci_pipe(int ends[2]);

// From now on each of these signals writes its number as one byte into the pipe, in the moment it comes. 0, or -1 with
// errno.
int dtci_trap_signal(int number, int pipe);

// Whether the process ignores the signal.
int dtci_is_ignored(int number);

// The process that ended first of all children that were not reaped yet; 0 if there is none.
pid_t dtci_any_ended(void);

// Ends what a killed dt-ci leaves: a small process of its own that waits for the other end of a pipe to close.
typedef struct {
    pid_t pid;
    int pipe;
    // Shared with the watchdog: process groups to kill.
    int32_t *groups;
} dtci_watchdog;

enum { DTCI_WATCHDOG_SLOTS = 1024 };

// Forks the watchdog, and makes this process the parent of orphans below it (Linux). After the end of this process the
// watchdog kills the noted groups and every process whose environment has `mark` (`NAME=value`). 0, or a negated errno.
int dtci_watchdog_start(dtci_watchdog *dog, const char *mark);

// Puts a group into a slot; 0 empties it.
void dtci_watchdog_note(const dtci_watchdog *dog, int slot, pid_t group);

// Sends the watchdog away without a kill.
void dtci_watchdog_end(const dtci_watchdog *dog);

// Whether the group has a process that runs; zombies that nobody takes away, as below a container's careless first
// process, don't count (Linux).
int dtci_is_group_alive(pid_t group);

// Processes whose environment has `mark` or whose parent is `parent` (0 = don't look), without this process itself.
int dtci_find_processes(const char *mark, pid_t parent, pid_t *found, int capacity);

#endif
