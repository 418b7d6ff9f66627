/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
#ifndef BYTES_H
#define BYTES_H

#include <stdint.h>

struct pair {
    uint32_t low;
    uint32_t high;
};

static inline uint32_t read_pair(const uint8_t *bytes) {
    uint32_t low, high;
    __asm volatile("ldrd %0, %1, [%2]" : "=&r"(low), "=&r"(high) : "r"(bytes)); /* what a compiler makes of two loads */
    return low + high;
}

#endif
