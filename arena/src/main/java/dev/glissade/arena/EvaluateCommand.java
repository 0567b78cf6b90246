package dev.glissade.arena;

import dev.glissade.arena.data.Dataset;
import dev.glissade.arena.data.RowSource;
import dev.glissade.arena.data.Task;
import dev.glissade.arena.score.ClassScores;
import dev.glissade.arena.score.NumberScores;
import dev.glissade.arena.score.ScoreText;
import dev.glissade.arena.text.Text;
import dev.glissade.arena.use.ModelFile;
import dev.glissade.arena.use.Predictor;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Scores a trained model on labeled data. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    versionProvider = Glissade.Version.class,
    description = {
      "Scores a trained model on labeled data. For classes: accuracy against that of the most"
          + " frequent class, loss, F1, the area under the ROC curve, the confusion matrix and"
          + " calibration. For numbers: R2, which is 0 for predicting the mean, and the mean absolute"
          + " and root mean squared errors."
    })
final class EvaluateCommand implements Callable<Integer> {
  @Mixin private UseOptions use = new UseOptions();

  @Option(names = "--json", description = "Prints JSON.")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  EvaluateCommand() {}

  @Override
  public Integer call() throws IOException {
    ModelFile file = use.read();
    PrintWriter out = spec.commandLine().getOut();
    if (file.encoding().task() == Task.CLASSES) {
      ClassScores scores = new ClassScores(file.model().outputs());
      forEachBatch(file, (batch, model) -> scores.add(batch.labels(), model.probabilities(batch)));
      out.print(
          json
              ? Text.json(ScoreText.plain(scores, file.encoding().classNames())) + "\n"
              : ScoreText.table(
                  scores, file.encoding().classNames(), Terminal.columns(Terminal.USUAL)));
    } else {
      NumberScores scores = new NumberScores();
      forEachBatch(
          file,
          (batch, model) -> {
            double[] predicted = model.numbers(batch);
            for (int i = 0; i < batch.size(); i++) {
              scores.add(batch.number(i), predicted[i]);
            }
          });
      out.print(json ? Text.json(ScoreText.plain(scores)) + "\n" : ScoreText.table(scores));
    }
    out.flush();
    return 0;
  }

  private void forEachBatch(ModelFile file, BiConsumer<Dataset, Predictor> action) {
    Predictor predictor = new Predictor(file);
    try (RowSource rows = use.open(file, true, spec.commandLine())) {
      for (Dataset batch = rows.next(UseOptions.AT_ONCE);
          batch != null;
          batch = rows.next(UseOptions.AT_ONCE)) {
        action.accept(batch, predictor);
      }
    }
  }
}
