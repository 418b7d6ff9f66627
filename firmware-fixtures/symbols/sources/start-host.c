/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */

#include "ring.h"

void _start(void)
{
    program();
    step(3u);
    for (;;) {
    }
}
