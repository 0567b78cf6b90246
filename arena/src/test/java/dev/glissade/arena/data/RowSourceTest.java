package dev.glissade.arena.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** New rows are encoded as those that a model was trained on. */
class RowSourceTest {
  private static final String ROWS =
      IntStream.range(0, 40)
          .mapToObj(i -> i * 7 % 11 + "," + "uvw".charAt(i % 3) + "," + (i % 2 == 0 ? "no" : "yes"))
          .collect(Collectors.joining("\n"));

  @TempDir Path folder;

  private final List<String> said = new ArrayList<>();

  private Path file(String content) throws IOException {
    return Files.writeString(folder.resolve("new.csv"), content);
  }

  private Dataset train(String header) throws IOException {
    Path file = Files.writeString(folder.resolve("train.csv"), header + ROWS);
    return Datasets.read(file).split(1).train();
  }

  /** Reads all inputs in batches of three. */
  private float[] inputs(Path path, Encoding encoding, boolean labeled) {
    float[] all = new float[0];
    try (RowSource rows = RowSource.open(path, encoding, Header.AUTO, labeled, said::add)) {
      for (Dataset batch = rows.next(3); batch != null; batch = rows.next(3)) {
        assertThat(batch.size()).isBetween(1, 3);
        float[] part = batch.inputs();
        float[] longer = Arrays.copyOf(all, all.length + part.length);
        System.arraycopy(part, 0, longer, all.length, part.length);
        all = longer;
      }
    }
    return all;
  }

  @Test
  void rowsAreEncodedAsThoseOfTheTrainPart() throws IOException {
    Dataset train = train("a,kind,y\n");
    Path same = folder.resolve("train.csv");
    try (RowSource rows = RowSource.open(same, train.encoding(), Header.AUTO, true, said::add)) {
      Dataset all = rows.next(1000);
      Split split = Datasets.read(same).split(1);
      assertThat(all.size()).isEqualTo(40);
      List<List<Float>> expected = rows(split.train());
      expected.addAll(rows(split.validation()));
      expected.addAll(rows(split.test()));
      assertThat(rows(all)).containsExactlyInAnyOrderElementsOf(expected);
      assertThat(rows.next(1000)).isNull();
    }
    assertThat(said).isEmpty();
  }

  /** The inputs and the label of each example. */
  private static List<List<Float>> rows(Dataset data) {
    List<List<Float>> rows = new ArrayList<>();
    for (int i = 0; i < data.size(); i++) {
      float[] inputs = new float[data.features()];
      data.inputs(new int[] {i}, 0, 1, inputs);
      List<Float> row = new ArrayList<>();
      for (float input : inputs) {
        row.add(input);
      }
      row.add((float) data.label(i));
      rows.add(row);
    }
    return rows;
  }

  @Test
  void columnsAreFoundByNameInAnyOrder() throws IOException {
    Encoding encoding = train("a,kind,y\n").encoding();
    float[] expected = inputs(file("a,kind,y\n3,u,no\n4,w,yes\n5,v,no\n6,v,no\n"), encoding, true);
    assertThat(expected).hasSize(16);
    assertThat(inputs(file("kind,more,a\nu,1,3\nw,2,4\nv,3,5\nv,4,6\n"), encoding, false))
        .isEqualTo(expected);
    assertThat(said).containsExactly("ignored columns that the model does not use: \"more\"");
    assertThat(inputs(file("3,u,no\n4,w,yes\n5,v,no\n6,v,no\n"), encoding, true))
        .isEqualTo(expected);
    assertThat(inputs(file("3,u\n4,w\n5,v\n6,v\n"), encoding, false)).isEqualTo(expected);
    Path zipped =
        Files.write(
            folder.resolve("new.csv.gz"),
            Gzip.of("3,u\n4,w\n5,v\n6,v\n".getBytes(StandardCharsets.UTF_8)));
    assertThat(inputs(zipped, encoding, false)).isEqualTo(expected);
  }

  @Test
  void aModelOfATableWithoutNamesTakesColumnsByPosition() throws IOException {
    Encoding encoding = train("").encoding();
    float[] expected = inputs(file("3,u,no\n4,w,yes\n"), encoding, true);
    assertThat(said).isEmpty();
    assertThat(inputs(file("a,b,c\n3,u,no\n4,w,yes\n"), encoding, true)).isEqualTo(expected);
    assertThat(said)
        .containsExactly(
            "skipped the first row, which seems to name the columns: \"a\", \"b\", \"c\"; if it"
                + " is data, pass --header no");
    assertThat(inputs(file("3,u\n4,w\n"), encoding, false)).isEqualTo(expected);
    assertThatThrownBy(() -> inputs(file("3\t4\t5\t6\n"), encoding, false))
        .hasMessage("new.csv must have 3 columns, or 2 without the label, but had 4");
  }

