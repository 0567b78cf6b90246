package dev.glissade.matrix;

import dev.ludovic.netlib.blas.BLAS;
import dev.ludovic.netlib.blas.JavaBLAS;
import dev.ludovic.netlib.blas.NativeBLAS;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.jspecify.annotations.Nullable;

/**
 * Loads netlib, once for all of its users in this process, and has it call the OpenBLAS of
 * Bytedeco's jar: netlib's calls take Java arrays without a copy, those of Bytedeco copy them.
 *
 * @param java the implementation in Java
 * @param openBlas OpenBLAS on one thread; null if its jar for this platform is missing or unusable
 */
record Netlib(BLAS java, @Nullable BLAS openBlas) {
  private static final String PATH = "dev.ludovic.netlib.blas.nativeLibPath";
  private static final String ALLOWED = "dev.ludovic.netlib.blas.allowNative";

  private static final Netlib LOADED = load();

  static Netlib loaded() {
    return LOADED;
  }

  private static Netlib load() {
    Logger logger = Logger.getLogger("dev.ludovic.netlib.blas.InstanceBuilder");
    Level level = logger.getLevel();
    String path = System.getProperty(PATH);
    String allowed = System.getProperty(ALLOWED);
    Optional<Path> library =
        "false".equals(allowed)
            ? Optional.empty()
            : path == null ? extracted() : Optional.of(Path.of(path));
    // Netlib would look for a BLAS of the system, whose speed and threads are not known.
    library.ifPresentOrElse(
        file -> System.setProperty(PATH, file.toString()),
        () -> System.setProperty(ALLOWED, "false"));
    logger.setLevel(Level.OFF);
    try {
      return new Netlib(JavaBLAS.getInstance(), inNative());
    } finally {
      logger.setLevel(level);
      restore(PATH, path);
      restore(ALLOWED, allowed);
    }
  }

  private static @Nullable BLAS inNative() {
    try {
      return NativeBLAS.getInstance();
    } catch (RuntimeException e) {
      // This is how netlib says that there is none.
      return null;
    }
  }

  /** Unpacks the library next to its wrapper, loads both and returns the library's file. */
  private static Optional<Path> extracted() {
    try {
      Path wrapper = Path.of(Loader.load(openblas_nolapack.class)).toAbsolutePath();
      // Parts of a product run on our threads; OpenBLAS's own would wait for each other busily.
      openblas_nolapack.blas_set_num_threads(1);
      try (Stream<Path> files = Files.list(wrapper.resolveSibling("."))) {
        return files
            .filter(file -> file.getFileName().toString().matches("(lib)?openblas_nolapack\\..*"))
            .filter(file -> !Files.isSymbolicLink(file))
            .map(Path::normalize)
            .findFirst();
      }
    } catch (IOException | LinkageError e) {
      return Optional.empty();
    }
  }

  private static void restore(String property, @Nullable String value) {
    if (value == null) {
      System.clearProperty(property);
    } else {
      System.setProperty(property, value);
    }
  }
}
