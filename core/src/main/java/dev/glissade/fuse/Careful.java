package dev.glissade.fuse;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The second look at a range's sums that can't be trusted: those in float are added up again in
 * double, norms in double of scaled numbers ({@link Scaling}), element by element. A sum of products that is 0 stands if one operand is 0 throughout, as where
 * there are no gradients; loops by vectors find that out first, which is faster. The loops are made
 * when they are first needed, which for most tapes is never.
 */
final class Careful {
  private static final List<Scaling> SCALINGS = List.of(Scaling.WIDE, Scaling.DOWN, Scaling.UP);

  private final Section section;
  private final Sums sums;
  private final Section sizes;
  private final Sums largest;
  private final boolean looks;
  private final BiFunction<Section, Scaling, Body> maker;
  private final Map<Scaling, Body> adding = new ConcurrentHashMap<>();
  private @Nullable Body looking;

  /**
   * @param section reductions that read what they need
   * @param whole the tape that it is of
   * @param looks whether to look for zeros first, if that is not too large for one loop
   * @param maker makes a section's loop
   */
  Careful(Section section, Tape whole, boolean looks, BiFunction<Section, Scaling, Body> maker) {
    this.section = section;
    this.sums = new Sums(section, whole);
    this.sizes = sizes(section);
    this.looks = looks && sizes.fitsVectors();
    this.largest = new Sums(sizes, sizes.tape());
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

  /** One thread's room. */
  final class Look {
    private Object @Nullable [] wide;
    private Object @Nullable [] sizes;
    private double @Nullable [] found;

    /** Replaces the results that do not stand. */
    void correct(Work work, double[] partials, int at) {
      if (sums.stand(partials, at)) {
        return;
      }
      if (looks && sums.areZero(partials, at) && isZero(work, partials, at)) {
        return;
      }
      if (wide == null) {
        wide = sums.room(Element.F64);
      }
      for (Scaling scaling : SCALINGS) {
        if (sums.need(scaling, partials, at)) {
          sums.clear(wide);
          body(scaling).run(work, wide);
          sums.replace(scaling, wide, partials, at);
        }
      }
    }

    private Body body(Scaling scaling) {
      return adding.computeIfAbsent(scaling, key -> maker.apply(section, key));
    }

    /** Whether all that do not stand are sums of products with one operand 0 throughout. */
    private boolean isZero(Work work, double[] partials, int at) {
      if (sizes == null || found == null) {
        sizes = largest.room(Careful.this.sizes.tape().compute());
        found = new double[Careful.this.sizes.tape().reductionRoom()];
      }
      Body body = looking;
      if (body == null) {
        body = maker.apply(Careful.this.sizes, Scaling.NONE);
        looking = body;
      }
      largest.clear(sizes);
      body.run(work, sizes);
      largest.give(sizes, found, 0);
      return sums.standAtZero(partials, at, found);
    }
  }
}
