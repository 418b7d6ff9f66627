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

static uintptr_t call(uintptr_t operation, const void *block) {
#ifdef __riscv
    register uintptr_t a0 __asm("a0") = operation;
    register const void *a1 __asm("a1") = block;
    __asm volatile(".option push\n"
                   ".option norvc\n"
                   ".balign 16\n" /* all three in one page */
                   "slli x0, x0, 0x1f\n"
                   "ebreak\n"
                   "srai x0, x0, 7\n"
                   ".option pop\n"
                   : "+r"(a0)
                   : "r"(a1)
                   : "memory");
    return a0;
#else
    register uintptr_t r0 __asm("r0") = operation;
    register const void *r1 __asm("r1") = block;
    __asm volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
#endif
}

void semihost_options(char *text, size_t size) {
    uintptr_t block[2] = {(uintptr_t) text, size};
    if (call(SYS_GET_CMDLINE, block) != 0) {
        text[0] = 0;
    }
}

int semihost_create(const char *path) {
    uintptr_t block[3] = {(uintptr_t) path, MODE_WB, strlen(path)};
    return (int) call(SYS_OPEN, block);
}

int semihost_write(int handle, const void *bytes, size_t size) {
    uintptr_t block[3] = {(uintptr_t) handle, (uintptr_t) bytes, size};
    return (int) call(SYS_WRITE, block); /* how many bytes were not written */
}

void semihost_close(int handle) {
    uintptr_t block[1] = {(uintptr_t) handle};
    call(SYS_CLOSE, block);
}

void semihost_exit(uint32_t status) {
    uintptr_t block[2] = {APPLICATION_EXIT, status};
    for (;;) {
        call(SYS_EXIT_EXTENDED, block);
    }
}
