/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
/* What the tasks need of a kernel; each kernel beside this file keeps it in structures of another documented layout. */
#ifndef KERNEL_H
#define KERNEL_H

#include <stdint.h>

#ifdef __riscv
#include "riscv.h"
#else
#include "cortex_m.h"
#endif

struct queue;
extern struct queue *const samples; /* nothing ever comes */
extern struct queue *const mail;

void kernel_create(const char *name, void (*entry)(void), uint32_t priority, uint32_t *stack, uint32_t size);
void kernel_start(void);

/* Each leaves the processor to others; called by tasks. */
void kernel_delay(uint32_t ticks);
void kernel_receive(struct queue *queue, uint32_t ticks); /* 0: for ever */
void kernel_suspend(void);
void kernel_end(void);

/* Called by an interrupt handler: the task that sleeps longest goes on. */
void kernel_wake_sleeper(void);

/* Called with where the context of the task before was saved; answers that of the one to resume. */
uint32_t *kernel_switch(uint32_t *saved);

/* The first function of every task. */
void run_task(void);
void (*kernel_entry(void))(void);

static inline void fill(uint32_t *stack, uint32_t size, uint32_t pattern) {
    for (uint32_t i = 0; i < size / 4; i++) {
        stack[i] = pattern;
    }
}

#endif
