/* Debian's libxml2.a asks ICU for encodings that libxml2 and glibc's iconv do not know. Linking ICU would add 30 MB of
   tables; instead ICU answers here that it knows none. scripts/build-release gives the functions the version suffix
   that the library asks for. */
#define UNKNOWN_ENCODING 2 /* U_FILE_ACCESS_ERROR */

void *ICU(ucnv_open)(const char *name, int *error) {
    (void)name;
    *error = UNKNOWN_ENCODING;
    return 0;
}

void ICU(ucnv_close)(void *converter) { (void)converter; }

void ICU(ucnv_setToUCallBack)(void *c, void *f, void *x, void *of, void *ox, int *error) {
    (void)c, (void)f, (void)x, (void)of, (void)ox;
    *error = UNKNOWN_ENCODING;
}

void ICU(ucnv_setFromUCallBack)(void *c, void *f, void *x, void *of, void *ox, int *error) {
    (void)c, (void)f, (void)x, (void)of, (void)ox;
    *error = UNKNOWN_ENCODING;
}

void ICU(ucnv_convertEx)(void *to, void *from, char **target, const char *targetLimit, const char **source,
                         const char *sourceLimit, void *pivot, void **pivotSource, void **pivotTarget,
                         const void *pivotLimit, signed char reset, signed char flush, int *error) {
    (void)to, (void)from, (void)target, (void)targetLimit, (void)source, (void)sourceLimit, (void)pivot;
    (void)pivotSource, (void)pivotTarget, (void)pivotLimit, (void)reset, (void)flush;
    *error = UNKNOWN_ENCODING;
}

/* libxml2 only passes their addresses. */
void ICU(UCNV_TO_U_CALLBACK_STOP)(void) {}
void ICU(UCNV_FROM_U_CALLBACK_STOP)(void) {}
