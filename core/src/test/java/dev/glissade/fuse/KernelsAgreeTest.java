package dev.glissade.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Generated loops and the interpreter give the same bits, whatever the tape. */
class KernelsAgreeTest {
  private static final int CASES = 300;

  static LongStream seeds() {
    return LongStream.range(0, CASES);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void sameBits(long seed) {
    Random random = new Random(seed);
    RandomTape tape = RandomTape.of(random);
    int size = 1 + random.nextInt(2 * Loop.RANGE);
    double scale = Math.pow(10, random.nextInt(7) - 3);
    Plane[] data = tape.data(random, size, scale);
    RandomTape.Result interpreted = tape.run(new Interpreter(tape.tape()), data, size, 0);
    RandomTape.Result generated = tape.run(new FusedKernel(tape.tape()), data, size, 0);
    for (int i = 0; i < data.length; i++) {
      assertThat(generated.arrays().get(i))
          .as("array %d of %s", i, tape.tape())
          .isEqualTo(interpreted.arrays().get(i));
    }
    assertThat(generated.partials()).as("%s", tape.tape()).isEqualTo(interpreted.partials());
  }

  @Test
  void bigTapesAreCutIntoSections() {
    Random random = new Random(5);
    RandomTape tape = RandomTape.of(random);
    while (tape.tape().code().size() < 45) {
      tape = RandomTape.of(random);
    }
    assertThat(Fission.sections(tape.tape(), job -> true, Section::fitsElements))
        .hasSizeGreaterThan(1);
  }
}
