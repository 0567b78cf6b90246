package dev.glissade.arena;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Checks, for every command, that no output replaces one of its inputs or another output. Each
 * argument of the type {@link Path} is an input unless its name is one of those of outputs.
 */
final class OutputPaths {
  /** The options that name what a command writes. */
  static final Set<String> OUTPUTS = Set.of("--out", "--report", "--checkpoint");

  private static final List<String> REPORT = List.of("index.html", "results.json", "results.csv");

  /** The files of a folder that a run with checkpoints writes or deletes. */
  private static final String CHECKPOINTS = "{checkpoint-*.safetensors,privacy.ledger*}";

  private static final String IMAGES = "*-ubyte{,.gz}";

  private OutputPaths() {}

  /** Refuses outputs that are inputs, also by another name, a hard link or a symbolic link. */
  static void check(CommandSpec command) throws IOException {
    Map<String, List<Path>> outputs = new LinkedHashMap<>();
    Map<String, List<Path>> inputs = new LinkedHashMap<>();
    for (ArgSpec argument : command.args()) {
      String name = name(argument);
      List<Path> paths = paths(argument);
      if (OUTPUTS.contains(name)) {
        outputs.put(name, written(name, paths));
      } else if (!paths.isEmpty()) {
        inputs.put(name, read(paths));
      }
    }
    for (Map.Entry<String, List<Path>> output : outputs.entrySet()) {
      inputs.forEach((name, files) -> refuse(output.getKey(), output.getValue(), name, files));
      // Two outputs that are one file conflict only once.
      inputs.put(output.getKey(), output.getValue());
    }
  }

  private static String name(ArgSpec argument) {
    return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
  }

  /** Returns the paths that an argument names; an optimizer may be a file of JSON. */
  private static List<Path> paths(ArgSpec argument) {
    List<Path> paths = new ArrayList<>();
    Object value = argument.getValue();
    if (value instanceof Path path && !path.toString().isEmpty()) {
      paths.add(path);
    } else if (value instanceof List<?> list) {
      list.stream().filter(Path.class::isInstance).forEach(path -> paths.add((Path) path));
    } else if (value instanceof String text && name(argument).startsWith("--optimizer")) {
      for (String part : text.split(",", -1)) {
        addFile(paths, part.strip());
      }
    }
    return paths;
  }

  private static void addFile(List<Path> paths, String name) {
    if (name.endsWith(".json")) {
      try {
        paths.add(Path.of(name));
      } catch (InvalidPathException e) {
        // The parser of optimizers says what is wrong with it.
      }
    }
  }

  private static List<Path> written(String name, List<Path> paths) throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path path : paths) {
      switch (name) {
        case "--report" -> REPORT.forEach(file -> files.add(path.resolve(file)));
        case "--checkpoint" -> files.addAll(files(path, CHECKPOINTS));
        default -> {
          files.add(path);
          files.add(PredictCommand.part(path));
        }
      }
    }
    return files;
  }

  private static List<Path> read(List<Path> paths) throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path path : paths) {
      files.add(path);
      files.addAll(files(path, IMAGES));
    }
    return files;
  }

  private static List<Path> files(Path folder, String pattern) throws IOException {
    List<Path> files = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, pattern)) {
        found.forEach(files::add);
      }
    }
    return files;
  }

  private static void refuse(String output, List<Path> written, String input, List<Path> read) {
    for (Path file : written) {
      for (Path other : read) {
        if (isSame(file, other)) {
          throw new IllegalArgumentException(
              output.equals("--out")
                  ? "%s must be another file than %s, but was %s".formatted(output, input, file)
                  : "%s must be a folder without %s, but has %s".formatted(output, input, file));
        }
      }
    }
  }

  private static boolean isSame(Path a, Path b) {
    try {
      boolean both = Files.exists(a) && Files.exists(b);
      return both ? Files.isSameFile(a, b) : real(a).equals(real(b));
    } catch (IOException e) {
      // A file that can't be looked up is refused when it is read or written.
      return false;
    }
  }

  /** Returns where a file that need not exist lies. */
  private static Path real(Path file) throws IOException {
    Path absolute = file.toAbsolutePath().normalize();
    @Nullable Path folder = absolute.getParent();
    return folder != null && Files.isDirectory(folder)
        ? folder.toRealPath().resolve(absolute.getFileName())
        : absolute;
  }
}
