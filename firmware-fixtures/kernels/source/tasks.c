/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
/*
 * The tasks, the same on every kernel. By the time of the crash one is in each state: `reader` waits for ever, `mailer` with a limit, `timer`
 * sleeps, `paused` is suspended, `gone` has ended, `counter` was interrupted in the middle of its work, `idle` never ran, and `worker` crashes.
 */
#include "faultline.h"
#include "kernel.h"
#include "semihost.h"

#include <string.h>

#ifdef __ARM_FP
#define REAL float
#else
#define REAL int
#endif

#define STACK_BYTES 512
#define STACK(name) __attribute__((section(".stacks"), aligned(16))) static uint32_t name##_stack[STACK_BYTES / 4]

STACK(reader);
STACK(mailer);
STACK(timer);
STACK(paused);
STACK(gone);
STACK(worker);
STACK(counter);
STACK(idle);

struct sample {
    uint32_t channel;
    REAL value;
};

static volatile REAL total = 1;
static struct sample *volatile last_sample;
static char options[96];

static __attribute__((noinline)) REAL wait_for_sample(REAL scale) {
    kernel_receive(samples, 0);
    return scale * 3;
}

static void reader(void) {
    REAL scale = total + 2;
    total = wait_for_sample(scale) + scale;
}

static __attribute__((noinline)) uint32_t next_mail(uint32_t patience) {
    kernel_receive(mail, patience);
    return patience;
}

static void mailer(void) {
    while (next_mail(5000) != 0) {
    }
}

static void timer(void) {
    for (;;) {
        kernel_delay(900);
    }
}

static void paused(void) {
    kernel_suspend();
}

static void gone(void) {
    kernel_end();
}

/* Interrupted by its own request, with everything alive that a context holds. */
static __attribute__((noinline)) uint32_t count_on(uint32_t n, REAL step) {
    uint32_t a = n + 1, b = n + 2, c = n + 3, d = n + 4;
    REAL sum = total * step;
    interrupt_myself();
    total = total + sum;
    return a * b + c * d;
}

static void counter(void) {
    for (uint32_t n = 0;; n++) {
        n += count_on(n, total + 1);
    }
}

static void idle(void) {
    for (;;) {
    }
}

static __attribute__((noinline)) uint32_t deeper(uint32_t depth) {
    volatile uint32_t room[16];
    room[depth % 16] = depth;
    return depth == 0 ? room[0] : deeper(depth - 1) + room[depth % 16];
}

static __attribute__((noinline)) void store(struct sample *sample) {
    sample->value = total; /* the offset in it is 4 */
}

static void worker(void) {
    kernel_delay(20);
    if (strstr(options, "situation=overflow") != 0) {
        deeper(7); /* over the end of its stack into that of `counter`, where nothing stops it */
    }
    if (strstr(options, "situation=assert") != 0) {
        faultline_crash(FAULTLINE_ASSERT, "last_sample != 0");
    }
    store(last_sample);
}

void run_task(void) {
    __asm volatile(OUTERMOST);
    kernel_entry()();
    kernel_end();
}

void Sample_Handler(void) {
    kernel_wake_sleeper();
    reschedule_after_interrupt();
}

void start_tasks(void) {
    semihost_options(options, sizeof options);
    kernel_create("reader", reader, 5, reader_stack, STACK_BYTES);
    kernel_create("mailer", mailer, 5, mailer_stack, STACK_BYTES);
    kernel_create("timer", timer, 4, timer_stack, STACK_BYTES);
    kernel_create("paused", paused, 4, paused_stack, STACK_BYTES);
    kernel_create("gone", gone, 4, gone_stack, STACK_BYTES);
    kernel_create("worker", worker, 3, worker_stack, STACK_BYTES);
    kernel_create("counter", counter, 1, counter_stack, STACK_BYTES);
    kernel_create("idle", idle, 0, idle_stack, STACK_BYTES);
    kernel_start();
}
