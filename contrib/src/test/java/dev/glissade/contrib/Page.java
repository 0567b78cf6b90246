package dev.glissade.contrib;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * A page of documentation, whose Java blocks are compiled and run as they stand: all of them.
 *
 * <p>{@code DocsTest} of the module examples runs each block of each page as a program of its own,
 * but for pages that another test names in {@code Page.of("...")}.
 */
public final class Page {
  private static final String MODULE = "module ";

  private final String name;

  private Page(String name) {
    this.name = name;
  }

  /** Returns the page of a name such as "docs/djl.md". */
  public static Page of(String name) {
    return new Page(name);
  }

  /** Returns the text of the page. */
  public String text() {
    try {
      return Files.readString(Path.of("..", name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the blocks of a language, in order. */
  public List<String> blocks(String language) {
    return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
        .matcher(text())
        .results()
        .map(result -> result.group(1))
        .toList();
  }

  /** Returns the blocks of Java, in order, but for those that declare a module. */
  public List<String> code() {
    return blocks("java").stream().filter(block -> !block.startsWith(MODULE)).toList();
  }

  /** Returns what the page says that each block of Java prints; empty where it does not say it. */
  public List<String> outputs() {
    return Pattern.compile(
            "```java\n(?!module )(.*?)```\n(?:\nIt prints\n\n```text\n(.*?)```)?", Pattern.DOTALL)
        .matcher(text())
        .results()
        .map(result -> result.group(2) == null ? "" : result.group(2))
        .toList();
  }

  /** Compiles each block that declares a module; returns how many there are. */
  public int compileModules(Path folder) {
    List<String> modules =
        blocks("java").stream().filter(block -> block.startsWith(MODULE)).toList();
    modules.forEach(block -> compile(folder, "module-info", block, "--module-path"));
    return modules.size();
  }

  /**
   * Runs all blocks as one program, in order.
   *
   * @param folder to compile into
   * @return what it prints
   */
  public String run(Path folder) throws Exception {
    return run(folder, "Blocks", code());
  }

  /** Runs each block as a program of its own; returns what each prints. */
  public List<String> runEach(Path folder) throws Exception {
    List<String> printed = new ArrayList<>();
    for (String block : code()) {
      String program = "Block" + (printed.size() + 1);
      printed.add(run(folder, program, List.of(block)));
    }
    return printed;
  }

  private String run(Path folder, String program, List<String> blocks) throws Exception {
    compile(folder, program, PageProgram.source(program, blocks), "-cp");
    PrintStream before = System.out;
    Locale locale = Locale.getDefault();
    Thread thread = Thread.currentThread();
    ClassLoader classes = thread.getContextClassLoader();
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
      Locale.setDefault(Locale.ROOT);
      thread.setContextClassLoader(loader); // by which Spark finds a program's classes
      Class<?> main = loader.loadClass(program);
      main.getMethod("main", String[].class).invoke(null, (Object) new String[0]);
    } finally {
      System.setOut(before);
      Locale.setDefault(locale);
      thread.setContextClassLoader(classes);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }

  private void compile(Path folder, String program, String source, String path) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
    URI uri = URI.create("string:///" + program + ".java");
    JavaFileObject file =
        new SimpleJavaFileObject(uri, JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
          }
        };
    List<String> options =
        List.of("-d", folder.toString(), path, System.getProperty("java.class.path"));
    boolean compiled = compiler.getTask(null, null, problems, options, null, List.of(file)).call();
    assertThat(compiled).as("%s: %s%n%s", name, problems.getDiagnostics(), source).isTrue();
  }
}
