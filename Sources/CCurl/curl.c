#include "CCurl.h"

#include <curl/curl.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static void *library;
static curl_version_info_data *(*version_info)(CURLversion);

static void open_library(void) {
    static const char *const names[] = {"libcurl.so.4", "libcurl.4.dylib"};
    for (size_t index = 0; index < sizeof names / sizeof *names && !library; index++) {
        library = dlopen(names[index], RTLD_NOW | RTLD_LOCAL);
    }
    if (library) {
        *(void **)&version_info = dlsym(library, "curl_version_info");
    }
}

int dtci_curl_open(void) {
    pthread_once(&once, open_library);
    return library && version_info ? 0 : -1;
}

const char *dtci_curl_version(void) {
    return version_info ? version_info(CURLVERSION_NOW)->version : NULL;
}
