/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Faultline authors
 *
 * Tasks in memory as FreeRTOS documents them: list.h and the beginning of the task control block.
 */
#include <stdint.h>

typedef struct xLIST_ITEM {
    uint32_t xItemValue;
    struct xLIST_ITEM *pxNext;
    struct xLIST_ITEM *pxPrevious;
    void *pvOwner;
    void *pxContainer;
} ListItem_t;

typedef struct xLIST {
    uint32_t uxNumberOfItems;
    ListItem_t *pxIndex;
    ListItem_t xListEnd;
} List_t;

typedef struct tskTaskControlBlock {
    volatile uint32_t *pxTopOfStack;
    ListItem_t xStateListItem;
    ListItem_t xEventListItem;
    uint32_t uxPriority;
    uint32_t *pxStack;
    char pcTaskName[16];
    uint32_t *pxEndOfStack;
} TCB_t;

struct channel {
    const char *name;
    const struct calibration *calibration;
    int last;
};

struct calibration {
    int offset, scale;
};

void yield_to(TCB_t *from, void (*function)(void *), uint32_t *stack_end, void *argument);
int sample_all(struct channel *channels, unsigned count);
