/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
/* Writes the log, and crashes. */
#include "kernel.h"
#include "logs.h"

#include <stdio.h>
#include <string.h>

#ifndef CONSOLE_BYTES
#define CONSOLE_BYTES 2048
#endif

char console[CONSOLE_BYTES];
#ifdef COUNTED
uint32_t console_head; /* all bytes that were ever written */
#else
uint16_t console_head; /* where the next one goes */
#endif
uint32_t console_size = CONSOLE_BYTES;

static _Alignas(8) char heap[8192];
static size_t heap_used;

/* The C library wants memory for floating-point numbers. */
void *_sbrk(ptrdiff_t more);
void *_sbrk(ptrdiff_t more) {
    char *at = heap + heap_used;
    if (heap_used + (size_t) more > sizeof heap) {
        return (void *) -1;
    }
    heap_used += (size_t) more;
    return at;
}

void print_bytes(const char *bytes, size_t size) {
    for (size_t i = 0; i < size; i++) {
        console[console_head % console_size] = bytes[i];
#ifdef COUNTED
        console_head++;
#else
        console_head = (uint16_t) ((console_head + 1) % console_size);
#endif
    }
}

void print(const char *prefix, const char *format, ...) {
    static char line[256];
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    print_bytes(prefix, strlen(prefix));
    print_bytes(line, size < (int) sizeof line ? (size_t) size : sizeof line - 1);
    print_bytes("\n", 1);
}

void PendSV_Handler(void) {
}

void Sample_Handler(void) {
}

static uint32_t *volatile last_sample;

static __attribute__((noinline)) void store(uint32_t *sample, uint32_t value) {
    sample[1] = value;
}

void start_tasks(void) {
    write_log();
    store(last_sample, 7);
}
