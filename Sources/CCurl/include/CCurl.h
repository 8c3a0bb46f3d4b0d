#ifndef DTCI_CCURL_H
#define DTCI_CCURL_H

/// Opens libcurl, once a process; returns 0, or -1 if it is not on this machine.
int dtci_curl_open(void);

/// The version of the library that was opened, such as `8.5.0`; `NULL` before that.
const char *dtci_curl_version(void);

#endif