  @Test
  void aBadFirstRowIsNoHeader() throws IOException {
    Path numbers = Files.writeString(folder.resolve("n.csv"), "1,2,5,n\n2,3,3,y\n".repeat(20));
    Encoding three = Datasets.read(numbers).split(1).train().encoding();
    assertThatThrownBy(() -> inputs(file("abc,3,4\n1,2,3\n"), three, false))
        .hasMessage(
            "new.csv line 1, column 1 must be a number, but was \"abc\": pass --header yes if"
                + " line 1 names the columns");
    assertThatThrownBy(() -> inputs(file(",3,4\n1,2,3\n"), three, false))
        .hasMessage(
            "new.csv line 1, column 1 must be a number, but the value is missing: \"\": pass --header"
                + " yes if line 1 names the columns");
    Encoding words = train("").encoding();
    assertThat(inputs(file("3,x\n4,w\n"), words, false)).hasSize(8);
    assertThat(said)
        .containsExactly(
            "column 2 has words that the model does not have, such as \"x\": they become zeros");
    assertThatThrownBy(() -> inputs(file("3,u,maybe\n4,w,no\n"), words, true))
        .hasMessage(
            "new.csv line 1, column 3 must be one of the classes of the model, but was \"maybe\": pass"
                + " --header yes if line 1 names the columns");
  }

  private Encoding numbersWithoutNames(int columns, int scale) throws IOException {
    String rows =
        IntStream.range(0, 40)
            .mapToObj(row ->
                IntStream.range(0, columns)
                        .mapToObj(i -> (row * (i + 3) % 7 * scale) + ",")
                        .collect(Collectors.joining())
                    + (row % 2 == 0 ? "no" : "yes"))
            .collect(Collectors.joining("\n"));
    Path file = Files.writeString(folder.resolve("numbers.csv"), rows);
    Encoding encoding = Datasets.read(file).split(1).train().encoding();
    assertThat(((Encoding.Columns) encoding.inputs()).header()).isFalse();
    return encoding;
  }

  /** A header of digits, as data frames without names have, over a model without names. */
  @Test
  void aHeaderOfDigitsIsSkipped() throws IOException {
    Encoding six = numbersWithoutNames(6, 1);
    float[] expected = inputs(file("3,4,5,1,2,3\n"), six, false);
    said.clear();
    for (String header : List.of("0,1,2,3,4,5", "1,2,3,4,5,6", "x1,x2,x3,x4,x5,x6")) {
      assertThat(inputs(file(header + "\n3,4,5,1,2,3\n"), six, false)).isEqualTo(expected);
      assertThat(said.remove(0)).startsWith("skipped the first row").endsWith("pass --header no");
      assertThat(inputs(file(header + ",6\n3,4,5,1,2,3,no\n"), six, true)).isEqualTo(expected);
      assertThat(said.remove(0)).startsWith("skipped the first row");
    }
    assertThat(inputs(file("1,2,3,4,5,5\n"), six, false)).hasSize(6);
    assertThat(said).isEmpty();
  }

  /** Three small numbers that count up are a row, unless the column has only large ones. */
  @Test
  void fewDigitsAreAHeaderOnlyOverOtherNumbers() throws IOException {
    assertThat(inputs(file("0,1,2\n3,4,5\n"), numbersWithoutNames(3, 1), false)).hasSize(6);
    String rows = "900,950,920,no\n910,930,960,yes\n905,945,915,no\n".repeat(15);
    Encoding large =
        Datasets.read(Files.writeString(folder.resolve("large.csv"), rows))
            .split(1)
            .train()
            .encoding();
    assertThat(inputs(file("0,1,2\n930,940,950\n"), large, false)).hasSize(3);
    assertThat(said).hasSize(1);
  }

