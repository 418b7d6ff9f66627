package dev.faultline.ingest;

import dev.faultline.crash.CrashQueue;
import dev.faultline.crash.NewCrash;
import dev.faultline.crash.Receipt;
import dev.faultline.http.Packing;
import dev.faultline.http.Problem;
import dev.faultline.http.UploadBody;
import dev.faultline.ops.DataDirectory;
import dev.faultline.ops.UnnamedBlobs;
import dev.faultline.symbols.store.BlobStore;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.configuration.MemorySize;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Accepts a coredump: bytes to disk, then row and job, then the answer. */
@ApplicationScoped
class Intake {
    private static final Logger LOG = Logger.getLogger(Intake.class);
    private static final int RETRY_SECONDS = 30;

    private final DataDirectory directory;
    private final BlobStore blobs;
    private final UnnamedBlobs unnamed;
    private final CrashQueue queue;
    private final MeterRegistry metrics;
    private final long largestCoredump;
    private final long largestAttachment;

    Intake(
            DataDirectory directory,
            BlobStore blobs,
            UnnamedBlobs unnamed,
            CrashQueue queue,
            MeterRegistry metrics,
            @ConfigProperty(name = "faultline.limits.coredump") MemorySize largestCoredump,
            @ConfigProperty(name = "faultline.limits.attachment") MemorySize largestAttachment) {
        this.directory = directory;
        this.blobs = blobs;
        this.unnamed = unnamed;
        this.queue = queue;
        this.metrics = metrics;
        this.largestCoredump = largestCoredump.asLongValue();
        this.largestAttachment = largestAttachment.asLongValue();
    }

    /** What may come with a coredump, durable already. */
    record Beside(@Nullable String logSha256, @Nullable String attachmentSha256) {
        static final Beside NOTHING = new Beside(null, null);
    }

    /** Stores a coredump; when this returns, it is not lost any more. */
    Receipt accept(long projectId, Claims claims, UploadBody body, Beside beside, Instant now) {
        try {
            var receipt = store(projectId, claims, body, beside, now);
            count(receipt.added() ? "queued" : "duplicate");
            return receipt;
        } catch (Problem refused) {
            count(refused.type());
            throw refused;
        }
    }

    private Receipt store(long projectId, Claims claims, UploadBody body, Beside beside, Instant now) {
        var identity = claims.identity();
        var captured = claims.captured();
        var blob = durable("coredump", largestCoredump, now, () -> {
            var peeked = body.peek(Packing.HEAD);
            CoredumpHead.check(peeked.head());
            return peeked.whole();
        });
        var receipt = queue.add(new NewCrash(
                projectId,
                Objects.requireNonNullElse(identity.device(), ""),
                blob.sha256(),
                blob.size(),
                identity,
                beside.logSha256(),
                beside.attachmentSha256(),
                captured,
                now,
                Claims.effective(captured, now)));
        unnamed.remove(blob.sha256());
        if (receipt.added()) {
            // of a duplicate, the row of before names what came beside it then
            Stream.of(beside.logSha256(), beside.attachmentSha256())
                    .filter(Objects::nonNull)
                    .forEach(unnamed::remove);
        }
        return receipt;
    }

    /** Stores a log or an attachment; its SHA-256. */
    String beside(String part, UploadBody body, Instant now) {
        return durable(part, largestAttachment, now, () -> body).sha256();
    }

    /** Opens a body at the moment it is wanted. */
    private interface Source {
        UploadBody open() throws IOException;
    }

    private BlobStore.Blob durable(String part, long most, Instant now, Source source) {
        directory.checkRoom(now);
        try {
            var blob = blobs.put(source.open(), most);
            unnamed.add(blob.sha256(), now);
            return blob;
        } catch (BlobStore.TooLarge e) {
            throw tooLarge(part, most);
        } catch (UploadBody.Broken e) {
            throw Problem.badRequest("broken-upload", "The %s could not be read to its end: %s", part, e.getMessage());
        } catch (IOException e) {
            LOG.errorf(e, "cannot store an upload");
            throw Problem.of(503, "cannot-store", "The %s could not be stored: it was not taken", part)
                    .with(Map.of(Problem.RETRY_AFTER_SECONDS, RETRY_SECONDS));
        }
    }

    /** Refuses a coredump by what its header says, before a byte of it was sent. */
    void checkAnnounced(long size) {
        if (size > largestCoredump) {
            count("coredump-too-large");
            throw tooLarge("coredump", largestCoredump);
        }
    }

    private static Problem tooLarge(String part, long most) {
        return Problem.of(
                        413,
                        part + "-too-large",
                        "The %s is larger than the %d bytes that faultline.limits.%s allows",
                        part,
                        most,
                        part.equals("coredump") ? part : "attachment")
                .with(Map.of("limit", most));
    }

    private void count(String disposition) {
        metrics.counter("faultline.uploads", "disposition", disposition).increment();
    }
}
