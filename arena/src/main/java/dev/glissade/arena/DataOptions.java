package dev.glissade.arena;

import dev.glissade.arena.data.ColumnBounds;
import dev.glissade.arena.data.DataRequest;
import dev.glissade.arena.data.Datasets;
import dev.glissade.arena.data.Examples;
import dev.glissade.arena.data.Header;
import dev.glissade.arena.data.Missing;
import dev.glissade.arena.data.Task;
import dev.glissade.arena.train.LabelNoise;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** The options for the examples to train on. */
final class DataOptions {
  @Option(
      names = "--data",
      paramLabel = "PATH",
      description = {
        "Trains on this data: a CSV file, plain or gzipped, or a folder of IDX files in the MNIST"
            + " layout. Columns of numbers and dates are standardized; a column of words becomes an"
            + " input for each word; identifiers are dropped. Sets 20 %% aside for validation, and"
            + " 20 %% as the test part unless the data has one, of each class alike. Default: 1,797"
            + " handwritten digits of 8x8 pixels (Alpaydin and Kaynak, 1998)."
      })
  @Nullable Path data;

  @Option(
      names = "--label",
      paramLabel = "COLUMN",
      description =
          "The label column of the CSV file, by name or by index from 0. Default: the last column.")
  @Nullable String label;

  @Option(
      names = "--task",
      paramLabel = "TASK",
      defaultValue = "auto",
      description = {
        "${COMPLETION-CANDIDATES}: whether to predict the class or the number in the label column;"
            + " auto predicts the class and refuses a label column that seems to hold numbers."
            + " Default: ${DEFAULT-VALUE}."
      })
  private TaskOption task = TaskOption.AUTO;

  @Option(
      names = "--header",
      paramLabel = "yes|no|auto",
      defaultValue = "auto",
      description = {
        "${COMPLETION-CANDIDATES}: whether the first row of the CSV file names its columns; auto"
            + " decides by how that row differs from the others and reports the decision."
            + " Default: ${DEFAULT-VALUE}."
      })
  Header header = Header.AUTO;

  @Option(
      names = "--missing",
      paramLabel = "HOW",
      defaultValue = "refuse",
      description = {
        "${COMPLETION-CANDIDATES}: what becomes of missing values in the CSV file. mean: the mean of"
            + " the column, or no word; column: the same, and one more input that says where values"
            + " are missing; refuse: an error. Default: ${DEFAULT-VALUE}."
      })
  private Missing missing = Missing.REFUSE;

  @Option(
      names = "--drop",
      paramLabel = "COLUMNS",
      split = ",",
      description =
          "Leaves these columns of the CSV file out, by name or index, with commas between.")
  private List<String> drop = new ArrayList<>();

  @Option(
      names = "--features",
      paramLabel = "COLUMNS",
      split = ",",
      description = {
        "Learns from exactly these columns of the CSV file, by name or index, with commas between."
            + " Default: all but the label and identifiers: columns that count the rows, whole"
            + " numbers of more than 15 digits, and words that differ in most rows."
      })
  private List<String> features = new ArrayList<>();

  @Option(
      names = "--test",
      paramLabel = "FILE",
      description =
          "A CSV file with the test part; it must have the columns of --data, in any order if they"
              + " have names.")
  private @Nullable Path test;

  @Option(
      names = "--weights",
      paramLabel = "WEIGHTS",
      defaultValue = "equal",
      description = {
        "${COMPLETION-CANDIDATES}: the weights of examples in the training loss; balanced gives each"
            + " class the same weight in total. Default: ${DEFAULT-VALUE}."
      })
  private Weights weights = Weights.EQUAL;

  @Option(
      names = "--bounds",
      paramLabel = "RANGES",
      description = {
        "The ranges of columns of the CSV file: LOW:HIGH for all features, COLUMN=LOW:HIGH for one"
            + " column, with commas between. Such columns are clamped to their range and scaled to"
            + " [-1, 1], so nothing about them is learned from the data. Private training leaves"
            + " other columns as they are."
      })
  private List<String> bounds = new ArrayList<>();

  @Option(
      names = "--categories",
      paramLabel = "COLUMN=WORD|WORD",
      description = {
        "The words of a column of the CSV file, so that they need not be learned from the data; other"
            + " words become zeros. Repeat it for each column. Private training requires it for"
            + " columns of words."
      })
  private List<String> categories = new ArrayList<>();

  DataOptions() {}

  /** The values of --task. */
  private enum TaskOption {
    AUTO,
    CLASSES,
    REGRESSION;

    @Nullable Task task() {
      return this == AUTO ? null : Task.valueOf(name());
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The values of --weights. */
  private enum Weights {
    EQUAL,
    BALANCED;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Returns what to predict; classes unless the user asks for regression. */
  Task task() {
    return task == TaskOption.REGRESSION ? Task.REGRESSION : Task.CLASSES;
  }

  /** Refuses options that do not go together, before anything is read. */
  void check(CommandLine command, boolean isPrivate, double labelNoise) {
    if (data == null) {
      refuseOptionsOfFiles(command);
    }
    boolean balanced = weights == Weights.BALANCED;
    if (balanced && isPrivate) {
      throw new IllegalArgumentException(
          "--weights must be equal in private training, where the sizes of classes are secret, but"
              + " was balanced");
    }
    if (balanced && task() == Task.REGRESSION) {
      throw new IllegalArgumentException(
          "--weights must be equal for regression, which has no classes, but was balanced");
    }
    LabelNoise.check(task(), labelNoise);
    ColumnBounds.parse(bounds);
    ColumnBounds.parseCategories(categories);
  }

  /** Reads the digits, or the user's data with a report of what was read and what is doubtful. */
  Examples read(CommandLine command) {
    return read(command, false);
  }

  /**
   * Reads the same for private training, which learns and reports nothing that a single row can
   * change.
   */
  Examples readPrivately(CommandLine command) {
    return read(command, true);
  }

  private Examples read(CommandLine command, boolean isPrivate) {
    if (data == null) {
      return Datasets.digits();
    }
    DataRequest request =
        new DataRequest(
            label,
            header,
            task.task(),
            missing,
            drop,
            features,
            test,
            weights == Weights.BALANCED,
            ColumnBounds.parse(bounds),
            ColumnBounds.parseCategories(categories),
            isPrivate,
            ProgressDisplay.ofLoading());
    Examples examples = Datasets.read(data, request);
    examples.reading().lines().forEach(line -> Failures.say(command, line));
    examples.reading().doubts().forEach(doubt -> Failures.say(command, doubt));
    return examples;
  }

  private void refuseOptionsOfFiles(CommandLine command) {
    for (String option :
        List.of(
            "--label",
            "--header",
            "--task",
            "--missing",
            "--drop",
            "--features",
            "--test",
            "--weights",
            "--bounds",
            "--categories")) {
      if (command.getParseResult().hasMatchedOption(option)) {
        String value = command.getParseResult().matchedOption(option).stringValues().get(0);
        throw new IllegalArgumentException(
            "%s must be given with --data, a CSV file, but was %s alone".formatted(option, value));
      }
    }
  }
}
