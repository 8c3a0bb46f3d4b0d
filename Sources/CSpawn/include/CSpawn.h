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

#endif
