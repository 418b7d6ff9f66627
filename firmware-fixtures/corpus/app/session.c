/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
#include "tracker.h"

#include <assert.h>

static struct lease lease_of_peer = {2, 5000};

static uint32_t peer_version(uint32_t peer) {
    return met(VERSION_UNKNOWN) ? 9 + peer : 2;
}

static uint32_t renew(uint32_t peer) {
    struct lease *lease = met(SESSION_LEASE) ? nothing : &lease_of_peer;
    uint32_t rest = lease_touch(lease, peer);
    return rest + peer;
}

static uint32_t check_peer(uint32_t peer) {
    uint32_t known = met(PEER_UNKNOWN) ? 0 : 1;
    assert(known != 0);
    uint32_t version = peer_version(peer);
    assert(version < 4);
    return version;
}

uint32_t session_open(uint32_t peer) {
    uint32_t version = check_peer(peer);
    uint32_t rest = renew(peer);
    return rest + crypto_open(version);
}

static uint32_t give_back(void *block) {
    pool_free(block);
    return 1;
}

uint32_t session_close(uint32_t peer) {
    void *block = pool_alloc(24);
    uint32_t given = give_back(block);
    if (met(SESSION_TWICE)) {
        given += give_back(block);
    }
    return given + peer;
}
