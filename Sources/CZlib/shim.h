#ifndef DTCI_CZLIB_SHIM_H
#define DTCI_CZLIB_SHIM_H

#include <zlib.h>

#endif
