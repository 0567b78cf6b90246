package dev.glissade;

import dev.glissade.Structure.Leaf;
import dev.glissade.fuse.graph.Distribution;
import dev.glissade.fuse.graph.HostCallback;
import dev.glissade.fuse.graph.Node;
import dev.glissade.fuse.graph.Routing;
import dev.glissade.fuse.memory.Plane;
import dev.glissade.records.Check;
import java.nio.Buffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Makes trees of other trees' leaves, mostly without moving a number. */
final class TreeForms {
  private TreeForms() {}

  /** A plane of one of the source trees. */
  private record Source(int tree, int plane) {}

  private static Tree route(Structure form, List<Tree> sources, List<Source> planes) {
    int[] source = planes.stream().mapToInt(Source::tree).toArray();
    int[] plane = planes.stream().mapToInt(Source::plane).toArray();
    List<Node> nodes = sources.stream().map(Tree::node).toList();
    Node node = Node.route(form.layout(), nodes, new Routing(source, plane));
    return new Tree(form, node);
  }

  /** Returns a tree of these leaves, each taken whole from the first or the second source. */
  private static Tree gather(
      Map<String, Leaf> leaves, List<Tree> sources, Predicate<String> first) {
    Structure form = Structure.of(leaves);
    List<Source> planes = new ArrayList<>();
    for (String path : form.paths()) {
      int tree = first.test(path) ? 0 : 1;
      Structure structure = sources.get(tree).structure();
      int leaf = structure.index(path);
      for (int p = 0; p < structure.planes(leaf); p++) {
        planes.add(new Source(tree, structure.firstPlane(leaf) + p));
      }
    }
    return route(form, sources, planes);
  }

  static Tree select(Tree tree, Predicate<String> mask) {
    if (tree.structure().isJoined()) {
      return mask.test(tree.paths().get(0)) ? tree : Tree.empty();
    }
    Map<String, Leaf> leaves = tree.structure().toMap();
    leaves.keySet().removeIf(mask.negate());
    return tree.isEvaluated()
        ? Tree.ofPlanes(Structure.of(leaves), planes(tree, leaves.keySet()))
        : gather(leaves, List.of(tree), path -> true);
  }

  /** Returns the planes of some leaves of an evaluated tree, in the order of their paths. */
  private static Plane[] planes(Tree tree, Set<String> paths) {
    Structure structure = tree.structure();
    List<Plane> planes = new ArrayList<>();
    for (String path : structure.paths()) {
      int leaf = structure.index(path);
      for (int p = 0; paths.contains(path) && p < structure.planes(leaf); p++) {
        planes.add(tree.node().planes()[structure.firstPlane(leaf) + p]);
      }
    }
    return planes.toArray(Plane[]::new);
  }

  /** Returns the leaves of a tree with the shapes, of as many elements, that the structure has. */
  static Tree reshaped(Tree tree, Structure form) {
    Map<String, Leaf> leaves = new LinkedHashMap<>();
    for (String path : tree.paths()) {
      leaves.put(path, new Leaf(tree.structure().leaf(path).dtype(), form.leaf(path).shape()));
    }
    Structure reshaped = Structure.of(leaves);
    return reshaped.equals(tree.structure()) ? tree : new Tree(reshaped, tree.node());
  }

  /**
   * Returns a tree of a structure's paths, whose leaves are all the only number of another tree.
   */
  static Tree repeated(Tree number, Structure like) {
    DType dtype = number.structure().leaf(0).dtype();
    Structure form = like.map(leaf -> new Leaf(dtype, List.of()));
    return route(form, List.of(number), Collections.nCopies(form.leaves(), new Source(0, 0)));
  }

  static Tree merge(Tree a, Tree b) {
    Map<String, Leaf> leaves = a.structure().toMap();
    b.structure()
        .toMap()
        .forEach((path, leaf) -> {
          if (leaves.put(path, leaf) != null) {
            throw new IllegalArgumentException(
                "trees to merge must have different paths, but both had \"" + path + "\"");
          }
        });
    if (a.structure().isJoined() || b.structure().isJoined()) {
      return mergedJoined(a, b);
    }
    return gather(leaves, List.of(a, b), a.structure()::hasPath);
  }

  /** Returns the tree that has leaves; a vector can't be merged with others. */
  private static Tree mergedJoined(Tree a, Tree b) {
    Check.that(
        a.paths().isEmpty() || b.paths().isEmpty(),
        "a joined tree must be merged with an empty one",
        a.paths() + " and " + b.paths());
    return a.paths().isEmpty() ? b : a;
  }

