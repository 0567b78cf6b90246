package dev.glissade.fuse.tape;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * Cuts a tape into sections that run one after the other over the same range of elements. A section
 * that needs a value which an earlier one has stored reads it from there; what has not been stored
 * is computed again. A store over an array comes after, or in one section with, everything that
 * still reads what was there.
 */
public final class Fission {
  private final Tape tape;
  private final List<Tape.Instruction> code;
  private final Section.Limit limit;
  private final boolean smallestFirst;
  private final TapeSlice excerpt;

  /** Registers whose values earlier sections have stored, with the array. */
  private final Map<Integer, Integer> stored = new HashMap<>();

  private final Set<Integer> remaining = new LinkedHashSet<>();

  private Fission(Tape tape, IntPredicate jobs, Section.Limit limit, boolean smallestFirst) {
    this.tape = tape;
    this.limit = limit;
    this.smallestFirst = smallestFirst;
    this.code = tape.code();
    this.excerpt = new TapeSlice(tape, stored);
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
   * @param limit what the compiler takes as one loop
   */
  public static List<Section> sections(Tape tape, IntPredicate jobs, Section.Limit limit) {
    List<Section> inOrder = new Fission(tape, jobs, limit, false).cut();
    if (tape.temporaries() > 0) {
      return inOrder;
    }
    List<Section> smallestFirst = new Fission(tape, jobs, limit, true).cut();
    return work(smallestFirst, limit) < work(inOrder, limit) ? smallestFirst : inOrder;
  }

  /**
   * The reductions that can be added up again behind all stores but fills, from what is in memory
   * then.
   */
  static List<Section> again(Tape tape, Section.Limit limit) {
    List<Tape.Instruction> code = tape.code();
    Fission behind =
        new Fission(
            tape,
            job -> code.get(job) instanceof Tape.Reduce r && tape.mayBeRetried(r),
            limit,
            false);
    for (int job = 0; job < code.size(); job++) {
      behind.keep(job);
    }
    return behind.cut();
  }

  /** Arrays touched, where a section that may not be vectorised counts as many more. */
  private static int work(List<Section> sections, Section.Limit limit) {
    return sections.stream()
        .mapToInt(section -> section.arrays().length + (limit.allows(section) ? 0 : 100))
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
    BitSet code = new BitSet();
    Set<Integer> tooLarge = new HashSet<>();
    boolean added = true;
    while (added) {
      added = false;
      for (int job : order()) {
        if (!tooLarge.contains(job) && mayFollow(taken, job)) {
          if (fits(taken, code, job)) {
            taken.add(job);
            code.or(excerpt.needed(job));
            remaining.remove(job);
            added = true;
          } else {
            tooLarge.add(job);
          }
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
    if (!smallestFirst) {
      return List.copyOf(remaining);
    }
    Map<Integer, Integer> sizes = new HashMap<>();
    remaining.forEach(job -> sizes.put(job, excerpt.needed(job).cardinality()));
    return remaining.stream().sorted(Comparator.comparing(sizes::get)).toList();
  }

  /**
   * Whether nothing that would come later reads what the job overwrites; a later one may read what
   * this section stores.
   */
  private boolean mayFollow(List<Integer> taken, int job) {
    if (!(code.get(job) instanceof Tape.Store store) || store.array() >= tape.arrays()) {
      return true;
    }
    Set<Integer> before = Set.copyOf(stored.keySet());
    taken.forEach(this::keep);
    keep(job);
    boolean may =
        remaining.stream().noneMatch(other -> other != job && reads(other, store.array()));
    stored.keySet().retainAll(before);
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

  /** Whether a job fits in one section with those taken, which need that code. */
  private boolean fits(List<Integer> taken, BitSet code, int job) {
    if (taken.isEmpty()) {
      return true;
    }
    BitSet together = excerpt.needed(job, limit.most());
    together.or(code);
    if (together.cardinality() > limit.most()) {
      return false;
    }
    List<Integer> all = new ArrayList<>(taken);
    all.add(job);
    return limit.allows(excerpt.section(all));
  }

  /** Whether a job reads the old content of an array if it runs now. */
  private boolean reads(int job, int array) {
    return excerpt.needed(job).stream()
        .anyMatch(r -> code.get(r) instanceof Tape.Load load && load.array() == array);
  }
}
