// libpq, opened at run time: its functions, and nothing more. All but dtci_pq_open may only be called after that has
// returned 0. Handles are `void *`, so that the package's header is all that a build needs.
#ifndef DTCI_CPOSTGRES_H
#define DTCI_CPOSTGRES_H

#include <stddef.h>

// Debian has it in a directory of its own.
#if __has_include(<postgresql/libpq-fe.h>)
#include <postgresql/libpq-fe.h>
#else
#include <libpq-fe.h>
#endif

// Opens libpq, once a process; 0, or -1 if there is none on this machine that has what is needed (12 or newer).
int dtci_pq_open(void);

// The library's version as a number, such as 150018.
int dtci_pq_version(void);

// Begins to connect to the server of a URL; NULL without memory. What servers remark is dropped, never printed.
void *dtci_pq_connect(const char *url, const char *application);
PostgresPollingStatusType dtci_pq_connect_poll(void *connection);
ConnStatusType dtci_pq_status(void *connection);
// The library's words for the last failure; never NULL.
const char *dtci_pq_words(void *connection);
// -1 without one.
int dtci_pq_socket(void *connection);
int dtci_pq_server_version(void *connection);
void dtci_pq_close(void *connection);
// Whether it speaks TLS.
int dtci_pq_is_secure(void *connection);

// Each returns 1, or 0 if it failed.
int dtci_pq_set_nonblocking(void *connection);
int dtci_pq_send_prepare(void *connection, const char *name, const char *statement, int count, const Oid *types);
int dtci_pq_send_prepared(
    void *connection, const char *name, int count, const char *const *values, const int *lengths, const int *formats);
int dtci_pq_send(void *connection, const char *script);
int dtci_pq_consume(void *connection);
// Whether reading a result would wait.
int dtci_pq_is_busy(void *connection);
// 0 when all is sent, 1 while there is more, -1 if it failed.
int dtci_pq_flush(void *connection);

// The next result of what was sent; NULL at its end.
void *dtci_pq_result(void *connection);
ExecStatusType dtci_pq_result_status(void *result);
// The five characters of SQLSTATE; NULL without.
const char *dtci_pq_result_state(void *result);
// The server's one line about a failure; never NULL.
const char *dtci_pq_result_words(void *result);
int dtci_pq_rows(void *result);
int dtci_pq_columns(void *result);
// NULL for a null; the bytes are valid until the result is freed.
const char *dtci_pq_value(void *result, int row, int column, int *length);
// How many rows a statement changed, as text.
const char *dtci_pq_changed(void *result);
void dtci_pq_result_free(void *result);

// The channel of the next notification, to be freed with `free`; NULL if there is none.
char *dtci_pq_notification(void *connection);

#endif
