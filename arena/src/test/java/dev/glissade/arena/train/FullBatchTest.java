package dev.glissade.arena.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Training on all examples at each step, with and without a line search. */
class FullBatchTest {
  @ParameterizedTest
  @ValueSource(strings = {"FLOAT32", "FLOAT64"})
  void lbfgsFitsLogisticRegression(String type) throws Exception {
    requireFit("OpenBLAS", LogisticRegression.fit(type));
  }

  /** The same in Java, where the jars of the native library are not there. */
  @ParameterizedTest
  @ValueSource(strings = {"FLOAT32", "FLOAT64"})
  void lbfgsFitsLogisticRegressionWithoutTheNativeLibrary(String type) throws Exception {
    ClassLoader platform = ClassLoader.getPlatformClassLoader();
    try (URLClassLoader loader = new URLClassLoader(jarsWithoutOpenblas(), platform)) {
      Class<?> again = loader.loadClass(LogisticRegression.class.getName());
      assertThat(again).isNotSameAs(LogisticRegression.class);
      requireFit("Java", (String) again.getMethod("fit", String.class).invoke(null, type));
    }
  }

  private static void requireFit(String library, String found) {
    String[] words = found.split(" ");
    assertThat(words[0]).isEqualTo(library);
    assertThat(Double.parseDouble(words[1]))
        .isBetween(LogisticRegression.OPTIMUM - 1e-7, LogisticRegression.OPTIMUM + 5e-7);
    assertThat(Integer.parseInt(words[2])).as(found).isBetween(1, 39);
  }

  /** Surefire names the class path by a property of its own, since its jar has only a manifest. */
  private static URL[] jarsWithoutOpenblas() throws MalformedURLException {
    String path =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    List<URL> urls = new ArrayList<>();
    for (String entry : path.split(File.pathSeparator, -1)) {
      if (!entry.contains("bytedeco")) {
        urls.add(new File(entry).toURI().toURL());
      }
    }
    return urls.toArray(URL[]::new);
  }
}
