/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
/*
 * A log in RAM that is read out of the dump, by the symbol faultline_log: nothing is sent while the device runs.
 */
#ifndef FAULTLINE_LOG_H
#define FAULTLINE_LOG_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Bytes of log kept; a power of two. */
#ifndef FAULTLINE_LOG_CAPACITY
#define FAULTLINE_LOG_CAPACITY 2048
#endif

/* Longer lines are cut; they are put together on the caller's stack. */
#ifndef FAULTLINE_LOG_LINE
#define FAULTLINE_LOG_LINE 112
#endif

#define FAULTLINE_LOG_MAGIC 0x46544C31u

struct faultline_log {
    uint32_t magic;
    uint32_t capacity;
    uint32_t head; /* bytes ever written, modulo 2^32; byte k is at buf[k % capacity] */
    uint32_t reserved;
    uint8_t buf[FAULTLINE_LOG_CAPACITY];
};

extern struct faultline_log faultline_log;

/*
 * Appends `[<uptime ms>] <level> <text>`. Knows %d %u %x (with a width and 0, as in %04x), %s, %c and %%; no floating point.
 * From threads and from interrupt handlers; interrupts are off while the finished line is copied.
 */
void faultline_log_write(char level, const char *format, ...) __attribute__((format(printf, 2, 3)));

#define FAULTLINE_LOG_E(...) faultline_log_write('E', __VA_ARGS__)
#define FAULTLINE_LOG_W(...) faultline_log_write('W', __VA_ARGS__)
#define FAULTLINE_LOG_I(...) faultline_log_write('I', __VA_ARGS__)
#define FAULTLINE_LOG_D(...) faultline_log_write('D', __VA_ARGS__)

#ifdef __cplusplus
}
#endif
#endif
