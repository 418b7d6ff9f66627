/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
/* Semihosting: how the firmware reaches the host's files and its own start options under QEMU. */
#ifndef SEMIHOST_H
#define SEMIHOST_H

#include <stddef.h>
#include <stdint.h>

/* The start options, blank separated; empty if the host gave none or more than fit. */
void semihost_options(char *text, size_t size);

/* Answers a handle, or -1. */
int semihost_create(const char *path);

/* Answers 0 when all of it was written. */
int semihost_write(int handle, const void *bytes, size_t size);
void semihost_close(int handle);

/* Ends QEMU with this exit status. Does not return. */
void semihost_exit(uint32_t status);

#endif