  static Tree where(Tree a, Predicate<String> mask, Tree b) {
    a.structure().requireSame("the first operand of where", b.structure(), "the second");
    if (a.structure().isJoined()) {
      return mask.test(a.paths().get(0)) ? a : b;
    }
    Map<String, Leaf> leaves = new LinkedHashMap<>();
    for (String path : a.paths()) {
      leaves.put(path, (mask.test(path) ? a : b).structure().leaf(path));
    }
    return gather(leaves, List.of(a, b), mask);
  }

  static Tree splitComplex(Tree tree) {
    Structure structure = tree.structure();
    if (structure.isJoined()) {
      return tree;
    }
    Map<String, Leaf> leaves = new LinkedHashMap<>();
    Map<String, Integer> planeOf = new LinkedHashMap<>();
    for (String path : structure.paths()) {
      int i = structure.index(path);
      Leaf leaf = structure.leaf(i);
      Leaf part = new Leaf(leaf.dtype().part(), leaf.shape());
      boolean complex = leaf.dtype().isComplex();
      put(leaves, complex ? path + "/real" : path, part);
      planeOf.put(complex ? path + "/real" : path, structure.firstPlane(i));
      if (complex) {
        put(leaves, path + "/imaginary", part);
        planeOf.put(path + "/imaginary", structure.firstPlane(i) + 1);
      }
    }
    return routeByName(tree, Structure.of(leaves), planeOf);
  }

  private static void put(Map<String, Leaf> leaves, String path, Leaf leaf) {
    if (leaves.put(path, leaf) != null) {
      throw new IllegalArgumentException(
          "the path of a part of a complex leaf must not be taken, but \"%s\" was another leaf's"
              .formatted(path));
    }
  }

  private static Tree routeByName(Tree tree, Structure form, Map<String, Integer> planeOf) {
    List<Source> planes = new ArrayList<>();
    for (String path : form.paths()) {
      planes.add(new Source(0, planeOf.getOrDefault(path, 0)));
    }
    return route(form, List.of(tree), planes);
  }

  static Tree mergeComplex(Tree tree, Structure like) {
    if (like.isJoined()) {
      return tree;
    }
    Structure parts = tree.structure();
    List<Source> planes = new ArrayList<>();
    Map<String, Leaf> leaves = new LinkedHashMap<>();
    for (String path : like.paths()) {
      boolean complex = like.leaf(path).dtype().isComplex();
      String first = complex ? path + "/real" : path;
      Leaf part = parts.leaf(first);
      planes.add(new Source(0, parts.firstPlane(parts.index(first))));
      if (complex) {
        planes.add(new Source(0, parts.firstPlane(parts.index(path + "/imaginary"))));
      }
      leaves.put(path, new Leaf(complex ? part.dtype().complex() : part.dtype(), part.shape()));
    }
    return route(Structure.of(leaves), List.of(tree), planes);
  }

  static Tree draw(Tree like, List<RandomKey> keys, Distribution distribution) {
    String name = distribution.name().toLowerCase(Locale.ROOT);
    Structure form = like.structure().computed();
    if (form.hasComplex()) {
      throw new IllegalArgumentException(
          "the leaves must be real for %s, but were complex: wrap the optimizer in".formatted(name)
              + " splitRealAndImaginary");
    }
    Check.that(
        keys.size() == form.leaves(),
        "%s must have one key for each of %d leaves".formatted(name, form.leaves()),
        keys.size());
    List<RandomKey> ofPlanes = form.isJoined() ? keys.get(0).split(form.layout().planes()) : keys;
    List<Node> nodes = ofPlanes.stream().map(RandomKey::node).toList();
    return new Tree(form, Node.draw(form.layout(), nodes, distribution));
  }

  static Tree callback(List<Tree> trees, Function<Tree[], Tree> function, Structure result) {
    List<Structure> given = trees.stream().map(Tree::structure).toList();
    Node node =
        Node.callback(
            result.layout(),
            trees.stream().map(Tree::node).toList(),
            (inputs, workspace) -> {
              Tree[] arguments = new Tree[inputs.length];
              for (int i = 0; i < inputs.length; i++) {
                arguments[i] = Tree.ofPlanes(given.get(i), inputs[i]);
              }
              return stored(function.apply(arguments), result, inputs, workspace);
            });
    return new Tree(result, node);
  }

  /** Returns a function's result as a joined tree, if it is a vector that has to be one. */
  private static Tree inForm(Tree answer, Structure result) {
    if (!result.isJoined() || answer.structure().isJoined()) {
      return answer;
    }
    Structure vector = Structure.of(result.toMap());
    answer.structure().requireSame("the function's result", vector, "the declared result");
    Tensor whole = answer.evaluate().get(result.paths().get(0));
    return Flat.separated(whole, result.separated()).joined();
  }

