/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
/* A water tank: the flow is counted in an interrupt, valves are set by a task. */
#ifndef TANK_H
#define TANK_H

#include <stdint.h>

/* From the interrupt handler. */
void tank_count_pulse(void);

/* The functions of the two tasks. */
void tank_measure(void);
void tank_regulate(void);

#endif
