/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */

/* Like a kernel module: an object that nobody has linked, with code in several sections. */

#include "ring.h"

extern volatile unsigned sink_module;

__attribute__((section(".init.text"), noinline)) int module_begin(int argument)
{
    sink_module = (unsigned)argument;
    return program();
}

__attribute__((section(".exit.text"), noinline)) void module_end(void)
{
    sink_module = step(sink_module);
}

volatile unsigned sink_module;
