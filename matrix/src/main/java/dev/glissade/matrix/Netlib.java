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
 * @param takesColumns whether it takes some columns of a row-major matrix
 */
record Netlib(BLAS java, @Nullable BLAS openBlas, boolean takesColumns) {
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
      BLAS java = JavaBLAS.getInstance();
      return new Netlib(java, inNative(), takesColumns(java));
    } finally {
      logger.setLevel(level);
      restore(PATH, path);
      restore(ALLOWED, allowed);
    }
  }

  /**
   * Returns whether the library takes the last column of a matrix of 2 x 2. Version 3.0, which
   * Spark's clusters have, counts from there as many elements as the whole matrix has, and throws.
   */
  private static boolean takesColumns(BLAS blas) {
    try {
      float[] all = {1, 2, 3, 4};
      blas.sgemm("N", "T", 2, 1, 2, 1, all, 0, 2, all, 1, 2, 0, new float[2], 0, 2);
      return true;
    } catch (IndexOutOfBoundsException e) {
      return false;
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
