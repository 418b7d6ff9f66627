package dev.faultline.http;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The body of an upload, read once from front to end, never whole in memory. What can not be read because of the sender
 * is a {@link Broken}, so that it is told apart from a disk that can not be written.
 */
public final class UploadBody extends FilterInputStream {

    private UploadBody(InputStream body) {
        super(body);
    }

    /** The sender's bytes ended early, or are not what their encoding says. */
    public static final class Broken extends IOException {
        private static final long serialVersionUID = 1;

        private Broken(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }

    /** A body with its {@code Content-Encoding} taken off; a 415 problem for an encoding that is not known. */
    public static UploadBody of(InputStream body, @Nullable String contentEncoding) throws Broken {
        if (contentEncoding == null || contentEncoding.isBlank() || contentEncoding.equalsIgnoreCase("identity")) {
            return new UploadBody(body);
        }
        var packing = Packing.ofEncoding(contentEncoding);
        try {
            return new UploadBody(packing.open(body));
        } catch (IOException e) {
            throw new Broken(e);
        }
    }

    /** The same bytes unpacked, as {@code packing} says. */
    public UploadBody unpacked(Packing packing) throws Broken {
        try {
            return new UploadBody(packing.open(this));
        } catch (IOException e) {
            throw new Broken(e);
        }
    }

    /** The first bytes, at most {@code most}, and the body with them still in front. */
    public Peeked peek(int most) throws IOException {
        byte[] head = readNBytes(most);
        return new Peeked(head, new UploadBody(new SequenceInputStream(new ByteArrayInputStream(head), this)));
    }

    /** A look at the beginning of a body. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Peeked(byte[] head, UploadBody whole) {}

    @Override
    public int read() throws IOException {
        try {
            return super.read();
        } catch (Broken e) {
            throw e;
        } catch (IOException e) {
            throw new Broken(e);
        }
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        try {
            return super.read(bytes, offset, length);
        } catch (Broken e) {
            throw e;
        } catch (IOException e) {
            throw new Broken(e);
        }
    }
}
