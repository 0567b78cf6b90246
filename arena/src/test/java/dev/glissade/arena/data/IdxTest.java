package dev.glissade.arena.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class IdxTest {
  private static final String IMAGES = "train-images-idx3-ubyte";
  private static final String LABELS = "train-labels-idx1-ubyte";
  private static final String TEST_IMAGES = "t10k-images-idx3-ubyte";
  private static final String TEST_LABELS = "t10k-labels-idx1-ubyte";

  @TempDir Path folder;

  /** An IDX file with the data 0, 1, 2, ... */
  private static byte[] idx(int type, long... dimensions) {
    long size = Arrays.stream(dimensions).reduce(1, (a, b) -> a * b);
    ByteBuffer buffer = ByteBuffer.allocate(4 + 4 * dimensions.length + (int) size);
    buffer.put(new byte[] {0, 0, (byte) type, (byte) dimensions.length});
    for (long d : dimensions) {
      buffer.putInt((int) d);
    }
    for (int i = 0; i < size; i++) {
      buffer.put((byte) i);
    }
    return buffer.array();
  }

  private static void write(Path folder, String file, byte[] content) {
    try {
      Files.write(folder.resolve(file), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void good(Path folder) {
    write(folder, IMAGES, idx(8, 6, 2, 3));
    write(folder, LABELS, idx(8, 6));
    write(folder, TEST_IMAGES, idx(8, 4, 2, 3));
    write(folder, TEST_LABELS, idx(8, 4));
  }

  private static Arguments with(String file, byte[] content, String message) {
    return arguments((Consumer<Path>) folder -> write(folder, file, content), message);
  }

  private static Arguments without(String file, String message) {
    return arguments(
        (Consumer<Path>)
            folder -> {
              try {
                Files.delete(folder.resolve(file));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            },
        message);
  }

  private static byte[] cut(byte[] content, int length) {
    return Arrays.copyOf(content, length);
  }

  private static byte[] hostile(int... dimensions) {
    ByteBuffer buffer = ByteBuffer.allocate(100);
    buffer.put(new byte[] {0, 0, 8, (byte) dimensions.length});
    for (int d : dimensions) {
      buffer.putInt(d);
    }
    return buffer.array();
  }

  private static byte[] zipped(byte[] content) {
    try {
      return Gzip.of(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Stream<Arguments> damages() {
    byte[] images = idx(8, 6, 2, 3);
    byte[] zipped = zipped(images);
    String listed = "\"t10k-images-idx3-ubyte\", \"t10k-labels-idx1-ubyte\", ";
    return Stream.of(
        without(
            IMAGES,
            "mnist: a folder of IDX files must have train-images-idx3-ubyte, plain or .gz, but had "
                + listed
                + "\"train-labels-idx1-ubyte\""),
        without(
            LABELS,
            "mnist: a folder of IDX files must have train-labels-idx1-ubyte, plain or .gz, but had "
                + listed
                + "\"train-images-idx3-ubyte\""),
        without(
            TEST_LABELS,
            "mnist: a folder of IDX files must have t10k-labels-idx1-ubyte, plain or .gz, but had "
                + "\"t10k-images-idx3-ubyte\", \"train-images-idx3-ubyte\","
                + " \"train-labels-idx1-ubyte\""),
        without(
            TEST_IMAGES,
            "mnist: a folder of IDX files must have t10k-images-idx3-ubyte, plain or .gz, but had "
                + "\"t10k-labels-idx1-ubyte\", \"train-images-idx3-ubyte\","
                + " \"train-labels-idx1-ubyte\""),
        with(
            IMAGES,
            new byte[0],
            IMAGES + " is cut off: an IDX header must have at least 4 bytes, but had 0"),
        with(
            IMAGES,
            cut(images, 3),
            IMAGES + " is cut off: an IDX header must have at least 4 bytes, but had 3"),
        with(
            IMAGES,
            cut(images, 9),
            IMAGES + " is cut off: its header must have 16 bytes, but had 9"),
        with(
            IMAGES,
            cut(images, 50),
            IMAGES
                + " is cut off: its header promises 6 x 2 x 3 = 36 bytes, but the file of 50 bytes can"
                + " hold at most 34"),
        with(
            IMAGES,
            zipped(cut(images, 50)),
            IMAGES + " is cut off: its header promises 6 x 2 x 3 = 36 bytes, but only 34 follow"),
        with(
            IMAGES,
            cut(images, 53),
            IMAGES + " is too long: its header promises 6 x 2 x 3 = 36 bytes, but more follow"),
        with(
            IMAGES,
            zipped(cut(images, 53)),
            IMAGES + " is too long: its header promises 6 x 2 x 3 = 36 bytes, but more follow"),
        with(
            IMAGES,
            new byte[] {(byte) 0x89, 'P', 'N', 'G', 0, 0},
            IMAGES
                + " is not an IDX file: the first two bytes must be 0x00 0x00, but were 0x89 0x50"),
        with(
            IMAGES,
            idx(0x0d, 1, 1, 1),
            IMAGES + ": the type must be 0x08 (unsigned byte), but was 0x0d"),
        with(IMAGES, idx(8, 6), IMAGES + ": the number of dimensions must be 3, but was 1"),
        with(
            IMAGES, idx(8, 6, 2, 3, 1), IMAGES + ": the number of dimensions must be 3, but was 4"),
        with(LABELS, idx(8, 6, 1), LABELS + ": the number of dimensions must be 1, but was 2"),
        with(IMAGES, hostile(6, 0, 3), IMAGES + ": dimension 2 must be at least 1, but was 0"),
        with(LABELS, idx(8, 0), LABELS + ": dimension 1 must be at least 1, but was 0"),
        with(
            IMAGES,
            hostile(60000, 28, 28),
            IMAGES
                + " is cut off: its header promises 60000 x 28 x 28 = 47040000 bytes, but the file of"
                + " 100 bytes can hold at most 84"),
        with(
            IMAGES,
            hostile(-1, -1, -1),
            IMAGES
                + " is cut off: its header promises 4294967295 x 4294967295 x 4294967295 ="
                + " 9223372036854775807 bytes, but the file of 100 bytes can hold at most 84"),
        with(
            IMAGES,
            zipped(hostile(60000, 2800, 2800)),
            "promises 60000 x 2800 x 2800 = 470400000000 bytes, but the file of "),
        with(
            IMAGES,
            cut(zipped, zipped.length - 10),
            IMAGES + " is cut off: its gzip data ends too early"),
        with(
            LABELS,
            idx(8, 5),
            IMAGES + " and " + LABELS + " must hold as many images as labels, but held 6 and 5"),
        with(
            TEST_LABELS,
            idx(8, 3),
            TEST_IMAGES
                + " and "
                + TEST_LABELS
                + " must hold as many images as labels, but held 4 and 3"),
        with(
            TEST_IMAGES,
            idx(8, 4, 3, 2),
            IMAGES
                + " and "
                + TEST_IMAGES
                + " must hold images of one size, but held 2 x 3 and 3 x 2"));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("damages")
  void refused(Consumer<Path> damage, String message) throws IOException {
    Path mnist = Files.createDirectory(folder.resolve("mnist"));
    good(mnist);
    damage.accept(mnist);
    assertThatThrownBy(() -> Datasets.read(mnist))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(message);
  }

  @Test
  void emptyFolder() {
    assertThatThrownBy(() -> Datasets.read(folder))
        .hasMessageEndingWith("must have train-images-idx3-ubyte, plain or .gz, but had nothing");
  }

  @Test
  void oneClassOnly() throws IOException {
    Path mnist = Files.createDirectory(folder.resolve("mnist"));
    write(mnist, IMAGES, idx(8, 6, 2, 3));
    write(mnist, LABELS, cut(hostile(6), 14));
    assertThatThrownBy(() -> Datasets.read(mnist))
        .isInstanceOf(DataException.class)
        .hasMessage("mnist must have images of at least 2 classes, but all had the label 0");
  }

  @Test
  void aLabelColumnIsNotForFolders() {
    good(folder);
    assertThatThrownBy(() -> Datasets.read(folder, DataRequest.defaults().label("class")))
        .hasMessageEndingWith(
            ": --label must not be given for a folder of IDX files, but was \"class\"");
  }

  @Test
  void fixedSplit() {
    good(folder);
    Split split = Datasets.read(folder).split(7);
    assertThat(split.train().size()).isEqualTo(5);
    assertThat(split.validation().size()).isEqualTo(1);
    assertThat(split.test().labels()).containsExactly(0, 1, 2, 3);
    assertThat(split.train().features()).isEqualTo(6);
    assertThat(split.train().classNames()).containsExactly("0", "1", "2", "3", "4", "5");
    int[] all = IntStream.range(0, 6).toArray();
    int left = split.validation().label(0);
    assertThat(split.train().labels())
        .isEqualTo(Arrays.stream(all).filter(i -> i != left).toArray());
    // The pixels are 0, ..., 35; image i holds 6 i, ..., 6 i + 5.
    double[] train = IntStream.range(0, 36).filter(p -> p / 6 != left).asDoubleStream().toArray();
    double mean = Arrays.stream(train).average().orElseThrow();
    double square = Arrays.stream(train).map(p -> (p - mean) * (p - mean)).sum() / train.length;
    double deviation = Math.sqrt(square);
    assertThat(split.train().inputs()[29])
        .isCloseTo((float) ((train[29] - mean) / deviation), within(1e-6f));
    assertThat(split.test().inputs()[0]).isCloseTo((float) (-mean / deviation), within(1e-6f));
  }

  @Test
  void randomSplitWithoutATestPart() throws IOException {
    write(folder, "train-images.idx3-ubyte.gz", Gzip.of(idx(8, 6, 2, 3)));
    write(folder, "train-labels.idx1-ubyte", idx(8, 6));
    Split split = Datasets.read(folder).split(1);
    assertThat(split.train().size()).isEqualTo(4);
    assertThat(split.validation().size()).isEqualTo(1);
    assertThat(split.test().size()).isEqualTo(1);
    assertThat(split.train().labels()).doesNotContain(split.test().labels());
  }
}
