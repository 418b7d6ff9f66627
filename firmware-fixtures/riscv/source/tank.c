/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
#include "tank.h"

#include "board.h"
#include "faultline.h"
#include "faultline_log.h"
#include "tasks.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#define VALVES 4
#define WAITING 8

/* Flash for the history; its supply may be off. */
#define HISTORY ((uint8_t *) 0x18000000)

struct valve {
    int16_t wanted, position;
    struct valve *follower;
};

struct meter {
    uint32_t pulses;
    struct meter *total;
};

struct block {
    uint16_t tag, size;
    const uint16_t *values;
};

void each_block(const void *blocks, size_t count, void (*visit)(const void *));

static struct valve valves[VALVES];
static struct meter total = {0, NULL}, inflow = {0, &total};
static volatile uint32_t level = 40;
static uint8_t packet[12];
static uint32_t temperature = 21;
static const struct {
    const char *name;
    const uint32_t *value;
} sensors[] = {{"level", (const uint32_t *) &level}, {"temperature", &temperature}};
static uint16_t waiting[WAITING];
static unsigned waiting_count;
static unsigned checksum;

/* ---- bugs that the situations bring to light ---- */

/* valve-removed: the follower is gone. */
static __attribute__((noinline)) void set_valve(struct valve *valve, int wanted) {
    valve->wanted = (int16_t) wanted;
    valve->follower->position = (int16_t) (wanted / 2);
}

/* no-sensor: nothing under this name. */
static __attribute__((noinline)) const uint32_t *sensor(const char *name) {
    for (unsigned i = 0; i < sizeof sensors / sizeof *sensors; i++) {
        if (strcmp(name, sensors[i].name) == 0) {
            return sensors[i].value;
        }
    }
    return NULL;
}

static __attribute__((noinline)) uint32_t read_sensor(const char *name) {
    const uint32_t *value = sensor(name);
    return *value + 1;
}

/* other-chip: a register that only another maker's core has. */
static __attribute__((noinline)) uint32_t chip_temperature(void) {
    uintptr_t value;
    __asm volatile("csrr %0, 0x5c0" : "=r"(value));
    return (uint32_t) value;
}

/* radio-packet: atomic operations want their alignment. */
static __attribute__((noinline)) uint32_t count_packet(uint32_t *count) {
    return __atomic_fetch_add(count, 1, __ATOMIC_RELAXED);
}

static void open_valve(int argument) {
    set_valve(&valves[0], argument);
}

static void close_valve(int argument) {
    set_valve(&valves[1], -argument);
}

/* unknown-command: one beyond the table. */
static const struct {
    void (*commands[2])(int);
    char title[8];
} command_table = {{open_valve, close_valve}, "BMDTtank"};

static __attribute__((noinline)) void command(unsigned number, int argument) {
    command_table.commands[number](argument);
    checksum += number;
}

/* impossible-state */
static __attribute__((noinline)) int flow_of(unsigned state) {
    switch (state) {
    case 0:
        return 3;
    case 1:
        return -3;
    }
    __builtin_trap();
}

/* boot-service: calls what would be there under another loader. */
static __attribute__((noinline)) void reset_by_loader(void) {
    register uintptr_t a7 __asm("a7") = 8;
    __asm volatile("ecall" : : "r"(a7));
    checksum++;
}

/* queue-full */
static __attribute__((noinline)) void enqueue(uint16_t value) {
    assert(waiting_count < WAITING);
    waiting[waiting_count++] = value;
}

/* endless-program: a program that calls itself. */
static __attribute__((noinline)) int run_program(const uint8_t *steps, int depth) {
    volatile uint8_t scratch[24];
    memset((void *) scratch, depth, sizeof scratch);
    int flow = steps[0] == 'R' ? run_program(steps + steps[1], depth + 1) : 0;
    return flow + scratch[depth % 24];
}

/* history-unpowered: the C library's memset, which is assembly. */
static __attribute__((noinline)) void clear_history(size_t size) {
    memset(HISTORY, 0xff, size);
    checksum++;
}

/* bad-block: through assembly that calls back. */
static void visit(const void *block) {
    const struct block *b = block;
    for (unsigned i = 0; i < b->size; i++) {
        checksum += b->values[i];
    }
}

static __attribute__((noinline)) void check_blocks(bool damaged) {
    static const uint16_t some[] = {1, 2, 3};
    struct block blocks[3] = {{1, 3, some}, {2, 1, some}, {3, 2, some}};
    if (damaged) {
        blocks[1].values = (const uint16_t *) 0x10;
    }
    each_block(blocks, 3, visit);
    checksum++;
}

/* pulse-burst: the meter was taken out while it counts. */
void tank_count_pulse(void) {
    inflow.pulses++;
    if (board_situation_is("pulse-burst") && inflow.pulses > 12) {
        inflow.total = NULL;
    }
    inflow.total->pulses++;
}

/* ---- tasks ---- */

static __attribute__((noinline)) void do_work(void) {
    static const uint8_t program[] = {'R', 0};
    if (board_situation_is("valve-removed")) {
        valves[0].follower = NULL;
    }
    command(board_situation_is("unknown-command") ? 2 : 0, 40);
    checksum += read_sensor(board_situation_is("no-sensor") ? "pressure" : "level");
    if (board_situation_is("other-chip")) {
        level = chip_temperature();
    }
    if (board_situation_is("radio-packet")) {
        count_packet((uint32_t *) &packet[1]); /* behind its kind */
    }
    level += (unsigned) flow_of(board_situation_is("impossible-state") ? 2 : 1);
    if (board_situation_is("boot-service")) {
        reset_by_loader();
    }
    if (board_situation_is("queue-full")) {
        for (uint16_t i = 0; i < 2 * WAITING; i++) {
            enqueue(i);
        }
    }
    if (board_situation_is("endless-program")) {
        run_program(program, 0);
    }
    if (board_situation_is("history-unpowered")) {
        clear_history(4096);
    }
    check_blocks(board_situation_is("bad-block"));
}

void tank_measure(void) {
    for (unsigned round = 0;; round++) {
        FAULTLINE_LOG_I("round %u: level %u", round, (unsigned) level);
        tasks_yield();
        if (round == 3) {
            do_work();
        }
    }
}

static __attribute__((noinline)) void hold_level(unsigned wanted) {
    int difference = (int) wanted - (int) level;
    set_valve(&valves[2], difference);
    uint32_t until = board_uptime_ms() + 2;
    while (board_uptime_ms() < until) {
    }
    tasks_yield();
    level = level + (unsigned) (difference > 0);
}

void tank_regulate(void) {
    for (;;) {
        hold_level(60);
    }
}

int main(void);

int main(void) {
    static const char *const names[TASKS] = {"measure", "regulate"};
    static void (*const functions[TASKS])(void) = {tank_measure, tank_regulate};
    board_read_options();
    for (unsigned i = 0; i < VALVES; i++) {
        valves[i].follower = &valves[(i + 1) % VALVES];
    }
    board_start_timer();
    tasks_run(names, functions);
    return 0;
}
