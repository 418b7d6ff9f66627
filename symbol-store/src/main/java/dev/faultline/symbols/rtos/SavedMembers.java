package dev.faultline.symbols.rtos;

import java.util.OptionalLong;

/** Where the members of {@code struct _callee_saved} of one thread are, as the types of the debug file say. */
interface SavedMembers {

    /** The address; empty where the types do not say it. */
    OptionalLong at(String member);
}
