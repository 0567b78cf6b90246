package dev.glissade.arena;

import dev.glissade.DType;
import dev.glissade.arena.replay.CaseFile;
import dev.glissade.arena.replay.Replay;
import dev.glissade.arena.text.Text;
import dev.glissade.checkpoint.json.Json;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs recorded cases and prints what came out, one JSON object a line. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    versionProvider = Glissade.Version.class,
    description = {
      "Runs recorded cases and prints one JSON object a line for each: its name and dtype, the"
          + " params after each step in the form of the case file, the last state's numbers, and"
          + " where results are recorded the max_error (the largest |difference| /"
          + " max(|value|, 1e-3)) with its bound. Numbers that are not finite are NaN and"
          + " Infinity, as in the cases. A damaged case is named, and the others still run."
    })
final class ReplayCommand implements Callable<Integer> {
  /** The types that a case can run in. */
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

  @Parameters(paramLabel = "CASE.json", arity = "1..*", description = "Recorded cases.")
  private List<Path> cases = List.of();

  @Option(
      names = "--dtype",
      paramLabel = "DTYPE",
      defaultValue = "float64",
      description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private Precision precision = Precision.FLOAT64;

  @Option(
      names = "--in-place",
      description = "Steps in place; otherwise by the functional interface.")
  private boolean inPlace;

  @Option(
      names = "--check",
      description = {
        "Exits 1 when a max_error exceeds its bound, and says which: 1e-9 for float64, twice the"
            + " original's own error and 1e-5 for float32."
      })
  private boolean check;

  @Spec private CommandSpec spec = CommandSpec.create();

  ReplayCommand() {}

  @Override
  public Integer call() {
    int code = 0;
    for (Path file : cases) {
      code = Math.max(code, replay(file));
    }
    spec.commandLine().getOut().flush();
    return code;
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
      say(result.source().name() + ": the case expects nothing, so nothing was checked");
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
      return "%s is no case that can be run: %s".formatted(file, e);
    }
    String message = String.valueOf(e.getMessage());
    return message.startsWith(file.toString()) ? message : file + ": " + message;
  }

  private void say(String sentence) {
    spec.commandLine().getOut().flush();
    Failures.say(spec.commandLine(), sentence);
  }
}
