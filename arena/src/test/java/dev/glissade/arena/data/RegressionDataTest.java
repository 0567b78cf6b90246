package dev.glissade.arena.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Labels that are numbers, parts, and weights. */
class RegressionDataTest {
  private static final DataRequest PLAIN = DataRequest.defaults();

  @TempDir Path folder;

  private Path file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  private static String prices(int n) {
    return "x,price\n"
        + IntStream.range(0, n)
            .mapToObj(i -> i * 7 % 13 + "," + (1000 + i * 31 % n * 0.5))
            .collect(Collectors.joining("\n"));
  }

  @Test
  void numbersAreStandardizedByTheTrainPart() throws IOException {
    Examples examples = Datasets.read(file("p.csv", prices(200)), PLAIN.task(Task.REGRESSION));
    Split split = examples.split(1);
    Dataset train = split.train();
    assertThat(train.task()).isEqualTo(Task.REGRESSION);
    assertThat(train.outputs()).isEqualTo(1);
    assertThat(train.classNames()).isEmpty();
    assertThat(List.of(train.size(), split.validation().size(), split.test().size()))
        .containsExactly(120, 40, 40);
    double mean = IntStream.range(0, 120).mapToDouble(train::value).average().orElseThrow();
    double square =
        IntStream.range(0, 120).mapToDouble(i -> train.value(i) * train.value(i)).sum() / 120;
    assertThat(mean).isCloseTo(0, within(1e-5));
    assertThat(square).isCloseTo(1, within(1e-5));
    LinearScale scaling = ((LabelEncoding.NumberLabel) train.encoding().label()).scaling();
    assertThat(scaling.undo(train.value(0))).isCloseTo(1050, within(60.0));
    assertThat(examples.reading().lines().get(2))
        .isEqualTo("label: column 2 (\"price\"), a number from 1000.00 to 1099.50, mean 1049.75");
  }

  @Test
  void boundsClampWhatIsLearnedAndNotWhatIsScored() throws IOException {
    StringBuilder csv = new StringBuilder("x,price\n");
    for (int i = 0; i < 50; i++) {
      csv.append(i * 7 % 13).append(',').append(1_600_000_000L + 100 * i).append('\n');
    }
    ColumnBounds bounds = ColumnBounds.parse(List.of("price=1600000000:1600001000"));
    Dataset train =
        Datasets.read(file("p.csv", csv.toString()), PLAIN.task(Task.REGRESSION).bounds(bounds))
            .split(1)
            .train();
    LinearScale scaling = ((LabelEncoding.NumberLabel) train.encoding().label()).scaling();
    int beyond = 0;
    for (int i = 0; i < train.size(); i++) {
      assertThat((train.number(i) - 1_600_000_000L) % 100).isZero();
      assertThat(train.value(i)).isBetween(-1f, 1f);
      double learned = Math.min(train.number(i), 1_600_001_000L);
      assertThat(scaling.undo(train.value(i))).isCloseTo(learned, within(1e-3));
      beyond += train.number(i) > 1_600_001_000L ? 1 : 0;
    }
    assertThat(beyond).isPositive();
  }

  @Test
  void balancedWeightsFollowOtherLabels() throws IOException {
    String csv =
        "x,y\n"
            + IntStream.range(0, 100)
                .mapToObj(i -> i % 9 + "," + (i % 10 == 0 ? "rare" : "often"))
                .collect(Collectors.joining("\n"));
    Dataset train = Datasets.read(file("b.csv", csv), PLAIN.balanced(true)).split(1).train();
    int[] half = IntStream.range(0, train.size()).map(i -> i % 2).toArray();
    Dataset changed = train.withLabels(half);
    assertThat(changed.weight(0)).isEqualTo(1);
    assertThat(changed.weight(1)).isEqualTo(1);
    assertThat(train.weight(0)).isNotEqualTo(1);
  }

  @Test
  void aWordIsNoNumber() throws IOException {
    Path file = file("w.csv", "x,y\n1,2\n2,high\n3,4\n");
    assertThatThrownBy(() -> Datasets.read(file, PLAIN.task(Task.REGRESSION)))
        .hasMessage("w.csv line 3, column 2 (\"y\") must be a number, but was \"high\"");
  }

  @Test
  void manyNumbersSuggestRegression() throws IOException {
    Path file =
        file(
            "n.csv",
            "x,y\n"
                + IntStream.range(0, 2000)
                    .mapToObj(i -> i % 7 + "," + i % 101)
                    .collect(Collectors.joining("\n")));
    assertThatThrownBy(() -> Datasets.read(file, PLAIN))
        .hasMessageContaining("more than 100 different numbers: pass --task regression");
    assertThat(Datasets.read(file, PLAIN.task(Task.CLASSES)).split(1).train().outputs())
        .isEqualTo(101);
  }

