package dev.glissade.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Against the draws of the original, recorded in conformance/prng.json. */
class ThreefryTest {
  private static final List<String> FIELDS =
      List.of(
          "seed",
          "key",
          "split3",
          "split7",
          "fold_in_5",
          "bits32_9",
          "bits64_5",
          "uniform_f32_6",
          "uniform_f64_6",
          "normal_f32_2x5",
          "normal_f64_2x5");

  static List<JsonNode> cases() throws IOException {
    JsonNode file = new ObjectMapper().readTree(Path.of("../conformance/prng.json").toFile());
    List<JsonNode> cases = new ArrayList<>();
    file.get("cases").forEach(cases::add);
    assertThat(cases).isNotEmpty();
    return cases;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyFieldIsChecked(JsonNode recorded) {
    assertThat(recorded.fieldNames()).toIterable().containsExactlyInAnyOrderElementsOf(FIELDS);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void keysAreTheOriginals(JsonNode recorded) {
    long key = key(recorded);
    assertThat(key).isEqualTo(word(recorded.get("key")));
    assertKeys(recorded.get("split3"), 3, i -> Threefry.split(key, i));
    assertKeys(recorded.get("split7"), 7, i -> Threefry.split(key, i));
    assertThat(Threefry.foldIn(key, 5)).isEqualTo(word(recorded.get("fold_in_5")));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void bitsAreTheOriginals(JsonNode recorded) {
    long key = key(recorded);
    JsonNode words = sized(recorded.get("bits32_9"), 9);
    for (int i = 0; i < 9; i++) {
      assertThat(Threefry.bits32(key, i)).isEqualTo((int) words.get(i).longValue());
    }
    JsonNode longs = sized(recorded.get("bits64_5"), 5);
    for (int i = 0; i < 5; i++) {
      long expected = Long.parseUnsignedLong(longs.get(i).textValue());
      assertThat(Threefry.bits64(key, i)).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void uniformsAreTheOriginals(JsonNode recorded) {
    long key = key(recorded);
    JsonNode floats = sized(recorded.get("uniform_f32_6"), 6);
    JsonNode doubles = sized(recorded.get("uniform_f64_6"), 6);
    for (int i = 0; i < 6; i++) {
      assertThat((double) Threefry.uniformFloat(key, i)).isEqualTo(floats.get(i).doubleValue());
      assertThat(Threefry.uniformDouble(key, i)).isEqualTo(doubles.get(i).doubleValue());
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void normalsAreTheOriginals(JsonNode recorded) {
    long key = key(recorded);
    JsonNode floats = sized(recorded.get("normal_f32_2x5"), 10);
    JsonNode doubles = sized(recorded.get("normal_f64_2x5"), 10);
    for (int i = 0; i < 10; i++) {
      assertClose(Threefry.normalFloat(key, i), floats.get(i).doubleValue(), 5e-7);
      assertClose(Threefry.normalDouble(key, i), doubles.get(i).doubleValue(), 1e-14);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "-1, 4294967295, 4294967295",
    "-2147483648, 4294967295, 2147483648",
    "2147483648, 0, 2147483648",
    "4294967296, 1, 0",
    "1099511627781, 256, 5",
    "9223372036854775807, 2147483647, 4294967295",
    "-9223372036854775808, 2147483648, 0",
  })
  void seedsOf64BitsAreTheOriginals(long seed, long first, long second) {
    assertThat(Threefry.key(seed)).isEqualTo(first << 32 | second);
  }

  @Test
  void dataFoldedInIsOneUnsignedWord() {
    long key = Threefry.key(42);
    assertThat(Threefry.foldIn(key, 2147483647)).isEqualTo(2455960720L << 32 | 876592557L);
    assertThat(Threefry.foldIn(key, -1)).isEqualTo(Threefry.split(key, 0xffffffffL));
  }

  @Test
  void laterElementsAreTheOriginals() {
    long key = Threefry.key(42);
    assertThat(Threefry.bits32(key, 100_000)).isEqualTo(1504343439);
    long expected = Long.parseUnsignedLong("17137367178509442345");
    assertThat(Threefry.bits64(key, 100_000)).isEqualTo(expected);
    assertThat(Threefry.bits64(key, 1L << 32)).isNotEqualTo(Threefry.bits64(key, 0));
  }

  /** Two million float32 draws of seed 7: those nearest to some sizes, and the largest. */
  @ParameterizedTest
  @CsvSource({
    "746254, 9.711433e-07",
    "197697, -1.0000002",
    "1138367, -2.0000014",
    "519344, -3.0000396",
    "270153, -3.4000158",
    "1257514, 3.599802",
    "407494, -3.7998388",
    "723767, 3.999928",
    "333391, 4.4908786",
    "103009, -5.419983",
  })
  void farFloatNormalsAreTheOriginals(long index, double expected) {
    assertClose(Threefry.normalFloat(Threefry.key(7), index), expected, 5e-7);
  }

  @ParameterizedTest
  @CsvSource({
    "1684318, -2.7300382561243185e-07",
    "1790141, 0.9999998706743438",
    "678895, 2.0000008641560183",
    "773313, -3.00004829714773",
    "1303370, -3.399895893737276",
    "336437, -3.5999871805003467",
    "1572987, -3.801520542286991",
    "1227697, -4.000321457500953",
    "1383157, 4.299869479186979",
  })
  void farDoubleNormalsAreTheOriginals(long index, double expected) {
    assertClose(Threefry.normalDouble(Threefry.key(7), index), expected, 1e-12);
  }

  private static long key(JsonNode recorded) {
    return Threefry.key(recorded.get("seed").longValue());
  }

  private static void assertKeys(JsonNode keys, int count, LongUnaryOperator split) {
    sized(keys, count);
    for (int i = 0; i < count; i++) {
      assertThat(split.applyAsLong(i)).isEqualTo(word(keys.get(i)));
    }
  }

  private static JsonNode sized(JsonNode array, int size) {
    assertThat(array).hasSize(size);
    return array;
  }

  private static long word(JsonNode pair) {
    return pair.get(0).longValue() << 32 | pair.get(1).longValue();
  }

  private static void assertClose(double actual, double expected, double relative) {
    assertThat(actual).isCloseTo(expected, within(relative * Math.abs(expected)));
  }
}
