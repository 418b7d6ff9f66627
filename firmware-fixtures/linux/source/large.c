/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Faultline authors
 *
 * A process with 400 MiB of random bytes and 40 threads that reads through a small address, thirty calls deep.
 */
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#define BYTES ((size_t)400 << 20)

static void *wait_forever(void *memory) {
    pause();
    return memory;
}

static int descend(volatile int *at, int depth) {
    if (depth == 0) {
        return *at;
    }
    int below = descend(at, depth - 1);
    return below + depth;
}

int main(void) {
    uint64_t *memory = malloc(BYTES);
    uint64_t random = 88172645463325252u;
    for (size_t i = 0; i < BYTES / sizeof *memory; i++) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        memory[i] = random;
    }
    for (int i = 0; i < 40; i++) {
        pthread_t thread;
        pthread_create(&thread, NULL, wait_forever, memory);
    }
    usleep(300 * 1000);
    return descend((volatile int *)8, 30);
}
