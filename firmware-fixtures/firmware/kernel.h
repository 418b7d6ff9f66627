/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
/* A small preemptive kernel: fixed priorities, delays, message queues, one process stack a task. */
#ifndef KERNEL_H
#define KERNEL_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Bytes at the bottom of every stack that the MPU closes while the task runs. More than an exception frame with FP registers (0x68): a
 * smaller guard would be stepped over by the frame of the very fault that it raises, into the stack below.
 */
#define KERNEL_GUARD_SIZE 128u

#define KERNEL_FOREVER 0xFFFFFFFFu

/* PendSV_Handler knows that stack_pointer comes first. */
struct task {
    uint32_t *stack_pointer; /* while switched out: r4 … r11, EXC_RETURN, then (FPU) s16 … s31, then the exception frame */
    const char *name;
    uint32_t id;
    uint32_t *stack;
    uint32_t stack_size;
    void (*entry)(void);
    uint32_t wake_at;
    const void *waits_for; /* NULL: ready, or asleep until wake_at */
    bool asleep;
};

/* Copies of `item_size` bytes, first in, first out. */
struct queue {
    uint8_t *items;
    uint32_t item_size;
    uint32_t capacity;
    uint32_t first;
    uint32_t count;
};

/* In the order of their priority, highest first. `stack` is aligned to KERNEL_GUARD_SIZE. */
void kernel_add_task(struct task *task, const char *name, void (*entry)(void), uint32_t *stack, uint32_t stack_size);

/* Starts the first task. Does not return. */
void kernel_start(void);

uint32_t kernel_uptime_ms(void);
void kernel_delay(uint32_t milliseconds);

/* From tasks and interrupt handlers. False if the queue is full. */
bool queue_send(struct queue *queue, const void *item);

/* From tasks. False if nothing came within the time. */
bool queue_receive(struct queue *queue, void *item, uint32_t milliseconds);

struct task *kernel_current_task(void);
struct task *kernel_task(uint32_t index);

void PendSV_Handler(void);
void SysTick_Handler(void);

#endif
