package dev.glissade.arena.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glissade.arena.data.ColumnEncoding;
import dev.glissade.arena.data.DataException;
import dev.glissade.arena.data.Dataset;
import dev.glissade.arena.data.Datasets;
import dev.glissade.arena.data.Encoding;
import dev.glissade.arena.data.Header;
import dev.glissade.arena.data.LabelEncoding;
import dev.glissade.arena.data.LinearScale;
import dev.glissade.arena.data.Missing;
import dev.glissade.arena.data.RowSource;
import dev.glissade.arena.train.OptimizerParser;
import dev.glissade.catalog.Catalog;
import dev.glissade.checkpoint.json.Json;
import dev.glissade.fuzz.Fuzzer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mutated and hostile inputs of every format: documented exceptions, bounded memory and time. */
class HostileInputTest {
  private static final int SOME = 2000;
  private static final int MANY = 20_000;

  @TempDir Path folder;

  private static final String[] OPTIMIZERS = {
    "{\"name\": \"adamw\", \"args\": {\"learning_rate\": 0.001, \"mask\": [\"*kernel\"]}}",
    "{\"name\": \"chain\", \"args\": [{\"name\": \"clip_by_global_norm\", \"args\": {\"max_norm\":"
        + " 1}}, {\"name\": \"sgd\", \"args\": {\"learning_rate\": {\"name\":"
        + " \"warmup_cosine_decay_schedule\", \"args\": {\"init_value\": 0, \"peak_value\": 0.1,"
        + " \"warmup_steps\": 3, \"decay_steps\": 9}}, \"momentum\": 0.9}}]}",
    "{\"name\": \"sam\", \"args\": {\"optimizer\": \"cocob\", \"adv_optimizer\": {\"name\": \"sgd\","
        + " \"args\": {\"learning_rate\": {\"name\": \"piecewise_constant_schedule\", \"args\":"
        + " {\"init_value\": 1, \"boundaries_and_scales\": {\"5\": 0.1}}}}}, \"sync_period\": 3,"
        + " \"reset_state\": false, \"opaque_mode\": true, \"batch_axis_name\": null}}",
    "{\"name\": \"partition\", \"args\": {\"transforms\": {\"a\": {\"name\": \"adam\", \"args\":"
        + " {\"learning_rate\": 1e-2, \"b1\": 0.9}}, \"b\": {\"name\": \"cocob\"}},"
        + " \"param_labels\": {\"*kernel\": \"a\", \"!*kernel\": \"b\"}}}",
    "{\"name\": \"dpsgd\", \"args\": {\"learning_rate\": 0.1, \"l2_norm_clip\": 0.5,"
        + " \"noise_multiplier\": 0.7, \"seed\": 7}}",
    "{\"name\": \"multi_steps\", \"args\": {\"opt\": {\"name\": \"prodigy\", \"args\": {\"betas\":"
        + " [0.9, 0.99]}}, \"every_k_schedule\": 3}}"
  };

  private static void readJson(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    Catalog.standard().optimizer(Json.STRICT.read("the optimizer", text));
  }

  private static final Fuzzer JSON =
      new Fuzzer(Fuzzer.texts(OPTIMIZERS), 1 << 20, 1000, IllegalArgumentException.class);

  private static final Fuzzer LISTS =
      new Fuzzer(
          Fuzzer.texts(
              "adamw, mechanize(sgd), prodigy(weight_decay=0.01, betas=[0.9, 0.99])",
              "sam(adam(b1=0.5), chain(clip_by_global_norm(max_norm=1), sgd)),lion",
              OPTIMIZERS[0] + "," + OPTIMIZERS[2]),
          1 << 20,
          1000,
          IllegalArgumentException.class);

  private static void readList(byte[] input) {
    OptimizerParser.list(new String(input, StandardCharsets.UTF_8));
  }

  private void readFile(byte[] input) throws IOException {
    OptimizerParser.one(Files.write(folder.resolve("o.json"), input).toString());
  }

