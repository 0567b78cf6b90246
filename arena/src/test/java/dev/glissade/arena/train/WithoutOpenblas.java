package dev.glissade.arena.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;

/** Calls the program where the jars of the native library are not there. */
final class WithoutOpenblas {
  private WithoutOpenblas() {}

  /** Calls a public static method of a class, loaded again, with a text; returns a text. */
  static String call(Class<?> type, String method, String argument)
      throws IOException, ReflectiveOperationException {
    ClassLoader platform = ClassLoader.getPlatformClassLoader();
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader loader = new URLClassLoader(jars(), platform)) {
      thread.setContextClassLoader(loader);
      Class<?> again = loader.loadClass(type.getName());
      assertThat(again).isNotSameAs(type);
      return (String) again.getMethod(method, String.class).invoke(null, argument);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** Surefire names the class path by a property of its own, since its jar has only a manifest. */
  private static URL[] jars() throws MalformedURLException {
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
