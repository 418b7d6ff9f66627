/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */

#include "shared.h"

__attribute__((noinline)) unsigned unit_two(struct history *history, struct sample *sample)
{
    append(history, sample);
    sink = history->count;
    return weight(history->first) + history->lost;
}
