package dev.glissade.contrib;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of the README compiles, runs and does what is said there. */
class ReadmeTest {
  @TempDir Path folder;

  private static List<String> blocks() throws IOException {
    String readme = Files.readString(Path.of("../README.md"));
    Matcher matcher = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(readme);
    return matcher.results().map(result -> result.group(1)).collect(Collectors.toList());
  }

  @Test
  void tenLinesFindTheMinimum() throws Exception {
    String source =
        """
        import dev.glissade.*;
        import dev.glissade.contrib.*;
        public class Readme {
          public static void main(String[] arguments) {
        %s
          }
        %s
        }
        """
            .formatted(blocks().get(0), blocks().get(1));
    String printed = run(source);
    Matcher numbers = Pattern.compile("(-?\\d+\\.\\d+(?:E-?\\d+)?)").matcher(printed);
    List<Double> found = numbers.results().map(r -> Double.valueOf(r.group())).toList();
    assertThat(found).hasSize(2).allSatisfy(w -> assertThat(w).isBetween(0.9, 1.1));
  }

  private String run(String source) throws Exception {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
    JavaFileObject file =
        new SimpleJavaFileObject(URI.create("string:///Readme.java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
          }
        };
    List<String> options =
        List.of("-d", folder.toString(), "-cp", System.getProperty("java.class.path"));
    boolean compiled = compiler.getTask(null, null, problems, options, null, List.of(file)).call();
    assertThat(compiled).as("%s", problems.getDiagnostics()).isTrue();
    PrintStream before = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
      loader
          .loadClass("Readme")
          .getMethod("main", String[].class)
          .invoke(null, (Object) new String[0]);
    } finally {
      System.setOut(before);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }
}
