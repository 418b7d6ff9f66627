/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
#include "kernel.h"

#include "board.h"
#include "faultline.h"

#include <string.h>

#define REGISTER(address) (*(volatile uint32_t *) (uintptr_t) (address))
#define ICSR REGISTER(0xE000ED04u)
#define ICSR_PENDSVSET (1u << 28)
#define SHPR3 REGISTER(0xE000ED20u)
#define SYST_CSR REGISTER(0xE000E010u)
#define SYST_RVR REGISTER(0xE000E014u)
#define SYST_CVR REGISTER(0xE000E018u)

#define MAX_TASKS 4
#define THREAD_ON_PSP 0xFFFFFFFDu
#define INITIAL_WORDS (8 + 9) /* exception frame; r4 … r11 and EXC_RETURN */

/* A task is stopped when less than this is left: the next interrupt must still find room for its frame, with FP registers. */
#define RED_ZONE 0x70u

static struct task *tasks[MAX_TASKS];
static uint32_t task_count;
static struct task *volatile current;
static volatile uint32_t uptime_ms;

/* Where PendSV saves main, which nobody resumes. */
static uint64_t main_context[20];

static uint32_t lock(void) {
    uint32_t primask;
    __asm volatile("mrs %0, primask\n"
                   "cpsid i\n"
                   : "=r"(primask)
                   :
                   : "memory");
    return primask;
}

static void unlock(uint32_t primask) {
    __asm volatile("msr primask, %0\n" : : "r"(primask) : "memory");
}

static void reschedule(void) {
    ICSR = ICSR_PENDSVSET;
    __asm volatile("dsb\nisb" ::: "memory");
}

/* ---- tasks ---- */

static void run_task(void) {
    __asm volatile(".cfi_undefined lr"); /* outermost: the scheduler made this frame */
    current->entry();
    faultline_crash(FAULTLINE_PANIC, "a task returned");
    for (;;) {
    }
}

void kernel_add_task(struct task *task, const char *name, void (*entry)(void), uint32_t *stack, uint32_t stack_size) {
    memset(stack, 0xA5, stack_size);
    uint32_t *top = stack + stack_size / sizeof(uint32_t);
    uint32_t *frame = top - INITIAL_WORDS;
    memset(frame, 0, INITIAL_WORDS * sizeof(uint32_t));
    frame[8] = THREAD_ON_PSP;
    frame[9 + 6] = (uint32_t) (uintptr_t) run_task & ~1u;
    frame[9 + 7] = 1u << 24;
    task->stack_pointer = frame;
    task->name = name;
    task->stack = stack;
    task->stack_size = stack_size;
    task->entry = entry;
    tasks[task_count++] = task;
    task->id = task_count;
}

struct task *kernel_current_task(void) {
    return current;
}

struct task *kernel_task(uint32_t index) {
    return index < task_count ? tasks[index] : 0;
}

static struct task *next_task(void) {
    for (uint32_t i = 0; i < task_count; i++) {
        if (!tasks[i]->asleep) {
            return tasks[i];
        }
    }
    return tasks[task_count - 1];
}

/* ---- switching ---- */

/* Called by PendSV_Handler with the saved context of the old task; answers that of the new one. */
__attribute__((used)) uint32_t *kernel_switch(uint32_t *saved) {
    struct task *old = current;
    if (old != 0) {
        if ((uint32_t) saved < (uint32_t) old->stack + KERNEL_GUARD_SIZE + RED_ZONE) {
            faultline_crash(FAULTLINE_STACK_OVERFLOW, old->name);
        }
        old->stack_pointer = saved;
    }
    struct task *next = next_task();
    current = next;
    board_guard_stack((uint32_t) next->stack);
    return next->stack_pointer;
}

/* The registers below the exception frame; lr goes with them because its bit 4 tells whether FP registers follow. */
__attribute__((naked)) void PendSV_Handler(void) {
    __asm volatile("mrs r0, psp\n"
#ifdef __ARM_FP
                   "tst lr, #16\n"
                   "it eq\n"
                   "vstmdbeq r0!, {s16-s31}\n"
#endif
                   "stmdb r0!, {r4-r11, lr}\n"
                   "push {r3, lr}\n"
                   ".cfi_adjust_cfa_offset 8\n"
                   ".cfi_rel_offset lr, 4\n"
                   "cpsid i\n"
                   "bl kernel_switch\n"
                   "pop {r3, lr}\n"
                   ".cfi_adjust_cfa_offset -8\n"
                   ".cfi_restore lr\n"
                   "ldmia r0!, {r4-r11, lr}\n"
#ifdef __ARM_FP
                   "tst lr, #16\n"
                   "it eq\n"
                   "vldmiaeq r0!, {s16-s31}\n"
#endif
                   "msr psp, r0\n"
                   "cpsie i\n" /* until here the current task and PSP may disagree */
                   "bx lr\n");
}

void kernel_start(void) {
    SHPR3 = 0xFFu << 16 | 0xC0u << 24; /* PendSV lowest, so that it never interrupts a handler; SysTick above it */
    SYST_RVR = BOARD_CLOCK_HZ / 1000u - 1;
    SYST_CVR = 0;
    SYST_CSR = 7;
    __asm volatile("msr psp, %0" : : "r"(&main_context[20]));
    reschedule();
    for (;;) {
    }
}

/* ---- time ---- */

uint32_t kernel_uptime_ms(void) {
    return uptime_ms;
}

void SysTick_Handler(void) {
    uptime_ms++;
    bool woken = false;
    for (uint32_t i = 0; i < task_count; i++) {
        struct task *task = tasks[i];
        if (task->asleep && task->wake_at != KERNEL_FOREVER && (int32_t) (uptime_ms - task->wake_at) >= 0) {
            task->asleep = false;
            woken = true;
        }
    }
    if (woken) {
        reschedule();
    }
}

static void sleep_for(uint32_t milliseconds, const void *waits_for) {
    uint32_t primask = lock();
    current->wake_at = milliseconds == KERNEL_FOREVER ? KERNEL_FOREVER : uptime_ms + milliseconds;
    current->waits_for = waits_for;
    current->asleep = true;
    unlock(primask);
    reschedule();
}

void kernel_delay(uint32_t milliseconds) {
    sleep_for(milliseconds, 0);
}

/* ---- queues ---- */

static void wake_one(const void *waited_for) {
    for (uint32_t i = 0; i < task_count; i++) {
        if (tasks[i]->asleep && tasks[i]->waits_for == waited_for) {
            tasks[i]->asleep = false;
            tasks[i]->waits_for = 0;
            reschedule();
            return;
        }
    }
}

bool queue_send(struct queue *queue, const void *item) {
    uint32_t primask = lock();
    bool room = queue->count < queue->capacity;
    if (room) {
        uint32_t place = (queue->first + queue->count) % queue->capacity;
        memcpy(queue->items + place * queue->item_size, item, queue->item_size);
        queue->count++;
        wake_one(queue);
    }
    unlock(primask);
    return room;
}

bool queue_receive(struct queue *queue, void *item, uint32_t milliseconds) {
    uint32_t primask = lock();
    if (queue->count == 0) {
        sleep_for(milliseconds, queue); /* in one locked step with the look at count, or a message between them would be slept over */
        unlock(primask);
        __asm volatile("isb" ::: "memory"); /* the switch happens here */
        primask = lock();
    }
    bool any = queue->count > 0;
    if (any) {
        memcpy(item, queue->items + queue->first * queue->item_size, queue->item_size);
        queue->first = (queue->first + 1) % queue->capacity;
        queue->count--;
    }
    unlock(primask);
    return any;
}
