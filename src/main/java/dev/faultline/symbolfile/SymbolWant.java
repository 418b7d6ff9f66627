package dev.faultline.symbolfile;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A file that a debug file refers to, and that its index is more complete with.
 *
 * @param role {@code image}, {@code debug-file}, {@code alternate} or {@code dwo}; a {@code .dwp} does for each
 *     {@code dwo} in it
 * @param name as the debug file names it, from the folder that it says; absent where it names none
 * @param id which one it is: a build id, {@code crc32:} and a checksum, or the number of a split unit; hexadecimal
 * @param present whether it is here
 * @param command what to run where the file is; absent where it is here
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SymbolWant(
        String role,
        @Nullable String name,
        String id,
        boolean present,
        @Nullable String command) {}
