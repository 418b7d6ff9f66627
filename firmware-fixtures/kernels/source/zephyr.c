/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
/*
 * A kernel of ours whose threads lie in memory as Zephyr documents its own: a list of all threads, callee-saved registers in each thread,
 * and a table of offsets for debuggers.
 */
#include "kernel.h"

#include <stddef.h>
#include <string.h>

enum { PENDING = 0x02, SLEEPING = 0x04, DEAD = 0x08, SUSPENDED = 0x10, QUEUED = 0x80 };

typedef struct {
    struct k_thread *head;
} _wait_q_t;

struct _thread_base {
    void *qnode[2];
    _wait_q_t *pended_on;
    uint8_t user_options;
    uint8_t thread_state;
    union {
        struct {
            int8_t prio;
            uint8_t sched_locked;
        };
        uint16_t preempt;
    };
};

#ifdef __riscv
#define STACK_POINTER sp
struct _callee_saved {
    unsigned long sp, ra, s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11;
};
#else
#define STACK_POINTER psp
struct _callee_saved {
    uint32_t v1, v2, v3, v4, v5, v6, v7, v8, psp;
};
#endif

struct k_thread {
    struct _thread_base base;
    struct _callee_saved callee_saved;
    struct k_thread *next_thread;
    struct {
        void (*pEntry)(void);
    } entry;
    char name[16];
    struct {
        uintptr_t start;
        size_t size;
    } stack_info;
    struct {
        uint32_t basepri;
        uint8_t mode, mode_exc_return;
    } arch;
    uint32_t floats[16];
    uint32_t wake_at;
};

struct queue {
    uint32_t used;
    _wait_q_t wait_q;
};

static struct queue sample_queue, mail_queue;
struct queue *const samples = &sample_queue, *const mail = &mail_queue;

struct z_kernel {
    struct {
        uint32_t nested;
        uint8_t *irq_stack;
        struct k_thread *current;
    } cpus[1];
    struct k_thread *threads;
} _kernel;

#ifndef NO_THREAD_TABLE
__attribute__((used)) const size_t _kernel_thread_info_offsets[] = {
    1,
    offsetof(struct z_kernel, cpus[0].current),
    offsetof(struct z_kernel, threads),
    offsetof(struct k_thread, entry),
    offsetof(struct k_thread, next_thread),
    offsetof(struct k_thread, base.thread_state),
    offsetof(struct k_thread, base.user_options),
    offsetof(struct k_thread, base.prio),
    offsetof(struct k_thread, callee_saved.STACK_POINTER),
    offsetof(struct k_thread, name),
    offsetof(struct k_thread, arch),
    0xFFFFFFFFu,
    0xFFFFFFFFu,
    offsetof(struct k_thread, arch.mode_exc_return) - offsetof(struct k_thread, arch),
};
__attribute__((used)) const size_t _kernel_thread_info_num_offsets = 14;
__attribute__((used)) const uint8_t _kernel_thread_info_size_t_size = sizeof(size_t);
#endif

static struct k_thread threads[8];
static uint32_t count, now;

static void new_context(struct k_thread *thread, uint32_t *end) {
#ifdef __riscv
    thread->callee_saved.ra = (uintptr_t) run_task;
    thread->callee_saved.sp = (uintptr_t) end;
#else
    uint32_t *frame = end - 8;
    new_frame(frame);
    thread->callee_saved.psp = (uint32_t) frame;
    thread->arch.mode_exc_return = 0xFD;
#endif
}

void kernel_create(const char *name, void (*entry)(void), uint32_t priority, uint32_t *stack, uint32_t size) {
    struct k_thread *thread = &threads[count++];
    fill(stack, size, 0xAAAAAAAAu);
    new_context(thread, stack + size / 4);
    thread->base.prio = (int8_t) (3 - (int) priority); /* lower is more; below 0 they cooperate */
    thread->base.thread_state = QUEUED;
    thread->entry.pEntry = entry;
    thread->stack_info.start = (uintptr_t) stack;
    thread->stack_info.size = size;
    strncpy(thread->name, name, sizeof thread->name - 1);
    thread->next_thread = _kernel.threads;
    _kernel.threads = thread;
}

