package dev.glissade.arena;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.glissade.arena.use.ModelFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Model.OptionSpec;

/** Results name every option that decided them, and the command that repeats them. */
class OptionValuesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  private String data = "";

  @BeforeEach
  void writeData() throws IOException {
    StringBuilder rows = new StringBuilder("kind,size,sort\n");
    for (int i = 0; i < 60; i++) {
      rows.append(
          "%s,%s,%s%n".formatted("abc".charAt(i % 3), i % 7 == 0 ? "" : i, "xy".charAt(i % 2)));
    }
    data = Files.writeString(folder.resolve("data.csv"), rows).toString();
  }

  private static ProgramRun run(String command, String... more) {
    List<String> arguments = new ArrayList<>(List.of(command, "--json", "--epochs=2"));
    arguments.addAll(List.of(more));
    ProgramRun run = ProgramRun.run(arguments.toArray(String[]::new));
    assertThat(run.code()).as(run.err()).isZero();
    return run;
  }

  @ParameterizedTest
  @ValueSource(strings = {"train", "compare", "sweep"})
  void allOptionsAreFields(String command) throws IOException {
    String[] optimizers =
        command.equals("train") ? new String[0] : new String[] {"--seeds=1", "--optimizers=sgd"};
    JsonNode options = JSON.readTree(run(command, optimizers).out()).get("options");
    StringWriter nowhere = new StringWriter();
    List<OptionSpec> all =
        Glissade.commandLine(new PrintWriter(nowhere), new PrintWriter(nowhere))
            .getSubcommands()
            .get(command)
            .getCommandSpec()
            .options();
    for (OptionSpec option : all) {
      assertThat(options.has(OptionValues.key(option)))
          .as(option.longestName())
          .isEqualTo(!OptionValues.isOutput(option));
    }
    assertThat(options.get("activation").asText()).isEqualTo("relu");
    assertThat(options.get("loss").asText()).isEqualTo("cross_entropy");
    assertThat(options.get("missing").asText()).isEqualTo("refuse");
    assertThat(options.get("patience").isNull()).isTrue();
    assertThat(options.get("batch").asInt()).isEqualTo(32);
  }

  @Test
  void pageAndCommandHaveWhatWasGiven() throws IOException {
    Path report = folder.resolve("report");
    String[] arguments = {
      "--data=" + data,
      "--missing=mean",
      "--weights=balanced",
      "--activation=tanh",
      "--patience=1",
      "--bounds=size=0:60",
      "--categories=kind=a|b|c",
      "--optimizers=sgd,adam",
      "--seeds=2",
      "--report=" + report
    };
    run("compare", arguments);
    JsonNode results = JSON.readTree(report.resolve("results.json").toFile());
    assertThat(results.at("/options/patience").asInt()).isEqualTo(1);
    assertThat(results.at("/options/weights").asText()).isEqualTo("balanced");
    assertThat(results.at("/options/categories/0").asText()).isEqualTo("kind=a|b|c");
    String page = Files.readString(report.resolve("index.html"));
    assertThat(page)
        .contains("<dt>patience</dt><dd><bdi>1<", "<dt>weights</dt><dd><bdi>balanced<")
        .contains("<dt>missing</dt><dd><bdi>mean<", "<dt>activation</dt><dd><bdi>tanh<")
        .contains("<dt>loss</dt><dd><bdi>cross_entropy<", "<dt>bounds</dt><dd><bdi>size=0:60<");
    String command = results.at("/runs/1/command").asText();
    assertThat(page).contains("--optimizers adam").contains("--patience 1");
    JsonNode again = JSON.readTree(repeated(command).out());
    assertThat(again.at("/runs/0/test_loss")).isEqualTo(results.at("/runs/1/test_loss"));
    assertThat(again.at("/runs/0/validation_loss"))
        .isEqualTo(results.at("/runs/1/validation_loss"));
  }

  /** Runs a command as a shell would read it. */
  private static ProgramRun repeated(String command) {
    Matcher words = Pattern.compile("'([^']*)'|(\\S+)").matcher(command);
    List<String> arguments = new ArrayList<>();
    while (words.find()) {
      arguments.add(words.group(1) != null ? words.group(1) : words.group(2));
    }
    assertThat(arguments.remove(0)).isEqualTo("./glissade");
    arguments.add("--json");
    ProgramRun run = ProgramRun.run(arguments.toArray(String[]::new));
    assertThat(run.code()).as(run.err()).isZero();
    return run;
  }

  /** An option that is given once for each column is repeated, not joined. */
  @Test
  void repeatedOptionsStayApart() throws IOException {
    String text =
        Files.readString(Path.of(data)).replace("sort", "sort,label").replaceAll("([xy])", "$1,$1");
    Files.writeString(Path.of(data), text);
    JsonNode results =
        JSON.readTree(
            run(
                    "compare",
                    "--data=" + data,
                    "--missing=mean",
                    "--optimizers=sgd",
                    "--categories=kind=a|b",
                    "--categories=sort=x|y",
                    "--features=kind,sort")
                .out());
    String command = results.at("/runs/0/command").asText();
    assertThat(command)
        .contains("--categories 'kind=a|b' --categories 'sort=x|y' --features kind,sort");
    assertThat(JSON.readTree(repeated(command).out()).at("/runs/0/test_loss"))
        .isEqualTo(results.at("/runs/0/test_loss"));
  }

  @Test
  void aModelFileHasTheOptionsWithoutPaths() throws IOException {
    Path model = folder.resolve("model.safetensors");
    run("train", "--data=" + data, "--missing=column", "--patience=2", "--out=" + model);
    JsonNode options = JSON.readTree(ModelFile.read(model).notes().get("options"));
    assertThat(options.get("missing").asText()).isEqualTo("column");
    assertThat(options.get("patience").asInt()).isEqualTo(2);
    assertThat(options.has("data")).isFalse();
    assertThat(options.toString()).doesNotContain(folder.toString());
  }

  /** Without minibatches, evaluations of the loss have a column of their own. */
  @Test
  void aFullBatchIsAll() throws IOException {
    String[] arguments = {
      "--data=" + data, "--missing=mean", "--batch=all", "--l2=.5", "--optimizers=lbfgs,sam,sgd"
    };
    JsonNode results = JSON.readTree(run("compare", arguments).out());
    assertThat(results.at("/options/batch").asText()).isEqualTo("all");
    assertThat(results.at("/options/l2").asDouble()).isEqualTo(0.5);
    assertThat(results.get("batch").asInt()).isEqualTo(results.at("/data/train").asInt());
    assertThat(results.at("/runs/0/evaluations").asInt()).isGreaterThanOrEqualTo(3);
    assertThat(results.at("/runs/1/evaluations").asInt()).isEqualTo(4);
    assertThat(results.at("/runs/2/evaluations").asInt()).isEqualTo(2);
    assertThat(results.at("/runs/0/command").asText()).contains("--batch all --l2 .5");
    List<String> table = new ArrayList<>(List.of("compare", "--epochs=1"));
    table.addAll(List.of(arguments));
    assertThat(ProgramRun.run(table.toArray(String[]::new)).out()).contains("  evaluations");
    table.set(4, "--batch=30");
    assertThat(ProgramRun.run(table.toArray(String[]::new)).out()).doesNotContain("evaluations");
  }

  @Test
  void trainSaysItsScoreOnce() {
    ProgramRun train = ProgramRun.run("train", "--epochs=1");
    assertThat((train.out() + train.err()).split("accuracy", -1)).hasSize(2);
  }
}
