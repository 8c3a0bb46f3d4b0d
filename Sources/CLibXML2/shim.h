#ifndef DTCI_CLIBXML2_SHIM_H
#define DTCI_CLIBXML2_SHIM_H

// Debian's libxml2 is built with ICU, whose headers clash with the ICU in Swift's Foundation. Nothing here needs them:
// the macro only adds fields at the end of a structure that is never made on this side.
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/SAX2.h>
#include <libxml/xmlerror.h>

#endif
