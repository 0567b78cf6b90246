package dev.glissade.arena;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Private training learns nothing from a table but what the user says, and tells nothing of it. */
class PrivateDataTest {
  private static final String TABLE =
      "id,sex,age,y\n"
          + IntStream.range(0, 200)
              .mapToObj(i -> i + "," + (i % 3 == 0 ? "m" : "f") + "," + i * 7 % 90 + "," + i % 2)
              .collect(Collectors.joining("\n"));

  @TempDir Path folder;

  private ProgramRun train(String table, String... options) throws IOException {
    Path data = Files.writeString(folder.resolve("t.csv"), table);
    List<String> all =
        new ArrayList<>(
            List.of(
                "train",
                "--data=" + data,
                "--optimizer=dpsgd",
                "--model=softmax",
                "--epochs=1",
                "--target-epsilon=3",
                "--delta=1e-3"));
    all.addAll(List.of(options));
    return ProgramRun.run(all.toArray(String[]::new));
  }

  @Test
  void nothingThatARowCanChangeIsSaidOrLearned() throws IOException {
    ProgramRun run = train(TABLE, "--categories=sex=f|m", "--bounds=0:90,id=0:200");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err())
        .contains("200 rows: 120 train, 40 validation, 40 test; header: yes")
        .contains("2 columns of numbers (\"id\", \"age\"); 1 column of words (\"sex\"); 4 inputs")
        .contains("label: column 4 (\"y\"), 2 classes: \"0\", \"1\"")
        .doesNotContain("dropped", " %,", "50.0 %");
  }

  @Test
  void wordsMustBeKnown() throws IOException {
    assertThat(train(TABLE).err())
        .contains(
            "t.csv column 2 (\"sex\") has words, which private training must not learn from the"
                + " data: pass --categories sex=WORD|WORD or --drop sex");
  }

  @Test
  void theMiddleOfBoundsReplacesMissingValues() throws IOException {
    String holes = TABLE.replace(",7,", ",?,");
    assertThat(train(holes, "--drop=sex").err()).contains("the value is missing: \"?\"");
    assertThat(train(holes, "--drop=sex", "--missing=mean", "--bounds=id=0:200").err())
        .contains(
            "column 3 (\"age\") must have bounds, whose middle replaces missing values in private"
                + " training: pass --bounds age=LOW:HIGH or --drop age");
    ProgramRun run = train(holes, "--drop=sex", "--missing=mean", "--bounds=0:200");
    assertThat(run.code()).as(run.err()).isZero();
  }

  @Test
  void theRangeOfALabelMustBeKnown() throws IOException {
    assertThat(train(TABLE, "--drop=sex", "--task=regression", "--label=age").err())
        .contains("column 3 (\"age\") must have bounds, since private training must not learn");
  }

  @Test
  void weightsOfClassesWouldTellTheirSizes() throws IOException {
    assertThat(train(TABLE, "--drop=sex", "--weights=balanced").err())
        .contains("--weights must be equal in private training");
  }

  @Test
  void rangesAndWordsAreChecked() throws IOException {
    for (String wrong : new String[] {"1", "2:1", "a:b", "x=1:1", "1:nan", "0:1e39"}) {
      assertThat(train(TABLE, "--bounds=" + wrong).err())
          .contains(
              "--bounds must be LOW:HIGH or COLUMN=LOW:HIGH with numbers LOW < HIGH, but was");
    }
    assertThat(train(TABLE, "--bounds=0:1,0:2").err())
        .contains("--bounds must give each range once");
    assertThat(train(TABLE, "--bounds=height=0:1").err())
        .contains(
            "t.csv: --bounds must name a column or its index from 0 to 3, but was \"height\"");
    assertThat(train(TABLE, "--drop=nothing").err())
        .contains(
            "t.csv: --drop must name a column or its index from 0 to 3, but was \"nothing\"; the"
                + " columns are \"id\", \"sex\", \"age\", \"y\"");
    for (String wrong : new String[] {"sex", "sex=a", "=a|b", "sex=a|"}) {
      assertThat(train(TABLE, "--categories=" + wrong).err())
          .contains("--categories must be COLUMN=WORD|WORD with at least 2 words, but was");
    }
    assertThat(train(TABLE, "--categories=sex=a|a").err()).contains("must name each word once");
    assertThat(train(TABLE, "--categories=sex=m|f", "--bounds=sex=0:1").err())
        .contains("column 2 (\"sex\") must have --bounds or --categories, but had both");
  }
}
