/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
/* A shared object: two functions that it exports, two that only its symbol table knows. */
static unsigned table[8] = {1, 2, 3};

__attribute__((noinline)) static unsigned mix(unsigned left, unsigned right)
{
    return (left ^ right) * 2654435761u;
}

__attribute__((noinline)) static unsigned slot(unsigned key)
{
    return mix(key, table[key & 7]) & 7;
}

__attribute__((visibility("default"))) unsigned store(unsigned key, unsigned value)
{
    table[slot(key)] = value;
    return mix(value, key);
}

__attribute__((visibility("default"))) unsigned find(unsigned key)
{
    return table[slot(key)];
}
