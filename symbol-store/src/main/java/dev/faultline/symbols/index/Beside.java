package dev.faultline.symbols.index;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/** Work that goes on beside the caller's where a build may have several threads; ended, well or not, when it is closed. */
final class Beside implements AutoCloseable {
    private final boolean several;
    private final List<Thread> threads = new ArrayList<>();

    Beside(int workers) {
        this.several = workers > 1;
    }

    /** Begins work, or does it when its result is asked for; what it throws is thrown there. */
    <T> Supplier<T> start(String name, Supplier<T> work) {
        var task = new FutureTask<>(work::get);
        if (several) {
            threads.add(Thread.ofPlatform().name(name).start(task));
        }
        return () -> {
            if (!several) {
                task.run();
            }
            return result(task);
        };
    }

    private static <T> T result(FutureTask<T> task) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw unchecked(e);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Only unchecked exceptions come out of a Supplier. */
    private static RuntimeException unchecked(ExecutionException failed) {
        return switch (failed.getCause()) {
            case RuntimeException cause -> cause;
            case Error cause -> throw cause;
            case null, default -> new CancellationException(failed.toString());
        };
    }

    /** Waits for all of it: it uses what the caller is about to close. */
    @Override
    public void close() {
        threads.forEach(Beside::join);
    }

    /** Waits for a thread, however often this one is interrupted meanwhile. */
    static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
