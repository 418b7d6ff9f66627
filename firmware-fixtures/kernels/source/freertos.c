/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
/*
 * A kernel of ours whose lists and tasks lie in memory as FreeRTOS documents its own (32 bits, no MPU, one core): so that a reader of that
 * layout has something to read. M3: r4 … r11 below the exception frame; with FPU r4 … r11, EXC_RETURN, s16 … s31; RV32: freertos_riscv.S.
 */
#include "kernel.h"

#include <string.h>

#define PRIORITIES 6

struct xLIST_ITEM {
    uint32_t xItemValue;
    struct xLIST_ITEM *pxNext, *pxPrevious;
    void *pvOwner;
    struct xLIST *pxContainer;
};

struct xMINI_LIST_ITEM {
    uint32_t xItemValue;
    struct xLIST_ITEM *pxNext, *pxPrevious;
};

struct xLIST {
    uint32_t uxNumberOfItems;
    struct xLIST_ITEM *pxIndex;
    struct xMINI_LIST_ITEM xListEnd;
};

typedef struct tskTaskControlBlock {
    uint32_t *pxTopOfStack;
    struct xLIST_ITEM xStateListItem, xEventListItem;
    uint32_t uxPriority;
    uint32_t *pxStack;
    char pcTaskName[16];
    uint32_t uxBasePriority;
    void (*entry)(void);
} TCB_t;

typedef struct QueueDefinition {
    int8_t *pcHead, *pcWriteTo;
    int8_t *u[2];
    struct xLIST xTasksWaitingToSend, xTasksWaitingToReceive;
    uint32_t uxMessagesWaiting, uxLength, uxItemSize;
} Queue_t;

struct queue {
    Queue_t definition;
};

static int8_t sample_items[64], mail_items[64];
static struct queue sample_queue = {{sample_items, sample_items, {0}, {0}, {0}, 0, 8, 8}};
static struct queue mail_queue = {{mail_items, mail_items, {0}, {0}, {0}, 0, 8, 8}};
struct queue *const samples = &sample_queue, *const mail = &mail_queue;

TCB_t *volatile pxCurrentTCB;
static struct xLIST pxReadyTasksLists[PRIORITIES];
static struct xLIST xDelayedTaskList1, xDelayedTaskList2, xPendingReadyList, xSuspendedTaskList, xTasksWaitingTermination;
static volatile uint32_t uxCurrentNumberOfTasks, xSchedulerRunning, xTickCount;
static TCB_t tasks[8];

/* The registry by which queues have names. */
struct registered {
    const char *pcQueueName;
    struct queue *xHandle;
};
__attribute__((used)) static struct registered xQueueRegistry[4];

static void clear(struct xLIST *list) {
    list->uxNumberOfItems = 0;
    list->xListEnd.xItemValue = 0xFFFFFFFFu;
    list->pxIndex = list->xListEnd.pxNext = list->xListEnd.pxPrevious = (struct xLIST_ITEM *) &list->xListEnd;
}

static void put(struct xLIST *list, struct xLIST_ITEM *item) {
    struct xLIST_ITEM *end = (struct xLIST_ITEM *) &list->xListEnd;
    item->pxNext = end;
    item->pxPrevious = end->pxPrevious;
    end->pxPrevious->pxNext = item;
    end->pxPrevious = item;
    item->pxContainer = list;
    list->uxNumberOfItems++;
}

static void take(struct xLIST_ITEM *item) {
    if (item->pxContainer != 0) {
        item->pxNext->pxPrevious = item->pxPrevious;
        item->pxPrevious->pxNext = item->pxNext;
        item->pxContainer->uxNumberOfItems--;
        item->pxContainer = 0;
    }
}

#ifdef __riscv
/* 31 words: mepc first, mstatus last. */
static uint32_t *new_context(uint32_t *end) {
    uint32_t *top = end - 31;
    memset(top, 0, 31 * 4);
    top[0] = (uint32_t) (uintptr_t) run_task;
    top[30] = MACHINE_MODE;
    return top;
}
#else
static uint32_t *new_context(uint32_t *end) {
    uint32_t *frame = end - 8;
    new_frame(frame);
#ifdef __ARM_FP
    uint32_t *top = frame - 9;
    top[8] = 0xFFFFFFFDu;
#else
    uint32_t *top = frame - 8;
#endif
    memset(top, 0, 8 * 4);
    return top;
}
#endif

