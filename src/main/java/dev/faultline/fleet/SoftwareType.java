package dev.faultline.fleet;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A kind of software that devices run, and how its versions are ordered.
 *
 * @param revision counts the declarations; 0: nobody declared a scheme
 * @param setAt when this scheme was declared
 * @param setBy who declared it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SoftwareType(
        String software,
        VersionScheme scheme,
        int revision,
        @Nullable Instant setAt,
        @Nullable String setBy) {

    static SoftwareType undeclared(String software) {
        return new SoftwareType(software, VersionScheme.NONE, 0, null, null);
    }
}
