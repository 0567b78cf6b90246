package dev.glissade.arena;

import dev.glissade.arena.inspect.FileSummary;
import dev.glissade.arena.inspect.TensorSummary;
import dev.glissade.arena.text.Text;
import dev.glissade.checkpoint.json.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Summarizes a checkpoint or any other safetensors file. */
@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    versionProvider = Glissade.Version.class,
    description = {
      "Summarizes a checkpoint or any safetensors file: the optimizer, the step and the learned step"
          + " size; for each tensor the type, the shape, the minimum, the maximum, the norm and the"
          + " count of numbers that are not finite. For complex tensors, minimum, maximum and norm"
          + " cover the real and imaginary parts together. \"-\" marks what can't be read."
    })
final class InspectCommand implements Callable<Integer> {
  private static final List<String> NOTES = List.of("optimizer", "step", "version");

  @Parameters(paramLabel = "FILE", description = "The file to summarize.")
  private Path file = Path.of("");

  @Option(names = "--json", description = "Prints JSON.")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  InspectCommand() {}

  @Override
  public Integer call() throws IOException {
    FileSummary summary = FileSummary.of(file);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Text.json(plain(summary)));
    } else {
      print(out, summary);
    }
    out.flush();
    return 0;
  }

  private static void print(PrintWriter out, FileSummary summary) {
    for (String name : NOTES) {
      String note = summary.note(name);
      if (note != null) {
        out.println(name + ": " + Text.plain(note));
      }
    }
    summary
        .metadata()
        .forEach((name, text) -> {
          if (!name.startsWith("glissade.")) {
            out.println(Text.plain(name) + ": " + Text.plain(text));
          }
        });
    printLearned(out, "learned step size d", summary.estimLr());
    printLearned(out, "learned step size, sum of s", summary.sumOfS());
    out.println("checksum: " + (summary.checked() ? "right" : "none"));
    int names = widest(4, summary, t -> Text.plain(t.name()));
    int dtypes = widest(5, summary, TensorSummary::dtype);
    String row = "%-" + names + "s  %-" + dtypes + "s %-16s %12s %12s %12s %10s%n";
    out.printf(row, "name", "dtype", "shape", "min", "max", "norm", "not finite");
    for (TensorSummary t : summary.tensors()) {
      out.printf(
          Locale.ROOT,
          row,
          Text.plain(t.name()),
          t.dtype(),
          t.shape(),
          number(t.min()),
          number(t.max()),
          number(t.norm()),
          t.nonFinite() == null ? "-" : t.nonFinite());
    }
  }

  private static int widest(
      int least, FileSummary summary, Function<TensorSummary, String> column) {
    return summary.tensors().stream()
        .mapToInt(t -> Math.max(least, column.apply(t).length()))
        .max()
        .orElse(least);
  }

  private static void printLearned(PrintWriter out, String name, @Nullable Double size) {
    if (size != null) {
      out.println(name + ": " + size);
    }
  }

  private static String number(double x) {
    return Double.isNaN(x) ? "-" : String.format(Locale.ROOT, "%.5g", x);
  }

  private static Map<String, @Nullable Object> plain(FileSummary summary) {
    Map<String, @Nullable Object> root = new LinkedHashMap<>();
    String optimizer = summary.note("optimizer");
    root.put("optimizer", optimizer == null ? null : Json.STRICT.read("the optimizer", optimizer));
    String step = summary.note("step");
    root.put("step", step != null && step.matches("\\d{1,18}") ? Long.valueOf(step) : step);
    root.put("version", summary.note("version"));
    root.put("estim_lr", summary.estimLr());
    root.put("sum_of_s", summary.sumOfS());
    root.put("checksum", summary.checked());
    Map<String, String> notes = new LinkedHashMap<>(summary.metadata());
    notes.keySet().removeIf(name -> name.startsWith("glissade."));
    root.put("metadata", notes);
    root.put("tensors", summary.tensors().stream().map(InspectCommand::plain).toList());
    return root;
  }

  private static Map<String, @Nullable Object> plain(TensorSummary tensor) {
    Map<String, @Nullable Object> node = new LinkedHashMap<>();
    node.put("name", tensor.name());
    node.put("dtype", tensor.dtype());
    node.put("shape", tensor.shape());
    node.put("min", tensor.min());
    node.put("max", tensor.max());
    node.put("norm", tensor.norm());
    node.put("non_finite", tensor.nonFinite());
    return node;
  }
}
