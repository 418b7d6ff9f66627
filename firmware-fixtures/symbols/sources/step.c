/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */

/* In place of names.cpp, for compilers of C only. */

#include "ring.h"

extern volatile unsigned sink;

unsigned step(unsigned value)
{
    sink = value;
    return sink + value;
}
