package dev.faultline.access;

/** Whether requests need credentials: {@code faultline.auth}. */
enum AuthMode {
    /** Local mode: whoever reaches the loopback address is the owner of the machine and may do everything. */
    OFF,
    /** Every request but health, log-in and static files needs a token, a project key or a session. */
    ON
}