void (*kernel_entry(void))(void) {
    return _kernel.cpus[0].current->entry.pEntry;
}

struct k_thread *kernel_next(void);

__attribute__((used)) struct k_thread *kernel_next(void) {
    struct k_thread *next = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (threads[i].base.thread_state == QUEUED && (next == 0 || threads[i].base.prio < next->base.prio)) {
            next = &threads[i];
        }
    }
    _kernel.cpus[0].current = next;
    return next;
}

#ifdef __riscv
static struct k_thread before_start;

/* zephyr_riscv.S: from one thread's registers to another's. */
void switch_to(struct _callee_saved *to, struct _callee_saved *from);

void reschedule(void) {
    struct k_thread *from = _kernel.cpus[0].current != 0 ? _kernel.cpus[0].current : &before_start;
    switch_to(&kernel_next()->callee_saved, &from->callee_saved);
    __asm volatile("" ::: "memory"); /* no jump: this frame stays on the stack */
}
#else
/* r0: where the thread before keeps v1 … v8 and psp. */
__attribute__((naked)) void PendSV_Handler(void) {
    __asm volatile("ldr r1, =_kernel\n"
                   "ldr r1, [r1, %0]\n"
                   "cbz r1, 1f\n"
                   "add r0, r1, %1\n"
                   "mrs r2, psp\n"
                   "stmia r0, {r4-r11}\n"
                   "str r2, [r0, #32]\n"
                   "add r0, r1, %2\n"
                   "strb lr, [r0]\n"
#ifdef __ARM_FP
                   "tst lr, #16\nit eq\naddeq r0, r1, %3\n"
                   "it eq\nvstmiaeq r0, {s16-s31}\n"
#endif
                   "1: push {r3, lr}\n"
                   "bl kernel_next\n"
                   "pop {r3, lr}\n"
                   "add r1, r0, %2\n"
                   "ldrb r1, [r1]\n"
                   "mvn lr, #255\n"
                   "orr lr, lr, r1\n"
#ifdef __ARM_FP
                   "tst lr, #16\nit eq\naddeq r1, r0, %3\n"
                   "it eq\nvldmiaeq r1, {s16-s31}\n"
#endif
                   "add r0, r0, %1\n"
                   "ldr r2, [r0, #32]\n"
                   "ldmia r0, {r4-r11}\n"
                   "msr psp, r2\n"
                   "bx lr\n"
                   ".ltorg\n" ::"i"(offsetof(struct z_kernel, cpus[0].current)),
                   "i"(offsetof(struct k_thread, callee_saved)), "i"(offsetof(struct k_thread, arch.mode_exc_return)),
                   "i"(offsetof(struct k_thread, floats)));
}

#endif

void kernel_start(void) {
    leave_main_stack();
    reschedule();
}

static void leave(uint8_t state, uint32_t wake_at, _wait_q_t *waits_for) {
    struct k_thread *thread = _kernel.cpus[0].current;
    thread->base.pended_on = waits_for;
    thread->wake_at = wake_at;
    thread->base.thread_state = state;
    reschedule();
}

void kernel_delay(uint32_t ticks) {
    leave(SLEEPING, now + ticks, 0);
}

void kernel_receive(struct queue *queue, uint32_t ticks) {
    leave(PENDING, now + ticks, &queue->wait_q);
}

void kernel_suspend(void) {
    leave(SUSPENDED, 0, 0);
}

void kernel_end(void) {
    leave(DEAD, 0, 0);
}

void kernel_wake_sleeper(void) {
    now += 20;
    for (uint32_t i = 0; i < count; i++) {
        if (threads[i].base.thread_state == SLEEPING && threads[i].wake_at <= now) {
            threads[i].base.thread_state = QUEUED;
            return;
        }
    }
}
