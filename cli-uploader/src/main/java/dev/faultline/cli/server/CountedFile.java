package dev.faultline.cli.server;

import dev.faultline.cli.Terminal;
import java.io.FileNotFoundException;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.Flow;

/** A file as the body of a request, with its progress shown. */
final class CountedFile implements HttpRequest.BodyPublisher {
    /** Smaller files are gone before anybody looked. */
    private static final long WORTH_SHOWING = 1 << 20;

    private final HttpRequest.BodyPublisher file;
    private final String name;
    private final Terminal terminal;

    CountedFile(Path file, Terminal terminal) throws FileNotFoundException {
        this.file = HttpRequest.BodyPublishers.ofFile(file);
        this.name = String.valueOf(file.getFileName());
        this.terminal = terminal;
    }

    @Override
    public long contentLength() {
        return file.contentLength();
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
        file.subscribe(contentLength() < WORTH_SHOWING ? subscriber : new Counter(subscriber));
    }

    private final class Counter implements Flow.Subscriber<ByteBuffer> {
        private final Flow.Subscriber<? super ByteBuffer> next;
        private long sent;
        private long shownPercent = -1;

        Counter(Flow.Subscriber<? super ByteBuffer> next) {
            this.next = next;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            next.onSubscribe(subscription);
        }

        @Override
        public void onNext(ByteBuffer part) {
            sent += part.remaining();
            long percent = sent * 100 / contentLength();
            if (percent != shownPercent) {
                shownPercent = percent;
                terminal.progress("%s: %d %% of %.1f MB%s"
                        .formatted(
                                name,
                                percent,
                                contentLength() / 1e6,
                                percent == 100 ? ", waiting for the service" : ""));
            }
            next.onNext(part);
        }

        @Override
        public void onError(Throwable failure) {
            next.onError(failure);
        }

        @Override
        public void onComplete() {
            next.onComplete();
        }
    }
}
