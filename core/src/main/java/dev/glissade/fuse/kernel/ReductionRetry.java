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
import org.jspecify.annotations.Nullable;

/**
 * The second look at a range's sums that can't be trusted: those in float are added up again in
 * double, norms in double of scaled numbers ({@link Scaling}), element by element. A sum of
 * products that is 0 stands if one operand is 0 throughout, as where there are no gradients; loops
 * by vectors find that out first, which is faster. The loops are made when they are first needed,
 * which for most tapes is never, or before a pass stores over inputs.
 */
final class ReductionRetry {
  private static final Scaling[] SCALINGS = {Scaling.WIDE, Scaling.DOWN, Scaling.UP};

  private final Section section;
  private final RangeReductions sums;
  private final Section sizes;
  private final RangeReductions largest;
  private final boolean looks;
  private final BiFunction<Section, Scaling, GeneratedLoop> maker;
  private final Map<Scaling, GeneratedLoop> adding = new ConcurrentHashMap<>();
  private @Nullable GeneratedLoop looking;

  /**
   * @param section reductions that read what they need
   * @param whole the tape that it is of
   * @param looks whether to look for zeros first, if that is not too large for one loop
   * @param maker makes a section's loop
   */
  ReductionRetry(
      Section section,
      Tape whole,
      boolean looks,
      BiFunction<Section, Scaling, GeneratedLoop> maker) {
    this.section = section;
    this.sums = new RangeReductions(section, whole);
    this.sizes = sizes(section);
    this.looks = looks && sizes.fitsVectors();
    this.largest = new RangeReductions(sizes, sizes.tape());
    this.maker = maker;
  }

  /** The largest of each product's operands: of reduction r, the numbers 2r and 2r + 1. */
  private static Section sizes(Section section) {
    List<Tape.Instruction> code = new ArrayList<>(section.tape().code());
    List<Tape.Instruction> looks = new ArrayList<>();
    for (int i = 0; i < code.size(); i++) {
      if (code.get(i) instanceof Tape.Reduce reduce) {
        // In its place something that does nothing: registers are numbered by instruction.
        code.set(i, new Tape.Round(section.tape().compute(), reduce.a()));
        int number = 2 * reduce.reduction();
        looks.add(new Tape.Reduce(number, Reduction.MAX_ABS, reduce.a(), reduce.a()));
        looks.add(new Tape.Reduce(number + 1, Reduction.MAX_ABS, reduce.b(), reduce.b()));
      }
    }
    code.addAll(looks);
    return section.with(code);
  }

  /** Makes the loops. */
  void complete() {
    for (Scaling scaling : SCALINGS) {
      if (sums.mayNeed(scaling)) {
        body(scaling);
      }
    }
    if (looks) {
      lookingBody();
    }
  }

  private GeneratedLoop body(Scaling scaling) {
    GeneratedLoop body = adding.get(scaling);
    if (body == null) {
      body = maker.apply(section, scaling);
      adding.put(scaling, body);
    }
    return body;
  }

  private GeneratedLoop lookingBody() {
    GeneratedLoop body = looking;
    if (body == null) {
      body = maker.apply(sizes, Scaling.NONE);
      looking = body;
    }
    return body;
  }

  /** One thread's room. */
  final class Look {
    private final Object[] wide = sums.room(Element.F64);
    private final Object[] local = largest.room(sizes.tape().compute());
    private final double[] found = new double[sizes.tape().reductionRoom()];

    /** Replaces the results that do not stand. */
    void correct(KernelArguments work, double[] partials, int at) {
      if (sums.stand(partials, at)) {
        return;
      }
      if (looks && sums.areZero(partials, at) && isZero(work, partials, at)) {
        return;
      }
      for (Scaling scaling : SCALINGS) {
        if (sums.need(scaling, partials, at)) {
          sums.clear(wide);
          body(scaling).run(work, wide);
          sums.replace(scaling, wide, partials, at);
        }
      }
    }

    /** Whether all that do not stand are sums of products with one operand 0 throughout. */
    private boolean isZero(KernelArguments work, double[] partials, int at) {
      largest.clear(local);
      lookingBody().run(work, local);
      largest.give(local, found, 0);
      return sums.standAtZero(partials, at, found);
    }
  }
}
