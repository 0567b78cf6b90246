package dev.glissade.arena;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What users of command lines expect of each. */
class HabitsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  private static Map<String, CommandLine> commands() {
    StringWriter nowhere = new StringWriter();
    return Glissade.commandLine(new PrintWriter(nowhere), new PrintWriter(nowhere))
        .getSubcommands();
  }

  @Test
  void helpExplainsACommand() {
    ProgramRun help = ProgramRun.run("help", "train");
    assertThat(help.code()).isZero();
    assertThat(help.out())
        .isEqualTo(ProgramRun.run("train", "--help").out())
        .startsWith("Usage: glissade train");
    assertThat(ProgramRun.run("help", "nothing").code()).isEqualTo(2);
  }

  /** Every command that prints results prints them as JSON, too; predict writes CSV. */
  @Test
  void everyCommandHasJson() {
    commands()
        .forEach((name, command) -> {
          if (!name.matches("help|completion")) {
            assertThat(command.getCommandSpec().findOption("--json")).as(name).isNotNull();
          }
        });
  }

  @Test
  void jsonIsAllThatIsPrinted() throws IOException {
    Path model = folder.resolve("model.safetensors");
    ProgramRun train = ProgramRun.run("train", "--epochs=1", "--json", "--out=" + model);
    JsonNode trained = JSON.readTree(train.out());
    assertThat(trained.get("test_accuracy").asDouble()).isPositive();
    assertThat(trained.get("model_file").asText()).isEqualTo(model.toString());
    JsonNode secret =
        JSON.readTree(
            ProgramRun.run(
                    "train", "--optimizer=dpsgd", "--target-epsilon=3", "--epochs=1", "--json")
                .out());
    assertThat(secret.at("/privacy/epsilon").asDouble()).isLessThanOrEqualTo(3);
    assertThat(secret.has("train_loss")).isFalse();
    JsonNode compared =
        JSON.readTree(
            ProgramRun.run("compare", "--optimizers=sgd,adam", "--epochs=1", "--seeds=2", "--json")
                .out());
    assertThat(compared.at("/runs/1/seeds").size()).isEqualTo(2);
    assertThat(compared.at("/runs/1").has("losses")).isFalse();
    JsonNode privacy =
        JSON.readTree(
            ProgramRun.run(
                    "privacy",
                    "--examples=60000",
                    "--batch=600",
                    "--noise=1",
                    "--epochs=10",
                    "--delta=1e-5",
                    "--json")
                .out());
    assertThat(privacy.get("epsilon").asDouble()).isBetween(0.1, 10.0);
    assertThat(privacy.get("steps").asInt()).isEqualTo(1000);
  }

  @Test
  void labelNoiseMakesTrainingWorse() {
    ProgramRun clean = ProgramRun.run("train", "--optimizer=sgd", "--epochs=3");
    ProgramRun noisy = ProgramRun.run("train", "--optimizer=sgd", "--epochs=3", "--label-noise=.9");
    assertThat(accuracy(noisy)).isLessThan(accuracy(clean) - 20);
    assertThat(ProgramRun.run("train", "--label-noise=-1").err())
        .contains("--label-noise must be from 0 to 1, but was -1.0");
  }

  private static double accuracy(ProgramRun run) {
    return Double.parseDouble(run.out().replaceAll("(?s).*test accuracy ([0-9.]+) %.*", "$1"));
  }

  @ParameterizedTest
  @CsvSource({"120, , 120", ", 90, 90", "70, 90, 70", ", , 80", "x, 90, 90", "0, , 80", "3, , 20"})
  void widths(String variable, String property, int columns) {
    assertThat(Terminal.columns(variable, property, 80)).isEqualTo(columns);
  }

  @Test
  void commandsAreQuotedForAShell() {
    assertThat(CommandText.quoted("sgd")).isEqualTo("sgd");
    assertThat(CommandText.quoted("mechanize(sgd)")).isEqualTo("'mechanize(sgd)'");
    assertThat(CommandText.quoted("it's")).isEqualTo("'it'\\''s'");
    assertThat(CommandText.quoted("")).isEqualTo("''");
  }

  /** The command of a report repeats its run, also for a file of JSON. */
  @Test
  void commandsRepeatTheirRuns() throws IOException {
    Path file = folder.resolve("mine.json");
    Files.writeString(file, "{\"name\": \"sgd\", \"args\": {\"learning_rate\": 0.2}}");
    ProgramRun compare =
        ProgramRun.run(
            "compare", "--optimizers", file + ",sgd", "--epochs=1", "--seeds=1", "--json");
    JsonNode runs = JSON.readTree(compare.out()).get("runs");
    String command = runs.at("/0/command").asText();
    assertThat(command).startsWith("./glissade compare --optimizers '{\"name\":\"sgd\"");
    String optimizer = command.replaceAll(".*--optimizers '(.*)' --epochs 1 --seeds 1", "$1");
    ProgramRun again =
        ProgramRun.run("compare", "--optimizers", optimizer, "--epochs=1", "--seeds=1", "--json");
    assertThat(JSON.readTree(again.out()).at("/runs/0/test_loss"))
        .isEqualTo(runs.at("/0/test_loss"));
  }

  @Test
  void completionForEachShell() {
    for (String shell : new String[] {"bash", "zsh"}) {
      assertThat(ProgramRun.run("completion", shell).out())
          .contains("complete -F _complete_glissade", "--target-epsilon", "bashcompinit");
    }
    String fish = ProgramRun.run("completion", "fish").out();
    assertThat(fish)
        .contains(
            "complete -c glissade -n __fish_use_subcommand -a sweep -d 'Trains each optimizer",
            "complete -c glissade -n '__fish_seen_subcommand_from train' -l schedule -x"
                + " -a 'constant cosine warmup_cosine linear'",
            "complete -c glissade -n '__fish_seen_subcommand_from completion' -a 'bash zsh fish'",
            "complete -c glissade -n '__fish_seen_subcommand_from train' -l data -r -F");
    assertThat(fish).doesNotContain("${");
    assertThat(ProgramRun.run("completion", "csh").code()).isEqualTo(2);
  }

  @Test
  void argumentsOfOptimizersAreNoOptions() {
    assertThat(ProgramRun.run("compare", "--lr=.1").err())
        .contains("was \"--lr\": did you mean sgd(learning_rate=.1)?");
    assertThat(ProgramRun.run("train", "--wd", "3").err())
        .contains("did you mean adamw(weight_decay=...)?");
    assertThat(ProgramRun.run("inspect", "--lr").err()).doesNotContain("did you mean");
  }
}
