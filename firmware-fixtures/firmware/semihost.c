/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
#include "semihost.h"

#include <string.h>

#define SYS_OPEN 0x01
#define SYS_CLOSE 0x02
#define SYS_WRITE 0x05
#define SYS_GET_CMDLINE 0x15
#define SYS_EXIT_EXTENDED 0x20
#define MODE_WB 5
#define APPLICATION_EXIT 0x20026

static uint32_t call(uint32_t operation, const void *block) {
    register uint32_t r0 __asm("r0") = operation;
    register const void *r1 __asm("r1") = block;
    __asm volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
}

void semihost_options(char *text, size_t size) {
    uint32_t block[2] = {(uint32_t) text, size};
    if (call(SYS_GET_CMDLINE, block) != 0) {
        text[0] = 0;
    }
}

int semihost_create(const char *path) {
    uint32_t block[3] = {(uint32_t) path, MODE_WB, strlen(path)};
    return (int) call(SYS_OPEN, block);
}

int semihost_write(int handle, const void *bytes, size_t size) {
    uint32_t block[3] = {(uint32_t) handle, (uint32_t) bytes, size};
    return (int) call(SYS_WRITE, block); /* how many bytes were not written */
}

void semihost_close(int handle) {
    uint32_t block[1] = {(uint32_t) handle};
    call(SYS_CLOSE, block);
}

void semihost_exit(uint32_t status) {
    uint32_t block[2] = {APPLICATION_EXIT, status};
    for (;;) {
        call(SYS_EXIT_EXTENDED, block);
    }
}
