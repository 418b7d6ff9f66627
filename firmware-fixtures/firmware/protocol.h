/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
/* What gateway and node say to each other: opcode, sequence, then fields of type, size, value. */
#ifndef PROTOCOL_H
#define PROTOCOL_H

#define FRAME_SIZE 64

enum opcode { OPCODE_ACK, OPCODE_SET_INTERVAL, OPCODE_CONFIGURE, OPCODE_READ_HISTORY, OPCODE_COUNT };

enum field {
    FIELD_SEQUENCE = 1,
    FIELD_INTERVAL = 2,
    FIELD_LIMITS = 3,
    FIELD_LABEL = 4,
    FIELD_COUNT = 5,
    FIELD_GROUP = 6
};

#endif
