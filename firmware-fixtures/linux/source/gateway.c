/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Faultline authors
 *
 * A gateway between sensors and the network, as a Linux process: gateway SITUATION crashes in that way.
 */
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "gateway.h"

struct uplink uplink = {.name = "lte0", .sent = 3};
static pthread_barrier_t started;
static const char *situation;

static void *uplink_loop(void *argument) {
    struct uplink *link = argument;
    pthread_barrier_wait(&started);
    wait_for_network(link);
    return NULL;
}

static void *sampler_loop(void *argument) {
    struct sampler *sampler = argument;
    pthread_barrier_wait(&started);
    /* time for the other thread to be where it waits */
    usleep(200 * 1000);
    if (strcmp(situation, "null") == 0) {
        sample_once(sampler);
    } else if (strcmp(situation, "overflow") == 0) {
        sampler->sum = fold(sampler, 1);
    } else if (strcmp(situation, "jump") == 0) {
        sampler->on_sample = (void (*)(struct sampler *))(uintptr_t)0x6b6f6f6b;
        deliver(sampler);
    }
    pause();
    return NULL;
}

/* Runs on the stack of whoever was interrupted. */
static void on_alarm(int number) {
    (void)number;
    watchdog_bark(&uplink);
}

int main(int count, char **arguments) {
    static struct sampler sampler = {.period = 50, .readings = {21, 22, 23}};
    pthread_t threads[2];
    pthread_attr_t small;
    situation = count > 1 ? arguments[1] : "";
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 64 * 1024);
    pthread_barrier_init(&started, NULL, 3);
    pthread_create(&threads[0], &small, uplink_loop, &uplink);
    pthread_create(&threads[1], &small, sampler_loop, &sampler);
    pthread_barrier_wait(&started);
    if (strcmp(situation, "assert") == 0) {
        static const uint8_t frame[] = {0x7e, 9, 1, 2, 3};
        usleep(200 * 1000);
        return decode_frame(frame, sizeof frame);
    }
    if (strcmp(situation, "handler") == 0) {
        signal(SIGALRM, on_alarm);
        usleep(200 * 1000);
        return busy_until_alarm(&sampler);
    }
    for (;;) {
        pause();
    }
}
