/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */

/* In every unit the same: what dwz and type units bring together. */

struct sample {
    unsigned time;
    unsigned values[4];
    struct sample *next;
};

struct history {
    struct sample *first;
    struct sample *last;
    unsigned count;
    unsigned lost;
};

extern volatile unsigned sink;

static inline __attribute__((always_inline)) unsigned weight(const struct sample *sample)
{
    unsigned sum = sample->values[0];
    for (unsigned i = 1; i < 4u; i++) {
        sum = sum * 3u + sample->values[i];
    }
    return sum;
}

static inline __attribute__((always_inline)) void append(struct history *history, struct sample *sample)
{
    sample->next = 0;
    if (history->last != 0) {
        history->last->next = sample;
    } else {
        history->first = sample;
    }
    history->last = sample;
    history->count++;
    sink = weight(sample);
}
