/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */

/* A small program whose shapes matter: inlined calls three deep, a loop, a cold path, functions nobody calls. */

#include "ring.h"

static struct ring queue;
const unsigned crc_table[4] = {0x00000000u, 0x77073096u, 0xee0e612cu, 0x990951bau};
volatile unsigned sink;

static inline unsigned wrap(unsigned index)
{
    return index % RING_SIZE;
}

static inline unsigned advance(unsigned index)
{
    return wrap(index + 1u);
}

static inline int push(struct ring *ring, unsigned value)
{
    unsigned next = advance(ring->head);
    if (next == ring->tail) {
        return 0;
    }
    ring->values[ring->head] = value;
    ring->head = next;
    return 1;
}

/* Never called: the linker throws it away and leaves its debugging information at the tombstone. */
unsigned forgotten(unsigned value)
{
    unsigned sum = 0;
    for (unsigned i = 0; i < value; i++) {
        sum += advance(i) * 3u;
    }
    return sum;
}

__attribute__((noinline)) unsigned checksum(const unsigned char *bytes, unsigned count)
{
    unsigned crc = ~0u;
    while (count-- > 0u) {
        crc = (crc >> 4) ^ crc_table[(crc ^ *bytes++) & 3u];
    }
    return ~crc;
}

/* Never called either, and larger than what really lies at low addresses. */
unsigned forgotten_as_well(unsigned value)
{
    unsigned sum = forgotten(value);
    for (unsigned i = 0; i < value; i++) {
        sum ^= checksum((const unsigned char *)&queue, i);
        sum += queue.values[wrap(i)] / (i + 1u);
        sum -= crc_table[i & 3u];
        sink = sum;
    }
    return sum;
}

__attribute__((noinline)) int feed(unsigned from, unsigned to)
{
    int fed = 0;
    for (unsigned value = from; value < to; value++) {
        fed += push(&queue, value);
    }
    return fed;
}

int program(void)
{
    int fed = feed(1u, 9u);
    sink = checksum((const unsigned char *)&queue, sizeof queue);
    return fed;
}
