/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */

#include "shared.h"

__attribute__((noinline)) unsigned unit_one(struct history *history, struct sample *sample)
{
    append(history, sample);
    sink = history->count;
    return weight(history->first) + history->lost;
}

unsigned unit_two(struct history *history, struct sample *sample);
unsigned unit_three(struct history *history, struct sample *sample);

volatile unsigned sink;
static struct history history;
static struct sample samples[3];

int program(void)
{
    return (int)(unit_one(&history, &samples[0]) + unit_two(&history, &samples[1]) + unit_three(&history, &samples[2]));
}
