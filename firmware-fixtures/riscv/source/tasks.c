/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
#include "tasks.h"

#include "board.h"

#include <stddef.h>

void switch_to(uintptr_t **kept_stack_pointer, uintptr_t *stack_pointer);
void task_entry(void);

static struct {
    uint8_t guard[BOARD_GUARD_SIZE];
    uint8_t bytes[TASK_STACK_SIZE];
} stacks[TASKS] __attribute__((section(".stacks"), aligned(BOARD_GUARD_SIZE)));

static struct task tasks[TASKS];
static const struct task *current;

static void prepare(unsigned index, const char *name, void (*function)(void)) {
    uintptr_t *kept = (uintptr_t *) &stacks[index].bytes[TASK_STACK_SIZE] - 16;
    kept[0] = (uintptr_t) &task_entry;
    kept[1] = (uintptr_t) function;
    tasks[index] = (struct task) {kept, name, index + 1};
    board_guard(index, stacks[index].guard);
}

void tasks_run(const char *const names[TASKS], void (*const functions[TASKS])(void)) {
    for (unsigned i = 0; i < TASKS; i++) {
        prepare(i, names[i], functions[i]);
    }
    uintptr_t *main_stack;
    current = &tasks[0];
    switch_to(&main_stack, tasks[0].stack_pointer);
}

void tasks_yield(void) {
    struct task *from = &tasks[current == &tasks[0] ? 0 : 1];
    struct task *to = &tasks[current == &tasks[0] ? 1 : 0];
    current = to;
    switch_to(&from->stack_pointer, to->stack_pointer);
}

const struct task *tasks_current(void) {
    return current;
}

const struct task *tasks_at(unsigned index) {
    return index < TASKS && current != NULL ? &tasks[index] : NULL;
}

uintptr_t tasks_stack(unsigned index) {
    return (uintptr_t) stacks[index].bytes;
}
