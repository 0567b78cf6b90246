package dev.glissade.fuse.tape;

import java.util.List;
import java.util.stream.Stream;

/**
 * The vectorized loops of a tape, in the order in which they run: one loop, or a few if the tape is
 * large.
 *
 * @param tape the tape, with spills
 * @param loops the loops
 * @param retries loops that retry reductions afterwards
 * @param fills stores of scalars over arrays that retries may read
 */
public record VectorPlan(
    Tape tape, List<Section> loops, List<Section> retries, List<Section> fills) {

  public static VectorPlan of(Tape whole) {
    VectorPlan plan = of(whole, false);
    return plan.fits() ? plan : of(whole, true);
  }

  /**
   * @param stores whether to compute all stored values first, which large values need that
   *     overwrite what others read
   */
  private static VectorPlan of(Tape whole, boolean stores) {
    Tape tape = Spills.of(whole, Section.VECTORS, stores);
    List<Section> retries = Fission.retries(tape, Section.VECTORS);
    List<Section> fills =
        retries.isEmpty() ? List.of() : Fission.sections(tape, tape::isFill, Section.VECTORS);
    Section all = Section.whole(tape);
    List<Section> loops =
        fills.isEmpty() && tape.temporaries() == tape.staged() && all.fitsVectors()
            ? List.of(all)
            : Fission.sections(
                tape, root -> fills.isEmpty() || !tape.isFill(root), Section.VECTORS);
    return new VectorPlan(tape, loops, retries, fills);
  }

  /** Returns whether the compiler can keep the vectors of each loop in registers. */
  public boolean fits() {
    return Stream.of(loops, retries, fills).flatMap(List::stream).allMatch(Section::isVectorizable);
  }
}
