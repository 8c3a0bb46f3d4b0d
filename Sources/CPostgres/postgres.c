#include "CPostgres.h"

#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

// Every function of libpq that is used: its type as <libpq-fe.h> declares it, found by name.
#define FUNCTIONS(USE)       \
    USE(PQlibVersion)        \
    USE(PQconnectStartParams) \
    USE(PQconnectPoll)       \
    USE(PQstatus)            \
    USE(PQerrorMessage)      \
    USE(PQsocket)            \
    USE(PQserverVersion)     \
    USE(PQfinish)            \
    USE(PQsslInUse)          \
    USE(PQsetnonblocking)    \
    USE(PQsetNoticeProcessor) \
    USE(PQsendPrepare)       \
    USE(PQsendQueryPrepared) \
    USE(PQsendQuery)         \
    USE(PQconsumeInput)      \
    USE(PQisBusy)            \
    USE(PQflush)             \
    USE(PQgetResult)         \
    USE(PQresultStatus)      \
    USE(PQresultErrorField)  \
    USE(PQntuples)           \
    USE(PQnfields)           \
    USE(PQgetisnull)         \
    USE(PQgetlength)         \
    USE(PQgetvalue)          \
    USE(PQcmdTuples)         \
    USE(PQclear)             \
    USE(PQnotifies)          \
    USE(PQfreemem)

#define DECLARE(name) __typeof__(name) *name;
static struct {
    FUNCTIONS(DECLARE)
} api;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int is_open;

static void open_library(void) {
    static const char *const names[] = {"libpq.so.5", "libpq.5.dylib"};
    void *library = NULL;
    for (size_t index = 0; index < sizeof names / sizeof *names && !library; index++) {
        library = dlopen(names[index], RTLD_NOW | RTLD_LOCAL);
    }
    if (!library) {
        return;
    }
    int missing = 0;
#define FIND(name) missing |= !(*(void **)&api.name = dlsym(library, #name));
    FUNCTIONS(FIND)
    is_open = !missing;
}

int dtci_pq_open(void) {
    pthread_once(&once, open_library);
    return is_open ? 0 : -1;
}

int dtci_pq_version(void) {
    return api.PQlibVersion();
}

static void drop_notice(void *context, const char *words) {
    (void)context;
    (void)words;
}

void *dtci_pq_connect(const char *url, const char *application) {
    // What comes later wins, so a URL may name the application itself.
    const char *const keys[] = {"fallback_application_name", "client_encoding", "dbname", NULL};
    const char *const values[] = {application, "UTF8", url, NULL};
    PGconn *connection = api.PQconnectStartParams(keys, values, 1);
    if (connection) {
        api.PQsetNoticeProcessor(connection, drop_notice, NULL);
    }
    return connection;
}

PostgresPollingStatusType dtci_pq_connect_poll(void *connection) {
    return api.PQconnectPoll(connection);
}

ConnStatusType dtci_pq_status(void *connection) {
    return api.PQstatus(connection);
}

const char *dtci_pq_words(void *connection) {
    return api.PQerrorMessage(connection);
}

int dtci_pq_socket(void *connection) {
    return api.PQsocket(connection);
}

int dtci_pq_server_version(void *connection) {
    return api.PQserverVersion(connection);
}

void dtci_pq_close(void *connection) {
    api.PQfinish(connection);
}

int dtci_pq_is_secure(void *connection) {
    return api.PQsslInUse(connection);
}

int dtci_pq_set_nonblocking(void *connection) {
    return api.PQsetnonblocking(connection, 1) == 0;
}

int dtci_pq_send_prepare(void *connection, const char *name, const char *statement, int count, const Oid *types) {
    return api.PQsendPrepare(connection, name, statement, count, types);
}

int dtci_pq_send_prepared(
    void *connection, const char *name, int count, const char *const *values, const int *lengths, const int *formats) {
    return api.PQsendQueryPrepared(connection, name, count, values, lengths, formats, 0);
}

int dtci_pq_send(void *connection, const char *script) {
    return api.PQsendQuery(connection, script);
}

int dtci_pq_consume(void *connection) {
    return api.PQconsumeInput(connection);
}

int dtci_pq_is_busy(void *connection) {
    return api.PQisBusy(connection);
}

int dtci_pq_flush(void *connection) {
    return api.PQflush(connection);
}

void *dtci_pq_result(void *connection) {
    return api.PQgetResult(connection);
}

ExecStatusType dtci_pq_result_status(void *result) {
    return api.PQresultStatus(result);
}

const char *dtci_pq_result_state(void *result) {
    return api.PQresultErrorField(result, PG_DIAG_SQLSTATE);
}

const char *dtci_pq_result_words(void *result) {
    const char *words = api.PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    return words ? words : "";
}

int dtci_pq_rows(void *result) {
    return api.PQntuples(result);
}

int dtci_pq_columns(void *result) {
    return api.PQnfields(result);
}

const char *dtci_pq_value(void *result, int row, int column, int *length) {
    if (api.PQgetisnull(result, row, column)) {
        return NULL;
    }
    *length = api.PQgetlength(result, row, column);
    return api.PQgetvalue(result, row, column);
}

const char *dtci_pq_changed(void *result) {
    return api.PQcmdTuples(result);
}

void dtci_pq_result_free(void *result) {
    api.PQclear(result);
}

char *dtci_pq_notification(void *connection) {
    PGnotify *notification = api.PQnotifies(connection);
    if (!notification) {
        return NULL;
    }
    char *channel = strdup(notification->relname);
    api.PQfreemem(notification);
    return channel;
}
