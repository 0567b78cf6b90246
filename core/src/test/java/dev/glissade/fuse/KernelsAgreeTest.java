package dev.glissade.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
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
    double scale = Math.pow(10, random.nextInt(7) - 3);
    List<Plane[]> data = tape.leaves(random, 2 * Loop.RANGE, scale);
    Kernel oracle = new Interpreter(tape.tape(), LaneOrder.COLUMNS);
    RandomTape.Result interpreted = tape.run(oracle, data, 0);
    RandomTape.Result generated = tape.run(new FusedKernel(tape.tape()), data, 0);
    for (int i = 0; i < interpreted.arrays().size(); i++) {
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
