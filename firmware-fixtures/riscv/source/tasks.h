/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
/* Two tasks that hand over to each other. */
#ifndef TASKS_H
#define TASKS_H

#include <stdint.h>

#define TASKS 2
#define TASK_STACK_SIZE 2048

struct task {
    uintptr_t *stack_pointer; /* while it is switched out: ra, s0 … s11 lie there */
    const char *name;
    uint32_t id;
};

/* Runs the first one; comes never back. */
void tasks_run(const char *const names[TASKS], void (*const functions[TASKS])(void));

/* Lets the other one run. */
void tasks_yield(void);

/* Null before the first one runs. */
const struct task *tasks_current(void);
const struct task *tasks_at(unsigned index);
uintptr_t tasks_stack(unsigned index);

#endif
