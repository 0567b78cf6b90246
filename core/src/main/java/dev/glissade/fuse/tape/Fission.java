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
 * Loop fission: cuts a tape into sections that run one after the other over the same range. A
 * section loads the values that earlier sections stored and recomputes all others. A store never
 * runs in an earlier section than an instruction that still reads the old contents of its array.
 */
public final class Fission {
  private final Tape tape;
  private final List<Tape.Instruction> code;
  private final Section.Limit limit;
  private final boolean smallestFirst;
  private final TapeSlice slice;

  /** The array of each register that an earlier section stored. */
  private final Map<Integer, Integer> stored = new HashMap<>();

  private final Set<Integer> remaining = new LinkedHashSet<>();

  private Fission(Tape tape, IntPredicate roots, Section.Limit limit, boolean smallestFirst) {
    this.tape = tape;
    this.limit = limit;
    this.smallestFirst = smallestFirst;
    this.code = tape.code();
    this.slice = new TapeSlice(tape, stored);
    for (int i = 0; i < code.size(); i++) {
      if (code.get(i).isRoot() && roots.test(i)) {
        remaining.add(i);
      }
    }
  }

  /**
   * Returns the sections. Fission takes the roots in order, or those with the smallest slices
   * first, because others may need what they store; it returns the cheaper result. It takes them in
   * order if the tape has temporary arrays, whose stores are in the order of their uses.
   *
   * @param roots selects the stores and reductions
   * @param limit the size of a loop
   */
  public static List<Section> sections(Tape tape, IntPredicate roots, Section.Limit limit) {
    List<Section> inOrder = new Fission(tape, roots, limit, false).cut();
    if (tape.temporaries() > 0) {
      return inOrder;
    }
    List<Section> smallestFirst = new Fission(tape, roots, limit, true).cut();
    return cost(smallestFirst, limit) < cost(inOrder, limit) ? smallestFirst : inOrder;
  }

  /** Returns sections that retry reductions from what is in memory after all stores but fills. */
  static List<Section> retries(Tape tape, Section.Limit limit) {
    List<Tape.Instruction> code = tape.code();
    IntPredicate retried = i -> code.get(i) instanceof Tape.Reduce r && tape.isRetryable(r);
    Fission fission = new Fission(tape, retried, limit, false);
    for (int i = 0; i < code.size(); i++) {
      fission.keep(i);
    }
    return fission.cut();
  }

  /** Returns the arrays that the sections touch; one that does not vectorize adds a penalty. */
  private static int cost(List<Section> sections, Section.Limit limit) {
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

  /** Takes as many roots as fit; takes all remaining ones if none may go first. */
  private Section next() {
    List<Integer> taken = new ArrayList<>();
    BitSet code = new BitSet();
    Set<Integer> tooLarge = new HashSet<>();
    boolean added = true;
    while (added) {
      added = false;
      for (int root : order()) {
        if (!tooLarge.contains(root) && mayFollow(taken, root)) {
          if (fits(taken, code, root)) {
            taken.add(root);
            code.or(slice.needed(root));
            remaining.remove(root);
            added = true;
          } else {
            tooLarge.add(root);
          }
        }
      }
    }
    if (taken.isEmpty()) {
      taken.addAll(remaining);
      remaining.clear();
    }
    Section section = slice.section(taken);
    taken.forEach(this::keep);
    return section;
  }

  private List<Integer> order() {
    if (!smallestFirst) {
      return List.copyOf(remaining);
    }
    Map<Integer, Integer> sizes = new HashMap<>();
    remaining.forEach(root -> sizes.put(root, slice.needed(root).cardinality()));
    return remaining.stream().sorted(Comparator.comparing(sizes::get)).toList();
  }

  /**
   * Returns whether no later root reads what this one overwrites. A later root may read what this
   * section stores.
   */
  private boolean mayFollow(List<Integer> taken, int root) {
    if (!(code.get(root) instanceof Tape.Store store) || store.array() >= tape.arrays()) {
      return true;
    }
    Set<Integer> before = Set.copyOf(stored.keySet());
    taken.forEach(this::keep);
    keep(root);
    boolean may =
        remaining.stream().noneMatch(other -> other != root && reads(other, store.array()));
    stored.keySet().retainAll(before);
    return may;
  }

  /** Lets later sections load what a root stores, unless it is rounded or a scalar. */
  private void keep(int root) {
    if (code.get(root) instanceof Tape.Store store
        && store.element() == tape.compute()
        && !tape.isFill(store)) {
      stored.putIfAbsent(store.a(), store.array());
    }
  }

  /** Returns whether a root fits into the section of the taken roots, which need that code. */
  private boolean fits(List<Integer> taken, BitSet code, int root) {
    if (taken.isEmpty()) {
      return true;
    }
    BitSet together = slice.needed(root, limit.instructions());
    together.or(code);
    if (together.cardinality() > limit.instructions()) {
      return false;
    }
    List<Integer> all = new ArrayList<>(taken);
    all.add(root);
    return limit.allows(slice.section(all));
  }

  /** Returns whether a root reads the old contents of an array if it runs now. */
  private boolean reads(int root, int array) {
    return slice.needed(root).stream().anyMatch(register -> slice.loads(register, array));
  }
}
