package dev.glissade.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of docs/checkpoints.md compiles, runs and does what is said there. */
class DocsTest {
  @TempDir Path folder;

  @Test
  void theCodeRuns() throws Exception {
    String page = Files.readString(Path.of("../docs/checkpoints.md"));
    List<String> blocks =
        Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
            .matcher(page)
            .results()
            .map(result -> result.group(1))
            .toList();
    String source =
        """
        import dev.glissade.*;
        import dev.glissade.checkpoint.*;
        import dev.glissade.contrib.*;
        import java.nio.file.Path;
        import java.util.Map;
        public class Page {
          public static void main(String[] arguments) throws Exception {
            Path folder = Path.of(arguments[0]);
        %s
          }
        %s
        }
        """
            .formatted(blocks.get(0) + blocks.get(1) + blocks.get(3), blocks.get(2));
    String printed = run(source);
    assertThat(printed).startsWith("50 0.5 ").contains("TensorInfo[name=params/w, type=F32");
    try (Safetensors model = Safetensors.open(folder.resolve("run/model.safetensors"))) {
      assertThat(Math.abs(model.tensor("w").get(0))).isLessThan(3);
    }
  }

  private String run(String source) throws Exception {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
    JavaFileObject file =
        new SimpleJavaFileObject(URI.create("string:///Page.java"), JavaFileObject.Kind.SOURCE) {
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
          .loadClass("Page")
          .getMethod("main", String[].class)
          .invoke(null, (Object) new String[] {folder.resolve("run").toString()});
    } finally {
      System.setOut(before);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }
}
