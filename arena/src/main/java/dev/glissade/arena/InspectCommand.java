package dev.glissade.arena;

import dev.glissade.arena.inspect.FileFacts;
import dev.glissade.arena.inspect.TensorFacts;
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

/** Lists what a checkpoint or any other safetensors file holds. */
@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    versionProvider = Glissade.Version.class,
    description = {
      "Lists a checkpoint, or any safetensors file: the optimizer, the step, the learned step size,"
          + " and of each tensor the shape, the type, the least and the largest number, the norm and"
          + " how many numbers are not finite. Of a complex tensor least, largest and norm are of"
          + " the real and imaginary parts together; \"-\" stands for what can't be read."
    })
final class InspectCommand implements Callable<Integer> {
  private static final List<String> NOTES = List.of("optimizer", "step", "version");

  @Parameters(paramLabel = "FILE", description = "The file.")
  private Path file = Path.of("");

  @Option(names = "--json", description = "Prints JSON.")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  InspectCommand() {}

  @Override
  public Integer call() throws IOException {
    FileFacts facts = FileFacts.of(file);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Text.json(plain(facts)));
    } else {
      print(out, facts);
    }
    out.flush();
    return 0;
  }

  private static void print(PrintWriter out, FileFacts facts) {
    for (String name : NOTES) {
      String note = facts.note(name);
      if (note != null) {
        out.println(name + ": " + Text.plain(note));
      }
    }
    facts
        .metadata()
        .forEach((name, text) -> {
          if (!name.startsWith("glissade.")) {
            out.println(Text.plain(name) + ": " + Text.plain(text));
          }
        });
    printLearned(out, "learned step size d", facts.estimLr());
    printLearned(out, "learned step size, sum of s", facts.sumOfS());
    out.println("checksum: " + (facts.checked() ? "right" : "none"));
    int names = widest(4, facts, t -> Text.plain(t.name()));
    int dtypes = widest(5, facts, TensorFacts::dtype);
    String row = "%-" + names + "s  %-" + dtypes + "s %-16s %12s %12s %12s %10s%n";
    out.printf(row, "name", "dtype", "shape", "min", "max", "norm", "not finite");
    for (TensorFacts t : facts.tensors()) {
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

  private static int widest(int least, FileFacts facts, Function<TensorFacts, String> column) {
    return facts.tensors().stream()
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

  private static Map<String, @Nullable Object> plain(FileFacts facts) {
    Map<String, @Nullable Object> root = new LinkedHashMap<>();
    String optimizer = facts.note("optimizer");
    root.put("optimizer", optimizer == null ? null : Json.STRICT.read("the optimizer", optimizer));
    String step = facts.note("step");
    root.put("step", step != null && step.matches("\\d{1,18}") ? Long.valueOf(step) : step);
    root.put("version", facts.note("version"));
    root.put("estim_lr", facts.estimLr());
    root.put("sum_of_s", facts.sumOfS());
    root.put("checksum", facts.checked());
    Map<String, String> notes = new LinkedHashMap<>(facts.metadata());
    notes.keySet().removeIf(name -> name.startsWith("glissade."));
    root.put("metadata", notes);
    root.put("tensors", facts.tensors().stream().map(InspectCommand::plain).toList());
    return root;
  }

  private static Map<String, @Nullable Object> plain(TensorFacts tensor) {
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
