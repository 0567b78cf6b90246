package dev.glissade;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * How the parameters that a wrapped transformation sees relate to those of the model, on which the
 * user's functions are defined: they may be some of the leaves, or all in one vector.
 *
 * @param rests the leaves that it does not see, deferred
 * @param whole makes a model's tree of a part and the evaluated rests
 * @param part makes a part of a model's tree
 */
record PartOfParams(List<Tree> rests, Whole whole, UnaryOperator<Tree> part) {
  /** All parameters as they are. */
  static final PartOfParams ALL =
      new PartOfParams(List.of(), (part, rests) -> part, UnaryOperator.identity());

  /** Makes a model's tree of a part and what is missing. */
  @FunctionalInterface
  interface Whole {
    Tree of(Tree part, List<Tree> rests);
  }

  /** Returns the part of this part with the leaves that a mask accepts. */
  PartOfParams selected(Predicate<String> mask, Tree params) {
    List<Tree> more = new ArrayList<>(List.of(params.select(mask.negate())));
    more.addAll(rests);
    return new PartOfParams(
        List.copyOf(more),
        (some, missing) -> whole.of(some.merge(missing.get(0)), missing.subList(1, missing.size())),
        tree -> part.apply(tree).select(mask));
  }

  /** Returns this part as one vector. */
  PartOfParams joined() {
    return new PartOfParams(
        rests,
        (vector, missing) -> whole.of(vector.separated(), missing),
        tree -> part.apply(tree).joined());
  }

  /** Returns this part with the two halves of each complex leaf as leaves. */
  PartOfParams split(Structure form) {
    return new PartOfParams(
        rests,
        (halves, missing) -> whole.of(halves.mergeComplex(form), missing),
        tree -> part.apply(tree).splitComplex());
  }

  /** Returns an evaluated tree of the model's form. */
  @SuppressWarnings("ReferenceEquality") // the only one that needs no view
  Tree wholeOf(Tree some, List<Tree> missing) {
    return this == ALL ? some : whole.of(some, missing).evaluate();
  }

  /** Returns an evaluated tree of the part's form. */
  @SuppressWarnings("ReferenceEquality") // the only one that needs no view
  Tree partOf(Tree tree) {
    return this == ALL ? tree : part.apply(tree).evaluate();
  }

  /**
   * Calls a function of the model's trees on trees of the part, and on zeros or values elsewhere.
   *
   * @param given the trees of the part; the rests complete the first one, zeros the others
   * @param result the structure of the result
   */
  Tree callback(List<Tree> given, UnaryOperator<Tree[]> function, Structure result) {
    List<Tree> operands = new ArrayList<>(given);
    operands.addAll(rests);
    return TreeForms.callback(
        operands,
        trees -> {
          List<Tree> missing = List.of(trees).subList(given.size(), trees.length);
          List<Tree> zeros = missing.stream().map(tree -> tree.zeros().evaluate()).toList();
          Tree[] completed = new Tree[given.size()];
          for (int i = 0; i < completed.length; i++) {
            completed[i] = wholeOf(trees[i], i == 0 ? missing : zeros);
          }
          return partOf(function.apply(completed)[0]);
        },
        result);
  }
}
