package dev.glissade.arena;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** No output of any command replaces an input or another output. */
class OutputPathsTest {
  @TempDir private Path folder;

  private Path data;

  @BeforeEach
  void write() throws IOException {
    data = Files.writeString(folder.resolve("results.csv"), "a,b\n1,x\n2,y\n3,x\n4,y\n5,x\n");
  }

  private void refused(String sentence, String... arguments) throws IOException {
    String before = Files.readString(data);
    ProgramRun run = ProgramRun.run(arguments);
    assertThat(run.code()).as(run.err()).isEqualTo(2);
    assertThat(run.err()).hasLineCount(1).startsWith("glissade: " + sentence);
    assertThat(run.out()).isEmpty();
    assertThat(data).hasContent(before);
  }

  @Test
  void inputs() throws IOException {
    String isData = "--out must be another file than --data, but was " + data;
    refused(isData, "train", "--data=" + data, "--out=" + data);
    refused(isData, "sweep", "--data=" + data, "--out=" + data);
    String isTest = "--out must be another file than --test, but was " + data;
    refused(isTest, "train", "--data=other.csv", "--test=" + data, "--out=" + data);
    String report = "--report must be a folder without --data, but has " + data;
    refused(report, "compare", "--data=" + data, "--report=" + folder);
    refused(report, "sweep", "--data=" + data, "--report=" + folder);
    refused(
        "--out must be another file than MODEL, but was " + data,
        "predict",
        "" + data,
        "x.csv",
        "--out=" + data);
    Path part = Files.writeString(folder.resolve("x.part"), "a,b\n1,x\n");
    refused(
        "--out must be another file than DATA, but was " + part,
        "predict",
        "model",
        "" + part,
        "--out=" + folder.resolve("x"));
    Path mine = Files.writeString(folder.resolve("results.json"), "{\"name\": \"noop\"}");
    refused(
        "--report must be a folder without --optimizers, but has " + mine,
        "compare",
        "--optimizers=sgd," + mine,
        "--report=" + folder);
    Path images = Files.createDirectory(folder.resolve("images"));
    Path pixels = Files.writeString(images.resolve("train-images-idx3-ubyte"), "");
    refused(
        "--out must be another file than --data, but was " + pixels,
        "train",
        "--data=" + images,
        "--out=" + pixels);
    Path saved = Files.createDirectory(folder.resolve("saved"));
    Path checkpoint = Files.writeString(saved.resolve("checkpoint-5.safetensors"), "1,x\n");
    refused(
        "--checkpoint must be a folder without --data, but has " + checkpoint,
        "train",
        "--data=" + checkpoint,
        "--checkpoint=" + saved);
  }

  @Test
  void outputs() throws IOException {
    Path page = folder.resolve("index.html");
    ProgramRun run = ProgramRun.run("sweep", "--out=" + page, "--report=" + folder);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).hasLineCount(1).contains(" must be ", "index.html");
    assertThat(page).doesNotExist();
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void otherNames() throws IOException {
    Path hard = Files.createLink(folder.resolve("hard.csv"), data);
    Path soft = Files.createSymbolicLink(folder.resolve("soft.csv"), data);
    Path around = folder.resolve("../" + folder.getFileName() + "/results.csv");
    for (Path other : List.of(hard, soft, around)) {
      String sentence = "--out must be another file than --data, but was ";
      refused(sentence + other, "train", "--data=" + data, "--out=" + other);
      refused(sentence + data, "train", "--data=" + other, "--out=" + data);
    }
  }

  @Test
  void otherFilesBesideThemAreFine() throws IOException {
    Path saved = Files.createDirectory(folder.resolve("saved"));
    for (int i = 0; i < 2; i++) {
      ProgramRun run =
          ProgramRun.run(
              "train",
              "--epochs=1",
              "--checkpoint=" + saved,
              "--resume",
              "--out=" + saved.resolve("model.safetensors"));
      assertThat(run.code()).as(run.err()).isZero();
    }
  }

  /** A new option that writes must be among the outputs. */
  @Test
  void allOutputsAreKnown() {
    PrintWriter nowhere = new PrintWriter(new StringWriter());
    for (CommandLine command : Glissade.commandLine(nowhere, nowhere).getSubcommands().values()) {
      for (OptionSpec option : command.getCommandSpec().options()) {
        if (option.typeInfo().getType() == Path.class) {
          boolean writes = String.join(" ", option.description()).matches("(Writes|Saves).*");
          assertThat(OutputPaths.OUTPUTS.contains(option.longestName()))
              .as(option.longestName())
              .isEqualTo(writes);
        }
      }
    }
  }
}