  private static byte[] gzip(byte[] data) throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
      out.write(data);
    }
    return zipped.toByteArray();
  }

  private static Fuzzer tables() throws IOException {
    List<byte[]> seeds =
        Fuzzer.texts(
            "width,height,class\n1,2,a\n3,4,b\n5,-6e2,a\n7,8,b\n9,1,a\n",
            "1;2;0\r\n3;4;1\r\n\r\n\"5\";6;1\r\n7;8;0\r\n9;1;1\r\n",
            "x\ty\n1.5\t\"a \"\"b\"\"\"\n2.5\tc\n3\tc\n4\tc\n5\tc\n",
            "when,kind,y\n2024-01-31,a b,1\n2024-02-29T12:30:00Z,c,2\n1999-12-31,c,1\n"
                + "2001-01-01,c,2\n2002-01-01,a b,1\n",
            "1,2,3,0\n".repeat(50) + "4,5,6,1\n");
    return new Fuzzer(
        List.of(
            seeds.get(0),
            seeds.get(1),
            seeds.get(2),
            seeds.get(3),
            seeds.get(4),
            gzip(seeds.get(4))),
        4 << 20,
        1000,
        DataException.class);
  }

  private void readTable(byte[] input) throws IOException {
    Datasets.read(Files.write(folder.resolve("t.csv"), input)).split(1);
  }

  private static final Encoding ENCODING =
      new Encoding(
          new Encoding.Columns(
              true,
              3,
              List.of(
                  new Encoding.Column(
                      "when",
                      0,
                      new ColumnEncoding.Numbers(
                          new LinearScale(19_000, 1000, false), Missing.MEAN, false, "yyyy-MM-dd")),
                  new Encoding.Column(
                      "kind",
                      1,
                      new ColumnEncoding.Words(List.of("a b", "c"), Missing.REFUSE, false)))),
          new LabelEncoding.NumberLabel("y", 2, new LinearScale(1, 2, false)));

  private static Fuzzer newRows() {
    return new Fuzzer(
        Fuzzer.texts(
            "when,kind,y\n2024-01-31,a b,1\n2024-02-29T12:30:00Z,c,2\n,c,1\n",
            "y\tkind\twhen\n1\t\"c\"\t2024-01-31\n",
            "2024-01-31;c;3\r\n2024-01-31;c;3\r\n"),
        4 << 20,
        1000,
        DataException.class);
  }

  private void readNewRows(byte[] input) throws IOException {
    Path file = Files.write(folder.resolve("new.csv"), input);
    try (RowSource rows = RowSource.open(file, ENCODING, Header.AUTO, true, sentence -> {})) {
      for (Dataset batch = rows.next(2); batch != null; batch = rows.next(2)) {
        assertThat(batch.size()).isBetween(1, 2);
      }
    }
  }

  private static void readEncoding(byte[] input) {
    try {
      Encoding.of(Json.STRICT.read("it", new String(input, StandardCharsets.UTF_8)));
    } catch (IllegalArgumentException e) {
      throw new DataException("not JSON", e);
    }
  }

  private static byte[] idx(int... dimensions) {
    int size = 1;
    for (int d : dimensions) {
      size *= d;
    }
    ByteBuffer bytes = ByteBuffer.allocate(4 + 4 * dimensions.length + size);
    bytes.put(new byte[] {0, 0, 8, (byte) dimensions.length});
    for (int d : dimensions) {
      bytes.putInt(d);
    }
    for (int i = 0; i < size; i++) {
      bytes.put((byte) (i % 7));
    }
    return bytes.array();
  }

  private static Fuzzer images() throws IOException {
    return new Fuzzer(
        List.of(idx(12, 3, 4), gzip(idx(12, 3, 4)), idx(12), gzip(idx(12))),
        1 << 20,
        100,
        DataException.class);
  }

  /** Each is read as images with right labels, or, if it is short, as labels of right images. */
  private void readImages(byte[] input) throws IOException {
    boolean labels = input.length < idx(12).length + 20;
    Files.write(folder.resolve("train-images-idx3-ubyte"), labels ? idx(12, 3, 4) : input);
    Files.write(folder.resolve("train-labels-idx1-ubyte"), labels ? input : idx(12));
    Datasets.read(folder).split(1);
  }

  private static void requireSome(int read, int inputs) {
    assertThat(read).isBetween(1, inputs - 1);
  }

  @Test
  void json() throws Exception {
    requireSome(JSON.run(SOME / 2, 1, HostileInputTest::readJson), SOME / 2);
    requireSome(JSON.run(SOME / 4, 2, this::readFile), SOME / 4);
    requireSome(LISTS.run(SOME / 4, 3, HostileInputTest::readList), SOME / 4);
  }

  @Test
  @Tag("slow")
  void muchJson() throws Exception {
    requireSome(JSON.run(MANY / 2, 4, HostileInputTest::readJson), MANY / 2);
    requireSome(JSON.run(MANY / 4, 5, this::readFile), MANY / 4);
    requireSome(LISTS.run(MANY / 4, 6, HostileInputTest::readList), MANY / 4);
  }

  @Test
  void csv() throws Exception {
    requireSome(tables().run(SOME, 7, this::readTable), SOME);
  }

  @Test
  void newRowsOfAModel() throws Exception {
    requireSome(newRows().run(SOME, 12, this::readNewRows), SOME);
  }

  @Test
  void encodings() throws Exception {
    Fuzzer fuzzer =
        new Fuzzer(
            Fuzzer.texts(Json.STRICT.write(ENCODING.plain())), 1 << 20, 1000, DataException.class);
    requireSome(fuzzer.run(SOME, 13, HostileInputTest::readEncoding), SOME);
  }

  @Test
  @Tag("slow")
  void muchCsv() throws Exception {
    requireSome(tables().run(MANY, 8, this::readTable), MANY);
  }

  @Test
  void idx() throws Exception {
    requireSome(images().run(SOME, 9, this::readImages), SOME);
  }

  @Test
  @Tag("slow")
  void muchIdx() throws Exception {
    requireSome(images().run(MANY, 10, this::readImages), MANY);
  }

  @Test
  void aTableThatUnpacksToFarMoreIsRefused() throws Exception {
    byte[] bomb = gzip("1,2,0\n3,4,1\n".repeat(2_000_000).getBytes(StandardCharsets.US_ASCII));
    tables().run(SOME / 10, 11, this::readTable);
    Fuzzer bounded = new Fuzzer(List.of(bomb), 1L << 31, 0, DataException.class);
    assertThat(bounded.check(bomb, 0, this::readTable)).isFalse();
    assertThatThrownBy(() -> readTable(bomb))
        .hasMessage(
            "t.csv must unpack to at most 4 MiB or 100 times its size, but unpacks to more: if you"
                + " trust it, decompress it first");
  }

  @Test
  void imagesThatUnpackToFarMoreAreRefused() throws Exception {
    byte[] header = {0, 0, 8, 3, 0, 0, (byte) 0xa0, 0, 0, 0, 0, 28, 0, 0, 0, 28};
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
      out.write(header);
      out.write(new byte[0xa000 * 28 * 28]);
    }
    Fuzzer bounded = new Fuzzer(List.of(header), 64 << 20, 0, DataException.class);
    assertThat(bounded.check(zipped.toByteArray(), 0, this::readImages)).isFalse();
    assertThatThrownBy(() -> readImages(zipped.toByteArray()))
        .hasMessageContaining("must unpack to at most 4 MiB or 100 times its size");
  }
}
