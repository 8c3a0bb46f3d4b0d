#include "CCurl.h"

#include <dlfcn.h>
#include <pthread.h>

// Every function of libcurl that is used: its type as <curl/curl.h> declares it, found by name.
#define FUNCTIONS(USE)        \
    USE(curl_global_init)     \
    USE(curl_version_info)    \
    USE(curl_easy_init)       \
    USE(curl_easy_cleanup)    \
    USE(curl_easy_setopt)     \
    USE(curl_easy_getinfo)    \
    USE(curl_easy_strerror)   \
    USE(curl_slist_append)    \
    USE(curl_slist_free_all)  \
    USE(curl_multi_init)      \
    USE(curl_multi_cleanup)   \
    USE(curl_multi_add_handle) \
    USE(curl_multi_remove_handle) \
    USE(curl_multi_perform)   \
    USE(curl_multi_poll)      \
    USE(curl_multi_wakeup)    \
    USE(curl_multi_info_read)

// The header wraps some of them into type-checking macros.
#undef curl_easy_setopt
#undef curl_easy_getinfo

#define DECLARE(name) __typeof__(name) *name;
static struct {
    FUNCTIONS(DECLARE)
} api;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int is_open;

static void open_library(void) {
    static const char *const names[] = {"libcurl.so.4", "libcurl.4.dylib"};
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
    is_open = !missing && api.curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

int dtci_curl_open(void) {
    pthread_once(&once, open_library);
    return is_open ? 0 : -1;
}

const char *dtci_curl_version(void) {
    return api.curl_version_info(CURLVERSION_NOW)->version;
}

const char *dtci_curl_tls(void) {
    return api.curl_version_info(CURLVERSION_NOW)->ssl_version;
}

const char *dtci_curl_words(CURLcode code) {
    return api.curl_easy_strerror(code);
}

void *dtci_easy_new(void) {
    return api.curl_easy_init();
}

void dtci_easy_free(void *easy) {
    api.curl_easy_cleanup(easy);
}

CURLcode dtci_easy_set_number(void *easy, CURLoption option, long value) {
    return api.curl_easy_setopt(easy, option, value);
}

CURLcode dtci_easy_set_size(void *easy, CURLoption option, curl_off_t value) {
    return api.curl_easy_setopt(easy, option, value);
}

CURLcode dtci_easy_set_text(void *easy, CURLoption option, const char *text) {
    return api.curl_easy_setopt(easy, option, text);
}

CURLcode dtci_easy_set_pointer(void *easy, CURLoption option, void *pointer) {
    return api.curl_easy_setopt(easy, option, pointer);
}

CURLcode dtci_easy_set_data_callback(void *easy, CURLoption option, dtci_data_callback callback) {
    return api.curl_easy_setopt(easy, option, callback);
}

CURLcode dtci_easy_set_seek_callback(void *easy, CURLoption option, dtci_seek_callback callback) {
    return api.curl_easy_setopt(easy, option, callback);
}

CURLcode dtci_easy_set_request_callback(void *easy, CURLoption option, dtci_request_callback callback) {
    return api.curl_easy_setopt(easy, option, callback);
}

long dtci_easy_number(void *easy, CURLINFO info) {
    long value = 0;
    return api.curl_easy_getinfo(easy, info, &value) == CURLE_OK ? value : 0;
}

curl_off_t dtci_easy_size(void *easy, CURLINFO info) {
    curl_off_t value = 0;
    return api.curl_easy_getinfo(easy, info, &value) == CURLE_OK ? value : 0;
}

struct curl_slist *dtci_list_append(struct curl_slist *list, const char *text) {
    return api.curl_slist_append(list, text);
}

void dtci_list_free(struct curl_slist *list) {
    api.curl_slist_free_all(list);
}

void *dtci_multi_new(void) {
    return api.curl_multi_init();
}

void dtci_multi_free(void *multi) {
    api.curl_multi_cleanup(multi);
}

CURLMcode dtci_multi_add(void *multi, void *easy) {
    return api.curl_multi_add_handle(multi, easy);
}

CURLMcode dtci_multi_remove(void *multi, void *easy) {
    return api.curl_multi_remove_handle(multi, easy);
}

CURLMcode dtci_multi_perform(void *multi) {
    int running;
    return api.curl_multi_perform(multi, &running);
}

CURLMcode dtci_multi_wait(void *multi, int milliseconds) {
    return api.curl_multi_poll(multi, NULL, 0, milliseconds, NULL);
}

CURLMcode dtci_multi_wake(void *multi) {
    return api.curl_multi_wakeup(multi);
}

void *dtci_multi_ended(void *multi, CURLcode *result) {
    int left;
    const CURLMsg *message;
    while ((message = api.curl_multi_info_read(multi, &left))) {
        if (message->msg == CURLMSG_DONE) {
            *result = message->data.result;
            return message->easy_handle;
        }
    }
    return NULL;
}
