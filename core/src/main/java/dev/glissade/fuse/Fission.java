package dev.glissade.fuse;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/**
 * Cuts a tape into sections that run one after the other over the same range of elements. A section
 * that needs a value which an earlier one has stored reads it from there; what has not been stored
 * is computed again. A store over an array comes after, or in one section with, everything that
 * still reads what was there.
 */
final class Fission {
  private final Tape tape;
  private final List<Tape.Instruction> code;
  private final Predicate<Section> fits;
  private final boolean smallestFirst;
  private final Excerpt excerpt;

  /** Registers whose values earlier sections have stored, with the array. */
  private final Map<Integer, Integer> stored = new HashMap<>();

  private final Set<Integer> remaining = new LinkedHashSet<>();

  private Fission(Tape tape, IntPredicate jobs, Predicate<Section> fits, boolean smallestFirst) {
    this.tape = tape;
    this.fits = fits;
    this.smallestFirst = smallestFirst;
    this.code = tape.code();
    this.excerpt = new Excerpt(tape, stored);
    for (int i = 0; i < code.size(); i++) {
      boolean job = code.get(i) instanceof Tape.Store || code.get(i) instanceof Tape.Reduce;
      if (job && jobs.test(i)) {
        remaining.add(i);
      }
    }
  }

  /**
   * The sections, taking jobs in order or those first that need least, since others may need what
   * they store; whichever is less work. In order if there are temporary arrays, which are in the
   * order in which they are needed.
   *
   * @param jobs the stores and reductions to do
   * @param fits whether the compiler takes a section as one loop
   */
  static List<Section> sections(Tape tape, IntPredicate jobs, Predicate<Section> fits) {
    List<Section> inOrder = new Fission(tape, jobs, fits, false).cut();
    if (tape.temporaries() > 0) {
      return inOrder;
    }
    List<Section> smallestFirst = new Fission(tape, jobs, fits, true).cut();
    return work(smallestFirst, fits) < work(inOrder, fits) ? smallestFirst : inOrder;
  }

  /**
   * The reductions that can be added up again behind all stores but fills, from what is in memory
   * then.
   */
  static List<Section> again(Tape tape, Predicate<Section> fits) {
    List<Tape.Instruction> code = tape.code();
    Fission behind =
        new Fission(
            tape,
            job -> code.get(job) instanceof Tape.Reduce r && tape.isRepeatable(r),
            fits,
            false);
    for (int job = 0; job < code.size(); job++) {
      behind.keep(job);
    }
    return behind.cut();
  }

  /** Arrays touched, where a section that may not be vectorised counts as many more. */
  private static int work(List<Section> sections, Predicate<Section> fits) {
    return sections.stream()
        .mapToInt(section -> section.arrays().length + (fits.test(section) ? 0 : 100))
        .sum();
  }

  private List<Section> cut() {
    List<Section> sections = new ArrayList<>();
    while (!remaining.isEmpty()) {
      sections.add(next());
    }
    return sections;
  }

  /** Takes as many jobs as fit, in order; if none may go first, all that are left. */
  private Section next() {
    List<Integer> taken = new ArrayList<>();
    boolean added = true;
    while (added) {
      added = false;
      for (int job : order()) {
        if (mayFollow(taken, job) && fits(taken, job)) {
          taken.add(job);
          remaining.remove(job);
          added = true;
        }
      }
    }
    if (taken.isEmpty()) {
      taken.addAll(remaining);
      remaining.clear();
    }
    Section section = excerpt.section(taken);
    taken.forEach(this::keep);
    return section;
  }

  private List<Integer> order() {
    return smallestFirst
        ? remaining.stream()
            .sorted(Comparator.comparingInt(job -> excerpt.needed(List.of(job)).size()))
            .toList()
        : List.copyOf(remaining);
  }

  /**
   * Whether nothing that would come later reads what the job overwrites; a later one may read what
   * this section stores.
   */
  private boolean mayFollow(List<Integer> taken, int job) {
    if (!(code.get(job) instanceof Tape.Store store) || store.array() >= tape.arrays()) {
      return true;
    }
    Map<Integer, Integer> before = Map.copyOf(stored);
    taken.forEach(this::keep);
    keep(job);
    boolean may = true;
    for (int other : remaining) {
      may &= other == job || !reads(other).contains(store.array());
    }
    stored.keySet().retainAll(before.keySet());
    return may;
  }

  /** Lets later sections read what a job stores, unless it is rounded or a scalar. */
  private void keep(int job) {
    if (code.get(job) instanceof Tape.Store store
        && store.element() == tape.compute()
        && !tape.isFill(store)) {
      stored.putIfAbsent(store.a(), store.array());
    }
  }

  private boolean fits(List<Integer> taken, int job) {
    List<Integer> all = new ArrayList<>(taken);
    all.add(job);
    if (all.size() == 1) {
      return true;
    }
    return fits.test(excerpt.section(all));
  }

  /** The arrays whose old content a job reads if it runs now. */
  private Set<Integer> reads(int job) {
    Set<Integer> arrays = new HashSet<>();
    for (int register : excerpt.needed(List.of(job))) {
      if (code.get(register) instanceof Tape.Load load) {
        arrays.add(load.array());
      }
    }
    return arrays;
  }
}
