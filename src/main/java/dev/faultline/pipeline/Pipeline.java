package dev.faultline.pipeline;

import dev.faultline.cluster.Clusters;
import dev.faultline.cluster.CrashFacts;
import dev.faultline.crash.CrashQueue;
import dev.faultline.crash.Crashes;
import dev.faultline.crash.Job;
import dev.faultline.crash.LogBuffers;
import dev.faultline.crash.Stacks;
import dev.faultline.fingerprint.Fingerprint;
import dev.faultline.fleet.Fleet;
import dev.faultline.fleet.Sighting;
import dev.faultline.ops.Fragment;
import dev.faultline.ops.Transactions;
import dev.faultline.rules.Rules;
import dev.faultline.symbolfile.DebugFiles;
import dev.faultline.symbols.analysis.CrashAnalysis;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.logs.LogSources;
import dev.faultline.symbols.report.CrashReport;
import dev.faultline.symbols.store.BlobStore;
import dev.faultline.symbols.store.SymbolSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The order of the product. */
@ApplicationScoped
class Pipeline {
    private final BlobStore blobs;
    private final DebugFiles debugFiles;
    private final Rules rules;
    private final Fleet fleet;
    private final Clusters clusters;
    private final Stacks stacks;
    private final Crashes crashes;
    private final CrashQueue queue;
    private final LogBuffers logBuffers;
    private final Transactions transactions;

    Pipeline(
            BlobStore blobs,
            DebugFiles debugFiles,
            Rules rules,
            Fleet fleet,
            Clusters clusters,
            Stacks stacks,
            Crashes crashes,
            CrashQueue queue,
            LogBuffers logBuffers,
            Transactions transactions) {
        this.blobs = blobs;
        this.debugFiles = debugFiles;
        this.rules = rules;
        this.fleet = fleet;
        this.clusters = clusters;
        this.stacks = stacks;
        this.crashes = crashes;
        this.queue = queue;
        this.logBuffers = logBuffers;
        this.transactions = transactions;
    }

    /** What became of a job. */
    enum Outcome {
        PROCESSED,
        NEEDS_SYMBOLS,
        /** Somebody else has the job by now and writes its result. */
        LOST
    }

    /**
     * Coredump → report → fingerprint → who and what → variant and cluster → stored.
     *
     * @throws dev.faultline.symbols.bytes.FormatException when there is nothing to report about
     */
    Outcome process(Job job, Instant now) throws IOException {
        var symbols = debugFiles.of(job.projectId());
        var read = analyze(job, symbols);
        CrashReport report = read.report();
        Fingerprint fingerprint = rules.compiled(job.projectId()).of(report);
        Fragment reported = crashes.reported(report, stacks.id(job.projectId(), report), now);
        // what is written here is lost with a power failure only together with the end of the job: then it is done
        // again
        return transactions.repeatable(transaction -> {
            boolean changed = debugFiles.changed(transaction, symbols);
            if (!queue.end(transaction, job)) {
                return Outcome.LOST;
            }
            Sighting sighting = fleet.seen(transaction, job.projectId(), report.identity(), job.effectiveAt());
            var facts = new CrashFacts(job.crash(), sighting, reported);
            clusters.assign(transaction, job.projectId(), fingerprint, facts, now);
            crashes.keepModules(transaction, job.projectId(), job.crash(), report);
            if (job.ordinal() == 1 && read.coredumps() > 1) {
                queue.addSiblings(transaction, job.crash(), read.coredumps(), now);
            }
            if (changed) {
                queue.again(transaction, job.crash(), now);
            }
            return report.missingSymbols().isEmpty() ? Outcome.PROCESSED : Outcome.NEEDS_SYMBOLS;
        });
    }

    private CrashAnalysis.Read analyze(Job job, SymbolSource symbols) throws IOException {
        try (var file = blobs.open(job.sha256());
                var arena = Arena.ofConfined()) {
            var dump = file.map(FileChannel.MapMode.READ_ONLY, 0, file.size(), arena);
            var logs = new LogSources(uploaded(job, arena), logBuffers.of(job.projectId()));
            return CrashAnalysis.analyze(dump, job.ordinal(), symbols, job.claims(), logs, Limits.DEFAULT);
        }
    }

    /** The log beside the coredump, unless none came or it is gone. */
    private @Nullable MemorySegment uploaded(Job job, Arena arena) throws IOException {
        var log = job.logSha256();
        if (log == null || blobs.path(log).isEmpty()) {
            return null;
        }
        try (var file = blobs.open(log)) {
            return file.map(FileChannel.MapMode.READ_ONLY, 0, file.size(), arena);
        }
    }
}
