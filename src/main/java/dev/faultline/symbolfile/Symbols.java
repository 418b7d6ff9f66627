package dev.faultline.symbolfile;

import dev.faultline.ops.DataDirectory;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.store.BlobStore;
import dev.faultline.symbols.store.SymbolStore;
import io.quarkus.runtime.configuration.MemorySize;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The engine's store of debug files and indexes, on this service's data directory. */
@Dependent
class Symbols {

    @Produces
    @Singleton
    SymbolStore store(
            DataDirectory directory,
            BlobStore blobs,
            @ConfigProperty(name = "faultline.symbols.open") MemorySize open) {
        return new SymbolStore(directory.path(), blobs, Limits.DEFAULT, open.asLongValue());
    }

    void close(@Disposes SymbolStore store) {
        store.close();
    }
}