  @Test
  void eachClassIsDividedAlike() throws IOException {
    StringBuilder csv = new StringBuilder("x,y\n");
    for (int i = 0; i < 1000; i++) {
      csv.append(i * 7 % 11).append(i == 500 ? ",rare\n" : i % 10 == 0 ? ",few\n" : ",many\n");
    }
    Examples examples = Datasets.read(file("c.csv", csv.toString()));
    for (int seed = 0; seed < 5; seed++) {
      Split split = examples.split(seed);
      assertThat(split.train().classCounts()[0]).isBetween(59, 61);
      assertThat(split.validation().classCounts()[0]).isBetween(19, 21);
      assertThat(split.test().classCounts()[0]).isBetween(19, 21);
      assertThat(split.train().classCounts()[2]).isEqualTo(1);
      assertThat(split.train().size() + split.validation().size() + split.test().size())
          .isEqualTo(1000);
    }
  }

  @Test
  void theSizesThatAreSaidAreTheSizes() throws IOException {
    for (int n = 5; n < 40; n++) {
      int rows = n;
      Path file =
          file(
              "s.csv",
              "x,y\n"
                  + IntStream.range(0, n)
                      .mapToObj(i -> i * 3 % 7 + ",k" + i * i % Math.min(6, rows / 2))
                      .collect(Collectors.joining("\n")));
      Examples examples = Datasets.read(file);
      Split split = examples.split(n);
      assertThat(split.train().size()).isPositive();
      assertThat(split.validation().size()).isPositive();
      assertThat(split.test().size()).isPositive();
      assertThat(examples.reading().lines().get(0))
          .contains(
              "%d rows: %d train, %d validation, %d test;"
                  .formatted(
                      n, split.train().size(), split.validation().size(), split.test().size()));
    }
  }

  @Test
  void tooFewRowsAreNotDivided() throws IOException {
    Examples four = Datasets.read(file("f.csv", "x,y\n1,a\n2,b\n3,a\n4,b\n"));
    assertThatThrownBy(() -> four.split(1))
        .hasMessage(
            "f.csv must have at least 5 rows to be divided into train, validation and test parts, but"
                + " had 4");
  }

  @Test
  void balancedWeightsGiveEachClassTheSameSum() throws IOException {
    String csv =
        "x,y\n"
            + IntStream.range(0, 100)
                .mapToObj(i -> i % 9 + "," + (i % 10 == 0 ? "rare" : "often"))
                .collect(Collectors.joining("\n"));
    Split split = Datasets.read(file("b.csv", csv), PLAIN.balanced(true)).split(1);
    Dataset train = split.train();
    double[] sums = new double[2];
    for (int i = 0; i < train.size(); i++) {
      sums[train.label(i)] += train.weight(i);
    }
    assertThat(sums[0]).isCloseTo(train.size() / 2.0, within(1e-3));
    assertThat(sums[1]).isCloseTo(train.size() / 2.0, within(1e-3));
    assertThat(split.test().weight(0)).isEqualTo(1);
  }

  @Test
  void aTestFileHasTheSameColumnsInAnyOrder() throws IOException {
    Path data = file("train.csv", "a,kind,y\n" + "1,u,no\n2,v,yes\n3,u,no\n4,v,yes\n".repeat(5));
    Path test = file("test.csv", "y,extra,kind,a\nyes,9,v,3\nno,9,w,1\n");
    Examples examples = Datasets.read(data, PLAIN.test(test));
    assertThat(examples.reading().lines().get(0))
        .isEqualTo(
            "train.csv: 20 rows: 16 train, 4 validation, 2 test from another file; header: yes");
    assertThat(examples.reading().doubts())
        .containsExactly(
            "test.csv: column 3 (\"kind\") has words that train.csv does not have, such as"
                + " \"w\": they become zeros");
    Split split = examples.split(1);
    assertThat(split.test().labels()).containsExactly(1, 0);
    float[] inputs = Tables.inputs(split.test());
    assertThat(List.of(inputs[1], inputs[2], inputs[4], inputs[5])).containsExactly(0f, 1f, 0f, 0f);
    Path unknown = file("unknown.csv", "a,kind,y\n1,u,maybe\n");
    assertThatThrownBy(() -> Datasets.read(data, PLAIN.test(unknown)))
        .hasMessage(
            "unknown.csv line 2, column 3 (\"y\") must be one of the classes of train.csv, but was"
                + " \"maybe\"");
    Path none = file("none.csv", "a,y\n1,no\n");
    assertThatThrownBy(() -> Datasets.read(data, PLAIN.test(none)))
        .hasMessage("none.csv must have the column \"kind\", but has only \"a\", \"y\"");
  }
}
