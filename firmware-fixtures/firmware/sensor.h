/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
/* The sensor task and the sample clock's interrupt. */
#ifndef SENSOR_H
#define SENSOR_H

void sensor_init(void);
void sensor_task(void);
void TIMER0_Handler(void);

#endif