  @Test
  void whatDoesNotFitIsRefused() throws IOException {
    Encoding encoding = train("a,kind,y\n").encoding();
    assertThatThrownBy(() -> inputs(file("a,y\n3,no\n"), encoding, false))
        .hasMessage("new.csv must have the column \"kind\", but has only \"a\", \"y\"");
    assertThatThrownBy(() -> inputs(file("a,kind\n3,u\n"), encoding, true))
        .hasMessage("new.csv must have the label column \"y\" to be evaluated");
    assertThatThrownBy(() -> inputs(file("a,kind,y\n3,u,no\nx,u,no\n"), encoding, true))
        .hasMessage("new.csv line 3, column 1 (\"a\") must be a number, but was \"x\"");
    assertThatThrownBy(() -> inputs(file("a,kind,y\n3,u,no\n?,u,no\n"), encoding, true))
        .hasMessage(
            "new.csv line 3, column 1 (\"a\") must be a number, but the value is missing: \"?\"");
    assertThatThrownBy(() -> inputs(file("a,kind,y\n3,u,maybe\n"), encoding, true))
        .hasMessage(
            "new.csv line 2, column 3 (\"y\") must be one of the classes of the model, but was"
                + " \"maybe\"");
    assertThatThrownBy(() -> inputs(file("a,kind,y\n3,u,no\n4\n"), encoding, true))
        .hasMessage("new.csv line 3 must have 3 columns as line 1 has, but had 1");
    assertThatThrownBy(() -> inputs(folder.resolve("none"), encoding, true))
        .hasMessageStartingWith("the data must be a CSV file, but no file exists at ");
    assertThatThrownBy(() -> inputs(folder, encoding, true))
        .hasMessageStartingWith(
            "the data must be a CSV file, as the model's data was, but was a folder: ");
  }

  @Test
  void unknownWordsBecomeZerosAndAreSaid() throws IOException {
    Encoding encoding = train("a,kind,y\n").encoding();
    float[] inputs = inputs(file("a,kind,y\n3,u,no\n3,x,no\n3,z,no\n"), encoding, true);
    assertThat(List.of(inputs[1], inputs[2], inputs[3])).containsExactly(1f, 0f, 0f);
    assertThat(List.of(inputs[5], inputs[6], inputs[7])).containsExactly(0f, 0f, 0f);
    assertThat(said)
        .containsExactly(
            "column 2 (\"kind\") has words that the model does not have, such as \"x\": they"
                + " become zeros");
  }

  private static byte[] idx(int... dimensions) {
    int size = IntStream.of(dimensions).reduce(1, (a, b) -> a * b);
    ByteBuffer bytes = ByteBuffer.allocate(4 + 4 * dimensions.length + size);
    bytes.put(new byte[] {0, 0, 8, (byte) dimensions.length});
    for (int d : dimensions) {
      bytes.putInt(d);
    }
    for (int i = 0; i < size; i++) {
      bytes.put((byte) (i % 5));
    }
    return bytes.array();
  }

  @Test
  void theSizesOfPrivatePartsDoNotDependOnTheClasses() throws IOException {
    Path images = Files.createDirectory(folder.resolve("images"));
    Files.write(images.resolve("train-images-idx3-ubyte"), idx(24, 1, 2));
    byte[] labels = idx(24);
    for (int i = 8; i < 24; i++) {
      labels[i] = 0;
    }
    for (int single = 1; single <= 4; single++) {
      labels[7 + single] = (byte) single;
      Files.write(images.resolve("train-labels-idx1-ubyte"), labels);
      Examples examples = Datasets.read(images, DataRequest.defaults().isPrivate(true));
      Split split = examples.split(1);
      assertThat(examples.reading().lines().get(0))
          .endsWith(
              "24 images: %d train, %d validation, %d test"
                  .formatted(split.train().size(), split.validation().size(), split.test().size()))
          .contains("24 images: 14 train, 5 validation, 5 test");
    }
  }

  @Test
  void imagesAreRead() throws IOException {
    Files.write(folder.resolve("train-images-idx3-ubyte"), idx(20, 2, 3));
    Files.write(folder.resolve("train-labels-idx1-ubyte"), idx(20));
    Encoding encoding = Datasets.read(folder).split(1).train().encoding();
    assertThat(inputs(folder, encoding, true)).hasSize(120);
    assertThat(said).containsExactly("reading train-images-idx3-ubyte");
    assertThatThrownBy(() -> inputs(file("1,2\n"), encoding, false))
        .hasMessageStartingWith(
            "the data must be a folder of IDX files, as the model's data was, but was a file: ");
    Path other = Files.createDirectory(folder.resolve("other"));
    Files.write(other.resolve("t10k-images-idx3-ubyte"), idx(4, 2, 3));
    assertThat(inputs(other, encoding, false)).hasSize(24);
    Files.write(other.resolve("t10k-images-idx3-ubyte"), idx(4, 3, 2));
    assertThatThrownBy(() -> inputs(other, encoding, false))
        .hasMessage(
            "t10k-images-idx3-ubyte must hold images of 2 x 3, as the model's data, but held 3 x 2");
    assertThatThrownBy(() -> inputs(other, encoding, true))
        .hasMessageContaining("must have t10k-labels-idx1-ubyte");
  }
}