void kernel_create(const char *name, void (*entry)(void), uint32_t priority, uint32_t *stack, uint32_t size) {
    if (uxCurrentNumberOfTasks == 0) {
        for (int i = 0; i < PRIORITIES; i++) {
            clear(&pxReadyTasksLists[i]);
        }
        struct xLIST *others[] = {
            &xDelayedTaskList1, &xDelayedTaskList2, &xPendingReadyList, &xSuspendedTaskList, &xTasksWaitingTermination,
            &sample_queue.definition.xTasksWaitingToSend, &sample_queue.definition.xTasksWaitingToReceive,
            &mail_queue.definition.xTasksWaitingToSend, &mail_queue.definition.xTasksWaitingToReceive};
        for (uint32_t i = 0; i < sizeof others / sizeof *others; i++) {
            clear(others[i]);
        }
        xQueueRegistry[0] = (struct registered) {"sensor samples", &sample_queue};
    }
    TCB_t *task = &tasks[uxCurrentNumberOfTasks++];
    fill(stack, size, 0xA5A5A5A5u);
    uint32_t *top = new_context(stack + size / 4);
    task->pxTopOfStack = top;
    task->pxStack = stack;
    task->uxPriority = task->uxBasePriority = priority;
    strncpy(task->pcTaskName, name, sizeof task->pcTaskName - 1);
    task->entry = entry;
    task->xStateListItem.pvOwner = task->xEventListItem.pvOwner = task;
    put(&pxReadyTasksLists[priority], &task->xStateListItem);
}

void (*kernel_entry(void))(void) {
    return pxCurrentTCB->entry;
}

uint32_t *kernel_switch(uint32_t *saved) {
    if (pxCurrentTCB != 0) {
        pxCurrentTCB->pxTopOfStack = saved;
    }
    for (int priority = PRIORITIES - 1; priority >= 0; priority--) {
        if (pxReadyTasksLists[priority].uxNumberOfItems > 0) {
            pxCurrentTCB = pxReadyTasksLists[priority].xListEnd.pxNext->pvOwner;
            break;
        }
    }
    return pxCurrentTCB->pxTopOfStack;
}

#ifndef __riscv
/* lr is the EXC_RETURN; on the M3 it is always the same and not kept. */
__attribute__((naked)) void PendSV_Handler(void) {
    __asm volatile("mrs r0, psp\n"
#ifdef __ARM_FP
                   "tst lr, #16\nit eq\nvstmdbeq r0!, {s16-s31}\n"
                   "stmdb r0!, {r4-r11, lr}\n"
                   "bl kernel_switch\n"
                   "ldmia r0!, {r4-r11, lr}\n"
                   "tst lr, #16\nit eq\nvldmiaeq r0!, {s16-s31}\n"
#else
                   "stmdb r0!, {r4-r11}\n"
                   "bl kernel_switch\n"
                   "ldmia r0!, {r4-r11}\n"
                   "mvn lr, #2\n"
#endif
                   "msr psp, r0\n"
                   "bx lr\n");
}

#endif

void kernel_start(void) {
    xSchedulerRunning = 1;
    leave_main_stack();
    reschedule();
}

static void leave_to(struct xLIST *list) {
    take(&pxCurrentTCB->xStateListItem);
    put(list, &pxCurrentTCB->xStateListItem);
    reschedule();
}

void kernel_delay(uint32_t ticks) {
    pxCurrentTCB->xStateListItem.xItemValue = xTickCount + ticks;
    leave_to(&xDelayedTaskList1);
}

void kernel_receive(struct queue *queue, uint32_t ticks) {
    put(&queue->definition.xTasksWaitingToReceive, &pxCurrentTCB->xEventListItem);
    pxCurrentTCB->xStateListItem.xItemValue = xTickCount + ticks;
    leave_to(ticks == 0 ? &xSuspendedTaskList : &xDelayedTaskList1);
}

void kernel_suspend(void) {
    leave_to(&xSuspendedTaskList);
}

void kernel_end(void) {
    leave_to(&xTasksWaitingTermination);
}

void kernel_wake_sleeper(void) {
    xTickCount += 20;
    struct xLIST_ITEM *end = (struct xLIST_ITEM *) &xDelayedTaskList1.xListEnd;
    for (struct xLIST_ITEM *item = end->pxNext; item != end; item = item->pxNext) {
        if (item->xItemValue <= xTickCount) {
            TCB_t *task = item->pvOwner;
            take(item);
            put(&pxReadyTasksLists[task->uxPriority], item);
            return;
        }
    }
}
