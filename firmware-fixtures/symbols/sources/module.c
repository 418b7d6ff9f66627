/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
/* A module of a program, as an object before linking: code in three sections, data that points at code and data. */
struct reading {
    int channel;
    unsigned value;
};

typedef unsigned (*filter)(const struct reading *reading);

static unsigned last;
#ifdef THREADS
static __thread unsigned before = 5;
static __thread unsigned calls;
#define COUNT() (calls += before)
#else
#define COUNT() 0u
#endif
extern void report(unsigned value);

static unsigned clamp(const struct reading *reading)
{
    return reading->value > 4095 ? 4095 : reading->value;
}

static unsigned halve(const struct reading *reading)
{
    return reading->value / 2;
}

const filter filters[] = {clamp, halve};
const char *const names[] = {"clamp", "halve"};

unsigned take(const struct reading *reading)
{
    unsigned sum = last;
    for (int i = 0; i <= reading->channel; i++) {
        sum += filters[reading->channel & 1](reading);
        if (sum > 1000) {
            report(sum);
        }
    }
    last = sum + COUNT();
    return sum;
}

__attribute__((section(".init.text"))) int start(void)
{
    struct reading first = {1, 77};
    return (int)take(&first);
}

__attribute__((section(".exit.text"), cold)) void stop(void)
{
    report(last);
    last = 0;
}
