package dev.faultline.outbox;

import dev.faultline.ops.DataDirectory;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Seals the secrets of webhooks, which signing needs as they are: the database alone does not tell them. The key is
 * {@code faultline.webhooks.key}, else that of the file {@value #FILE} in the data directory, made when the first secret is.
 */
@ApplicationScoped
class SecretBox {
    private static final String FILE = "webhook-key";
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final DataDirectory directory;
    private final Optional<String> configured;

    SecretBox(DataDirectory directory, @ConfigProperty(name = "faultline.webhooks.key") Optional<String> configured) {
        this.directory = directory;
        this.configured = configured;
    }

    /**
     * Sealed for one place: what is sealed for another one does not open.
     *
     * @param place such as the project's id and the webhook's name
     */
    byte[] seal(String secret, String place) {
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, place, secret.getBytes(StandardCharsets.UTF_8))
                .orElseThrow(() -> new IllegalStateException("AES-GCM does not take a secret"));
        byte[] all = new byte[NONCE_BYTES + sealed.length];
        System.arraycopy(nonce, 0, all, 0, NONCE_BYTES);
        System.arraycopy(sealed, 0, all, NONCE_BYTES, sealed.length);
        return all;
    }

    /** Empty where another key sealed it: after a restore without the key, for example. */
    Optional<String> open(byte[] sealed, String place) {
        byte[] nonce = new byte[NONCE_BYTES];
        System.arraycopy(sealed, 0, nonce, 0, NONCE_BYTES);
        byte[] rest = new byte[sealed.length - NONCE_BYTES];
        System.arraycopy(sealed, NONCE_BYTES, rest, 0, rest.length);
        return cipher(Cipher.DECRYPT_MODE, nonce, place, rest).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    private Optional<byte[]> cipher(int mode, byte[] nonce, String place, byte[] bytes) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, new SecretKeySpec(key(), "AES"), new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(place.getBytes(StandardCharsets.UTF_8));
            return Optional.of(cipher.doFinal(bytes));
        } catch (AEADBadTagException anotherKey) {
            return Optional.empty();
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new AssertionError(everyJdkHasIt);
        }
    }

    private byte[] key() {
        byte[] key =
                Base64.getDecoder().decode(configured.orElseGet(this::fileKey).strip());
        if (key.length != KEY_BYTES) {
            throw new IllegalStateException(
                    "the key of webhooks has %d bytes, wanted %d in base64".formatted(key.length, KEY_BYTES));
        }
        return key;
    }

    private String fileKey() {
        Path file = directory.path().resolve(FILE);
        try {
            if (!Files.exists(file)) {
                create(file);
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("the key of webhooks can not be read or made", e);
        }
    }

    /** Complete or not at all: a key that is half written would seal what nobody opens again. */
    private void create(Path file) throws IOException {
        byte[] key = new byte[KEY_BYTES];
        RANDOM.nextBytes(key);
        Path half = Files.createTempFile(
                directory.path(),
                FILE,
                ".new",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.writeString(half, Base64.getEncoder().encodeToString(key) + "\n");
            // a link does not replace a key that somebody else just made
            Files.createLink(file, half);
        } catch (FileAlreadyExistsException somebodyElseWas) {
            // theirs is the key
        } finally {
            Files.delete(half);
        }
    }
}