  /**
   * Returns the planes of a function's result, which are none of its inputs. A tree that was
   * evaluated before may be on arrays that the function fills again at its next call, so it is
   * copied.
   */
  private static Plane[] stored(
      @Nullable Tree answer,
      Structure result,
      Plane[][] inputs,
      HostCallback.Workspace workspace) {
    if (answer == null) {
      throw new IllegalArgumentException("the function's result must not be null");
    }
    Tree given = inForm(answer, result);
    Tree made = given.isEvaluated() ? given : given.evaluate();
    made.structure().requireSame("the function's result", result, "the declared result");
    Tree typed = made.as(result);
    Plane[] planes = (typed.isEvaluated() ? typed : typed.evaluate()).node().planes();
    boolean shared = given.isEvaluated() || areShared(planes, inputs);
    return shared ? copied(planes, workspace) : planes;
  }

  private static boolean areShared(Plane[] planes, Plane[][] inputs) {
    for (Plane[] input : inputs) {
      MemoryRegions regions = MemoryRegions.of(input);
      if (Arrays.stream(planes).anyMatch(regions::hold)) {
        return true;
      }
    }
    return false;
  }

  private static Plane[] copied(Plane[] planes, HostCallback.Workspace workspace) {
    if (!(workspace.kept instanceof Plane[])) {
      workspace.kept = Arrays.stream(planes).map(Plane::copy).toArray(Plane[]::new);
    }
    Plane[] copies = (Plane[]) workspace.kept;
    for (int p = 0; p < planes.length; p++) {
      planes[p].copyTo(copies[p]);
    }
    return copies;
  }

  /** Returns the same tree on the same arrays, marked as arrays that others may change. */
  static Tree borrowed(Tree tree) {
    Plane[] planes = tree.node().planes().clone();
    for (int p = 0; p < planes.length; p++) {
      planes[p] = planes[p].borrow();
    }
    return Tree.ofPlanes(tree.structure(), planes);
  }

  static void requireWritable(String name, Tree tree) {
    tree.toMap()
        .forEach((path, tensor) -> {
          for (Plane plane : tensor.planes()) {
            if (plane.array() instanceof Buffer buffer && buffer.isReadOnly()) {
              throw new IllegalArgumentException(
                  "%s[\"%s\"] must not be on a read-only buffer".formatted(name, path));
            }
          }
        });
  }

  /** Requires gradients that a stepper on these arrays can use and, if asked to, set to zero. */
  static void requireGradients(Tree gradients, boolean zeroed, MemoryRegions params) {
    if (!gradients.isEvaluated()) {
      throw new IllegalArgumentException("gradients must be evaluated: pass gradients.evaluate()");
    }
    if (zeroed) {
      requireMayBeZeroed(gradients, params);
    }
  }

  private static void requireMayBeZeroed(Tree gradients, MemoryRegions params) {
    requireWritable("gradients", gradients);
    MemoryRegions.of(gradients).apart("gradients");
    gradients
        .toMap()
        .forEach((path, tensor) -> {
          for (Plane plane : tensor.planes()) {
            if (!plane.borrowed() || params.hold(plane)) {
              throw new IllegalArgumentException(
                  "gradients[\"%s\"] must be on an array of its own to be set to zero: use Tensor.wrap"
                      .formatted(path));
            }
          }
        });
  }

  /** Overwrites a tree's arrays with zeros. */
  static void zero(Tree tree) {
    for (Plane plane : tree.node().planes()) {
      plane.zero();
    }
  }

  static Tree copy(Tree tree) {
    Plane[] planes = tree.node().planes().clone();
    for (int p = 0; p < planes.length; p++) {
      planes[p] = planes[p].copy();
    }
    return Tree.ofPlanes(tree.structure(), planes);
  }

  /** Overwrites the target's arrays with a tree's numbers. */
  static void copy(Tree from, Tree target) {
    if (!target.isEvaluated()) {
      throw new IllegalArgumentException(
          "the target of copyTo must be evaluated, so that it has arrays to write to");
    }
    from.structure().requireSame("the tree", target.structure(), "the target");
    Tree same = from.as(target.structure());
    Plane[] numbers = (same.isEvaluated() ? same : same.evaluate()).node().planes();
    Plane[] planes = target.node().planes();
    for (int p = 0; p < planes.length; p++) {
      numbers[p].copyTo(planes[p]);
    }
  }
}
