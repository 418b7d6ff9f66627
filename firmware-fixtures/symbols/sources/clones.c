/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */

/* What compilers make of functions: .isra, .constprop, .part, .cold, and code that is laid out far from its function. */

#include "ring.h"

extern volatile unsigned sink;

struct settings {
    unsigned first;
    unsigned second;
    unsigned unused[6];
};

static struct settings settings = {1, 2, {0}};

/* Only one field is read: the pointer becomes a value (.isra). */
static __attribute__((noinline)) unsigned scale(const struct settings *given, unsigned value)
{
    sink = value;
    return value * given->first + sink;
}

/* Every caller passes the same second argument (.constprop). */
static __attribute__((noinline)) unsigned raise(unsigned value, unsigned power)
{
    unsigned result = 1;
    while (power-- > 0) {
        result = result * value + sink;
    }
    return result;
}

__attribute__((cold, noinline)) void complain(unsigned code)
{
    sink = code ^ 0xffu;
}

/* A short test in front of a long rest: the test is inlined, the rest is not (.part). */
static unsigned drain(struct settings *given, unsigned count)
{
    if (given->first == 0) {
        return 0;
    }
    for (unsigned i = 0; i < count; i++) {
        sink = given->second + i;
        given->second = sink * 3u + i;
        given->first ^= sink / (i + 1u);
        given->unused[i % 6u] += sink;
    }
    sink = given->first;
    return given->first + count;
}

/* The unlikely way is moved away (.cold). */
__attribute__((noinline)) unsigned check(unsigned value)
{
    if (__builtin_expect(value > 1000u, 0)) {
        sink = 1u;
        complain(value); /* the cold part */
        sink = 2u;
        complain(value + 1u);
    }
    return value + sink;
}

unsigned clones(unsigned value)
{
    unsigned sum = scale(&settings, value) + scale(&settings, value + 1u);
    sum += raise(value, 5u) + raise(value + 2u, 5u);
    sum += drain(&settings, value);
    sum += drain(&settings, value + 7u);
    return sum + check(value);
}

int program(void)
{
    return (int)clones(sink);
}

volatile unsigned sink;

unsigned step(unsigned value)
{
    return check(value);
}
