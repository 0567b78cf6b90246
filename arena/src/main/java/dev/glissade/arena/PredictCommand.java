package dev.glissade.arena;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import dev.glissade.arena.data.Dataset;
import dev.glissade.arena.data.RowSource;
import dev.glissade.arena.data.Task;
import dev.glissade.arena.score.ClassScores;
import dev.glissade.arena.text.Text;
import dev.glissade.arena.use.ModelFile;
import dev.glissade.arena.use.Predictor;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Predicts with a trained model. */
@Command(
    name = "predict",
    mixinStandardHelpOptions = true,
    versionProvider = Glissade.Version.class,
    description = {
      "Predicts with a trained model and writes CSV, a row for each example: the class and a"
          + " probability for each class, or the number. Reads and writes row by row, so the data"
          + " may be larger than memory."
    })
final class PredictCommand implements Callable<Integer> {
  @Mixin private UseOptions use = new UseOptions();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Writes to this file. Default: prints.")
  private @Nullable Path out;

  @Option(names = "--json", description = "Writes a line of JSON for each example instead of CSV.")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  PredictCommand() {}

  @Override
  public Integer call() throws IOException {
    if (out != null) {
      Output.checkFile(out);
    }
    ModelFile file = use.read();
    try (RowSource rows = use.open(file, false, spec.commandLine())) {
      if (out == null) {
        Writer writer = spec.commandLine().getOut();
        write(file, rows, writer);
        writer.flush();
      } else {
        write(file, rows, out);
      }
    }
    return 0;
  }

  /** Writes a file that is there when it is complete; an old one stays until then. */
  private void write(ModelFile file, RowSource rows, Path out) throws IOException {
    Path part = part(out);
    try {
      long examples;
      try (Writer writer = Files.newBufferedWriter(part, StandardCharsets.UTF_8)) {
        examples = write(file, rows, writer);
      }
      Files.move(part, out, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      Failures.say(spec.commandLine(), "wrote %,d predictions to %s".formatted(examples, out));
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /** Returns the file that holds the predictions until all are there. */
  static Path part(Path out) {
    return out.resolveSibling(out.getFileName() + ".part");
  }

  /** Writes all predictions; returns their number. */
  private long write(ModelFile file, RowSource rows, Writer writer) throws IOException {
    // The writer's own buffer would keep rows back when the source fails later.
    CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).bufferSize(0).build(writer);
    if (!json) {
      csv.writeRecord(head(file));
    }
    Predictor predictor = new Predictor(file);
    long examples = 0;
    for (Dataset batch = rows.next(UseOptions.AT_ONCE);
        batch != null;
        batch = rows.next(UseOptions.AT_ONCE)) {
      for (List<String> row : rows(file, predictor, batch)) {
        if (json) {
          writer.write(Text.json(plain(file, row)) + "\n");
        } else {
          csv.writeRecord(row);
        }
      }
      examples += batch.size();
      if (writer instanceof PrintWriter printer && printer.checkError()) {
        break; // The reader went away, or the disk is full.
      }
    }
    return examples;
  }

  private static List<String> head(ModelFile file) {
    String label = file.encoding().label().name();
    List<String> head = new ArrayList<>();
    head.add(label.isEmpty() ? "prediction" : Text.plain(label));
    for (String name : file.encoding().classNames()) {
      head.add("probability of " + Text.plain(name));
    }
    return head;
  }

  /** Returns the same as plain values: the prediction and the probability of each class. */
  private static Map<String, Object> plain(ModelFile file, List<String> row) {
    Map<String, Object> plain = new LinkedHashMap<>();
    List<String> classes = file.encoding().classNames();
    if (classes.isEmpty()) {
      plain.put("prediction", Double.parseDouble(row.get(0)));
      return plain;
    }
    plain.put("prediction", row.get(0));
    Map<String, Object> probabilities = new LinkedHashMap<>();
    for (int j = 0; j < classes.size(); j++) {
      probabilities.put(classes.get(j), Double.parseDouble(row.get(j + 1)));
    }
    plain.put("probabilities", probabilities);
    return plain;
  }

  private static List<List<String>> rows(ModelFile file, Predictor predictor, Dataset batch) {
    if (file.encoding().task() == Task.REGRESSION) {
      return Arrays.stream(predictor.numbers(batch))
          .mapToObj(number -> List.of(String.valueOf(number)))
          .toList();
    }
    float[] predicted = predictor.probabilities(batch);
    return IntStream.range(0, batch.size()).mapToObj(i -> row(file, predicted, i)).toList();
  }

  private static List<String> row(ModelFile file, float[] predicted, int i) {
    int classes = file.model().outputs();
    List<String> row = new ArrayList<>();
    int best = ClassScores.predicted(predicted, i * classes, classes);
    row.add(Text.plain(file.encoding().classNames().get(best)));
    for (int j = 0; j < classes; j++) {
      row.add(String.valueOf(predicted[i * classes + j]));
    }
    return row;
  }
}
