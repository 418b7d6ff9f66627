/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
/* A kernel of ours whose threads lie in memory as ThreadX documents its own: a circle of all threads, a state in each. */
#include "kernel.h"

#include <string.h>

enum { READY = 0, COMPLETED = 1, SUSPENDED = 3, SLEEP = 4, QUEUE = 5 };

typedef struct TX_THREAD_STRUCT {
    uint32_t tx_thread_id, tx_thread_run_count;
    void *tx_thread_stack_ptr, *tx_thread_stack_start, *tx_thread_stack_end;
    uint32_t tx_thread_stack_size, tx_thread_time_slice, tx_thread_new_time_slice;
    struct TX_THREAD_STRUCT *tx_thread_ready_next, *tx_thread_ready_previous;
    const char *tx_thread_name;
    uint32_t tx_thread_priority, tx_thread_state;
    uint32_t others[16]; /* of which a reader of threads needs none */
    void *tx_thread_suspend_control_block;
    uint32_t more[4];
    struct TX_THREAD_STRUCT *tx_thread_created_next, *tx_thread_created_previous;
    void (*entry)(void);
    uint32_t wake_at;
} TX_THREAD;

_Static_assert(__builtin_offsetof(TX_THREAD, tx_thread_created_next) == 136, "as documented");

struct queue {
    uint32_t tx_queue_id;
    const char *tx_queue_name;
};

static struct queue sample_queue = {0x51554555u, "samples"}, mail_queue = {0x51554555u, "mail"};
struct queue *const samples = &sample_queue, *const mail = &mail_queue;

TX_THREAD *_tx_thread_current_ptr, *_tx_thread_created_ptr;
uint32_t _tx_thread_created_count;
static TX_THREAD threads[8];
static uint32_t now;

#ifdef __riscv
/* As if it had been interrupted at its first instruction: threadx_riscv.S. */
static uint32_t *new_context(uint32_t *end) {
    uint32_t *top = end - 32;
    memset(top, 0, 32 * 4);
    top[0] = 1;
    top[30] = (uint32_t) (uintptr_t) run_task;
    return top;
}
#else
static uint32_t *new_context(uint32_t *end) {
    uint32_t *frame = end - 8;
    new_frame(frame);
    uint32_t *top = frame - 9;
    memset(top, 0, 9 * 4);
    top[0] = 0xFFFFFFFDu;
    return top;
}
#endif

void kernel_create(const char *name, void (*entry)(void), uint32_t priority, uint32_t *stack, uint32_t size) {
    TX_THREAD *thread = &threads[_tx_thread_created_count];
    fill(stack, size, 0xEFEFEFEFu);
    uint32_t *top = new_context(stack + size / 4);
    thread->tx_thread_id = 0x54485244u;
    thread->tx_thread_stack_ptr = top;
    thread->tx_thread_stack_start = stack;
    thread->tx_thread_stack_end = (uint8_t *) stack + size - 1;
    thread->tx_thread_stack_size = size;
    thread->tx_thread_name = name;
    thread->tx_thread_priority = 5 - priority; /* here 0 is the highest */
    thread->entry = entry;
    thread->tx_thread_created_next = &threads[0];
    if (_tx_thread_created_count > 0) {
        thread[-1].tx_thread_created_next = thread;
        thread->tx_thread_created_previous = thread - 1;
    }
    threads[0].tx_thread_created_previous = thread;
    _tx_thread_created_ptr = &threads[0];
    _tx_thread_created_count++;
}

void (*kernel_entry(void))(void) {
    return _tx_thread_current_ptr->entry;
}

uint32_t *kernel_switch(uint32_t *saved) {
    if (_tx_thread_current_ptr != 0) {
        _tx_thread_current_ptr->tx_thread_stack_ptr = saved;
    }
    TX_THREAD *next = 0;
    for (uint32_t i = 0; i < _tx_thread_created_count; i++) {
        TX_THREAD *thread = &threads[i];
        if (thread->tx_thread_state == READY && (next == 0 || thread->tx_thread_priority < next->tx_thread_priority)) {
            next = thread;
        }
    }
    _tx_thread_current_ptr = next;
    return next->tx_thread_stack_ptr;
}

#ifndef __riscv
/* r4 … r11 first, then s16 … s31, then EXC_RETURN: the lowest word tells what is above it. */
__attribute__((naked)) void PendSV_Handler(void) {
    __asm volatile("mrs r0, psp\n"
                   "stmdb r0!, {r4-r11}\n"
#ifdef __ARM_FP
                   "tst lr, #16\nit eq\nvstmdbeq r0!, {s16-s31}\n"
#endif
                   "str lr, [r0, #-4]!\n"
                   "bl kernel_switch\n"
                   "ldr lr, [r0], #4\n"
#ifdef __ARM_FP
                   "tst lr, #16\nit eq\nvldmiaeq r0!, {s16-s31}\n"
#endif
                   "ldmia r0!, {r4-r11}\n"
                   "msr psp, r0\n"
                   "bx lr\n");
}

#endif

void kernel_start(void) {
    leave_main_stack();
    reschedule();
}

static void leave(uint32_t state, uint32_t wake_at, void *waits_for) {
    _tx_thread_current_ptr->tx_thread_state = state;
    _tx_thread_current_ptr->wake_at = wake_at;
    _tx_thread_current_ptr->tx_thread_suspend_control_block = waits_for;
    reschedule();
}

void kernel_delay(uint32_t ticks) {
    leave(SLEEP, now + ticks, 0);
}

void kernel_receive(struct queue *queue, uint32_t ticks) {
    leave(QUEUE, now + ticks, queue);
}

void kernel_suspend(void) {
    leave(SUSPENDED, 0, 0);
}

void kernel_end(void) {
    leave(COMPLETED, 0, 0);
}

void kernel_wake_sleeper(void) {
    now += 20;
    for (uint32_t i = 0; i < _tx_thread_created_count; i++) {
        if (threads[i].tx_thread_state == SLEEP && threads[i].wake_at <= now) {
            threads[i].tx_thread_state = READY;
            return;
        }
    }
}
