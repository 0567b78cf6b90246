package dev.glissade.withers.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiles small records with the processor and uses what it generates. */
class WithersProcessorTest {
  private static final String HEAD =
      """
      package p;
      import dev.glissade.withers.Withers;
      import java.util.List;
      import org.jspecify.annotations.Nullable;
      """;

  @TempDir Path folder;

  @Test
  void setsOneComponentAndKeepsTheOthers() throws Exception {
    Object point = made("/** @param x the one\n @param y the other */ @Withers", 1.0, 2);
    Object moved = call(point, "x", double.class, 3.0);
    assertThat(moved).hasToString("R[x=3.0, y=2]");
    assertThat(call(moved, "y", Integer.class, null)).hasToString("R[x=3.0, y=null]");
    assertThat(call(moved, "y", int.class, 4)).hasToString("R[x=3.0, y=4]");
  }

  @Test
  void runsTheChecksOfTheConstructor() throws Exception {
    Object point = made("/** @param x the one\n @param y the other */ @Withers", 1.0, 2);
    assertThatThrownBy(() -> call(point, "x", double.class, -1.0))
        .isInstanceOf(InvocationTargetException.class)
        .cause()
        .hasMessage("x must not be negative");
  }

  @Test
  void takesTheJavadocOfTheComponent() throws Exception {
    made(
        "/**\n * A point.\n *\n * @param x the one,\n *     which is long\n * @param y b\n */\n@Withers",
        1.0,
        2);
    assertThat(folder.resolve("p/RWithers.java"))
        .content()
        .contains("   * @param x the one,\n   *     which is long\n   * @return");
  }

  @Test
  void linksAreCodeWhereTheirNamesMeanNothing() throws Exception {
    made(
        "/** @param x as {@link List#of(Object)}, {@linkplain #y the other}, {@link #y}\n @param y b */ @Withers",
        1.0,
        2);
    assertThat(folder.resolve("p/RWithers.java"))
        .content()
        .contains("@param x as {@code List.of(Object)}, the other, {@code y}\n");
  }

  @Test
  void leavesMethodsOfTheRecordAlone() throws Exception {
    String source =
        HEAD
            + """
            /** @param x a number */
            @Withers
            public record R(double x) implements RWithers {
              public R x(double x) { return new R(-x); }
            }
            """;
    assertThat(compiled("R", source)).isEmpty();
    Object made = type("R").getConstructors()[0].newInstance(1.0);
    assertThat(call(made, "x", double.class, 2.0)).hasToString("R[x=-2.0]");
  }

  @Test
  void knowsTypeParametersNestedRecordsAnnotationsAndArrays() {
    String source =
        HEAD
            + """
            public interface Outer {
              /** @param a one
               *  @param b two
               *  @param c three */
              @Withers
              record R<T extends Comparable<? super T> & java.io.Serializable>(
                  List<? extends @Nullable T> a, @Nullable T b, double @Nullable [][] c)
                  implements Outer_RWithers<T> {}
            }
            """;
    assertThat(compiled("Outer", source)).isEmpty();
  }

  @Test
  void setsARecordOfNumbersByThem() throws Exception {
    String source =
        HEAD
            + """
            /** @param pair two numbers */
            @Withers
            public record R(Pair pair) implements RWithers {
              public record Pair(double first, double second) {}
              public static R some() { return new R(new Pair(1, 2)).pair(3, 4); }
            }
            """;
    assertThat(compiled("R", source)).isEmpty();
    assertThat(type("R").getMethod("some").invoke(null))
        .hasToString("R[pair=Pair[first=3.0, second=4.0]]");
  }

  @Test
  void wantsDocumentation() {
    String source = HEAD + "@Withers public record R(double x) implements RWithers {}";
    assertThat(compiled("R", source))
        .contains("component x of R must have a @param in the record's Javadoc, but had none");
  }

  @Test
  void refusesWhatIsNotARecord() {
    String source = HEAD + "@Withers public class R {}";
    assertThat(compiled("R", source)).contains("@Withers must be on a record, but was on R");
  }

  private Object made(String documentation, double x, int y) throws Exception {
    String source =
        HEAD
            + documentation
            + """

            public record R(double x, @Nullable Integer y) implements RWithers {
              public R {
                if (x < 0) throw new IllegalArgumentException("x must not be negative");
              }
            }
            """;
    assertThat(compiled("R", source)).isEmpty();
    return type("R").getConstructors()[0].newInstance(x, y);
  }

  private static Object call(Object record, String name, Class<?> type, Object value)
      throws Exception {
    Method method = record.getClass().getMethod(name, type);
    return method.invoke(record, value);
  }

  private Class<?> type(String name) throws Exception {
    URL[] urls = {folder.toUri().toURL()};
    return new URLClassLoader(urls, getClass().getClassLoader()).loadClass("p." + name);
  }

  /** Compiles a source and returns what the compiler says. */
  private String compiled(String name, String source) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    JavaFileObject file =
        new SimpleJavaFileObject(
            URI.create("string:///p/" + name + ".java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreErrors) {
            return source;
          }
        };
    JavaCompiler.CompilationTask task =
        compiler.getTask(
            said,
            null,
            null,
            List.of(
                "-d",
                folder.toString(),
                "-s",
                folder.toString(),
                "-Xlint:all,-processing",
                "-classpath",
                System.getProperty("java.class.path")),
            null,
            List.of(file));
    task.setProcessors(List.of(new WithersProcessor()));
    task.call();
    return said.toString();
  }
}
