package dev.glissade.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
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

  static LongStream fewSeeds() {
    return LongStream.range(0, CASES / 12);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void sameBits(long seed) {
    Random random = new Random(seed);
    agree(RandomTape.of(random), random, 2 * Loop.RANGE);
  }

  @ParameterizedTest
  @MethodSource("fewSeeds")
  void sameBitsOfLargeValues(long seed) {
    Random random = new Random(seed);
    agree(RandomTape.large(random, seed % 2 == 0), random, 3000);
  }

  private static void agree(RandomTape tape, Random random, int most) {
    double scale = Math.pow(10, random.nextInt(7) - 3);
    List<Plane[]> data = tape.leaves(random, most, scale);
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

  /** Beyond 255 numbers and arrays a loop could not even be defined as one method. */
  @Test
  void largeValuesAreLoops() {
    List<Tape.Instruction> code = new ArrayList<>(List.of(new Tape.Load(0, Element.F64)));
    for (int scalar = 0; scalar < 400; scalar++) {
      int last = code.size() - 1;
      code.add(new Tape.Scalar(scalar));
      code.add(new Tape.Binary(scalar % 2 == 0 ? Op.MUL : Op.ADD, last, last + 1));
    }
    code.add(new Tape.Store(0, Element.F64, code.size() - 1));
    Tape tape = new Tape(Element.F64, code, 1, 400, 0, List.of());
    boolean interpret = Boolean.getBoolean("dev.glissade.interpret");
    assertThat(new Kernels().kernel(tape) instanceof Interpreter).isEqualTo(interpret);
    assertThat(new FusedKernel(tape).temporaries()).isBetween(10, 60);
    assertThat(VectorPlan.of(tape).fits()).isTrue();
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
