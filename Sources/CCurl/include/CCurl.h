// libcurl, opened at run time: its functions as plain, non-variadic ones, and nothing more. All but dtci_curl_open may
// only be called after that has returned 0. Handles are `void *`, since the type's spelling differs between versions.
#ifndef DTCI_CCURL_H
#define DTCI_CCURL_H

#include <curl/curl.h>
#include <stddef.h>

// Opens and initialises libcurl, once a process; 0, or -1 if there is none on this machine that has what is needed
// (7.68 or newer).
int dtci_curl_open(void);

// The version of the library that was opened, such as `8.5.0`.
const char *dtci_curl_version(void);

// What it does TLS with, such as `OpenSSL/3.0.15`; NULL if it cannot.
const char *dtci_curl_tls(void);

// What a result means, in libcurl's words.
const char *dtci_curl_words(CURLcode code);

// Takes bytes of an answer, or gives bytes of a body.
typedef size_t (*dtci_data_callback)(char *bytes, size_t size, size_t count, void *context);
// Goes to a place of the body.
typedef int (*dtci_seek_callback)(void *context, curl_off_t offset, int origin);
// Is told that a request is about to be sent.
typedef int (*dtci_request_callback)(
    void *context, char *remote_address, char *local_address, int remote_port, int local_port);

void *dtci_easy_new(void);
void dtci_easy_free(void *easy);
CURLcode dtci_easy_set_number(void *easy, CURLoption option, long value);
CURLcode dtci_easy_set_size(void *easy, CURLoption option, curl_off_t value);
CURLcode dtci_easy_set_text(void *easy, CURLoption option, const char *text);
CURLcode dtci_easy_set_pointer(void *easy, CURLoption option, void *pointer);
CURLcode dtci_easy_set_data_callback(void *easy, CURLoption option, dtci_data_callback callback);
CURLcode dtci_easy_set_seek_callback(void *easy, CURLoption option, dtci_seek_callback callback);
CURLcode dtci_easy_set_request_callback(void *easy, CURLoption option, dtci_request_callback callback);
// 0 for what is not known.
long dtci_easy_number(void *easy, CURLINFO info);
// 0 for what is not known.
curl_off_t dtci_easy_size(void *easy, CURLINFO info);

// The list with one more text, which is copied; NULL without memory, the old list stays as it is.
struct curl_slist *dtci_list_append(struct curl_slist *list, const char *text);
void dtci_list_free(struct curl_slist *list);

void *dtci_multi_new(void);
void dtci_multi_free(void *multi);
CURLMcode dtci_multi_add(void *multi, void *easy);
CURLMcode dtci_multi_remove(void *multi, void *easy);
CURLMcode dtci_multi_perform(void *multi);
// Waits for the network or dtci_multi_wake, at most that long.
CURLMcode dtci_multi_wait(void *multi, int milliseconds);
// From any thread while the handle lives.
CURLMcode dtci_multi_wake(void *multi);
// The next transfer that ended and how; NULL if there is none.
void *dtci_multi_ended(void *multi, CURLcode *result);

#endif
