package dev.glissade.fuse;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

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

  /** Registers whose values earlier sections have stored, with the array. */
  private final Map<Integer, Integer> stored = new HashMap<>();

  private final Set<Integer> remaining = new LinkedHashSet<>();

  private Fission(Tape tape, IntPredicate jobs, Predicate<Section> fits, boolean smallestFirst) {
    this.tape = tape;
    this.fits = fits;
    this.smallestFirst = smallestFirst;
    this.code = tape.code();
    for (int i = 0; i < code.size(); i++) {
      boolean job = code.get(i) instanceof Tape.Store || code.get(i) instanceof Tape.Reduce;
      if (job && jobs.test(i)) {
        remaining.add(i);
      }
    }
  }

  /**
   * The sections, taking jobs in order or those first that need least, since others may need what
   * they store; whichever is less work.
   *
   * @param jobs the stores and reductions to do
   * @param fits whether the compiler takes a section as one loop
   */
  static List<Section> sections(Tape tape, IntPredicate jobs, Predicate<Section> fits) {
    List<Section> inOrder = new Fission(tape, jobs, fits, false).cut();
    List<Section> smallestFirst = new Fission(tape, jobs, fits, true).cut();
    return work(smallestFirst, fits) < work(inOrder, fits) ? smallestFirst : inOrder;
  }

  /**
   * The reductions that can be added up again behind all stores but fills, from what is in memory
   * then; null if there are none.
   */
  static @Nullable Section again(Tape tape) {
    Fission behind = new Fission(tape, job -> !tape.isFill(job), section -> true, false);
    behind.remaining.forEach(behind::keep);
    List<Integer> jobs =
        behind.remaining.stream()
            .filter(job -> tape.code().get(job) instanceof Tape.Reduce r && tape.isRepeatable(r))
            .toList();
    return jobs.isEmpty() ? null : behind.section(jobs);
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
    Section section = section(taken);
    taken.forEach(this::keep);
    return section;
  }

  private List<Integer> order() {
    return smallestFirst
        ? remaining.stream()
            .sorted(Comparator.comparingInt(job -> needed(List.of(job)).size()))
            .toList()
        : List.copyOf(remaining);
  }

  /**
   * Whether nothing that would come later reads what the job overwrites; a later one may read what
   * this section stores.
   */
  private boolean mayFollow(List<Integer> taken, int job) {
    if (!(code.get(job) instanceof Tape.Store store)) {
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
    return fits.test(section(all));
  }

  /** The arrays whose old content a job reads if it runs now. */
  private Set<Integer> reads(int job) {
    Set<Integer> arrays = new HashSet<>();
    for (int register : needed(List.of(job))) {
      if (code.get(register) instanceof Tape.Load load) {
        arrays.add(load.array());
      }
    }
    return arrays;
  }

  /** The instructions that some jobs need, themselves included, but for what is stored already. */
  private NavigableSet<Integer> needed(List<Integer> jobs) {
    NavigableSet<Integer> needed = new TreeSet<>();
    jobs.forEach(job -> need(job, needed));
    return needed;
  }

  private void need(int register, NavigableSet<Integer> needed) {
    if (needed.add(register) && !stored.containsKey(register)) {
      for (int operand : code.get(register).operands()) {
        need(operand, needed);
      }
    }
  }

  /**
   * Each job's instructions with its store right behind them, which the compiler takes better than
   * all stores at the end; what a store overwrites is read before.
   */
  private Section section(List<Integer> jobs) {
    Renumbering section = new Renumbering();
    NavigableSet<Integer> all = needed(jobs);
    for (int job : jobs) {
      NavigableSet<Integer> own = needed(List.of(job));
      if (code.get(job) instanceof Tape.Store store) {
        all.stream().filter(register -> loads(register, store.array())).forEach(own::add);
      }
      own.remove(job);
      own.forEach(section::add);
      section.add(job);
    }
    int[] arrays = section.arrays.stream().mapToInt(Integer::intValue).toArray();
    return Section.of(tape, section.code, arrays);
  }

  private boolean loads(int register, int array) {
    return code.get(register) instanceof Tape.Load load && load.array() == array;
  }

  /** Writes instructions with the registers and arrays of a section. */
  private final class Renumbering {
    private final List<Tape.Instruction> code = new ArrayList<>();
    private final Map<Integer, Integer> registers = new HashMap<>();
    private final List<Integer> arrays = new ArrayList<>();

    void add(int register) {
      if (registers.containsKey(register)) {
        return;
      }
      code.add(renumbered(register));
      registers.put(register, code.size() - 1);
    }

    private Tape.Instruction renumbered(int register) {
      Integer kept = stored.get(register);
      Tape.Instruction instruction = Fission.this.code.get(register);
      if (kept != null) {
        return new Tape.Load(array(kept), tape.compute());
      }
      if (instruction instanceof Tape.Load load) {
        return new Tape.Load(array(load.array()), load.element());
      }
      if (instruction instanceof Tape.Unary unary) {
        return new Tape.Unary(unary.op(), at(unary.a()));
      }
      if (instruction instanceof Tape.Binary binary) {
        return new Tape.Binary(binary.op(), at(binary.a()), at(binary.b()));
      }
      if (instruction instanceof Tape.Round round) {
        return new Tape.Round(round.element(), at(round.a()));
      }
      if (instruction instanceof Tape.Store store) {
        return new Tape.Store(array(store.array()), store.element(), at(store.a()));
      }
      if (instruction instanceof Tape.Reduce reduce) {
        return new Tape.Reduce(reduce.reduction(), reduce.kind(), at(reduce.a()), at(reduce.b()));
      }
      return instruction;
    }

    private int at(int register) {
      Integer here = registers.get(register);
      if (here == null) {
        throw new IllegalStateException("register " + register + " is not in the section");
      }
      return here;
    }

    private int array(int array) {
      int known = arrays.indexOf(array);
      if (known >= 0) {
        return known;
      }
      arrays.add(array);
      return arrays.size() - 1;
    }
  }
}
