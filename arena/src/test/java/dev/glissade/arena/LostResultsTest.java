package dev.glissade.arena;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Results that can't be printed are no success, unless the reader wants no more of them. */
class LostResultsTest {
  @TempDir private Path folder;

  private static final class Failing extends OutputStream {
    private final String reason;

    Failing(String reason) {
      this.reason = reason;
    }

    @Override
    public void write(int b) throws IOException {
      throw new IOException(reason);
    }
  }

  private List<String[]> commands() throws IOException {
    Path data = folder.resolve("data.csv");
    StringBuilder rows = new StringBuilder("x,kind\n");
    for (int i = 0; i < 60; i++) {
      rows.append(i % 7).append(',').append("ab".charAt(i % 2)).append('\n');
    }
    Files.writeString(data, rows);
    Path model = folder.resolve("model.safetensors");
    ProgramRun train = ProgramRun.run("train", "--data=" + data, "--epochs=1", "--out=" + model);
    assertThat(train.code()).as(train.err()).isZero();
    List<String[]> commands = new ArrayList<>();
    commands.add(new String[] {"train", "--data=" + data, "--epochs=1", "--json"});
    commands.add(new String[] {"train", "--data=" + data, "--epochs=1"});
    String once = "--optimizers=sgd";
    commands.add(new String[] {"compare", "--data=" + data, "--epochs=1", once});
    commands.add(new String[] {"sweep", "--data=" + data, "--epochs=1", "--points=2", once});
    commands.add(new String[] {"predict", "" + model, "" + data});
    commands.add(new String[] {"predict", "" + model, "" + data, "--json"});
    commands.add(new String[] {"evaluate", "" + model, "" + data});
    commands.add(new String[] {"inspect", "" + model});
    commands.add(new String[] {"optimizers"});
    commands.add(new String[] {"completion", "bash"});
    commands.add(
        new String[] {
          "privacy", "--examples=9", "--batch=3", "--epochs=1", "--delta=1e-5", "--noise=1"
        });
    commands.add(new String[] {"help"});
    commands.add(new String[] {"--version"});
    return commands;
  }

  @Test
  void aFullDiskIsAnError() throws IOException {
    for (String[] command : commands()) {
      ByteArrayOutputStream err = new ByteArrayOutputStream();
      int code = Glissade.run(new Failing("No space left on device"), err, command);
      assertThat(code).as(command[0]).isEqualTo(2);
      assertThat(err.toString(StandardCharsets.UTF_8))
          .endsWith(
              "glissade: the standard output can't be written: No space left on device"
                  + System.lineSeparator())
          .doesNotContain("bug in glissade");
    }
  }

  @Test
  void aClosedPipeIsNone() throws IOException {
    for (String[] command : commands()) {
      ByteArrayOutputStream err = new ByteArrayOutputStream();
      int code = Glissade.run(new Failing("Broken pipe"), err, command);
      assertThat(code).as(command[0]).isZero();
      assertThat(err.toString(StandardCharsets.UTF_8)).doesNotContain("standard output");
    }
  }
}
