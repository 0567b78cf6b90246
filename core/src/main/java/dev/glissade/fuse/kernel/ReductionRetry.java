package dev.glissade.fuse.kernel;

import dev.glissade.fuse.codegen.GeneratedLoop;
import dev.glissade.fuse.codegen.KernelArguments;
import dev.glissade.fuse.graph.Reduction;
import dev.glissade.fuse.graph.Scaling;
import dev.glissade.fuse.memory.Element;
import dev.glissade.fuse.tape.Section;
import dev.glissade.fuse.tape.Tape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;

/**
 * Re-adds the inaccurate sums of a range element by element: float sums in double, norms in double
 * with scaled numbers ({@link Scaling}). A sum of products that is 0 is exact if one operand is 0
 * throughout, as it is without gradients; vectorized kernels check that first, which is faster. The
 * retry generates its loops on demand, which for most tapes is never, or before a pass overwrites
 * inputs.
 */
final class ReductionRetry {
  private static final Scaling[] SCALINGS = {Scaling.WIDE, Scaling.DOWN, Scaling.UP};

  private final Section section;
  private final RangeReductions sums;
  private final Section magnitudes;
  private final RangeReductions largest;
  private final boolean checksZeros;
  private final BiFunction<Section, Scaling, GeneratedLoop> generator;

  /** The loops that add up; under NONE, the loop of the magnitudes. */
  private final Map<Scaling, GeneratedLoop> loops = new ConcurrentHashMap<>();

  /**
   * @param section the reductions and what they need
   * @param whole the tape that the section comes from
   * @param checksZeros whether to check for zeros first, if one loop can
   * @param generator generates the loop of a section
   */
  ReductionRetry(
      Section section,
      Tape whole,
      boolean checksZeros,
      BiFunction<Section, Scaling, GeneratedLoop> generator) {
    this.section = section;
    this.sums = new RangeReductions(section, whole);
    this.magnitudes = magnitudes(section);
    this.checksZeros = checksZeros && magnitudes.fitsVectors();
    this.largest = new RangeReductions(magnitudes, magnitudes.tape());
    this.generator = generator;
  }

  /**
   * Returns a section that finds the largest |a| and |b| of reduction r as numbers 2r and 2r + 1.
   */
  private static Section magnitudes(Section section) {
    List<Tape.Instruction> code = new ArrayList<>(section.tape().code());
    List<Tape.Instruction> added = new ArrayList<>();
    for (int i = 0; i < code.size(); i++) {
      if (code.get(i) instanceof Tape.Reduce reduce) {
        // A no-op replaces the reduction, because registers are numbered by instruction.
        code.set(i, new Tape.Round(section.tape().compute(), reduce.a()));
        int number = 2 * reduce.reduction();
        added.add(new Tape.Reduce(number, Reduction.MAX_ABS, reduce.a(), reduce.a()));
        added.add(new Tape.Reduce(number + 1, Reduction.MAX_ABS, reduce.b(), reduce.b()));
      }
    }
    code.addAll(added);
    return section.with(code);
  }

  /** Generates all loops that a retry may need. */
  void generateAll() {
    for (Scaling scaling : SCALINGS) {
      if (sums.mayNeed(scaling)) {
        loop(scaling);
      }
    }
    if (checksZeros) {
      loop(Scaling.NONE);
    }
  }

  private GeneratedLoop loop(Scaling scaling) {
    GeneratedLoop loop = loops.get(scaling);
    if (loop == null) {
      loop = generator.apply(scaling == Scaling.NONE ? magnitudes : section, scaling);
      loops.put(scaling, loop);
    }
    return loop;
  }

  /** The lanes of one thread. */
  final class Workspace {
    private final Object[] wide = sums.workspace(Element.F64);
    private final Object[] narrow = largest.workspace(magnitudes.tape().compute());
    private final double[] found = new double[magnitudes.tape().reductionSlots()];

    /** Replaces the inaccurate results of a range. */
    void run(KernelArguments arguments, double[] partials, int at) {
      if (sums.areAccurate(partials, at)) {
        return;
      }
      if (checksZeros
          && sums.allInaccurateAreZero(partials, at)
          && haveZeroOperands(arguments, partials, at)) {
        return;
      }
      for (Scaling scaling : SCALINGS) {
        if (sums.need(scaling, partials, at)) {
          sums.clear(wide);
          loop(scaling).run(arguments, wide);
          sums.replace(scaling, wide, partials, at);
        }
      }
    }

    /** Returns whether each inaccurate sum is of products with an operand that is 0 throughout. */
    private boolean haveZeroOperands(KernelArguments arguments, double[] partials, int at) {
      largest.clear(narrow);
      loop(Scaling.NONE).run(arguments, narrow);
      largest.fold(narrow, found, 0);
      return sums.haveZeroOperands(partials, at, found);
    }
  }
}
