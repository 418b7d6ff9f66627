/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */

/* A boot loader and an application in one file, each with its own flash, and a function that runs in RAM. */

#include "ring.h"

volatile unsigned boots;

__attribute__((section(".boot.text"), noinline)) unsigned boot_check(unsigned slot)
{
    boots = slot;
    return boots * 5u;
}

__attribute__((section(".boot.text"))) void boot_start(void)
{
    boots = boot_check(boots) + 1u;
    program();
    for (;;) {
    }
}

/* Copied to RAM at start: it runs while the flash is being written. */
__attribute__((section(".ramfunc"), noinline)) unsigned write_flash(unsigned word)
{
    boots ^= word;
    return boots + 3u;
}

unsigned (*volatile writer)(unsigned) = write_flash;
