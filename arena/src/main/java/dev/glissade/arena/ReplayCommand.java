package dev.glissade.arena;

import dev.glissade.DType;
import dev.glissade.arena.replay.CaseFile;
import dev.glissade.arena.replay.Replay;
import dev.glissade.arena.text.Text;
import dev.glissade.checkpoint.json.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Replays recorded cases and prints the results, one JSON object a line. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    versionProvider = Glissade.Version.class,
    description = {
      "Replays recorded cases and prints a line of JSON for each: name, dtype, the params after each"
          + " step in the form of the case file and the numbers of the last state; for a case with"
          + " recorded results also max_error (the largest |difference| / max(|value|, 1e-3)) and"
          + " its bound. Writes numbers that are not finite as NaN and Infinity, as the cases do."
          + " Names cases that can't be replayed, because they are damaged or their optimizer is"
          + " not known, and replays the others."
    })
final class ReplayCommand implements Callable<Integer> {
  /** The types in which a case can run. */
  enum Precision {
    FLOAT64(DType.FLOAT64),
    FLOAT32(DType.FLOAT32);

    final DType dtype;

    Precision(DType dtype) {
      this.dtype = dtype;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Parameters(
      paramLabel = "CASE.json",
      arity = "1..*",
      description = "The recorded cases; a folder stands for its .json files.")
  private List<Path> cases = List.of();

  @Option(
      names = "--dtype",
      paramLabel = "DTYPE",
      defaultValue = "float64",
      description = "The type of the params: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private Precision precision = Precision.FLOAT64;

  @Option(
      names = "--in-place",
      description = "Steps in place instead of by the functional interface.")
  private boolean inPlace;

  @Option(
      names = "--check",
      description = {
        "Names each case whose max_error exceeds its bound and exits with 1. The bound is 1e-9 for"
            + " float64, and twice the original's own error plus 1e-5 for float32, where line"
            + " searches are not checked. If a case fails, ends with the number of cases that pass."
      })
  private boolean check;

  @SuppressWarnings("UnusedVariable")
  @Option(
      names = "--json",
      description = "Prints JSON, as without this option: a line for each case.")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  ReplayCommand() {}

  @Override
  public Integer call() {
    int code = 0;
    List<Path> files = files();
    int passed = 0;
    for (Path file : files) {
      int result = replay(file);
      passed += result == 0 ? 1 : 0;
      code = Math.max(code, result);
    }
    if (check && passed < files.size()) {
      say("%d of %d cases pass".formatted(passed, files.size()));
    }
    spec.commandLine().getOut().flush();
    return code;
  }

  /** Returns the cases, with those of folders. */
  private List<Path> files() {
    List<Path> files = new ArrayList<>();
    for (Path path : cases) {
      List<Path> inside = Files.isDirectory(path) ? casesIn(path) : List.of(path);
      if (inside.isEmpty()) {
        throw new IllegalArgumentException(path + " must have .json files, but had none");
      }
      files.addAll(inside);
    }
    return files;
  }

  private static List<Path> casesIn(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    } catch (IOException e) {
      throw new IllegalArgumentException(folder + " can't be read: " + e.getMessage(), e);
    }
  }

  private int replay(Path file) {
    Replay result;
    try {
      result = Replay.run(CaseFile.read(file), precision.dtype, inPlace);
    } catch (RuntimeException e) {
      say(complaint(file, e));
      return Glissade.BAD_INPUT;
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println(Text.escapedJson(Json.PYTHON.write(result.plain())));
    if (check && result.maxError() == null) {
      say(result.source().name() + ": not checked, since the case has no recorded results");
    } else if (check && result.bound() == null) {
      say(result.source().name() + ": not checked, since line searches are judged in float64 only");
    }
    if (check && !result.passes()) {
      say(
          "%s: max_error %s exceeds the bound %s"
              .formatted(result.source().name(), result.maxError(), result.bound()));
      return Glissade.CHECK_FAILED;
    }
    return 0;
  }

  private static String complaint(Path file, RuntimeException e) {
    if (!(e instanceof IllegalArgumentException)) {
      return "%s can't be replayed: %s".formatted(file, e);
    }
    String message = String.valueOf(e.getMessage());
    return message.startsWith(file.toString()) ? message : file + ": " + message;
  }

  private void say(String sentence) {
    spec.commandLine().getOut().flush();
    Failures.say(spec.commandLine(), sentence);
  }
}
