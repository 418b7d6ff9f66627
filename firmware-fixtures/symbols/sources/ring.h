/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */

#define RING_SIZE 8u

struct ring {
    unsigned values[RING_SIZE];
    unsigned head;
    unsigned tail;
};

int program(void);
unsigned step(unsigned value);
