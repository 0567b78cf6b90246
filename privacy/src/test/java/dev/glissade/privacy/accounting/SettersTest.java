package dev.glissade.privacy.accounting;

import dev.glissade.Setters;
import java.lang.reflect.RecordComponent;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every component of the mechanisms is set by its name. */
class SettersTest {
  static Stream<Record> records() {
    return Stream.of(new SampledGaussian(0.01, 1, 1000), new ShuffledGaussian(50_000, 500, 1, 10));
  }

  @ParameterizedTest
  @MethodSource("records")
  void everyComponentIsSet(Record record) throws ReflectiveOperationException {
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      Setters.check(record, component);
    }
  }
}
