/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
/* The radio task: sends what the others queue, listens in between. */
#ifndef RADIO_H
#define RADIO_H

#include "packet.h"

void radio_init(void);

/* From the sensor task. False if the queue is full; the packet is dropped. */
bool radio_send(const struct packet *packet);

void radio_task(void);

#endif
