/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */

/* Twelve inlined calls inside each other. Odd levels only pass their argument on: they have no rows of their own. */

#include "ring.h"

volatile unsigned sink;

#define INLINE static inline __attribute__((always_inline))

INLINE void level12(unsigned value)
{
    sink = value; /* the innermost */
    sink = value / 3u;
}

INLINE void level11(unsigned value) { level12(value + 11u); }
INLINE void level10(unsigned value) { level11(value); sink = 10u; }
INLINE void level9(unsigned value) { level10(value); }
INLINE void level8(unsigned value) { level9(value); sink = 8u; }
INLINE void level7(unsigned value) { level8(value); }
INLINE void level6(unsigned value) { level7(value); sink = 6u; }
INLINE void level5(unsigned value) { level6(value); }
INLINE void level4(unsigned value) { level5(value); sink = 4u; }
INLINE void level3(unsigned value) { level4(value); }
INLINE void level2(unsigned value) { level3(value); sink = 2u; }
INLINE void level1(unsigned value) { level2(value); }

__attribute__((noinline)) void descend(unsigned value)
{
    level1(value); /* the outermost */
    sink = 0u;
    level12(value); /* once more, without the rest */
}

/* A noreturn call is the last instruction: its return address is the first of the next function. */
__attribute__((noinline, noreturn)) void halt(unsigned code)
{
    sink = code;
    for (;;) {
    }
}

__attribute__((noinline, noreturn)) void refuse(unsigned code)
{
    sink = code;
    halt(code); /* the last instruction */
}

__attribute__((noinline)) void after_refuse(unsigned code)
{
    sink = code + 1u;
}

int program(void)
{
    descend(sink);
    after_refuse(sink);
    return 0;
}

unsigned step(unsigned value)
{
    if (value == 1u) {
        refuse(value);
    }
    return sink;
}
