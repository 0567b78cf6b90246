package dev.glissade.fuse.tape;

import java.util.List;
import java.util.stream.Stream;

/**
 * How vectors do a tape: as one loop, or a few if it is large.
 *
 * @param tape the tape, with what large values store on the way
 * @param parts the loops
 * @param again reductions that can be added up again behind them
 * @param fills stores behind that, of numbers over arrays that reductions may read
 */
public record VectorPlan(Tape tape, List<Section> parts, List<Section> again, List<Section> fills) {

  public static VectorPlan of(Tape whole) {
    VectorPlan plan = of(whole, false);
    return plan.fits() ? plan : of(whole, true);
  }

  /**
   * @param ahead whether all that is stored is computed first, as where large values overwrite what
   *     others read
   */
  private static VectorPlan of(Tape whole, boolean ahead) {
    Tape tape = Spills.of(whole, Section.VECTORS, ahead);
    List<Section> again = Fission.again(tape, Section.VECTORS);
    List<Section> fills =
        again.isEmpty() ? List.of() : Fission.sections(tape, tape::isFill, Section.VECTORS);
    Section all = Section.whole(tape);
    List<Section> parts =
        fills.isEmpty() && tape.temporaries() == 0 && all.fitsVectors()
            ? List.of(all)
            : Fission.sections(tape, job -> fills.isEmpty() || !tape.isFill(job), Section.VECTORS);
    return new VectorPlan(tape, parts, again, fills);
  }

  /** Whether no loop is too large for the compiler. */
  public boolean fits() {
    return Stream.of(parts, again, fills).flatMap(List::stream).allMatch(Section::mayBeVectors);
  }
}
