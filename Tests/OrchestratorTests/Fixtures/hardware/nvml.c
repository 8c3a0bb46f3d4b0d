/* The functions of NVIDIA's management library that dt-ci calls, for a machine of CARDS cards.
 *
 * CARDS   how many there are
 * CODE    what nvmlInit_v2 answers
 * HANGS   nvmlInit_v2 never answers
 * CUT     the first card is cut in two
 * BARE    only nvmlInit_v2 is there, as in a broken library
 */
#include <stdio.h>
#include <unistd.h>

#ifndef CARDS
#define CARDS 2
#endif
#ifndef CODE
#define CODE 0
#endif

static int handles[CARDS + 3];

int nvmlInit_v2(void) {
#ifdef HANGS
    for (;;) pause();
#endif
    return CODE;
}

#ifndef BARE
int nvmlShutdown(void) { return 0; }

const char *nvmlErrorString(int code) { return code == 9 ? "Driver Not Loaded" : "Unknown Error"; }

int nvmlDeviceGetCount_v2(unsigned int *count) {
    *count = CARDS;
    return 0;
}

int nvmlDeviceGetHandleByIndex_v2(unsigned int index, void **device) {
    if (index >= CARDS) return 2;
    handles[index] = (int)index;
    *device = &handles[index];
    return 0;
}

int nvmlSystemGetDriverVersion(char *text, unsigned int length) {
    snprintf(text, length, "550.54.15");
    return 0;
}

int nvmlDeviceGetName(void *device, char *text, unsigned int length) {
    int number = *(int *)device;
    snprintf(text, length, number >= 100 ? "NVIDIA H100 80GB HBM3 MIG 1g.10gb" : "NVIDIA H100 80GB HBM3");
    return 0;
}

int nvmlDeviceGetUUID(void *device, char *text, unsigned int length) {
    int number = *(int *)device;
    snprintf(text, length, number >= 100 ? "MIG-%08d-0000" : "GPU-%08d-0000", number);
    return 0;
}

int nvmlDeviceGetMemoryInfo(void *device, unsigned long long *memory) {
    memory[0] = *(int *)device >= 100 ? 10ULL << 30 : 80ULL << 30;
    memory[1] = 1;
    memory[2] = memory[0] - 1;
    return 0;
}

int nvmlDeviceGetCudaComputeCapability(void *device, int *major, int *minor) {
    (void)device;
    *major = 9;
    *minor = 0;
    return 0;
}

int nvmlDeviceGetMigMode(void *device, unsigned int *current, unsigned int *pending) {
#ifdef CUT
    *current = *(int *)device == 0;
#else
    (void)device;
    *current = 0;
#endif
    *pending = *current;
    return 0;
}

int nvmlDeviceGetMaxMigDeviceCount(void *device, unsigned int *count) {
    (void)device;
    *count = 7;
    return 0;
}

int nvmlDeviceGetMigDeviceHandleByIndex(void *device, unsigned int index, void **instance) {
    (void)device;
    if (index >= 2) return 6;
    handles[CARDS + index] = 100 + (int)index;
    *instance = &handles[CARDS + index];
    return 0;
}
#endif
