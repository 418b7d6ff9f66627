/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Faultline authors
 *
 * Two tasks: the uplink waits, the sampler meets a channel without calibration.
 */
#include "node.h"

enum { WORDS = 512, PRIORITIES = 4 };

static uint32_t uplink_stack[WORDS] __attribute__((aligned(16)));
static uint32_t sampler_stack[WORDS] __attribute__((aligned(16)));
List_t pxReadyTasksLists[PRIORITIES];
List_t xDelayedTaskList1;
List_t xSuspendedTaskList;
TCB_t uplink_task, sampler_task;
TCB_t *volatile pxCurrentTCBs[1];
volatile uint32_t uxCurrentNumberOfTasks, xSchedulerRunning;
uint32_t *crash_frame;

static const struct calibration linear = {-4, 2};
static struct channel channels[] = {{"temperature", &linear, 0}, {"pressure", &linear, 0}, {"humidity", 0, 0}};

static void sampler_loop(void *argument) {
    struct channel *all = argument;
    int sum = 0;
    for (;;) {
        sum += sample_all(all, 3);
        all->last = sum;
    }
}

static void empty(List_t *list) {
    list->uxNumberOfItems = 0;
    list->xListEnd.xItemValue = 0xffffffff;
    list->xListEnd.pxNext = list->xListEnd.pxPrevious = list->pxIndex = &list->xListEnd;
}

static void insert(List_t *list, ListItem_t *item) {
    item->pxNext = &list->xListEnd;
    item->pxPrevious = list->xListEnd.pxPrevious;
    item->pxPrevious->pxNext = item;
    list->xListEnd.pxPrevious = item;
    item->pxContainer = list;
    list->uxNumberOfItems++;
}

static void add(TCB_t *task, const char *name, uint32_t priority, uint32_t *stack) {
    for (unsigned i = 0; i < WORDS; i++) {
        stack[i] = 0xa5a5a5a5;
    }
    for (unsigned i = 0; name[i]; i++) {
        task->pcTaskName[i] = name[i];
    }
    task->xStateListItem.pvOwner = task->xEventListItem.pvOwner = task;
    task->uxPriority = priority;
    task->pxStack = stack;
    task->pxEndOfStack = stack + WORDS - 4;
    uxCurrentNumberOfTasks++;
}

/* Goes to sleep until a tick: the sampler's turn. */
__attribute__((noinline)) int wait_for_network(TCB_t *self, uint32_t until) {
    self->xStateListItem.xItemValue = until;
    insert(&xDelayedTaskList1, &self->xStateListItem);
    insert(&pxReadyTasksLists[2], &sampler_task.xStateListItem);
    pxCurrentTCBs[0] = &sampler_task;
    yield_to(self, sampler_loop, sampler_stack + WORDS, channels);
    return 1;
}

static void uplink_loop(void *argument) {
    TCB_t *self = argument;
    uint32_t sent = 0;
    for (;;) {
        sent += (uint32_t)wait_for_network(self, 700 + sent);
    }
}

void boot(void) {
    static TCB_t before;
    for (unsigned i = 0; i < PRIORITIES; i++) {
        empty(&pxReadyTasksLists[i]);
    }
    empty(&xDelayedTaskList1);
    empty(&xSuspendedTaskList);
    add(&uplink_task, "uplink", 1, uplink_stack);
    add(&sampler_task, "sampler", 2, sampler_stack);
    xSchedulerRunning = 1;
    yield_to(&before, uplink_loop, uplink_stack + WORDS, &uplink_task);
}
