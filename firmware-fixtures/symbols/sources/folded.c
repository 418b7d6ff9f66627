/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */

/* Functions of the same instructions, which a linker folds into one. */

#include "ring.h"

volatile unsigned sink;

__attribute__((noinline)) unsigned celsius(unsigned raw)
{
    sink = raw;
    return raw * 9u + 7u; /* celsius */
}

__attribute__((noinline)) unsigned kelvin(unsigned raw)
{
    sink = raw;
    return raw * 9u + 7u; /* kelvin */
}

static __attribute__((noinline)) unsigned rankine(unsigned raw)
{
    sink = raw;
    return raw * 9u + 7u; /* rankine */
}

unsigned step(unsigned value)
{
    return celsius(value) ^ rankine(value + 2u);
}

int program(void)
{
    return (int)(kelvin(sink) + celsius(sink));
}
